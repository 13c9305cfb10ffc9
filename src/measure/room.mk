# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libmeasure.a
libmeasure_a_SOURCES = \
	src/measure/book.c src/measure/book.h \
	src/measure/cell.c src/measure/cell.h \
	src/measure/delta.c src/measure/delta.h \
	src/measure/delta_merge.c \
	src/measure/failure.c src/measure/failure.def src/measure/failure.h \
	src/measure/histo.c src/measure/histo.h src/measure/histo_internal.h \
	src/measure/histo_packed.c \
	src/measure/histo_sparse.c \
	src/measure/histo_values.c \
	src/measure/judge.c src/measure/judge.h \
	src/measure/keys.c src/measure/keys.h \
	src/measure/ledger.c src/measure/ledger.h \
	src/measure/ledger_errors.c \
	src/measure/ledger_internal.h \
	src/measure/ledger_copy.c src/measure/ledger_copy.h \
	src/measure/ledger_read.c \
	src/measure/ledger_scenario.c \
	src/measure/match.c src/measure/match.h \
	src/measure/series.c src/measure/series.h src/measure/series_internal.h \
	src/measure/sieve.c src/measure/sieve.h \
	src/measure/shard.c src/measure/shard.h src/measure/shard_internal.h \
	src/measure/server.c src/measure/server.h \
	src/measure/slot.c src/measure/slot.h \
	src/measure/stretch.c src/measure/stretch.h \
	src/measure/summary.c src/measure/summary.h \
	src/measure/tap.c src/measure/tap.h \
	src/measure/view.c src/measure/view.h \
	src/measure/way.c src/measure/way.h

if HAVE_CMOCKA
MEASURE_MINI = tests/support/mini_plan.c tests/support/mini_plan.h
MEASURE_FEED = tests/support/mini_feed.c tests/support/mini_feed.h \
	$(MEASURE_MINI)
MEASURE_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests
MEASURE_LDADD = $(MEASURE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_failure
tests_unit_test_failure_SOURCES = tests/unit/test_failure.c
tests_unit_test_failure_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_failure_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_way
tests_unit_test_way_SOURCES = tests/unit/test_way.c $(MEASURE_FEED)
tests_unit_test_way_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_way_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_histo
tests_unit_test_histo_SOURCES = tests/unit/test_histo.c
tests_unit_test_histo_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_histo_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_histo_sparse
tests_unit_test_histo_sparse_SOURCES = tests/unit/test_histo_sparse.c
tests_unit_test_histo_sparse_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_histo_sparse_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_tap
tests_unit_test_tap_SOURCES = tests/unit/test_tap.c $(MEASURE_MINI) \
	tests/support/manual_clk.c tests/support/manual_clk.h
tests_unit_test_tap_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_tap_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_shard
tests_unit_test_shard_SOURCES = tests/unit/test_shard.c $(MEASURE_MINI)
tests_unit_test_shard_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_shard_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_delta
tests_unit_test_delta_SOURCES = tests/unit/test_delta.c $(MEASURE_MINI)
tests_unit_test_delta_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_delta_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_ledger
tests_unit_test_ledger_SOURCES = tests/unit/test_ledger.c $(MEASURE_FEED)
tests_unit_test_ledger_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_ledger_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_ledger_errors
tests_unit_test_ledger_errors_SOURCES = tests/unit/test_ledger_errors.c \
	$(MEASURE_FEED)
tests_unit_test_ledger_errors_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_ledger_errors_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_ledger_figures
tests_unit_test_ledger_figures_SOURCES = tests/unit/test_ledger_figures.c \
	$(MEASURE_MINI)
tests_unit_test_ledger_figures_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_ledger_figures_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_series
tests_unit_test_series_SOURCES = tests/unit/test_series.c
tests_unit_test_series_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_series_LDADD = $(MEASURE_LDADD)

check_PROGRAMS += tests/unit/test_lineup
tests_unit_test_lineup_SOURCES = tests/unit/test_lineup.c
tests_unit_test_lineup_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_lineup_LDADD = $(MEASURE_LDADD)
check_PROGRAMS += tests/unit/test_judge
tests_unit_test_judge_SOURCES = tests/unit/test_judge.c $(MEASURE_FEED)
tests_unit_test_judge_CFLAGS = $(MEASURE_CFLAGS)
tests_unit_test_judge_LDADD = $(MEASURE_LDADD)
endif

BENCHES += tests/bench/measure.sh
BENCH_NEEDS += tests/bench/bench_measure
EXTRA_PROGRAMS += tests/bench/bench_measure
tests_bench_bench_measure_SOURCES = tests/bench/bench_measure.c \
	tests/support/mini_feed.c tests/support/mini_feed.h \
	tests/support/mini_plan.c tests/support/mini_plan.h
tests_bench_bench_measure_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_bench_bench_measure_LDADD = $(MEASURE_LIBS)
