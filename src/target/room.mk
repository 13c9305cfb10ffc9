# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = \
	src/target/answer.c src/target/answer.h \
	src/target/ask.c src/target/ask.h \
	src/target/call.c src/target/call.h \
	src/target/capacity.c src/target/capacity.h \
	src/target/ear.c src/target/ear.h \
	src/target/frames.c src/target/frames.h \
	src/target/heap.c src/target/heap.h \
	src/target/limiter.c src/target/limiter.h \
	src/target/model.c src/target/model.def src/target/model.h \
	src/target/reply.c src/target/reply.h \
	src/target/reply_parts.c src/target/reply_parts.h \
	src/target/service.c src/target/service.h \
	src/target/stream.c src/target/stream.h \
	src/target/tally.c src/target/tally.def src/target/tally.h \
	src/target/target.c src/target/target.h
