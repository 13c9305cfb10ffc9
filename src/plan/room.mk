# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libplan.a
libplan_a_SOURCES = src/plan/room.mk
