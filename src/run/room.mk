# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librun.a
librun_a_SOURCES = \
	src/run/command.c src/run/command.def src/run/command.h \
	src/run/conductor.c src/run/conductor.h \
	src/run/conductor_act.c \
	src/run/conductor_internal.h \
	src/run/conductor_steer.c \
	src/run/conductor_tick.c \
	src/run/events.c src/run/events.h \
	src/run/fleet.c src/run/fleet.h \
	src/run/outcome.c src/run/outcome.h \
	src/run/proc.c src/run/proc.h \
	src/run/steer.c src/run/steer.h \
	src/run/steer_command.c \
	src/run/steer_internal.h \
	src/run/story.c src/run/story.h \
	src/run/tick.c src/run/tick.h \
	src/run/vitals.c src/run/vitals.h \
	src/run/watch.c src/run/watch.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_steer
tests_unit_test_steer_SOURCES = tests/unit/test_steer.c
tests_unit_test_steer_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_steer_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)

RUN_KIT = tests/support/run_kit.c tests/support/run_kit.h \
	tests/support/raw_server.c tests/support/raw_server.h

check_PROGRAMS += tests/unit/test_conductor
tests_unit_test_conductor_SOURCES = tests/unit/test_conductor.c $(RUN_KIT)
tests_unit_test_conductor_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests
tests_unit_test_conductor_LDADD = $(RUN_LIBS) libtarget.a $(BASE_LIBS) \
	$(MHD_LIBS) $(CMOCKA_LIBS)
endif
