# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = \
	src/target/capacity.c src/target/capacity.h \
	src/target/heap.c src/target/heap.h \
	src/target/model.c src/target/model.def src/target/model.h \
	src/target/target.h
