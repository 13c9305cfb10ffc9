# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libconsole.a
libconsole_a_SOURCES = \
	src/console/console.h \
	src/console/summary.h
