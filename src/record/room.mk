# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librecord.a
librecord_a_SOURCES = \
	src/record/figures.c src/record/figures.h \
	src/record/results.c src/record/results.h \
	src/record/results_file.c \
	src/record/results_series.c src/record/results_series.h \
	src/record/summary_export.c src/record/summary_export.h
