# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librecord.a
librecord_a_SOURCES = \
	src/record/figures.c src/record/figures.h \
	src/record/results.c src/record/results.h \
	src/record/results_file.c \
	src/record/results_insights.c src/record/results_insights.h \
	src/record/results_scenarios.c src/record/results_scenarios.h \
	src/record/results_series.c src/record/results_series.h \
	src/record/summary_export.c src/record/summary_export.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_results
tests_unit_test_results_SOURCES = tests/unit/test_results.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_results_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_results_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
endif
