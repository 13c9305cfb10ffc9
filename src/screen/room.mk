# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libscreen.a
libscreen_a_SOURCES = \
	src/screen/band.c src/screen/band.h \
	src/screen/big.c src/screen/big.h \
	src/screen/draw.h \
	src/screen/draw_answer.c \
	src/screen/draw_axis.c \
	src/screen/draw_baseline.c \
	src/screen/draw_change.c \
	src/screen/draw_big.c \
	src/screen/draw_charts.c \
	src/screen/draw_findings.c \
	src/screen/draw_footer.c \
	src/screen/draw_head.c \
	src/screen/draw_hunt.c \
	src/screen/draw_banner.c \
	src/screen/draw_checks.c \
	src/screen/draw_detail.c \
	src/screen/draw_errors.c \
	src/screen/draw_health.c \
	src/screen/draw_page.c \
	src/screen/draw_heat.c \
	src/screen/draw_lines.c \
	src/screen/draw_lists.c \
	src/screen/draw_minimal.c \
	src/screen/draw_panel.c \
	src/screen/draw_prompt.c \
	src/screen/draw_replay.c \
	src/screen/draw_requests.c \
	src/screen/draw_service.c \
	src/screen/draw_side.c \
	src/screen/draw_span.c \
	src/screen/draw_steps.c \
	src/screen/draw_verdict.c \
	src/screen/draw_wide.c \
	src/screen/edit.c src/screen/edit.h \
	src/screen/glyphs.def \
	src/screen/grid.c src/screen/grid.h \
	src/screen/hits.c src/screen/hits.h \
	src/screen/keymap.c src/screen/keymap.h src/screen/keys.def \
	src/screen/layout.c src/screen/layout.h \
	src/screen/model.c src/screen/model.h src/screen/model_internal.h \
	src/screen/model_baseline.c src/screen/model_baseline.h \
	src/screen/model_beside.c \
	src/screen/model_cursor.c \
	src/screen/model_findings.c src/screen/model_findings.h \
	src/screen/model_load.c \
	src/screen/model_detail.c \
	src/screen/model_rows.c \
	src/screen/model_server.c src/screen/model_server.h \
	src/screen/model_hunt.c src/screen/model_hunt.h \
	src/screen/model_steps.c src/screen/model_steps.h \
	src/screen/model_time.c \
	src/screen/model_view.c \
	src/screen/picture.c src/screen/picture.h \
	src/screen/picture_ansi.c \
	src/screen/picture_glyph.c \
	src/screen/picture_svg.c \
	src/screen/quiet.c src/screen/quiet.h \
	src/screen/render.c src/screen/render.h \
	src/screen/replay.c src/screen/replay.h src/screen/replay_keys.def \
	src/screen/rescue.c src/screen/rescue.h \
	src/screen/role.c src/screen/role.h src/screen/roles.def \
	src/screen/theme.c src/screen/theme.h src/screen/themes.def \
	src/screen/theme_contrast.def src/screen/theme_cvd.def \
	src/screen/theme_dark.def src/screen/theme_light.def \
	src/screen/screen.c src/screen/screen.h \
	src/screen/screen_ask.c src/screen/screen_internal.h \
	src/screen/sort.c src/screen/sort.h src/screen/sorts.def \
	src/screen/show.c src/screen/show.h \
	src/screen/stroke.c src/screen/stroke.h \
	src/screen/stroke_name.c \
	src/screen/term.c src/screen/term.h \
	src/screen/term_key.c src/screen/term_key.h \
	src/screen/term_look.c src/screen/term_look.h \
	src/screen/term_row.c src/screen/term_row.h \
	src/screen/ui.c src/screen/ui.h src/screen/ui_internal.h \
	src/screen/ui_ask.c \
	src/screen/ui_spectator.c \
	src/screen/ui_baseline.c \
	src/screen/ui_replay.c \
	src/screen/ui_list.c \
	src/screen/ui_mouse.c \
	src/screen/ui_prompt.c \
	src/screen/ui_rows.c \
	src/screen/ui_show.c \
	src/screen/ui_step.c \
	src/screen/ui_view.c

if HAVE_CMOCKA
SCREEN_SIM = tests/support/sim.c tests/support/sim.h
SCREEN_SHEET = $(SCREEN_SIM) tests/support/sheet.c tests/support/sheet.h
SCREEN_TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -I$(top_srcdir)/tests
SCREEN_TEST_LDADD = $(SCREEN_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_grid tests/unit/test_ui tests/unit/test_edit
check_PROGRAMS += tests/unit/test_grow
tests_unit_test_grow_SOURCES = tests/unit/test_grow.c $(SCREEN_SHEET)
tests_unit_test_grow_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_grow_LDADD = $(SCREEN_TEST_LDADD)
check_PROGRAMS += tests/unit/test_picture
tests_unit_test_picture_SOURCES = tests/unit/test_picture.c $(SCREEN_SHEET)
tests_unit_test_picture_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_picture_LDADD = $(SCREEN_TEST_LDADD)
check_PROGRAMS += tests/unit/test_theme
tests_unit_test_theme_SOURCES = tests/unit/test_theme.c
tests_unit_test_theme_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_theme_LDADD = $(SCREEN_TEST_LDADD) -lm
tests_unit_test_edit_SOURCES = tests/unit/test_edit.c
tests_unit_test_edit_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_edit_LDADD = $(SCREEN_TEST_LDADD)
tests_unit_test_grid_SOURCES = tests/unit/test_grid.c
tests_unit_test_grid_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_grid_LDADD = $(SCREEN_TEST_LDADD)
tests_unit_test_ui_SOURCES = tests/unit/test_ui.c $(SCREEN_SHEET)
tests_unit_test_ui_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_ui_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_ui_replay
tests_unit_test_ui_replay_SOURCES = tests/unit/test_ui_replay.c $(SCREEN_SHEET)
tests_unit_test_ui_replay_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_ui_replay_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_stroke
tests_unit_test_stroke_SOURCES = tests/unit/test_stroke.c
tests_unit_test_stroke_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_stroke_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_mouse
tests_unit_test_mouse_SOURCES = tests/unit/test_mouse.c $(SCREEN_SHEET)
tests_unit_test_mouse_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_mouse_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_model
tests_unit_test_model_SOURCES = tests/unit/test_model.c \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_model_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_model_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_rows
tests_unit_test_rows_SOURCES = tests/unit/test_rows.c $(SCREEN_SHEET)
tests_unit_test_rows_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_rows_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_beside
tests_unit_test_beside_SOURCES = tests/unit/test_beside.c $(SCREEN_SHEET)
tests_unit_test_beside_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_beside_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_crowded
tests_unit_test_crowded_SOURCES = tests/unit/test_crowded.c $(SCREEN_SHEET)
tests_unit_test_crowded_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_crowded_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_gauges
tests_unit_test_gauges_SOURCES = tests/unit/test_gauges.c $(SCREEN_SHEET)
tests_unit_test_gauges_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_gauges_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_lists
tests_unit_test_lists_SOURCES = tests/unit/test_lists.c $(SCREEN_SHEET) \
	tests/support/story_kit.c tests/support/story_kit.h
tests_unit_test_lists_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_lists_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_render
tests_unit_test_render_SOURCES = tests/unit/test_render.c $(SCREEN_SHEET)
tests_unit_test_render_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_render_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_overlay
tests_unit_test_overlay_SOURCES = tests/unit/test_overlay.c $(SCREEN_SHEET)
tests_unit_test_overlay_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_overlay_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_draw
tests_unit_test_draw_SOURCES = tests/unit/test_draw.c $(SCREEN_SHEET)
tests_unit_test_draw_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_draw_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_draw_hunt
tests_unit_test_draw_hunt_SOURCES = tests/unit/test_draw_hunt.c $(SCREEN_SHEET)
tests_unit_test_draw_hunt_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_draw_hunt_LDADD = $(SCREEN_TEST_LDADD)

check_PROGRAMS += tests/unit/test_ui_next
tests_unit_test_ui_next_SOURCES = tests/unit/test_ui_next.c
tests_unit_test_ui_next_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_unit_test_ui_next_LDADD = $(SCREEN_TEST_LDADD)
endif

# A made-up run on the real screen, for tests in a pseudo terminal and for
# pictures.
if HAVE_CMOCKA
check_PROGRAMS += tests/support/screen_demo
tests_support_screen_demo_SOURCES = tests/support/screen_demo.c $(SCREEN_SIM)
tests_support_screen_demo_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_support_screen_demo_LDADD = $(SCREEN_TEST_LDADD)
endif

if HAVE_CMOCKA
if HAVE_VTERM
LIVE_KIT = tests/support/live_kit.c tests/support/live_kit.h \
	tests/support/pty.c tests/support/pty.h \
	tests/support/raw_server.c tests/support/raw_server.h

check_PROGRAMS += tests/e2e/test_screen
tests_e2e_test_screen_SOURCES = tests/e2e/test_screen.c \
	tests/support/pty.c tests/support/pty.h
tests_e2e_test_screen_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_screen_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/e2e/test_show
tests_e2e_test_show_SOURCES = tests/e2e/test_show.c \
	tests/support/pty.c tests/support/pty.h
tests_e2e_test_show_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_show_LDADD = $(SCREEN_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/e2e/test_mouse
tests_e2e_test_mouse_SOURCES = tests/e2e/test_mouse.c $(LIVE_KIT)
tests_e2e_test_mouse_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_mouse_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/e2e/test_view
tests_e2e_test_view_SOURCES = tests/e2e/test_view.c $(LIVE_KIT)
tests_e2e_test_view_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_view_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

# A run and its spectators, each in a terminal.
check_PROGRAMS += tests/e2e/test_attach
tests_e2e_test_attach_SOURCES = tests/e2e/test_attach.c $(LIVE_KIT)
tests_e2e_test_attach_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_attach_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

# A recorded run again.
check_PROGRAMS += tests/e2e/test_replay
tests_e2e_test_replay_SOURCES = tests/e2e/test_replay.c $(LIVE_KIT)
tests_e2e_test_replay_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_replay_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

# The program itself in a terminal.
check_PROGRAMS += tests/e2e/test_live
tests_e2e_test_live_SOURCES = tests/e2e/test_live.c $(LIVE_KIT)
tests_e2e_test_live_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_live_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/e2e/test_keys
tests_e2e_test_keys_SOURCES = tests/e2e/test_keys.c $(LIVE_KIT)
tests_e2e_test_keys_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_keys_LDADD = $(SCREEN_LIBS) $(CMOCKA_LIBS) $(VTERM_LIBS) -lutil

check_PROGRAMS += tests/e2e/test_hostile
tests_e2e_test_hostile_SOURCES = tests/e2e/test_hostile.c $(LIVE_KIT) \
	tests/support/tape.c tests/support/tape.h
tests_e2e_test_hostile_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_hostile_LDADD = $(tests_e2e_test_live_LDADD)

check_PROGRAMS += tests/e2e/test_terms
tests_e2e_test_terms_SOURCES = tests/e2e/test_terms.c $(LIVE_KIT) \
	tests/support/tape.c tests/support/tape.h
tests_e2e_test_terms_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_terms_LDADD = $(tests_e2e_test_live_LDADD)

check_PROGRAMS += tests/e2e/test_panels
tests_e2e_test_panels_SOURCES = tests/e2e/test_panels.c $(LIVE_KIT)
tests_e2e_test_panels_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_panels_LDADD = $(tests_e2e_test_live_LDADD)

check_PROGRAMS += tests/e2e/test_requests
tests_e2e_test_requests_SOURCES = tests/e2e/test_requests.c $(LIVE_KIT)
tests_e2e_test_requests_CFLAGS = $(SCREEN_TEST_CFLAGS) $(VTERM_CFLAGS)
tests_e2e_test_requests_LDADD = $(tests_e2e_test_live_LDADD)
endif
endif

check_PROGRAMS += tests/fuzz/fuzz_stroke
tests_fuzz_fuzz_stroke_SOURCES = tests/fuzz/fuzz_stroke.c $(FUZZ_COMMON)
tests_fuzz_fuzz_stroke_LDADD = $(SCREEN_LIBS)

TRIAL_NEEDS += tests/trial/slow_terminal
EXTRA_PROGRAMS += tests/trial/slow_terminal
tests_trial_slow_terminal_SOURCES = tests/trial/slow_terminal.c
tests_trial_slow_terminal_LDADD = $(BASE_LIBS) -lutil

EXTRA_DIST += tests/cases/screen
# Writes the pictures anew; then look at them (git diff) before they go in.
.PHONY: golden
golden: tests/unit/test_render tests/unit/test_ui_replay
	GOLDEN=1 SRCDIR='$(srcdir)' tests/unit/test_render
	GOLDEN=1 SRCDIR='$(srcdir)' tests/unit/test_ui_replay

# What a picture costs; tests/bench/measure.sh runs it.
if HAVE_CMOCKA
BENCH_NEEDS += tests/bench/bench_screen
EXTRA_PROGRAMS += tests/bench/bench_screen
tests_bench_bench_screen_SOURCES = tests/bench/bench_screen.c $(SCREEN_SIM)
tests_bench_bench_screen_CFLAGS = $(SCREEN_TEST_CFLAGS)
tests_bench_bench_screen_LDADD = $(SCREEN_TEST_LDADD) -lutil
endif
