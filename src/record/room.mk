# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librecord.a
librecord_a_SOURCES = \
	src/record/baseline.c src/record/baseline.h \
	src/record/baseline_in.c \
	src/record/baseline_internal.h \
	src/record/baseline_names.c \
	src/record/baseline_read.c \
	src/record/baseline_recorded.c \
	src/record/baseline_windows.c \
	src/record/baselines_code.c \
	src/record/beats_code.c \
	src/record/code.c src/record/code.h \
	src/record/cumulative.c src/record/cumulative.h \
	src/record/delta_code.c \
	src/record/exponential.c src/record/exponential.h \
	src/record/fail_on.c src/record/fail_on.h \
	src/record/figures.c src/record/figures.h \
	src/record/hunt_code.c \
	src/record/info_code.c src/record/info_code.h \
	src/record/html.c src/record/html.h \
	src/record/lineup_code.c \
	src/record/json_line.c src/record/json_line.h \
	src/record/junit.c src/record/junit.h \
	src/record/markdown.c src/record/markdown.h \
	src/record/out.c src/record/out.h src/record/out_internal.h \
	src/record/out_csv.c \
	src/record/out_file.c src/record/out_file.h \
	src/record/out_env.c src/record/out_env.h \
	src/record/hdr_log.c src/record/hdr_log.h src/record/out_hdr.c \
	src/record/out_influxdb.c src/record/out_influxdb_config.c \
	src/record/out_influxdb_config.h \
	src/record/out_json.c \
	src/record/otlp.c src/record/otlp.h src/record/otlp_read.c \
	src/record/out_otel.c \
	src/record/out_otel_config.c src/record/out_otel_config.h \
	src/record/pb.c src/record/pb.h \
	src/record/out_post.c src/record/out_post.h \
	src/record/out_samples.c \
	src/record/out_statsd.c src/record/out_udp.c src/record/out_udp.h \
	src/record/out_words.c src/record/out_words.h \
	src/record/out_kind.c src/record/out_kind.def src/record/out_kind.h \
	src/record/plan_code.c src/record/plan_code.h \
	src/record/plan_code_internal.h \
	src/record/plan_save.c src/record/plan_save.h \
	src/record/out_prometheus.c \
	src/record/player.c src/record/player.h \
	src/record/points.c src/record/points.h src/record/points_internal.h \
	src/record/points_tick.c src/record/points_values.c \
	src/record/relay.c src/record/relay.h \
	src/record/recording.c src/record/recording.h \
	src/record/recording_block.c \
	src/record/recording_in.c src/record/recording_in.h \
	src/record/recording_internal.h \
	src/record/recording_label.c src/record/recording_label.h \
	src/record/recording_meta.c src/record/recording_meta.h \
	src/record/recording_scan.c src/record/recording_scan.h \
	src/record/recordings.c src/record/recordings.h \
	src/record/recordings_keep.c \
	src/record/report.c src/record/report.h \
	src/record/report_about.c \
	src/record/report_chart.c src/record/report_chart.h \
	src/record/report_charts.c \
	src/record/report_compared.c \
	src/record/report_head.c \
	src/record/report_heat.c \
	src/record/report_insights.c \
	src/record/report_internal.h \
	src/record/report_marks.c \
	src/record/report_markdown.c \
	src/record/report_tables.c \
	src/record/results.c src/record/results.h \
	src/record/prom_metric.c src/record/prom_metric.h \
	src/record/prom_page.c src/record/prom_page.h \
	src/record/prom_text.c src/record/prom_text.h \
	src/record/run_file.c src/record/run_file.h \
	src/record/rw_native.c src/record/rw_native.h \
	src/record/rw_options.c src/record/rw_options.h \
	src/record/rw_options.def \
	src/record/rw_write.c src/record/rw_write.h \
	src/record/results_file.c \
	src/record/results_anomalies.c src/record/results_anomalies.h \
	src/record/results_baselines.c src/record/results_baselines.h \
	src/record/results_breaking.c src/record/results_breaking.h \
	src/record/results_scaling.c src/record/results_scaling.h \
	src/record/results_hunt.c src/record/results_hunt.h \
	src/record/results_insights.c src/record/results_insights.h \
	src/record/results_trends.c src/record/results_trends.h \
	src/record/results_verdict.c src/record/results_verdict.h \
	src/record/results_windows.c src/record/results_windows.h \
	src/record/results_internal.h \
	src/record/results_names.c src/record/results_names.h \
	src/record/results_outputs.c src/record/results_outputs.h \
	src/record/results_scenarios.c src/record/results_scenarios.h \
	src/record/results_series.c src/record/results_series.h \
	src/record/summary_export.c src/record/summary_export.h \
	src/record/server_code.c \
	src/record/tick_code.c src/record/tick_code.h \
	src/record/tick_code_internal.h \
	src/record/verdict_code.c \
	src/record/versus.c src/record/versus.h \
	src/record/versus_internal.h src/record/versus_judge.c \
	src/record/versus_stages.c \
	src/record/versus_text.c
nodist_librecord_a_SOURCES = src/record/report_data.c

# Style and script of a report become arrays of bytes, as the built-in plans do.
REPORT_PARTS = data/report.css data/report.js
EXTRA_DIST += $(REPORT_PARTS)
CLEANFILES += src/record/report_data.c

src/record/report_data.c: $(REPORT_PARTS) src/record/room.mk
	$(AM_V_GEN)$(MKDIR_P) src/record && { \
	echo '/* Made from data by the build. */'; \
	echo '#include "record/report_internal.h"'; \
	for p in $(REPORT_PARTS); do \
	  f=$$p; test -f "$$f" || f=$(srcdir)/$$p; \
	  case $$p in *.css) n=style;; *) n=script;; esac; \
	  echo "const char report_$$n[] = {"; \
	  od -An -v -td1 "$$f" | sed 's/\(-*[0-9][0-9]*\)/\1,/g'; \
	  echo '0};'; \
	done; \
	} > $@.tmp && mv $@.tmp $@

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_plan_save
tests_unit_test_plan_save_SOURCES = tests/unit/test_plan_save.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_plan_save_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_plan_save_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_tick_code
tests_unit_test_tick_code_SOURCES = tests/unit/test_tick_code.c \
	tests/support/picture.c tests/support/picture.h \
	tests/support/sheet.c tests/support/sheet.h \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_tick_code_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_tick_code_LDADD = libscreen.a $(RECORD_LIBS) libchart.a \
	$(RUN_LIBS) $(ZSTD_LIBS) $(CURSES_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_recording tests/unit/test_recordings
tests_unit_test_recording_SOURCES = tests/unit/test_recording.c \
	tests/support/recording_mend.c tests/support/recording_mend.h \
	tests/support/picture.c tests/support/picture.h \
	tests/support/sheet.c tests/support/sheet.h \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_recording_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_recording_LDADD = $(SCREEN_LIBS) $(CMOCKA_LIBS)
tests_unit_test_recordings_SOURCES = tests/unit/test_recordings.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_recordings_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_recordings_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_slow_disk
tests_unit_test_slow_disk_SOURCES = tests/unit/test_slow_disk.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_slow_disk_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_slow_disk_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_points tests/unit/test_out
tests_unit_test_points_SOURCES = tests/unit/test_points.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_points_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_points_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_unit_test_out_SOURCES = tests/unit/test_out.c \
	tests/support/sim.c tests/support/sim.h tests/support/with_curl.h
tests_unit_test_out_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_out_LDADD = $(RECORD_LIBS) $(CURL_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_report
tests_unit_test_report_SOURCES = tests/unit/test_report.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_report_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_out_influxdb
tests_unit_test_out_influxdb_SOURCES = tests/unit/test_out_influxdb.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_out_influxdb_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_out_influxdb_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_hdr_log
tests_unit_test_hdr_log_SOURCES = tests/unit/test_hdr_log.c
tests_unit_test_hdr_log_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_hdr_log_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_otlp tests/fuzz/fuzz_otlp
tests_unit_test_otlp_SOURCES = tests/unit/test_otlp.c
tests_unit_test_otlp_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_otlp_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_fuzz_fuzz_otlp_SOURCES = tests/fuzz/fuzz_otlp.c $(FUZZ_COMMON)
tests_fuzz_fuzz_otlp_LDADD = $(RECORD_LIBS)

check_PROGRAMS += tests/unit/test_out_otel
tests_unit_test_out_otel_SOURCES = tests/unit/test_out_otel.c
tests_unit_test_out_otel_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_out_otel_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_out_statsd
tests_unit_test_out_statsd_SOURCES = tests/unit/test_out_statsd.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_out_statsd_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_out_statsd_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cumulative tests/unit/test_exponential
tests_unit_test_cumulative_SOURCES = tests/unit/test_cumulative.c
tests_unit_test_cumulative_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cumulative_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_unit_test_exponential_SOURCES = tests/unit/test_exponential.c
tests_unit_test_exponential_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_exponential_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_out_prometheus tests/unit/test_rw_native \
	tests/unit/test_rw_options tests/unit/test_rw_write
RW_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests
tests_unit_test_out_prometheus_SOURCES = tests/unit/test_out_prometheus.c \
	tests/support/rw_read.c tests/support/rw_read.h \
	tests/support/sim.c tests/support/sim.h $(SERVED)
tests_unit_test_out_prometheus_CFLAGS = $(RW_TEST_CFLAGS)
tests_unit_test_out_prometheus_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_unit_test_rw_native_SOURCES = tests/unit/test_rw_native.c
tests_unit_test_rw_native_CFLAGS = $(RW_TEST_CFLAGS)
tests_unit_test_rw_native_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_unit_test_rw_options_SOURCES = tests/unit/test_rw_options.c
tests_unit_test_rw_options_CFLAGS = $(RW_TEST_CFLAGS)
tests_unit_test_rw_options_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
tests_unit_test_rw_write_SOURCES = tests/unit/test_rw_write.c \
	tests/support/rw_read.c tests/support/rw_read.h
tests_unit_test_rw_write_CFLAGS = $(RW_TEST_CFLAGS)
tests_unit_test_rw_write_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_player
tests_unit_test_player_SOURCES = tests/unit/test_player.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_player_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_player_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_same
tests_unit_test_same_SOURCES = tests/unit/test_same.c \
	tests/support/picture.c tests/support/picture.h \
	tests/support/sheet.c tests/support/sheet.h \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_same_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_same_LDADD = $(SCREEN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_tick
tests_fuzz_fuzz_tick_SOURCES = tests/fuzz/fuzz_tick.c $(FUZZ_COMMON)
tests_fuzz_fuzz_tick_LDADD = $(RECORD_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_recording
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz_recording.c $(FUZZ_COMMON) \
	tests/support/recording_mend.c tests/support/recording_mend.h
tests_fuzz_fuzz_recording_CFLAGS = $(AM_CFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_recording_LDADD = $(RECORD_LIBS)

# What a recording costs.
TRIALS += tests/trial/recording.sh
TRIAL_NEEDS += tests/trial/record_cost
EXTRA_PROGRAMS += tests/trial/record_cost
tests_trial_record_cost_SOURCES = tests/trial/record_cost.c \
	tests/support/sim.c tests/support/sim.h
tests_trial_record_cost_CFLAGS = $(AM_CFLAGS) -I$(top_srcdir)/tests
tests_trial_record_cost_LDADD = $(RECORD_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_baseline
tests_fuzz_fuzz_baseline_SOURCES = tests/fuzz/fuzz_baseline.c $(FUZZ_COMMON)
tests_fuzz_fuzz_baseline_LDADD = $(RECORD_LIBS)

check_PROGRAMS += tests/unit/test_baseline
tests_unit_test_baseline_SOURCES = tests/unit/test_baseline.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_baseline_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_baseline_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_versus
tests_unit_test_versus_SOURCES = tests/unit/test_versus.c
tests_unit_test_versus_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_versus_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_versus_whole
tests_unit_test_versus_whole_SOURCES = tests/unit/test_versus_whole.c \
	tests/support/seeds.c tests/support/seeds.h
tests_unit_test_versus_whole_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_versus_whole_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_results
tests_unit_test_results_SOURCES = tests/unit/test_results.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_results_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_results_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_results_names
tests_unit_test_results_names_SOURCES = tests/unit/test_results_names.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_results_names_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_results_names_LDADD = $(RECORD_LIBS) $(CMOCKA_LIBS)
endif
