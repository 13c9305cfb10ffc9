# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/attr.h \
	src/base/buf.h \
	src/base/clk.h \
	src/base/err.h \
	src/base/fatal.c src/base/fatal.h \
	src/base/file.h \
	src/base/json.h \
	src/base/must.c src/base/must.h \
	src/base/num.h \
	src/base/rng.h \
	src/base/text.h \
	src/base/wall.h \
	src/base/xalloc.h
