# SPDX-License-Identifier: MIT
noinst_LIBRARIES += librun.a
librun_a_SOURCES = src/run/room.mk
