# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libscreen.a
libscreen_a_SOURCES = \
	src/screen/screen.h
