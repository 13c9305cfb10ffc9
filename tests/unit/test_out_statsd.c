/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/num.h"
#include "base/xalloc.h"
#include "record/out_kind.h"
#include "record/out_udp.h"
#include "support/sim.h"

/* This exercises: seconds of a run as lines of StatsD. Whoever adds them up by
 * the rules of the protocol has counts and sums of the points they are made of,
 * also where a line stands for several values; no datagram is too long or cuts
 * a line; what nobody listens to is sent again, and nothing twice. */

#define SUMS_MAX 64
#define TEXT_MAX (4u << 20)

/* What a receiver, or the points themselves, have under a name. */
struct sum {
    char name[64];
    double count, sum;
};

struct sums {
    struct sum list[SUMS_MAX];
    size_t n;
    size_t sampled; /* lines that stand for several values */
};

static struct sum *sum_of(struct sums *s, const char *name)
{
    size_t i;

    for (i = 0; i < s->n; i++) {
        if (strcmp(s->list[i].name, name) == 0) {
            return &s->list[i];
        }
    }
    assert_true(s->n < SUMS_MAX);
    snprintf(s->list[s->n].name, sizeof s->list[s->n].name, "%s", name);
    return &s->list[s->n++];
}

/* A receiver, by the protocol: "name:value|type[|@rate][|#tags]". */
static void receive_line(struct sums *s, char *line)
{
    char *colon = strchr(line, ':');
    const char *type, *more;
    double value = 0, rate = 1;
    struct sum *x;

    assert_non_null(colon);
    *colon = '\0';
    assert_true(num_double_prefix(colon + 1, &value, &type));
    assert_int_equal(*type, '|');
    more = strchr(type + 1, '|');
    if (more != NULL && more[1] == '@') {
        assert_null(strpbrk(more + 2, "eE-"));
        assert_true(num_double_prefix(more + 2, &rate, &more));
        s->sampled++;
    }
    assert_true(more == NULL || *more == '\0' || more[1] == '#');
    x = sum_of(s, line);
    if (strncmp(type, "|ms", 3) == 0) {
        x->count += 1 / rate;
        x->sum += value / rate;
    } else if (strncmp(type, "|c", 2) == 0) {
        x->count += 1;
        x->sum += value / rate;
    } else {
        assert_true(strncmp(type, "|g", 2) == 0);
        x->sum = value;
    }
}

static void receive(struct sums *s, const struct buf *payload)
{
    char *text = xstrndup(payload->data, payload->len), *line = text, *end;

    while ((end = strchr(line, '\n')) != NULL) {
        *end = '\0';
        assert_true(end > line && end - line <= 1432);
        receive_line(s, line);
        line = end + 1;
    }
    assert_int_equal(*line, '\0');
    free(text);
}

static void expect_point(void *ctx, const struct point *p)
{
    struct sums *s = ctx;
    char name[64];
    struct sum *x;

    if (p->tags[POINT_CHECK] != NULL) {
        return; /* told by their names */
    }
    snprintf(name, sizeof name, "k6.%s", p->info.name);
    x = sum_of(s, name);
    if (p->info.type == METRIC_TREND) {
        x->count += (double)p->trend->count;
        x->sum += (double)p->trend->sum / 1e3;
    } else if (p->info.type == METRIC_GAUGE) {
        x->sum = p->value;
    } else {
        x->count += 1;
        x->sum += p->value;
    }
}

static const char *const *said; /* names and values in turn, NULL behind them */

static const char *env(void *ctx, const char *name)
{
    const char *const *at;

    (void)ctx;
    for (at = said; at != NULL && *at != NULL; at += 2) {
        if (strcmp(*at, name) == 0) {
            return at[1];
        }
    }
    return NULL;
}

static void *open_at(const struct run_info *info, const char *place,
                     struct err *e)
{
    struct out_config c = {.info = info, .place = place, .env = env};

    return out_kind_statsd.open(&c, e);
}

/* Ticks of a run, each a second to the output. */
struct world {
    struct sim sim;
    struct points *points;
    void *statsd;
    struct sums got, want;
    struct buf payload;
    int64_t unix_ms;
    bool loses; /* of points that are left out: */
    struct out_lost lost;
};

static void world_tick(void *ctx, const struct tick *t)
{
    struct world *w = ctx;
    struct out_second s = {.info = &w->sim.info,
                           .tick = t,
                           .points = w->points,
                           .unix_ms = ++w->unix_ms};
    struct out_lost lost = {0, NULL};

    buf_reset(&w->payload);
    out_kind_statsd.encode(w->statsd, &s, &w->payload, &lost);
    assert_true(w->loses || lost.points == 0);
    out_lost_add(&w->lost, lost.points, lost.why);
    receive(&w->got, &w->payload);
    points_each(w->points, t, expect_point, &w->want);
}

static void world_init(struct world *w, const char *plan)
{
    struct err e = ERR_INIT;

    memset(w, 0, sizeof *w);
    buf_init(&w->payload, TEXT_MAX);
    sim_init(&w->sim, plan, 7);
    w->points = points_new(&w->sim.info);
    w->statsd = open_at(&w->sim.info, "127.0.0.1:1", &e);
    assert_non_null(w->statsd);
    w->sim.tap = world_tick;
    w->sim.tap_ctx = w;
}

static void world_clear(struct world *w)
{
    out_kind_statsd.close(w->statsd);
    points_free(&w->points);
    sim_clear(&w->sim);
    buf_clear(&w->payload);
}

static void world_agrees(struct world *w)
{
    size_t i, trends = 0;

    for (i = 0; i < w->want.n; i++) {
        const struct sum *want = &w->want.list[i];
        const struct sum *got = sum_of(&w->got, want->name);

        assert_true(fabs(got->count - want->count) <= 1e-6 * want->count);
        assert_true(fabs(got->sum - want->sum) <= 1e-6 * want->sum + 1e-6);
        trends += strstr(want->name, "duration") != NULL && want->count > 0;
    }
    assert_true(trends >= 2);
}

static void each_value_is_a_line_and_all_adds_up(void **state)
{
    struct world w;

    (void)state;
    said = NULL;
    world_init(&w, NULL);
    sim_run(&w.sim, 20);
    world_agrees(&w);
    assert_int_equal(w.got.sampled, 0);
    world_clear(&w);
}

static void of_too_many_values_a_line_stands_for_several(void **state)
{
    struct world w;

    (void)state;
    said = NULL;
    world_init(&w, NULL);
    w.sim.rate_scale = 2000;
    sim_run(&w.sim, 4);
    world_agrees(&w);
    assert_true(w.got.sampled > 0);
    world_clear(&w);
}

static void tags_and_names_are_as_was_asked_for(void **state)
{
    static const char *const asked[] = {"K6_STATSD_ENABLE_TAGS", "true",
                                        "K6_STATSD_NAMESPACE", "shop", NULL};
    static const char *const blocked[] = {"K6_STATSD_ENABLE_TAGS",
                                          "1",
                                          "K6_STATSD_NAMESPACE",
                                          "",
                                          "K6_STATSD_TAG_BLOCKLIST",
                                          "name,method",
                                          NULL};
    struct world w;

    (void)state;
    said = asked;
    world_init(&w, NULL);
    sim_run(&w.sim, 3);
    assert_non_null(strstr(buf_str(&w.payload), "shop.http_reqs:"));
    assert_non_null(strstr(buf_str(&w.payload), "|#"));
    assert_non_null(strstr(buf_str(&w.payload), ",name:"));
    assert_null(strstr(buf_str(&w.payload), "url:"));
    world_clear(&w);
    said = blocked;
    world_init(&w, NULL);
    sim_run(&w.sim, 3);
    assert_non_null(strstr(buf_str(&w.payload), "\nhttp_reqs:"));
    assert_non_null(strstr(buf_str(&w.payload), "status:"));
    assert_null(strstr(buf_str(&w.payload), "name:"));
    assert_null(strstr(buf_str(&w.payload), "method:"));
    world_clear(&w);
}

/* A line of DogStatsD that no datagram holds, whose tags are to blame. */
static void what_no_datagram_holds_says_what_to_do(void **state)
{
    static const char *const asked[] = {"K6_STATSD_ENABLE_TAGS", "true", NULL};
    static const char *const spared[] = {
        "K6_STATSD_ENABLE_TAGS", "true", "K6_STATSD_TAG_BLOCKLIST",
        "t0,t1,t2,t3,t4,t5,t6,t7,t8,t9,url", NULL};
    struct world w;
    struct buf plan;
    size_t i;

    (void)state;
    buf_init(&plan, 8000);
    buf_adds(&plan, "{\"tags\":{");
    for (i = 0; i < 10; i++) {
        buf_addf(&plan, "%s\"t%zu\":\"%0200zu\"", i == 0 ? "" : ",", i, i);
    }
    buf_adds(&plan, "},\"flow\":[{\"get\":\"http://127.0.0.1/\"}],"
                    "\"scenarios\":{\"s\":{\"executor\":\"constant-vus\","
                    "\"vus\":2,\"duration\":\"9s\"}}}");
    said = asked;
    world_init(&w, buf_str(&plan));
    w.loses = true;
    sim_run(&w.sim, 3);
    assert_true(w.lost.points > 0);
    assert_string_equal(
        w.lost.why, "a line with its tags is longer than a datagram may be "
                    "(1,432 bytes): fewer or shorter tags; "
                    "K6_STATSD_TAG_BLOCKLIST names those that are not sent");
    world_clear(&w);
    said = spared;
    world_init(&w, buf_str(&plan));
    sim_run(&w.sim, 3);
    assert_true(w.payload.len > 0);
    world_clear(&w);
    buf_clear(&plan);
}

static void what_cannot_be_meant_is_refused(void **state)
{
    static const char *const places[] = {"",        ":8125",    "a:b",  "a:0",
                                         "a:65536", "::1:8125", "[::1", "[]:1",
                                         "a/b:1",   "u@h:1"};
    static const char *const maybe[] = {"K6_STATSD_ENABLE_TAGS", "maybe", NULL};
    static const char *const addr[] = {"K6_STATSD_ADDR", "[::1]:99", NULL};
    struct err e;
    size_t i;
    void *s;

    (void)state;
    said = NULL;
    for (i = 0; i < sizeof places / sizeof places[0]; i++) {
        e = (struct err)ERR_INIT;
        assert_null(open_at(NULL, places[i], &e));
        assert_non_null(strstr(e.text, "--out statsd: '"));
        assert_non_null(strstr(e.text, "' is no host and port"));
    }
    e = (struct err)ERR_INIT;
    assert_null(open_at(NULL, "udp://me:p@ss@h:1", &e));
    assert_string_equal(e.text, "--out statsd: '****:****@h:1' is no host and "
                                "port, as localhost:8125");
    said = maybe;
    e = (struct err)ERR_INIT;
    assert_null(open_at(NULL, NULL, &e));
    assert_string_equal(e.text, "--out statsd: K6_STATSD_ENABLE_TAGS: 'maybe' "
                                "is neither true nor false");
    said = addr;
    s = open_at(NULL, NULL, &e);
    assert_string_equal(out_kind_statsd.where(s), "[::1]:99");
    out_kind_statsd.close(s);
    s = open_at(NULL, "localhost", &e);
    assert_string_equal(out_kind_statsd.where(s), "localhost:8125");
    out_kind_statsd.close(s);
}

/* A port of ours. Kept by a socket that is connected to another port it refuses
 * what comes; with another one beside that it hears. */
struct ear {
    int keeper, fd;
    struct sockaddr_in at;
};

static int ear_socket(struct sockaddr_in *at)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), yes = 1, room = 4 << 20;
    socklen_t len = sizeof *at;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes),
                     0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof *at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
    return fd;
}

static void ear_init(struct ear *x)
{
    struct sockaddr_in other;

    x->at = (struct sockaddr_in){.sin_family = AF_INET};
    x->at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    x->keeper = ear_socket(&x->at);
    other = x->at;
    other.sin_port = htons(9);
    assert_int_equal(
        connect(x->keeper, (struct sockaddr *)&other, sizeof other), 0);
}

/* What has come, datagrams behind one another. */
static void ear_hear(struct ear *x, struct buf *all, size_t *datagrams)
{
    char one[2048];
    ssize_t n;

    while ((n = recv(x->fd, one, sizeof one, MSG_DONTWAIT)) > 0) {
        assert_true(n <= 1432);
        buf_add(all, one, (size_t)n);
        buf_addc(all, '\n');
        ++*datagrams;
    }
}

static void nobody_listens_and_then_somebody_does(void **state)
{
    struct world w;
    struct ear ear;
    struct buf all;
    struct err e = ERR_INIT;
    struct out_reply r = {.sent = OUT_SENT};
    char place[64];
    size_t datagrams = 0;

    (void)state;
    said = NULL;
    buf_init(&all, TEXT_MAX);
    ear_init(&ear);
    snprintf(place, sizeof place, "127.0.0.1:%u",
             (unsigned)ntohs(ear.at.sin_port));
    world_init(&w, NULL);
    out_kind_statsd.close(w.statsd);
    w.statsd = open_at(&w.sim.info, place, &e);
    w.sim.rate_scale = 20;
    sim_run(&w.sim, 5);
    assert_true(w.payload.len > 3 * 1432);
    out_kind_statsd.send(w.statsd, &w.payload, &r);
    assert_int_equal(r.sent, OUT_LATER);
    assert_string_equal(r.why, "Connection refused");
    ear.fd = ear_socket(&ear.at);
    r = (struct out_reply){.sent = OUT_SENT};
    out_kind_statsd.send(w.statsd, &w.payload, &r);
    assert_int_equal(r.sent, OUT_SENT);
    ear_hear(&ear, &all, &datagrams);
    assert_int_equal(all.len, w.payload.len);
    assert_memory_equal(all.data, w.payload.data, all.len);
    assert_true(datagrams <= all.len / 1300 + 1);
    /* Ended, nothing goes any more. */
    out_kind_statsd.stop(w.statsd);
    sim_run(&w.sim, 1);
    out_kind_statsd.send(w.statsd, &w.payload, &r);
    assert_int_equal(r.sent, OUT_LATER);
    datagrams = 0;
    ear_hear(&ear, &all, &datagrams);
    assert_int_equal(datagrams, 0);
    world_clear(&w);
    buf_clear(&all);
    close(ear.fd);
    close(ear.keeper);
}

static void a_name_is_resolved(void **state)
{
    struct ear ear;
    struct err e = ERR_INIT;
    struct out_udp *u;
    char place[64], why[100], got[16];

    (void)state;
    ear_init(&ear);
    ear.fd = ear_socket(&ear.at);
    snprintf(place, sizeof place, "localhost:%u",
             (unsigned)ntohs(ear.at.sin_port));
    u = out_udp_new(place, "1", &e);
    assert_non_null(u);
    assert_true(out_udp_send(u, "hello", 5, why, sizeof why));
    assert_int_equal(recv(ear.fd, got, sizeof got, MSG_DONTWAIT), 5);
    out_udp_free(&u);
    /* Asked for, and left alone. */
    u = out_udp_new("localhost", "9", &e);
    out_udp_stop(u);
    assert_false(out_udp_send(u, "hello", 5, why, sizeof why));
    out_udp_free(&u);
    close(ear.fd);
    close(ear.keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_is_a_line_and_all_adds_up),
        cmocka_unit_test(of_too_many_values_a_line_stands_for_several),
        cmocka_unit_test(tags_and_names_are_as_was_asked_for),
        cmocka_unit_test(what_no_datagram_holds_says_what_to_do),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
        cmocka_unit_test(nobody_listens_and_then_somebody_does),
        cmocka_unit_test(a_name_is_resolved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
