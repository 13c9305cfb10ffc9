# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librun.a
librun_a_SOURCES = \
	src/run/command.c src/run/command.def src/run/command.h \
	src/run/conductor.h \
	src/run/steer.c src/run/steer.h \
	src/run/steer_command.c \
	src/run/steer_internal.h \
	src/run/story.c src/run/story.h \
	src/run/tick.c src/run/tick.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_steer
tests_unit_test_steer_SOURCES = tests/unit/test_steer.c
tests_unit_test_steer_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_steer_LDADD = $(RUN_LIBS) $(CMOCKA_LIBS)
endif
