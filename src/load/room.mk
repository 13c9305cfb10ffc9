# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libload.a
libload_a_SOURCES = src/load/room.mk
