# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/attr.h \
	src/base/buf.c src/base/buf.h \
	src/base/clk.c src/base/clk.h \
	src/base/crc.c src/base/crc.h \
	src/base/err.c src/base/err.h \
	src/base/fatal.c src/base/fatal.h \
	src/base/fifo.c src/base/fifo.h \
	src/base/file.c src/base/file.h \
	src/base/gapless.c src/base/gapless.h \
	src/base/json.c src/base/json.h \
	src/base/json_each.c \
	src/base/json_path.c \
	src/base/json_scan.c src/base/json_scan.h \
	src/base/must.c src/base/must.h \
	src/base/nearest.c \
	src/base/num.c src/base/num.h \
	src/base/num_show.c \
	src/base/regexp.c src/base/regexp.h \
	src/base/rng.c src/base/rng.h \
	src/base/text.c src/base/text.h \
	src/base/thread.c src/base/thread.h \
	src/base/varint.c src/base/varint.h \
	src/base/wall.c src/base/wall.h \
	src/base/xalloc.c src/base/xalloc.h

if HAVE_CMOCKA
check_PROGRAMS += \
	tests/unit/test_arena \
	tests/unit/test_buf \
	tests/unit/test_clk \
	tests/unit/test_crc \
	tests/unit/test_err \
	tests/unit/test_fatal \
	tests/unit/test_fifo \
	tests/unit/test_file \
	tests/unit/test_gapless \
	tests/unit/test_json \
	tests/unit/test_json_path \
	tests/unit/test_num \
	tests/unit/test_regexp \
	tests/unit/test_rng \
	tests/unit/test_text \
	tests/unit/test_thread \
	tests/unit/test_varint \
	tests/unit/test_xalloc
tests_unit_test_arena_SOURCES = tests/unit/test_arena.c
tests_unit_test_arena_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_arena_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_buf_SOURCES = tests/unit/test_buf.c
tests_unit_test_buf_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_buf_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_clk_SOURCES = tests/unit/test_clk.c
tests_unit_test_clk_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_clk_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_crc_SOURCES = tests/unit/test_crc.c
tests_unit_test_crc_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_crc_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_err_SOURCES = tests/unit/test_err.c
tests_unit_test_err_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_err_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_fatal_SOURCES = tests/unit/test_fatal.c
tests_unit_test_fatal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_fatal_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_fifo_SOURCES = tests/unit/test_fifo.c
tests_unit_test_fifo_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_fifo_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_file_SOURCES = tests/unit/test_file.c
tests_unit_test_file_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_file_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_gapless_SOURCES = tests/unit/test_gapless.c \
	tests/support/manual_clk.c tests/support/manual_clk.h
tests_unit_test_gapless_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_gapless_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_gapless_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_json_SOURCES = tests/unit/test_json.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_json_path_SOURCES = tests/unit/test_json_path.c
tests_unit_test_json_path_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_path_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_num_SOURCES = tests/unit/test_num.c
tests_unit_test_num_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_num_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_regexp_SOURCES = tests/unit/test_regexp.c
tests_unit_test_regexp_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_regexp_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_rng_SOURCES = tests/unit/test_rng.c
tests_unit_test_rng_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_rng_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_text_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_thread_SOURCES = tests/unit/test_thread.c
tests_unit_test_thread_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_thread_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_varint_SOURCES = tests/unit/test_varint.c
tests_unit_test_varint_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_varint_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_xalloc_SOURCES = tests/unit/test_xalloc.c
tests_unit_test_xalloc_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_xalloc_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
endif
