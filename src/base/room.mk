# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/attr.h \
	src/base/buf.c src/base/buf.h \
	src/base/clk.c src/base/clk.h \
	src/base/err.c src/base/err.h \
	src/base/fatal.c src/base/fatal.h \
	src/base/file.c src/base/file.h \
	src/base/json.c src/base/json.h \
	src/base/json_path.c \
	src/base/json_scan.c src/base/json_scan.h \
	src/base/must.c src/base/must.h \
	src/base/nearest.c \
	src/base/num.c src/base/num.h \
	src/base/num_show.c \
	src/base/rng.c src/base/rng.h \
	src/base/text.c src/base/text.h \
	src/base/wall.c src/base/wall.h \
	src/base/xalloc.c src/base/xalloc.h
