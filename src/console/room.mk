# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libconsole.a
libconsole_a_SOURCES = src/console/room.mk
