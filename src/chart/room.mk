# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libchart.a
libchart_a_SOURCES = src/chart/spark.c src/chart/spark.h
