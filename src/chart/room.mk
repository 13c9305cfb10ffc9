# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libchart.a
libchart_a_SOURCES = \
	src/chart/axis.c src/chart/axis.h \
	src/chart/bins.c src/chart/bins.h \
	src/chart/heat.c src/chart/heat.h \
	src/chart/level.c src/chart/level.h \
	src/chart/raster.c src/chart/raster.h \
	src/chart/scale.c src/chart/scale.h \
	src/chart/spark.c src/chart/spark.h

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_chart
tests_unit_test_chart_SOURCES = tests/unit/test_chart.c
tests_unit_test_chart_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_chart_LDADD = $(CHART_LIBS) $(CMOCKA_LIBS)
endif
