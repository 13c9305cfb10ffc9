# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	src/cli/cli.c src/cli/cli.h \
	src/cli/cmd_attach.c \
	src/cli/cmd_check.c \
	src/cli/cmd_compare.c \
	src/cli/cmd_ctl.c \
	src/cli/cmd_demo.c \
	src/cli/cmd_hunt.c \
	src/cli/cmd_list.c \
	src/cli/cmd_report.c \
	src/cli/cmd_replay.c \
	src/cli/cmd_run.c \
	src/cli/cmd_runs.c \
	src/cli/cmd_target.c \
	src/cli/compare_github.c \
	src/cli/compare_job.h src/cli/compare_json.c \
	src/cli/compare_markdown.c src/cli/compare_table.c \
	src/cli/commands.def src/cli/commands.h \
	src/cli/ctl_words.c src/cli/ctl_words.h \
	src/cli/dial_args.c src/cli/dial_args.h \
	src/cli/earlier.c src/cli/earlier.h \
	src/cli/help.c src/cli/help.h \
	src/cli/host.c src/cli/host.h \
	src/cli/load_plan.c src/cli/load_plan.h \
	src/cli/model.c src/cli/model.h \
	src/cli/out_args.c src/cli/out_args.h \
	src/cli/options.c src/cli/options.def src/cli/options.h \
	src/cli/replay_internal.h src/cli/replay_plain.c src/cli/replay_screen.c \
	src/cli/run_of.c src/cli/run_of.h \
	src/cli/runs_folder.c src/cli/runs_folder.h \
	src/cli/server_args.c src/cli/server_args.h \
	src/cli/session.c src/cli/session.h \
	src/cli/session_check.c \
	src/cli/session_internal.h src/cli/session_out.c \
	src/cli/session_record.c \
	src/cli/session_signals.c \
	src/cli/settings.c src/cli/settings.h \
	src/cli/settings_file.c \
	src/cli/summary_show.c src/cli/summary_show.h

exampledir = $(pkgdatadir)
dist_example_DATA = data/config.example
ciexampledir = $(pkgdatadir)/ci
dist_ciexample_DATA = data/ci/github-actions.yml data/ci/gitlab-ci.yml
grafanadir = $(pkgdatadir)/grafana
dist_grafana_DATA = data/grafana/brunt.json

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_settings
tests_unit_test_settings_SOURCES = tests/unit/test_settings.c
tests_unit_test_settings_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_settings_LDADD = $(CLI_LIBS) $(CMOCKA_LIBS)
noinst_PROGRAMS += tests/support/fragments
tests_support_fragments_SOURCES = tests/support/fragments.c
tests_support_fragments_LDADD = $(CLI_LIBS)
# The program, on a disk that hangs.
noinst_PROGRAMS += tests/support/slow_disk
tests_support_slow_disk_SOURCES = src/main.c tests/support/slow_disk.c
tests_support_slow_disk_LDADD = $(CLI_LIBS)
# Connections, with nginx as the witness.
noinst_PROGRAMS += tests/support/proxy
tests_support_proxy_SOURCES = tests/support/proxy.c
tests_support_proxy_LDADD = $(BASE_LIBS)
dist_check_SCRIPTS += tests/e2e/http.sh tests/e2e/bodies.sh tests/e2e/packed.sh
EXTRA_DIST += tests/e2e/nginx.sh tests/e2e/digest.py tests/e2e/packed.py
dist_check_SCRIPTS += tests/e2e/anomalies.sh tests/e2e/recovery_time.sh
dist_check_SCRIPTS += tests/e2e/executors.sh tests/e2e/breaking.sh tests/e2e/verdict.sh \
	tests/e2e/hunt.sh tests/e2e/compare.sh tests/e2e/recording.sh tests/e2e/replay.sh \
	tests/e2e/slow_disk.sh tests/e2e/names.sh \
	tests/e2e/server_pid.sh tests/e2e/server_metrics.sh
EXTRA_DIST += tests/e2e/metrics.py
dist_check_SCRIPTS += tests/e2e/report.sh tests/e2e/report_page.sh
EXTRA_DIST += tests/e2e/report.py tests/e2e/browser.py
dist_check_SCRIPTS += tests/e2e/ci.sh tests/e2e/ci_files.sh tests/e2e/metrics_port.sh tests/e2e/outputs.sh
# Real receivers of --out.
RECEIVERS = tests/e2e/statsd.sh tests/e2e/influxdb.sh tests/e2e/hdr.sh tests/e2e/otlp.sh
dist_check_SCRIPTS += $(RECEIVERS)
EXTRA_DIST += tests/e2e/receivers.sh tests/e2e/statsd_totals.js tests/e2e/hdr_totals.js \
	tests/e2e/otlp_receiver.py tests/e2e/otlp_totals.py tests/e2e/otlp.proto
EXTRA_DIST += tests/e2e/prom_page.py
dist_check_SCRIPTS += tests/e2e/held_names.sh tests/e2e/receivers_tls.sh
EXTRA_DIST += tests/support/held_names.c
dist_check_SCRIPTS += tests/e2e/grafana.sh tests/scripts/rw_options.sh
RECEIVERS += tests/e2e/prometheus.sh
EXTRA_DIST += tests/e2e/grafana.py
EXTRA_DIST += tests/e2e/junit.rng tests/e2e/ci_files.py
dist_check_SCRIPTS += tests/scripts/man.sh tests/scripts/results_man.sh tests/e2e/smoke.sh \
	tests/e2e/ctl.sh tests/e2e/gap.sh tests/e2e/outcomes.sh tests/e2e/direct.sh tests/e2e/signals.sh tests/e2e/schema.sh tests/e2e/data.sh tests/e2e/auth.sh tests/e2e/digest.sh \
	tests/e2e/scenarios.sh
EXTRA_DIST += tests/e2e/lib.sh
TRIALS += tests/trial/baseline.sh tests/trial/insight.sh tests/trial/recovery.sh tests/trial/leak.sh \
	tests/trial/hunt.sh tests/trial/hunt_rate.sh tests/trial/outputs.sh tests/trial/spike.sh tests/trial/step.sh tests/trial/stress.sh
EXTRA_DIST += tests/trial/hunted.sh tests/trial/bad_receiver.py
check_PROGRAMS += tests/unit/test_options tests/unit/test_host
tests_unit_test_options_SOURCES = tests/unit/test_options.c
tests_unit_test_options_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_options_LDADD = $(CLI_LIBS) $(CMOCKA_LIBS)
tests_unit_test_host_SOURCES = tests/unit/test_host.c
tests_unit_test_host_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_host_LDADD = $(CLI_LIBS) $(CMOCKA_LIBS)
endif

EXTRA_DIST += tests/scripts/results_man.py tests/scripts/splice.awk
dist_man_MANS += man/brunt.1 man/brunt-plan.5 man/brunt-results.5
schemadir = $(pkgdatadir)
dist_schema_DATA = data/results.schema.json
EXTRA_DIST += data/brunt.bash

# The completion is installed under the command's own name.
completiondir = $(datadir)/bash-completion/completions
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(completiondir)'
	$(INSTALL_DATA) $(srcdir)/data/brunt.bash '$(DESTDIR)$(completiondir)/brunt'
uninstall-local:
	rm -f '$(DESTDIR)$(completiondir)/brunt'

# The parts of manual and completion that tables make, written anew.
fragments: tests/support/fragments$(EXEEXT)
	SRCDIR='$(abs_top_srcdir)' BUILDDIR='$(abs_top_builddir)' \
		$(SHELL) $(srcdir)/tests/scripts/man.sh --write
	SRCDIR='$(abs_top_srcdir)' $(SHELL) $(srcdir)/tests/scripts/results_man.sh --write
.PHONY: fragments
