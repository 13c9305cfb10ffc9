# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libremote.a
libremote_a_SOURCES = \
	src/remote/ask.c src/remote/ask.h \
	src/remote/blob.c src/remote/blob.h \
	src/remote/link.c src/remote/link.h \
	src/remote/past.c src/remote/past.h \
	src/remote/peer.c \
	src/remote/record.c src/remote/record.h \
	src/remote/runtime.c src/remote/runtime.h \
	src/remote/server.c src/remote/server.h \
	src/remote/server_ask.c \
	src/remote/server_internal.h \
	src/remote/status.c src/remote/status.h
