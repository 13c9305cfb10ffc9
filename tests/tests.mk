# SPDX-License-Identifier: MIT
# Tests that belong to no one room: scripts over the tree, replayed corpora,
# and the frames of `make bench' and `make trial'.

TREE_CHECKS = \
	tests/scripts/bootstrap.sh \
	tests/scripts/each.sh \
	tests/scripts/format.sh \
	tests/scripts/headers.sh \
	tests/scripts/rooms.sh \
	tests/scripts/seeded.sh \
	tests/scripts/shape.sh \
	tests/scripts/shell.sh \
	tests/scripts/words.sh
dist_check_SCRIPTS += $(TREE_CHECKS)

# Seconds, not minutes: what needs neither a network nor a terminal.
.PHONY: check-tree check-format check-programs check-abreast check-waiting bench trial
check-tree:
	@$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(TREE_CHECKS)' check_PROGRAMS=

# All that `make check' runs, built and not run: this may be done in parallel.
# `all' is a make of its own: what both need must be there before.
# What benches and trials need is built as well: nobody runs those every day.
check-programs: all
	@$(MAKE) $(AM_MAKEFLAGS) $(check_PROGRAMS) $(check_LIBRARIES) \
	  $(BENCH_NEEDS) $(TRIAL_NEEDS)

# Tests that watch no clock but their own, side by side: `make -j check-abreast'.
# When all is done, `make check RECHECK_LOGS=' runs the rest, one after another,
# and counts them all.
check-abreast: check-programs
	@rm -f $(TEST_LOGS) $(TEST_LOGS:.log=.trs)
	@abreast=; for t in $(TESTS); do case $$t in tests/e2e/*) ;; \
	  *) abreast="$$abreast $$t" ;; esac; done; \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$$abreast"

# Runs in real time do little but wait: `make -j check-waiting', after
# check-abreast, has several at a time. First those that judge a service by its
# latencies: they need a calm machine, and are no load to each other. Those that
# hold the program to a schedule are left to `make check', one after another.
CALM_TESTS = \
	tests/e2e/hunt.sh \
	tests/e2e/breaking.sh \
	tests/e2e/compare.sh \
	tests/e2e/verdict.sh \
	tests/e2e/anomalies.sh \
	tests/e2e/gap.sh \
	tests/e2e/recovery_time.sh \
	tests/e2e/signals.sh
ALONE_TESTS = \
	tests/e2e/executors.sh \
	tests/e2e/scenarios.sh \
	tests/e2e/server_pid.sh

check-waiting: check-programs
	@for t in $(CALM_TESTS) $(ALONE_TESTS); do case " $(TESTS) " in \
	  *" $$t "*) ;; *) echo "check-waiting: $$t is no test" >&2; exit 1 ;; \
	  esac; done
	@failed=0; \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$(CALM_TESTS)" || failed=1; \
	rest=; for t in $(TESTS); do \
	  case " $(CALM_TESTS) $(ALONE_TESTS) " in *" $$t "*) continue ;; esac; \
	  case $$t in tests/e2e/*) rest="$$rest $$t" ;; esac; done; \
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS="$$rest" || failed=1; \
	exit $$failed

check-format:
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/scripts/format.sh

# Parsers fed with a corpus and seeded mutations of it: tests/fuzz/fuzz.h says
# how to add one. Inputs lie in tests/fuzz/corpus/NOUN/.
FUZZ_COMMON = tests/fuzz/fuzz.h tests/fuzz/replay.c
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/libfuzzer.c
check_PROGRAMS += \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_number \
	tests/fuzz/fuzz_text
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(FUZZ_COMMON)
tests_fuzz_fuzz_json_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_number_SOURCES = tests/fuzz/fuzz_number.c $(FUZZ_COMMON)
tests_fuzz_fuzz_number_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(FUZZ_COMMON)
tests_fuzz_fuzz_text_LDADD = $(BASE_LIBS)

# Measurements beside peers, and long or live trials: not part of `make check'.
# A room adds its scripts to BENCHES or TRIALS, and programs that they need to
# BENCH_NEEDS or TRIAL_NEEDS (these go into EXTRA_PROGRAMS, too). Benches leave
# rows, which run.sh writes into one file.
EXTRA_DIST += $(BENCHES) $(TRIALS)

# BENCH_JSON, ROUNDS, SECONDS_EACH, SCALES: see tests/bench/run.sh, lib.sh and
# peers.sh. BENCHES=tests/bench/memory.sh runs that one alone.
BENCHES += tests/bench/peers.sh tests/bench/change.sh tests/bench/memory.sh \
	tests/bench/checks.sh tests/bench/startup.sh
BENCH_NEEDS += tests/bench/cost
EXTRA_DIST += tests/bench/lib.sh tests/bench/run.sh
EXTRA_PROGRAMS += tests/bench/cost
tests_bench_cost_SOURCES = tests/bench/cost.c
tests_bench_cost_LDADD = $(BASE_LIBS)

bench: all $(BENCH_NEEDS)
	@$(AM_TESTS_ENVIRONMENT) "$$SRCDIR/tests/bench/run.sh" $(BENCHES)

# Beside independent witnesses, and at length.
TRIALS += tests/trial/beside_wrk.sh tests/trial/connections.sh \
	tests/trial/starved.sh tests/trial/steady.sh tests/trial/scale.sh \
	tests/trial/stalled.sh tests/trial/terminal.sh tests/trial/rate.sh tests/trial/rate_steered.sh

trial: all $(TRIAL_NEEDS)
	@$(RUN_EACH) $(TRIALS)

# What a run streams, as real receivers have it.
.PHONY: check-receivers
check-receivers: all
	@$(RUN_EACH) $(RECEIVERS)

# Each script in turn, all of them even when one fails.
EXTRA_DIST += tests/each.sh
RUN_EACH = $(AM_TESTS_ENVIRONMENT) "$$SRCDIR/tests/each.sh" $@
