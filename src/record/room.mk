# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librecord.a
librecord_a_SOURCES = src/record/room.mk
