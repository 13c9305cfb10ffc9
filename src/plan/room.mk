# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = \
	src/plan/address.c src/plan/address.h \
	src/plan/advice.c src/plan/advice.h \
	src/plan/builtin.c src/plan/builtin.h \
	src/plan/compile.c src/plan/compile.h \
	src/plan/compile_data.c \
	src/plan/curve.c src/plan/curve.h \
	src/plan/describe.c src/plan/describe.h \
	src/plan/dial.c src/plan/dial.h \
	src/plan/flow.h \
	src/plan/key.c src/plan/key.def src/plan/key.h \
	src/plan/mask.c src/plan/mask.h \
	src/plan/metric.c src/plan/metric.def src/plan/metric.h \
	src/plan/hunted.c \
	src/plan/override.c \
	src/plan/parse.c \
	src/plan/plan.c src/plan/plan.h src/plan/plan_internal.h \
	src/plan/read.h \
	src/plan/read_baseline.c \
	src/plan/read_body.c \
	src/plan/read_headers.c \
	src/plan/read_check.c \
	src/plan/read_cookies.c \
	src/plan/read_dial.c \
	src/plan/read_data.c \
	src/plan/read_env.c \
	src/plan/read_feed.c \
	src/plan/read_file.c \
	src/plan/read_http.c \
	src/plan/read_lineup.c \
	src/plan/read_parts.c \
	src/plan/read_plan.c \
	src/plan/read_request.c \
	src/plan/read_scenario.c \
	src/plan/read_steps.c \
	src/plan/read_tags.c \
	src/plan/read_threshold.c \
	src/plan/read_verdict.c \
	src/plan/reader.c src/plan/reader.h \
	src/plan/reader_value.c \
	src/plan/request.c src/plan/request.h \
	src/plan/scenario.c src/plan/scenario.h \
	src/plan/schedule.c src/plan/schedule.h \
	src/plan/selector.c \
	src/plan/table.c src/plan/table.h src/plan/table_internal.h \
	src/plan/table_csv.c \
	src/plan/table_json.c \
	src/plan/threshold.c src/plan/threshold.h \
	src/plan/url.c src/plan/url.h \
	src/plan/value.c src/plan/value.h \
	src/plan/verdict_rule.c src/plan/verdict_rule.def \
	src/plan/verdict_rule.h
nodist_libplan_a_SOURCES = src/plan/builtin_text.c

# The built-in plans become arrays of bytes: by the shell alone, so that nothing
# has to run that was built for another machine.
BUILTIN_PLANS = data/plans/vi.json data/plans/demo.json
planschemadir = $(pkgdatadir)
planschema_DATA = data/plan.schema.json
plansdir = $(pkgdatadir)/plans
plans_DATA = $(BUILTIN_PLANS)
EXTRA_DIST += $(BUILTIN_PLANS) data/plan.schema.json
CLEANFILES += src/plan/builtin_text.c

src/plan/builtin_text.c: $(BUILTIN_PLANS) src/plan/room.mk
	$(AM_V_GEN)$(MKDIR_P) src/plan && { \
	echo '/* Made from data/plans by the build. */'; \
	echo '#include "plan/builtin.h"'; \
	for p in $(BUILTIN_PLANS); do \
	  f=$$p; test -f "$$f" || f=$(srcdir)/$$p; \
	  n=`basename $$p .json`; \
	  echo "static const char builtin_$$n[] = {"; \
	  od -An -v -td1 "$$f" | sed 's/\(-*[0-9][0-9]*\)/\1,/g'; \
	  echo '0};'; \
	done; \
	echo 'const struct builtin builtin_plans[] = {'; \
	for p in $(BUILTIN_PLANS); do \
	  n=`basename $$p .json`; \
	  echo "{\"$$n\", builtin_$$n, sizeof builtin_$$n - 1},"; \
	done; \
	echo '{0, 0, 0}};'; \
	} > $@.tmp && mv $@.tmp $@

dist_check_SCRIPTS += tests/scripts/plan_schema.sh
EXTRA_DIST += tests/scripts/plan_schema.py tests/cases/plan
check_PROGRAMS += tests/fuzz/fuzz_csv tests/fuzz/fuzz_plan
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c $(FUZZ_COMMON)
tests_fuzz_fuzz_csv_LDADD = $(PLAN_LIBS)
tests_fuzz_fuzz_plan_SOURCES = tests/fuzz/fuzz_plan.c $(FUZZ_COMMON)
tests_fuzz_fuzz_plan_LDADD = $(PLAN_LIBS)
if HAVE_CMOCKA
check_LIBRARIES += tests/support/libplantext.a
tests_support_libplantext_a_SOURCES = \
	tests/support/plan_text.c tests/support/plan_text.h
tests_support_libplantext_a_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
PLAN_TEST_LIBS = tests/support/libplantext.a $(PLAN_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += \
	tests/unit/test_address \
	tests/unit/test_advice \
	tests/unit/test_curve \
	tests/unit/test_dial \
	tests/unit/test_override \
	tests/unit/test_plan \
	tests/unit/test_plan_bounds \
	tests/unit/test_plan_cases \
	tests/unit/test_plan_value \
	tests/unit/test_schedule \
	tests/unit/test_table \
	tests/unit/test_threshold
tests_unit_test_advice_SOURCES = tests/unit/test_advice.c
tests_unit_test_advice_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_advice_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_address_SOURCES = tests/unit/test_address.c
tests_unit_test_address_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_address_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_curve_SOURCES = tests/unit/test_curve.c
tests_unit_test_curve_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_curve_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_dial_SOURCES = tests/unit/test_dial.c
tests_unit_test_dial_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_dial_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_override_SOURCES = tests/unit/test_override.c
tests_unit_test_override_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_override_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_plan_SOURCES = tests/unit/test_plan.c
tests_unit_test_plan_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_plan_bounds_SOURCES = tests/unit/test_plan_bounds.c
tests_unit_test_plan_bounds_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_bounds_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_plan_cases_SOURCES = tests/unit/test_plan_cases.c
tests_unit_test_plan_cases_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_cases_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_plan_value_SOURCES = tests/unit/test_plan_value.c
tests_unit_test_plan_value_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_plan_value_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_schedule_SOURCES = tests/unit/test_schedule.c
tests_unit_test_schedule_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_schedule_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_table_SOURCES = tests/unit/test_table.c
tests_unit_test_table_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_table_LDADD = $(PLAN_TEST_LIBS)
tests_unit_test_threshold_SOURCES = tests/unit/test_threshold.c
tests_unit_test_threshold_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_threshold_LDADD = $(PLAN_TEST_LIBS)
endif
