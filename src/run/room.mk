# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librun.a
librun_a_SOURCES = \
	src/run/appraisal.c src/run/appraisal_facts.c \
	src/run/appraisal_internal.h src/run/appraisal.h \
	src/run/baselines.c src/run/baselines.h \
	src/run/chosen.c src/run/chosen.def src/run/chosen.h \
	src/run/chosen_internal.h src/run/chosen_text.c \
	src/run/comparison.c src/run/comparison.h \
	src/run/command.c src/run/command.def src/run/command.h \
	src/run/conductor.c src/run/conductor.h \
	src/run/conductor_act.c \
	src/run/conductor_hunt.c \
	src/run/conductor_internal.h \
	src/run/conductor_lost.c \
	src/run/conductor_part.c \
	src/run/conductor_server.c \
	src/run/conductor_steer.c \
	src/run/conductor_study.c \
	src/run/conductor_tick.c \
	src/run/course.c src/run/course.h \
	src/run/events.c src/run/events.h \
	src/run/fleet.c src/run/fleet.h \
	src/run/frame.c src/run/frame.h \
	src/run/frame_beats.c src/run/frame_beats.h \
	src/run/hunt.c src/run/hunt.h src/run/hunt_internal.h \
	src/run/hunt_ground.c src/run/hunt_ground.h \
	src/run/hunt_log.c src/run/hunt_log.h \
	src/run/hunt_news.c \
	src/run/hunt_rest.c \
	src/run/hunt_rules.c \
	src/run/rule_parts.c \
	src/run/rule_words.c src/run/rule_words.h \
	src/run/rules.c src/run/rules.h \
	src/run/hunt_second.c src/run/hunt_second.h \
	src/run/hunt_view.c src/run/hunt_view.h \
	src/run/judged.c src/run/judged.h \
	src/run/level.c src/run/level.h \
	src/run/outcome.c src/run/outcome.h \
	src/run/output.c src/run/output.h \
	src/run/pidwatch.c src/run/pidwatch.h \
	src/run/proc.c src/run/proc.h \
	src/run/pulse.c src/run/pulse.h \
	src/run/scrape.c src/run/scrape.h \
	src/run/server_news.c src/run/server_news.h \
	src/run/steer.c src/run/steer.h \
	src/run/steer_command.c \
	src/run/steer_internal.h \
	src/run/story.c src/run/story.h \
	src/run/study.c src/run/study.h src/run/study_internal.h \
	src/run/study_anomaly.c src/run/study_anomaly.h \
	src/run/study_beat.c src/run/study_break.c src/run/study_returns.c \
	src/run/study_spike.c src/run/study_beside.c src/run/study_back.c \
	src/run/study_news.c src/run/study_news.h \
	src/run/study_memory.c src/run/study_stretch.c src/run/study_tell.c \
	src/run/study_trend.c src/run/study_trend.h \
	src/run/tick.c src/run/tick.h \
	src/run/track.c src/run/track.h \
	src/run/vitals.c src/run/vitals.h \
	src/run/watch.c src/run/watch.h

if HAVE_CMOCKA
RUN_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests

check_PROGRAMS += tests/unit/test_pidwatch
tests_unit_test_pidwatch_SOURCES = tests/unit/test_pidwatch.c
tests_unit_test_pidwatch_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_pidwatch_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_server_news
tests_unit_test_server_news_SOURCES = tests/unit/test_server_news.c
tests_unit_test_server_news_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_server_news_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hunt
tests_unit_test_hunt_SOURCES = tests/unit/test_hunt.c \
	tests/support/queue_world.c tests/support/queue_world.h \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_hunt_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_hunt_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hunt_floor
tests_unit_test_hunt_floor_SOURCES = tests/unit/test_hunt_floor.c \
	tests/support/seeds.c tests/support/seeds.h \
	tests/support/queue_world.c tests/support/queue_world.h
tests_unit_test_hunt_floor_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_hunt_floor_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hunt_parts
tests_unit_test_hunt_parts_SOURCES = tests/unit/test_hunt_parts.c \
	tests/support/seeds.c tests/support/seeds.h \
	tests/support/queue_world.c tests/support/queue_world.h \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_hunt_parts_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_hunt_parts_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_pidwatch
tests_fuzz_fuzz_pidwatch_SOURCES = tests/fuzz/fuzz_pidwatch.c $(FUZZ_COMMON)
tests_fuzz_fuzz_pidwatch_LDADD = $(RUN_LIBS)

check_PROGRAMS += tests/unit/test_chosen
tests_unit_test_chosen_SOURCES = tests/unit/test_chosen.c
tests_unit_test_chosen_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_chosen_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_scrape
tests_unit_test_scrape_SOURCES = tests/unit/test_scrape.c $(SERVED)
tests_unit_test_scrape_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_scrape_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_steer
tests_unit_test_steer_SOURCES = tests/unit/test_steer.c
tests_unit_test_steer_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_steer_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

RUN_KIT = tests/support/run_kit.c tests/support/run_kit.h
SERVED_RUN = $(RUN_KIT) $(SERVED) \
	tests/support/served_run.c tests/support/served_run.h

check_PROGRAMS += tests/unit/test_conductor
tests_unit_test_conductor_SOURCES = tests/unit/test_conductor.c $(SERVED_RUN)
tests_unit_test_conductor_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_conductor_LDADD = $(RUN_LIBS) libtarget.a $(BASE_LIBS) \
	$(MHD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_conductor_lineup
tests_unit_test_conductor_lineup_SOURCES = \
	tests/unit/test_conductor_lineup.c $(SERVED_RUN)
tests_unit_test_conductor_lineup_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_conductor_lineup_LDADD = $(tests_unit_test_conductor_LDADD)

check_PROGRAMS += tests/unit/test_conductor_end
tests_unit_test_conductor_end_SOURCES = tests/unit/test_conductor_end.c \
	tests/support/fake_worker.c tests/support/fake_worker.h \
	tests/support/manual_clk.c tests/support/manual_clk.h
tests_unit_test_conductor_end_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_conductor_end_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

# Several scenarios, steered at random, on a virtual clock.
check_PROGRAMS += tests/unit/test_lineup_storm
tests_unit_test_lineup_storm_SOURCES = tests/unit/test_lineup_storm.c \
	$(SQUAD_WORLD)
tests_unit_test_lineup_storm_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_lineup_storm_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_course
tests_unit_test_course_SOURCES = tests/unit/test_course.c
tests_unit_test_course_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_course_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_fleet
tests_unit_test_fleet_SOURCES = tests/unit/test_fleet.c \
	tests/support/fake_worker.c tests/support/fake_worker.h \
	tests/support/mini_plan.c tests/support/mini_plan.h
tests_unit_test_fleet_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_fleet_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_rules
tests_unit_test_rules_SOURCES = tests/unit/test_rules.c \
	tests/support/mini_feed.c tests/support/mini_feed.h \
	tests/support/mini_plan.c tests/support/mini_plan.h
tests_unit_test_rules_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_rules_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_outcome
tests_unit_test_outcome_SOURCES = tests/unit/test_outcome.c
tests_unit_test_outcome_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_outcome_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_story
tests_unit_test_story_SOURCES = tests/unit/test_story.c \
	tests/support/mini_plan.c tests/support/mini_plan.h
tests_unit_test_story_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_story_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_baselines
tests_unit_test_baselines_SOURCES = tests/unit/test_baselines.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_baselines_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_baselines_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_enough
tests_unit_test_enough_SOURCES = tests/unit/test_enough.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_enough_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_enough_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_appraisal
tests_unit_test_appraisal_SOURCES = tests/unit/test_appraisal.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_appraisal_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_appraisal_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

EXTRA_DIST += tests/support/returns.h
check_PROGRAMS += tests/unit/test_calm_verdict
tests_unit_test_calm_verdict_SOURCES = tests/unit/test_calm_verdict.c \
	tests/support/seeds.c tests/support/seeds.h \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_calm_verdict_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_calm_verdict_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_returns
tests_unit_test_returns_SOURCES = tests/unit/test_returns.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_returns_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_returns_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_study
tests_unit_test_study_SOURCES = tests/unit/test_study.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_study_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_study_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_study_anomaly
tests_unit_test_study_anomaly_SOURCES = tests/unit/test_study_anomaly.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_study_anomaly_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_study_anomaly_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_study_outage
tests_unit_test_study_outage_SOURCES = tests/unit/test_study_outage.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_study_outage_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_study_outage_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_study_news
tests_unit_test_study_news_SOURCES = tests/unit/test_study_news.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_study_news_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_study_news_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_vitals
tests_unit_test_vitals_SOURCES = tests/unit/test_vitals.c
tests_unit_test_vitals_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_vitals_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_watch
tests_unit_test_watch_SOURCES = tests/unit/test_watch.c \
	tests/support/mini_plan.c tests/support/mini_plan.h
tests_unit_test_watch_CFLAGS = $(RUN_TEST_CFLAGS)
tests_unit_test_watch_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

# Counts beside nginx's log; witness_counts.sh runs the program.
check_PROGRAMS += tests/e2e/counts_run
tests_e2e_counts_run_SOURCES = tests/e2e/counts_run.c $(RUN_KIT)
tests_e2e_counts_run_CFLAGS = $(RUN_TEST_CFLAGS)
tests_e2e_counts_run_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)
dist_check_SCRIPTS += tests/e2e/witness_counts.sh
EXTRA_DIST += tests/e2e/witness.sh
TRIALS += tests/trial/counts.sh
TRIAL_NEEDS += tests/e2e/counts_run

# A rate steered by hand; rate_steered.sh runs it.
TRIAL_NEEDS += tests/trial/rate_run
EXTRA_PROGRAMS += tests/trial/rate_run
tests_trial_rate_run_SOURCES = tests/trial/rate_run.c $(RUN_KIT)
tests_trial_rate_run_CFLAGS = $(RUN_TEST_CFLAGS)
tests_trial_rate_run_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

TRIALS += tests/trial/steer.sh
TRIAL_NEEDS += tests/trial/trial_steer
EXTRA_PROGRAMS += tests/trial/trial_steer
tests_trial_trial_steer_SOURCES = tests/trial/trial_steer.c $(RUN_KIT)
tests_trial_trial_steer_CFLAGS = $(RUN_TEST_CFLAGS)
tests_trial_trial_steer_LDADD = $(tests_unit_test_conductor_LDADD)
endif
