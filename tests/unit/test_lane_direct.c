/* SPDX-License-Identifier: MIT
 *
 * test_lane_direct - how the direct lane gets its connections: libcurl's first,
 * those that need no libcurl, and many at once. What goes over them is
 * test_lanes.c's. */
#include "config.h"

#include "load/lane_direct.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ev.h>
#include <cmocka.h>

#include "base/xalloc.h"
#include "load/lane_direct_internal.h"
#include "support/raw_server.h"
#include "support/with_curl.h"

/* A time-out that no test waits for, and one that is waited for. */
#define LONG_US  (30 * US_PER_SEC)
#define SHORT_US (60 * US_PER_MS)

struct world {
    struct ev_loop *loop;
    struct dial dial;
    struct lane_options options;
    struct lane_direct *lane;
    struct transport t;
    unsigned running; /* calls */
};

/* A VU, a call, and what came of it. */
struct caller {
    struct world *w;
    struct port *port;
    struct call call;
    char url[128];
    bool done;
    enum failure failure;
    uint64_t connecting;
    char message[128];
};

static void world_init(struct world *w)
{
    w->loop = ev_loop_new(EVFLAG_AUTO);
    lane_options_init(&w->options, &w->dial);
    w->lane = lane_direct_new(w->loop, clk_system(), &w->options);
    w->t = lane_direct_transport(w->lane);
}

static int world_setup(void **state)
{
    *state = xcalloc(1, sizeof(struct world));
    return 0;
}

static int world_teardown(void **state)
{
    struct world *w = *state;

    lane_direct_free(&w->lane);
    lane_options_clear(&w->options);
    addresses_clear(&w->dial.locals);
    ev_loop_destroy(w->loop);
    free(w);
    return 0;
}

static void caller_on_done(void *ctx, struct exchange *x)
{
    struct caller *c = ctx;

    c->done = true;
    c->failure = x->failure;
    c->connecting = x->connecting;
    (void)snprintf(c->message, sizeof c->message, "%s", x->message);
    c->w->running--;
    ev_break(c->w->loop, EVBREAK_ALL);
}

static void caller_start(struct caller *c)
{
    c->done = false;
    c->w->running++;
    c->w->t.ops->start(c->w->t.self, c->port, &c->call);
}

static void caller_init(struct caller *c, struct world *w, uint32_t vu,
                        const char *url)
{
    *c = (struct caller){.w = w, .port = w->t.ops->open(w->t.self, vu)};
    (void)snprintf(c->url, sizeof c->url, "%s", url);
    c->call.method = "GET";
    c->call.url = c->url;
    c->call.timeout_us = LONG_US;
    c->call.on_done = caller_on_done;
    c->call.ctx = c;
    c->call.fixed = w; /* the same for all: the origin stays known */
}

static void caller_clear(struct caller *c)
{
    c->w->t.ops->close(c->w->t.self, &c->port);
}

/* Until no call is left. */
static void world_run(struct world *w)
{
    while (w->running > 0) {
        ev_run(w->loop, 0);
    }
}

static void caller_run(struct caller *c)
{
    caller_start(c);
    world_run(c->w);
    assert_true(c->done);
}

/* A listener that says nothing: connections stand all the same, as long as its
 * queue has room. */
struct mute {
    int fd;
    struct sockaddr_storage at;
    socklen_t len;
    unsigned port;
    int queued[8];
};

static bool mute_init(struct mute *m, int family, int room)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    six.sin6_addr = in6addr_loopback;
    *m = (struct mute){.fd = socket(family, SOCK_STREAM, 0)};
    m->len = family == AF_INET ? sizeof four : sizeof six;
    memcpy(&m->at, family == AF_INET ? (void *)&four : (void *)&six, m->len);
    if (m->fd < 0 || bind(m->fd, (struct sockaddr *)&m->at, m->len) != 0) {
        return false;
    }
    assert_int_equal(listen(m->fd, room), 0);
    assert_int_equal(getsockname(m->fd, (struct sockaddr *)&m->at, &m->len), 0);
    m->port =
        ntohs(family == AF_INET ? ((struct sockaddr_in *)&m->at)->sin_port
                                : ((struct sockaddr_in6 *)&m->at)->sin6_port);
    for (int i = 0; i < 8; i++) {
        m->queued[i] = -1;
    }
    return true;
}

/* From now on it answers nobody who wants to connect. */
static void mute_fill(struct mute *m)
{
    for (int i = 0; i < 8; i++) {
        m->queued[i] = socket(m->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(m->queued[i], (struct sockaddr *)&m->at, m->len);
    }
}

/* The address of who connected next, as text. */
static const char *mute_accept(const struct mute *m, int *fd, char *text)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    socklen_t len = sizeof from;

    *fd = accept(m->fd, (struct sockaddr *)&from, &len);
    assert_true(*fd >= 0);
    return inet_ntop(AF_INET, &from.sin_addr, text, INET6_ADDRSTRLEN);
}

static void mute_clear(struct mute *m)
{
    for (int i = 0; i < 8; i++) {
        if (m->queued[i] >= 0) {
            close(m->queued[i]);
        }
    }
    close(m->fd);
}

/* A call that stands on its connection, and waits in vain. */
static void caller_connect(struct caller *c)
{
    caller_start(c);
    while (c->port->stage != DIRECT_EXPECTS) {
        ev_run(c->w->loop, EVRUN_NOWAIT);
    }
}

static void caller_cancel(struct caller *c)
{
    bool sent;

    c->w->t.ops->cancel(c->w->t.self, c->port, &sent);
    c->w->running--;
}

/* Runs a call, then as many at once as libcurl would have kept handles for.
 * Returns how many handles there were. */
static unsigned handles_for_many(struct world *w, const char *url)
{
    struct caller list[DIRECT_OPENS_KEPT];

    for (uint32_t i = 0; i < DIRECT_OPENS_KEPT; i++) {
        caller_init(&list[i], w, i + 1, url);
    }
    caller_run(&list[0]);
    w->t.ops->drop_connections(w->t.self, list[0].port);
    for (unsigned i = 0; i < DIRECT_OPENS_KEPT; i++) {
        caller_start(&list[i]);
    }
    world_run(w);
    assert_int_equal(w->t.ops->connections(w->t.self), DIRECT_OPENS_KEPT);
    for (unsigned i = 0; i < DIRECT_OPENS_KEPT; i++) {
        assert_string_equal(list[i].message, "");
        assert_true(list[i].connecting > 0);
        caller_clear(&list[i]);
    }
    assert_int_equal(w->t.ops->connections(w->t.self), 0);
    return w->lane->n_opens;
}

static unsigned handles_at_server(struct world *w, const char *host)
{
    struct raw_server *s = raw_server_new();
    char url[128];
    unsigned n;

    (void)snprintf(url, sizeof url, "http://%s:%u/ok", host,
                   raw_server_port(s));
    n = handles_for_many(w, url);
    assert_int_equal(raw_server_connections(s), DIRECT_OPENS_KEPT + 1);
    raw_server_free(&s);
    return n;
}

static void libcurl_opens_the_first_and_others_need_it_no_more(void **state)
{
    struct world *w = *state;

    world_init(w);
    assert_int_equal(handles_at_server(w, "127.0.0.1"), 1);
}

static void a_name_goes_where_libcurl_found_it(void **state)
{
    struct world *w = *state;
    struct raw_server *s = raw_server_new();
    char url[128], rule[128], why[128];

    (void)snprintf(rule, sizeof rule, "far.test:%u:127.0.0.1",
                   raw_server_port(s));
    assert_true(dial_add_resolve(&w->dial, rule, why, sizeof why));
    world_init(w);
    (void)snprintf(url, sizeof url, "http://far.test:%u/ok",
                   raw_server_port(s));
    assert_int_equal(handles_for_many(w, url), 1);
    assert_int_equal(raw_server_connections(s), DIRECT_OPENS_KEPT + 1);
    raw_server_free(&s);
    dial_clear(&w->dial);
}

static void libcurl_opens_all_where_each_is_to_ask_for_the_name(void **state)
{
    struct world *w = *state;

    w->dial.has_ttl = true;
    w->dial.ttl_s = 0;
    world_init(w);
    assert_int_equal(handles_at_server(w, "127.0.0.1"), DIRECT_OPENS_KEPT);
}

static void an_address_is_taken_for_a_moment_only(void **state)
{
    struct world *w = *state;
    struct raw_server *s = raw_server_new();
    struct direct_origin *o;
    struct caller c;
    char url[128];

    world_init(w);
    caller_init(&c, w, 1, raw_server_url(s, "/ok", url, sizeof url));
    caller_run(&c);
    o = c.port->conns->origin;
    assert_true(o->address_until > clk_now(clk_system()));
    assert_true(o->address_until <= clk_now(clk_system()) + DIRECT_ADDRESS_US);
    o->address_until = 1; /* long ago; and it was another */
    memset(&o->address, 0, sizeof o->address);
    w->t.ops->drop_connections(w->t.self, c.port);
    caller_run(&c);
    assert_string_equal(c.message, "");
    caller_clear(&c);
    raw_server_free(&s);
}

static void an_address_that_fails_is_left_to_libcurl(void **state)
{
    struct world *w = *state;
    struct raw_server *s = raw_server_new();
    struct caller c;
    char url[128];

    world_init(w);
    caller_init(&c, w, 1, raw_server_url(s, "/ok", url, sizeof url));
    caller_run(&c);
    /* The address is another's now, who refuses. */
    ((struct sockaddr_in *)&c.port->conns->origin->address)->sin_port =
        htons(1);
    w->t.ops->drop_connections(w->t.self, c.port);
    caller_run(&c);
    assert_string_equal(c.message, "");
    assert_int_equal(w->t.ops->connections(w->t.self), 1);
    /* And when it is gone, libcurl says so. */
    w->t.ops->drop_connections(w->t.self, c.port);
    raw_server_free(&s);
    caller_run(&c);
    assert_int_equal(c.failure, FAILURE_REFUSED);
    assert_string_equal(c.message, "connection refused");
    assert_int_equal(c.connecting, 0);
    assert_int_equal(w->t.ops->connections(w->t.self), 0);
    assert_int_equal(w->lane->opening, 0);
    caller_clear(&c);
}

static void each_connects_from_its_own_address(void **state)
{
    struct world *w = *state;
    char url[128], why[128], text[INET6_ADDRSTRLEN], want[INET6_ADDRSTRLEN];
    struct caller list[4];
    struct mute m;

    assert_true(
        addresses_add(&w->dial.locals, "127.0.0.2-127.0.0.4", why, sizeof why));
    world_init(w);
    assert_true(mute_init(&m, AF_INET, 8));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", m.port);
    for (uint32_t i = 0; i < 4; i++) {
        int fd;

        caller_init(&list[i], w, i + 1, url);
        caller_connect(&list[i]);
        (void)snprintf(want, sizeof want, "127.0.0.%u", 2 + i % 3);
        assert_string_equal(mute_accept(&m, &fd, text), want);
        close(fd);
    }
    assert_int_equal(w->lane->n_opens, 1);
    world_run(w); /* the other side has closed */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(list[i].failure, FAILURE_RESET);
        caller_clear(&list[i]);
    }
    mute_clear(&m);
}

/* Does the system take a part of its ports for a socket? */
static bool ports_can_be_parted(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    uint32_t range = 40511u << 16 | 40000u;
    bool can = setsockopt(fd, IPPROTO_IP, 51, &range, sizeof range) == 0;

    close(fd);
    return can;
}

static void ports_are_looked_for_part_after_part(void **state)
{
    struct world *w = *state;
    struct caller list[4];
    char url[128];
    struct mute m;

    if (!ports_can_be_parted()) {
        skip();
    }
    world_init(w);
    assert_true(mute_init(&m, AF_INET, 8));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", m.port);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t from = w->lane->port_next, port;
        struct sockaddr_in at;
        socklen_t len = sizeof at;

        caller_init(&list[i], w, i + 1, url);
        caller_connect(&list[i]);
        assert_int_equal(getsockname(list[i].port->conn->io.fd,
                                     (struct sockaddr *)&at, &len),
                         0);
        port = ntohs(at.sin_port);
        if (i > 0) { /* the first is libcurl's */
            assert_in_range(port, from > 0 ? from : w->lane->port_low,
                            w->lane->port_next - 1);
        }
    }
    assert_true(w->lane->port_next > w->lane->port_low);
    for (int i = 0; i < 4; i++) {
        caller_cancel(&list[i]);
        caller_clear(&list[i]);
    }
    mute_clear(&m);
}

static void a_source_that_the_machine_has_not_is_local(void **state)
{
    struct world *w = *state;
    struct raw_server *s = raw_server_new();
    char url[128], why[128];
    struct caller mine, alien;

    assert_true(
        addresses_add(&w->dial.locals, "127.0.0.1,192.0.2.1", why, sizeof why));
    world_init(w);
    raw_server_url(s, "/ok", url, sizeof url);
    caller_init(&mine, w, 1, url);
    caller_init(&alien, w, 2, url);
    caller_run(&mine);
    caller_run(&alien);
    assert_string_equal(mine.message, "");
    assert_int_equal(alien.failure, FAILURE_LOCAL);
    caller_clear(&mine);
    caller_clear(&alien);
    raw_server_free(&s);
}

static void addresses_of_ipv6_need_no_libcurl_either(void **state)
{
    struct world *w = *state;
    struct caller list[3];
    char url[128];
    struct mute m;

    world_init(w);
    if (!mute_init(&m, AF_INET6, 8)) {
        skip();
    }
    (void)snprintf(url, sizeof url, "http://[::1]:%u/", m.port);
    for (uint32_t i = 0; i < 3; i++) {
        caller_init(&list[i], w, i + 1, url);
        caller_connect(&list[i]);
    }
    assert_int_equal(w->lane->n_opens, 1);
    assert_int_equal(w->t.ops->connections(w->t.self), 3);
    for (int i = 0; i < 3; i++) {
        caller_cancel(&list[i]);
        caller_clear(&list[i]);
    }
    mute_clear(&m);
}

static void who_is_not_answered_can_be_cut_off(void **state)
{
    struct world *w = *state;
    struct caller first, second;
    char url[128];
    struct mute m;

    world_init(w);
    assert_true(mute_init(&m, AF_INET, 0));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", m.port);
    caller_init(&first, w, 1, url);
    caller_init(&second, w, 2, url);
    caller_connect(&first);
    mute_fill(&m);
    second.call.timeout_us = SHORT_US;
    caller_start(&second);
    ev_run(w->loop, EVRUN_NOWAIT);
    assert_int_equal(second.port->stage, DIRECT_OPENS);
    assert_null(second.port->open); /* it is not libcurl's */
    assert_int_equal(w->t.ops->connections(w->t.self), 2);
    while (!second.done) {
        ev_run(w->loop, 0);
    }
    assert_int_equal(second.failure, FAILURE_TIMEOUT);
    assert_string_equal(second.message, "no connection within 0.06 s");
    assert_int_equal(w->t.ops->connections(w->t.self), 1);
    second.call.timeout_us = LONG_US;
    caller_start(&second);
    ev_run(w->loop, EVRUN_NOWAIT);
    assert_int_equal(second.port->stage, DIRECT_OPENS);
    caller_cancel(&second);
    assert_int_equal(w->t.ops->connections(w->t.self), 1);
    assert_int_equal(w->lane->opening, 0);
    caller_cancel(&first);
    caller_clear(&first);
    caller_clear(&second);
    mute_clear(&m);
}

/* What stands only after a while is watched until then. */
static void who_is_answered_late_goes_on_then(void **state)
{
    struct world *w = *state;
    struct caller first, second;
    char url[128];
    struct mute m;
    int fd;

    world_init(w);
    assert_true(mute_init(&m, AF_INET, 0));
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", m.port);
    caller_init(&first, w, 1, url);
    caller_init(&second, w, 2, url);
    caller_connect(&first);
    mute_fill(&m);
    caller_start(&second);
    ev_run(w->loop, EVRUN_NOWAIT);
    assert_int_equal(second.port->stage, DIRECT_OPENS);
    /* Room: whoever asks again, a second later, is let in. */
    assert_int_equal(fcntl(m.fd, F_SETFL, O_NONBLOCK), 0);
    while (second.port->stage == DIRECT_OPENS) {
        fd = accept(m.fd, NULL, NULL);
        if (fd >= 0) {
            close(fd);
        }
        ev_run(w->loop, EVRUN_NOWAIT);
    }
    assert_int_equal(second.port->stage, DIRECT_QUEUED);
    assert_true(second.port->connecting > 0);
    assert_null(second.port->open);
    assert_int_equal(w->lane->opening, 0);
    assert_int_equal(w->lane->n_opens, 1);
    caller_cancel(&second);
    if (!first.done) {
        caller_cancel(&first);
    }
    caller_clear(&first);
    caller_clear(&second);
    mute_clear(&m);
}

/* Ports of a lane that has no loop: what is held is arithmetic. */
enum { CROWD_PORTS = 400 };

struct crowd {
    struct lane_direct lane;
    struct port ports[CROWD_PORTS];
    struct direct_conn conns[CROWD_PORTS];
};

static struct crowd *crowd_new(void)
{
    struct crowd *c = xcalloc(1, sizeof *c);

    c->lane.crowd = 1;
    for (int i = 0; i < CROWD_PORTS; i++) {
        c->ports[i].lane = &c->lane;
        c->ports[i].conn = &c->conns[i];
        c->ports[i].deadline = LONG_US;
    }
    return c;
}

static void a_crowd_is_who_could_not_be_let_in_at_once(void **state)
{
    struct crowd *c = crowd_new();
    struct lane_direct *l = &c->lane;

    (void)state;
    direct_crowd_see(l, true);
    assert_false(l->crowded); /* those who wait had a connection before */
    l->new_waiting = 3;
    direct_crowd_see(l, false);
    assert_false(l->crowded); /* there is time for all, and they will be seen */
    direct_crowd_see(l, true);
    assert_true(l->crowded);
    direct_crowd_see(l, false);
    assert_true(l->crowded);
    l->new_waiting = 0;
    direct_crowd_see(l, true);
    assert_false(l->crowded);
    /* It does not last, even if they come on and on. */
    l->new_waiting = 3;
    l->opened = 1000;
    direct_crowd_see(l, true);
    l->opened += DIRECT_CROWD_US - 1;
    direct_crowd_see(l, true);
    assert_true(l->crowded);
    l->opened++;
    direct_crowd_see(l, true);
    assert_false(l->crowded);
    free(c);
}

static void newcomers_wait_with_all_but_their_first_request(void **state)
{
    struct crowd *c = crowd_new();
    struct port *old = &c->ports[0], *new = &c->ports[1];

    (void)state;
    direct_crowd_join(old);
    old->conn->used = true;
    c->lane.crowd = 2;
    c->lane.crowded = true;
    assert_false(direct_crowd_holds(old));
    direct_crowd_join(old); /* on another connection */
    assert_false(direct_crowd_holds(old));
    direct_crowd_join(new);
    assert_false(direct_crowd_holds(new));
    new->conn->used = true;
    assert_true(direct_crowd_holds(new));
    new->deadline = new->start + DIRECT_HELD_TIME_US - 1;
    assert_false(direct_crowd_holds(new));
    free(c);
}

static void those_held_go_on_in_turn_and_all_in_the_end(void **state)
{
    struct crowd *c = crowd_new();
    struct lane_direct *l = &c->lane;
    const struct port *p;
    unsigned n = 0;

    (void)state;
    l->crowded = true;
    for (int i = 0; i < CROWD_PORTS; i++) {
        direct_line_add(&l->held, &c->ports[i]);
        c->ports[i].line = &l->held;
    }
    assert_true(direct_crowd_admit(l));
    assert_int_equal(l->send.n, DIRECT_PUSH_MAX);
    l->written = 100 * DIRECT_HELD_SHARE;
    assert_true(direct_crowd_admit(l));
    assert_int_equal(l->send.n, DIRECT_PUSH_MAX + 100);
    assert_int_equal(l->written, 0);
    direct_line_remove(&l->held, &c->ports[CROWD_PORTS - 1]);
    l->crowded = false;
    assert_false(direct_crowd_admit(l));
    assert_int_equal(l->send.n, CROWD_PORTS - 1);
    assert_int_equal(l->held.n, 0);
    for (p = l->send.head; p != NULL; p = p->next) {
        assert_ptr_equal(p, &c->ports[n++]);
        assert_ptr_equal(p->line, &l->send);
    }
    assert_int_equal(n, CROWD_PORTS - 1);
    free(c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(libcurl_opens_the_first_and_others_need_it_no_more),
        TEST(a_name_goes_where_libcurl_found_it),
        TEST(libcurl_opens_all_where_each_is_to_ask_for_the_name),
        TEST(an_address_is_taken_for_a_moment_only),
        TEST(an_address_that_fails_is_left_to_libcurl),
        TEST(each_connects_from_its_own_address),
        TEST(ports_are_looked_for_part_after_part),
        TEST(a_source_that_the_machine_has_not_is_local),
        TEST(addresses_of_ipv6_need_no_libcurl_either),
        TEST(who_is_not_answered_can_be_cut_off),
        TEST(who_is_answered_late_goes_on_then),
        cmocka_unit_test(a_crowd_is_who_could_not_be_let_in_at_once),
        cmocka_unit_test(newcomers_wait_with_all_but_their_first_request),
        cmocka_unit_test(those_held_go_on_in_turn_and_all_in_the_end),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
