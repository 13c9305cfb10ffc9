# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libscreen.a
libscreen_a_SOURCES = \
	src/screen/draw.h \
	src/screen/draw_charts.c \
	src/screen/draw_head.c \
	src/screen/draw_lines.c \
	src/screen/draw_lists.c \
	src/screen/draw_minimal.c \
	src/screen/draw_panel.c \
	src/screen/draw_side.c \
	src/screen/draw_wide.c \
	src/screen/glyphs.def \
	src/screen/grid.c src/screen/grid.h \
	src/screen/key.c src/screen/key.h src/screen/keys.def \
	src/screen/layout.c src/screen/layout.h \
	src/screen/model.c src/screen/model.h src/screen/model_internal.h \
	src/screen/model_time.c \
	src/screen/render.c src/screen/render.h \
	src/screen/role.c src/screen/role.h src/screen/roles.def \
	src/screen/screen.h \
	src/screen/show.c src/screen/show.h \
	src/screen/ui.c src/screen/ui.h
