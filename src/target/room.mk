# SPDX-License-Identifier: MIT
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = \
	src/target/answer.c src/target/answer.h \
	src/target/ask.c src/target/ask.h \
	src/target/call.c src/target/call.h \
	src/target/capacity.c src/target/capacity.h \
	src/target/ear.c src/target/ear.h \
	src/target/frames.c src/target/frames.h \
	src/target/heap.c src/target/heap.h \
	src/target/limiter.c src/target/limiter.h \
	src/target/model.c src/target/model.def src/target/model.h \
	src/target/reply.c src/target/reply.h \
	src/target/reply_parts.c src/target/reply_parts.h \
	src/target/service.c src/target/service.h \
	src/target/stream.c src/target/stream.h \
	src/target/tally.c src/target/tally.def src/target/tally.h \
	src/target/target.c src/target/target.h

if HAVE_CMOCKA
# Support code of this room's tests; its own include path is tests/.
check_LIBRARIES += libtargetsupport.a
libtargetsupport_a_SOURCES = \
	tests/support/users.c tests/support/users.h \
	tests/support/wire.c tests/support/wire.h
libtargetsupport_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_PROGRAMS += tests/unit/test_ask
tests_unit_test_ask_SOURCES = tests/unit/test_ask.c
tests_unit_test_ask_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ask_LDADD = $(TARGET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_capacity
tests_unit_test_capacity_SOURCES = tests/unit/test_capacity.c
tests_unit_test_capacity_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_capacity_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_capacity_LDADD = libtargetsupport.a $(TARGET_LIBS) \
	$(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_limiter
tests_unit_test_limiter_SOURCES = tests/unit/test_limiter.c
tests_unit_test_limiter_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_limiter_LDADD = $(TARGET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_service
tests_unit_test_service_SOURCES = tests/unit/test_service.c
tests_unit_test_service_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_service_LDADD = $(TARGET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_target
tests_unit_test_target_SOURCES = tests/unit/test_target.c
tests_unit_test_target_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_test_target_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_target_LDADD = libtargetsupport.a $(TARGET_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_target_model
tests_unit_test_target_model_SOURCES = tests/unit/test_target_model.c
tests_unit_test_target_model_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_target_model_LDADD = $(TARGET_LIBS) $(CMOCKA_LIBS)
endif
