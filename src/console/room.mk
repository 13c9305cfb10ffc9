# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libconsole.a
libconsole_a_SOURCES = \
	src/console/console.c src/console/console.h \
	src/console/github.c src/console/github.h \
	src/console/summary.c src/console/summary.h \
	src/console/summary_anomalies.c \
	src/console/summary_baselines.c \
	src/console/summary_hunt.c \
	src/console/summary_insights.c \
	src/console/summary_internal.h \
	src/console/summary_outputs.c \
	src/console/summary_parts.c \
	src/console/summary_scenarios.c \
	src/console/summary_totals.c \
	src/console/summary_trends.c \
	src/console/summary_verdict.c \
	src/console/summary_wrap.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_summary
tests_unit_test_summary_SOURCES = tests/unit/test_summary.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_summary_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_summary_LDADD = $(CONSOLE_LIBS) $(CMOCKA_LIBS)
endif
