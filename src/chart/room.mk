# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libchart.a
libchart_a_SOURCES = \
	src/chart/axis.c src/chart/axis.h \
	src/chart/bins.c src/chart/bins.h \
	src/chart/raster.c src/chart/raster.h \
	src/chart/scale.c src/chart/scale.h \
	src/chart/spark.c src/chart/spark.h
