# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libremote.a
libremote_a_SOURCES = \
	src/remote/ask.c src/remote/ask.h \
	src/remote/blob.c src/remote/blob.h \
	src/remote/follow.c src/remote/follow.h \
	src/remote/link.c src/remote/link.h \
	src/remote/metrics_port.c src/remote/metrics_port.h \
	src/remote/past.c src/remote/past.h \
	src/remote/peer.c \
	src/remote/record.c src/remote/record.h \
	src/remote/runtime.c src/remote/runtime.h \
	src/remote/server.c src/remote/server.h \
	src/remote/server_ask.c \
	src/remote/server_internal.h \
	src/remote/status.c src/remote/status.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_remote
tests_unit_test_remote_SOURCES = tests/unit/test_remote.c \
	tests/support/picture.c tests/support/picture.h \
	tests/support/sheet.c tests/support/sheet.h \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_remote_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_remote_LDADD = libremote.a $(tests_unit_test_tick_code_LDADD)

check_PROGRAMS += tests/unit/test_server
tests_unit_test_server_SOURCES = tests/unit/test_server.c \
	tests/support/sim.c tests/support/sim.h
tests_unit_test_server_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) \
	-I$(top_srcdir)/tests
tests_unit_test_server_LDADD = $(tests_unit_test_remote_LDADD)

check_PROGRAMS += tests/fuzz/fuzz_ask
tests_fuzz_fuzz_ask_SOURCES = tests/fuzz/fuzz_ask.c $(FUZZ_COMMON)
tests_fuzz_fuzz_ask_LDADD = $(REMOTE_LIBS)
endif
