# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libmeasure.a
libmeasure_a_SOURCES = \
	src/measure/book.c src/measure/book.h \
	src/measure/cell.c src/measure/cell.h \
	src/measure/delta.c src/measure/delta.h \
	src/measure/failure.c src/measure/failure.def src/measure/failure.h \
	src/measure/histo.c src/measure/histo.h src/measure/histo_internal.h \
	src/measure/histo_sparse.c \
	src/measure/judge.c src/measure/judge.h \
	src/measure/keys.c src/measure/keys.h \
	src/measure/ledger.c src/measure/ledger.h \
	src/measure/ledger_errors.c \
	src/measure/ledger_internal.h \
	src/measure/ledger_read.c \
	src/measure/match.c src/measure/match.h \
	src/measure/series.c src/measure/series.h src/measure/series_internal.h \
	src/measure/shard.c src/measure/shard.h src/measure/shard_internal.h \
	src/measure/view.c src/measure/view.h
