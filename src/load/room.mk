# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libload.a
libload_a_SOURCES = \
	src/load/desired.h \
	src/load/lane_curl.c src/load/lane_curl.h \
	src/load/lane_curl_internal.h \
	src/load/lane_curl_call.c \
	src/load/lane_curl_done.c \
	src/load/lane_curl_group.c \
	src/load/lane_curl_sock.c \
	src/load/limits.c src/load/limits.h \
	src/load/pacer.c src/load/pacer.h \
	src/load/squad.h \
	src/load/timers.c src/load/timers.h \
	src/load/transport.h \
	src/load/worker.c src/load/worker.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_timers
tests_unit_test_timers_SOURCES = tests/unit/test_timers.c
tests_unit_test_timers_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_timers_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_limits
tests_unit_test_limits_SOURCES = tests/unit/test_limits.c
tests_unit_test_limits_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_limits_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lane_curl
tests_unit_test_lane_curl_SOURCES = tests/unit/test_lane_curl.c \
	tests/support/raw_server.c tests/support/raw_server.h
tests_unit_test_lane_curl_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_lane_curl_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lane_curl_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)
endif
