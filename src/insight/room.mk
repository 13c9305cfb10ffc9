# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libinsight.a
libinsight_a_SOURCES = \
	src/insight/anomalies.c src/insight/anomalies.h \
	src/insight/anomalies_internal.h src/insight/anomalies_queue.c \
	src/insight/beat.h \
	src/insight/changes.c src/insight/changes.h \
	src/insight/climb.c src/insight/climb.h \
	src/insight/culprit.c src/insight/culprit.h \
	src/insight/modes.c src/insight/modes.h \
	src/insight/rule.h \
	src/insight/outages.c src/insight/outages.h \
	src/insight/outages_named.c src/insight/outages_named.h \
	src/insight/queueing.c src/insight/queueing.h \
	src/insight/shifts.c src/insight/shifts.h \
	src/insight/stalls.c src/insight/stalls.h \
	src/insight/throttle.c src/insight/throttle.h \
	src/insight/throttle_internal.h src/insight/throttle_way.c \
	src/insight/throttles.c src/insight/throttles.h \
	src/insight/binom.c src/insight/binom.h \
	src/insight/breach.c src/insight/breach.h \
	src/insight/breach_internal.h src/insight/breach_part.c \
	src/insight/breach_place.c src/insight/breach_together.c \
	src/insight/bounds.c src/insight/bounds.h \
	src/insight/compare.c src/insight/compare.h \
	src/insight/compare_internal.h src/insight/compare_side.c \
	src/insight/contrast.c src/insight/contrast.h \
	src/insight/rank.c src/insight/rank.h \
	src/insight/windows.c src/insight/windows.h \
	src/insight/breaking.c src/insight/breaking.h \
	src/insight/little.c src/insight/little.h \
	src/insight/lsq.c src/insight/lsq.h \
	src/insight/probe.c src/insight/probe.h \
	src/insight/probe_internal.h src/insight/probe_judge.c \
	src/insight/probe_parts.c \
	src/insight/rest.c src/insight/rest.h \
	src/insight/steady.c src/insight/steady.h \
	src/insight/scaling.c src/insight/scaling.h \
	src/insight/search.c src/insight/search.h \
	src/insight/student.c src/insight/student.h \
	src/insight/usl.c src/insight/usl.h \
	src/insight/recovery.c src/insight/recovery.h \
	src/insight/recovery_internal.h src/insight/recovery_window.c \
	src/insight/recovery_sum.c src/insight/recovery_outage.c \
	src/insight/recovery_within.c src/insight/recovery_words.c \
	src/insight/recovery_named.c \
	src/insight/recovery_band.c src/insight/recovery_rules.c \
	src/insight/recovery_watch.c \
	src/insight/recovery_base.c src/insight/recovery_base.h \
	src/insight/plateaus.c src/insight/plateaus.h \
	src/insight/plateaus_internal.h src/insight/plateaus_strain.c src/insight/plateaus_sum.c \
	src/insight/strain.c src/insight/strain.h \
	src/insight/soak.c src/insight/soak.h \
	src/insight/trend.c src/insight/trend.h \
	src/insight/trend_internal.h src/insight/trend_test.c \
	src/insight/trend_time.c \
	src/insight/verdict.c src/insight/verdict.h \
	src/insight/verdict_hint.def \
	src/insight/warmup.c src/insight/warmup.h \
	src/insight/moment.c src/insight/moment.h

if HAVE_CMOCKA
INSIGHT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests
INSIGHT_LDADD = $(INSIGHT_LIBS) $(CMOCKA_LIBS)
INSIGHT_KIT = tests/support/moments.c tests/support/moments.h
RECOVERY_KIT = tests/support/recovery_world.c \
	tests/support/recovery_world.h $(INSIGHT_KIT)
INSIGHT_SEEDS = tests/support/seeds.c tests/support/seeds.h

INSIGHT_SHAM = tests/support/sham.c tests/support/sham.h $(INSIGHT_SEEDS)

check_PROGRAMS += tests/unit/test_anomalies
tests_unit_test_anomalies_SOURCES = tests/unit/test_anomalies.c \
	$(INSIGHT_SHAM)
tests_unit_test_anomalies_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_anomalies_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_outages_named
tests_unit_test_outages_named_SOURCES = tests/unit/test_outages_named.c \
	tests/support/two_names.c tests/support/two_names.h $(INSIGHT_SEEDS)
tests_unit_test_outages_named_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_outages_named_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_recovery_named
tests_unit_test_recovery_named_SOURCES = tests/unit/test_recovery_named.c \
	tests/support/two_names.c tests/support/two_names.h $(INSIGHT_SEEDS)
tests_unit_test_recovery_named_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_recovery_named_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_throttle
tests_unit_test_throttle_SOURCES = tests/unit/test_throttle.c \
	$(INSIGHT_SEEDS)
tests_unit_test_throttle_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_throttle_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_contrast
tests_unit_test_contrast_SOURCES = tests/unit/test_contrast.c \
	$(INSIGHT_SEEDS)
tests_unit_test_contrast_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_contrast_LDADD = $(INSIGHT_LDADD)

# All of it together: at most two alarms in a hundred healthy runs.
check_PROGRAMS += tests/unit/test_calm
tests_unit_test_calm_SOURCES = tests/unit/test_calm.c $(INSIGHT_SHAM)
tests_unit_test_calm_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_calm_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_changes
tests_unit_test_changes_SOURCES = tests/unit/test_changes.c $(INSIGHT_SHAM)
tests_unit_test_changes_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_changes_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_changes_ends
tests_unit_test_changes_ends_SOURCES = tests/unit/test_changes_ends.c \
	$(INSIGHT_SEEDS)
tests_unit_test_changes_ends_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_changes_ends_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_binom
tests_unit_test_binom_SOURCES = tests/unit/test_binom.c
tests_unit_test_binom_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_binom_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_breach
tests_unit_test_breach_SOURCES = tests/unit/test_breach.c $(INSIGHT_KIT)
tests_unit_test_breach_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_breach_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_usl
tests_unit_test_usl_SOURCES = tests/unit/test_usl.c
tests_unit_test_usl_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_usl_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_scaling
tests_unit_test_scaling_SOURCES = tests/unit/test_scaling.c $(INSIGHT_KIT) \
	$(INSIGHT_SEEDS)
tests_unit_test_scaling_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_scaling_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_plateaus
tests_unit_test_plateaus_SOURCES = tests/unit/test_plateaus.c \
	$(INSIGHT_KIT)
tests_unit_test_plateaus_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_plateaus_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_recovery
tests_unit_test_recovery_SOURCES = tests/unit/test_recovery.c $(RECOVERY_KIT)
tests_unit_test_recovery_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_recovery_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_recovery_limits
tests_unit_test_recovery_limits_SOURCES = tests/unit/test_recovery_limits.c \
	$(RECOVERY_KIT)
tests_unit_test_recovery_limits_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_recovery_limits_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_recovery_clocks
tests_unit_test_recovery_clocks_SOURCES = tests/unit/test_recovery_clocks.c \
	$(RECOVERY_KIT)
tests_unit_test_recovery_clocks_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_recovery_clocks_LDADD = $(INSIGHT_LDADD)
check_PROGRAMS += tests/unit/test_recovery_marks
tests_unit_test_recovery_marks_SOURCES = tests/unit/test_recovery_marks.c \
	$(RECOVERY_KIT)
tests_unit_test_recovery_marks_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_recovery_marks_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_search
tests_unit_test_search_SOURCES = tests/unit/test_search.c
tests_unit_test_search_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_search_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_probe
tests_unit_test_probe_SOURCES = tests/unit/test_probe.c $(INSIGHT_KIT) \
	$(INSIGHT_SEEDS) \
	tests/support/queue_world.c tests/support/queue_world.h
tests_unit_test_probe_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_probe_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_probe_parts
tests_unit_test_probe_parts_SOURCES = tests/unit/test_probe_parts.c \
	$(INSIGHT_KIT)
tests_unit_test_probe_parts_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_probe_parts_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_rest
tests_unit_test_rest_SOURCES = tests/unit/test_rest.c $(INSIGHT_KIT) \
	$(INSIGHT_SEEDS)
tests_unit_test_rest_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_rest_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_soak
tests_unit_test_soak_SOURCES = tests/unit/test_soak.c $(INSIGHT_KIT)
tests_unit_test_soak_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_soak_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_verdict
tests_unit_test_verdict_SOURCES = tests/unit/test_verdict.c $(INSIGHT_KIT)
tests_unit_test_verdict_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_verdict_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_compare
tests_unit_test_compare_SOURCES = tests/unit/test_compare.c $(INSIGHT_KIT) \
	$(INSIGHT_SEEDS)
tests_unit_test_compare_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_compare_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_windows
tests_unit_test_windows_SOURCES = tests/unit/test_windows.c $(INSIGHT_KIT)
tests_unit_test_windows_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_windows_LDADD = $(INSIGHT_LDADD)

check_PROGRAMS += tests/unit/test_trend
tests_unit_test_trend_SOURCES = tests/unit/test_trend.c
tests_unit_test_trend_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_trend_LDADD = $(INSIGHT_LDADD)
endif

check_PROGRAMS += tests/unit/test_who
tests_unit_test_who_SOURCES = tests/unit/test_who.c $(INSIGHT_KIT)
tests_unit_test_who_CFLAGS = $(INSIGHT_CFLAGS)
tests_unit_test_who_LDADD = $(INSIGHT_LDADD)
