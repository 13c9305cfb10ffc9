# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libnet.a
libnet_a_SOURCES = \
	src/net/caller.c src/net/caller.h \
	src/net/fetch.c src/net/fetch.h \
	src/net/post.c src/net/post.h \
	src/net/prom.c src/net/prom.h

if HAVE_CMOCKA
NET_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests

# A server for each test of a program.
SERVED = tests/support/served.c tests/support/served.h tests/support/with_curl.h \
	tests/support/raw_server.c tests/support/raw_server.h

check_PROGRAMS += tests/unit/test_prom tests/unit/test_fetch \
	tests/unit/test_post
tests_unit_test_prom_SOURCES = tests/unit/test_prom.c
tests_unit_test_prom_CFLAGS = $(NET_TEST_CFLAGS)
tests_unit_test_prom_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
tests_unit_test_fetch_SOURCES = tests/unit/test_fetch.c $(SERVED)
tests_unit_test_fetch_CFLAGS = $(NET_TEST_CFLAGS)
tests_unit_test_fetch_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)

tests_unit_test_post_SOURCES = tests/unit/test_post.c $(SERVED)
tests_unit_test_post_CFLAGS = $(NET_TEST_CFLAGS)
tests_unit_test_post_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_prom
tests_fuzz_fuzz_prom_SOURCES = tests/fuzz/fuzz_prom.c $(FUZZ_COMMON)
tests_fuzz_fuzz_prom_LDADD = $(NET_LIBS)
endif
