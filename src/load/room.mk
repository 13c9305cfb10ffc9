# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libload.a
libload_a_SOURCES = \
	src/load/action.h \
	src/load/answer.c src/load/answer.h \
	src/load/arrivals.c \
	src/load/check.c src/load/check.h \
	src/load/conclude.c src/load/conclude.h \
	src/load/cookies.c src/load/cookies.h \
	src/load/crew.c src/load/crew.h \
	src/load/desired.c src/load/desired.h \
	src/load/digest.c src/load/digest.h \
	src/load/errand.c src/load/errand.h \
	src/load/evidence.c src/load/evidence.h \
	src/load/expand.c src/load/expand.h \
	src/load/extract.c src/load/extract.h \
	src/load/feeder.c src/load/feeder.h \
	src/load/gate.c src/load/gate.h \
	src/load/head.c src/load/head.h \
	src/load/http1_chunks.c src/load/http1_internal.h \
	src/load/http1_known.c \
	src/load/http1_read.c src/load/http1_read.h \
	src/load/http1_write.c src/load/http1_write.h \
	src/load/iteration_pool.c \
	src/load/lane_curl.c src/load/lane_curl.h \
	src/load/lane_curl_internal.h \
	src/load/lane_curl_call.c \
	src/load/lane_curl_done.c \
	src/load/lane_curl_group.c \
	src/load/lane_curl_headers.c \
	src/load/lane_curl_push.c \
	src/load/lane_curl_sock.c \
	src/load/jar.c src/load/jar.h src/load/jar_internal.h \
	src/load/jar_date.c src/load/jar_read.c src/load/jar_url.c \
	src/load/lane_check.c src/load/lane_check.h \
	src/load/lane_direct.c src/load/lane_direct.h \
	src/load/lane_direct_internal.h \
	src/load/lane_direct_crowd.c \
	src/load/lane_direct_dial.c \
	src/load/lane_direct_done.c \
	src/load/lane_direct_group.c \
	src/load/lane_direct_io.c \
	src/load/lane_direct_open.c \
	src/load/lane_direct_tls.c \
	src/load/lane_direct_wire.c \
	src/load/lane_failure.c src/load/lane_failure.h \
	src/load/lanes.c src/load/lanes.h \
	src/load/lane_options.c src/load/lane_options.h \
	src/load/limits.c src/load/limits.h \
	src/load/muster.c \
	src/load/once.c src/load/once.h \
	src/load/pacer.c src/load/pacer.h \
	src/load/places.c src/load/places.h \
	src/load/posts.c src/load/posts.h \
	src/load/prepared.c src/load/prepared.h \
	src/load/redirect.c src/load/redirect.h \
	src/load/rota.c src/load/rota.h \
	src/load/ruling.c src/load/ruling.h \
	src/load/squad.c src/load/squad.h src/load/squad_internal.h \
	src/load/startup.c src/load/startup.h \
	src/load/sse.c src/load/sse.h \
	src/load/steps.c src/load/steps.h \
	src/load/stream.c src/load/stream.h \
	src/load/timers.c src/load/timers.h \
	src/load/transport.h \
	src/load/vu.c src/load/vu.h \
	src/load/worker.c src/load/worker.h \
	src/load/worker_internal.h \
	src/load/worker_mail.c

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_timers
tests_unit_test_timers_SOURCES = tests/unit/test_timers.c
tests_unit_test_timers_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_timers_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_limits
tests_unit_test_limits_SOURCES = tests/unit/test_limits.c
tests_unit_test_limits_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_limits_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lanes
tests_unit_test_lanes_SOURCES = tests/unit/test_lanes.c \
	tests/support/raw_server.c tests/support/raw_server.h \
	tests/support/tls_front.c tests/support/tls_front.h
tests_unit_test_lanes_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_lanes_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lanes_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_lane_direct
tests_unit_test_lane_direct_SOURCES = tests/unit/test_lane_direct.c \
	tests/support/with_curl.h tests/support/raw_server.c tests/support/raw_server.h
tests_unit_test_lane_direct_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_lane_direct_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_lane_direct_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

# A worker by hand, without a conductor.
DRILL = tests/support/drill.c tests/support/drill.h

check_PROGRAMS += tests/unit/test_worker
tests_unit_test_worker_SOURCES = tests/unit/test_worker.c $(DRILL) \
	tests/support/with_curl.h tests/support/raw_server.c tests/support/raw_server.h
tests_unit_test_worker_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_worker_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_worker_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

# Squads on a virtual clock, with a transport that is none.
SQUAD_WORLD = \
	tests/support/fake_transport.c tests/support/fake_transport.h \
	tests/support/manual_clk.c tests/support/manual_clk.h \
	tests/support/squad_world.c tests/support/squad_world.h

check_PROGRAMS += tests/unit/test_squad
tests_unit_test_squad_SOURCES = tests/unit/test_squad.c $(SQUAD_WORLD)
tests_unit_test_squad_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_squad_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_squad_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_sse
tests_unit_test_sse_SOURCES = tests/unit/test_sse.c
tests_unit_test_sse_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sse_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_head
tests_unit_test_head_SOURCES = tests/unit/test_head.c
tests_unit_test_head_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_head_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_http1
tests_unit_test_http1_SOURCES = tests/unit/test_http1.c
tests_unit_test_http1_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_http1_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_jar
tests_unit_test_jar_SOURCES = tests/unit/test_jar.c
tests_unit_test_jar_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_jar_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_digest
tests_unit_test_digest_SOURCES = tests/unit/test_digest.c
tests_unit_test_digest_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_digest_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_cookies
tests_unit_test_cookies_SOURCES = tests/unit/test_cookies.c $(SQUAD_WORLD)
tests_unit_test_cookies_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_cookies_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_cookies_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_redirect
tests_unit_test_redirect_SOURCES = tests/unit/test_redirect.c
tests_unit_test_redirect_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_redirect_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_expand
tests_unit_test_expand_SOURCES = tests/unit/test_expand.c $(SQUAD_WORLD)
tests_unit_test_expand_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_expand_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_expand_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_check
tests_unit_test_check_SOURCES = tests/unit/test_check.c $(SQUAD_WORLD)
tests_unit_test_check_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_check_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_check_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_evidence
tests_unit_test_evidence_SOURCES = tests/unit/test_evidence.c $(SQUAD_WORLD)
tests_unit_test_evidence_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_evidence_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_evidence_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_errand
tests_unit_test_errand_SOURCES = tests/unit/test_errand.c $(SQUAD_WORLD)
tests_unit_test_errand_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_errand_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_errand_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_once
tests_unit_test_once_SOURCES = tests/unit/test_once.c $(SQUAD_WORLD)
tests_unit_test_once_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_once_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_once_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_iteration_pool
tests_unit_test_iteration_pool_SOURCES = tests/unit/test_iteration_pool.c
tests_unit_test_iteration_pool_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_iteration_pool_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_feeder
tests_unit_test_feeder_SOURCES = tests/unit/test_feeder.c $(SQUAD_WORLD)
tests_unit_test_feeder_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_feeder_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_feeder_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_stream
tests_unit_test_stream_SOURCES = tests/unit/test_stream.c $(SQUAD_WORLD)
tests_unit_test_stream_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_stream_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_stream_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_vu_setup
tests_unit_test_vu_setup_SOURCES = tests/unit/test_vu_setup.c $(SQUAD_WORLD)
tests_unit_test_vu_setup_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_vu_setup_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_vu_setup_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_steps
tests_unit_test_steps_SOURCES = tests/unit/test_steps.c
tests_unit_test_steps_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_steps_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_steps_LDADD = tests/support/libplantext.a $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_ramp
tests_unit_test_ramp_SOURCES = tests/unit/test_ramp.c $(SQUAD_WORLD)
tests_unit_test_ramp_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_ramp_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ramp_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_gate
tests_unit_test_gate_SOURCES = tests/unit/test_gate.c $(SQUAD_WORLD)
tests_unit_test_gate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_gate_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_gate_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_rota
tests_unit_test_rota_SOURCES = tests/unit/test_rota.c
tests_unit_test_rota_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_rota_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_arrivals
tests_unit_test_arrivals_SOURCES = tests/unit/test_arrivals.c $(SQUAD_WORLD)
tests_unit_test_arrivals_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_arrivals_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_arrivals_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/test_squad_storm
tests_unit_test_squad_storm_SOURCES = tests/unit/test_squad_storm.c $(SQUAD_WORLD)
tests_unit_test_squad_storm_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_squad_storm_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_squad_storm_LDADD = $(LOAD_LIBS) $(CMOCKA_LIBS)
endif

check_PROGRAMS += tests/fuzz/fuzz_head tests/fuzz/fuzz_http1 tests/fuzz/fuzz_sse
tests_fuzz_fuzz_http1_SOURCES = tests/fuzz/fuzz_http1.c $(FUZZ_COMMON)
tests_fuzz_fuzz_http1_LDADD = $(LOAD_LIBS)
tests_fuzz_fuzz_head_SOURCES = tests/fuzz/fuzz_head.c $(FUZZ_COMMON)
tests_fuzz_fuzz_head_LDADD = $(LOAD_LIBS)
check_PROGRAMS += tests/fuzz/fuzz_jar
tests_fuzz_fuzz_jar_SOURCES = tests/fuzz/fuzz_jar.c $(FUZZ_COMMON)
tests_fuzz_fuzz_jar_LDADD = $(LOAD_LIBS)
tests_fuzz_fuzz_sse_SOURCES = tests/fuzz/fuzz_sse.c $(FUZZ_COMMON)
tests_fuzz_fuzz_sse_LDADD = $(LOAD_LIBS)

# Latency beside a server that measures itself.
TRIALS += tests/trial/latency.sh
EXTRA_DIST += tests/trial/delay.sh
TRIAL_NEEDS += tests/trial/delay_server
EXTRA_PROGRAMS += tests/trial/delay_server
tests_trial_delay_server_SOURCES = tests/trial/delay_server.c
tests_trial_delay_server_LDADD = $(MEASURE_LIBS)
