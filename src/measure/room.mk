# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libmeasure.a
libmeasure_a_SOURCES = src/measure/room.mk
