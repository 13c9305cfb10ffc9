# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libconsole.a
libconsole_a_SOURCES = \
	src/console/console.c src/console/console.h \
	src/console/summary.c src/console/summary.h \
	src/console/summary_internal.h \
	src/console/summary_parts.c \
	src/console/summary_totals.c
