/* SPDX-License-Identifier: MIT
 *
 * lane_curl_group - a multi handle driven from the loop: what is added is begun
 * before the loop waits next, a group at a time, so that many new VUs neither
 * recurse nor keep the loop from its sockets for long. */
#include "config.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_curl_internal.h"

/* The group has something to begin at the next turn of the loop. */
static void lane_group_ready(struct lane_group *g)
{
    struct lane_curl *l = g->lane;

    if (g->ready) {
        return;
    }
    g->ready = true;
    g->next = NULL;
    g->prev = l->ready_tail;
    if (g->prev != NULL) {
        g->prev->next = g;
    } else {
        l->ready_head = g;
    }
    l->ready_tail = g;
}

void lane_group_unready(struct lane_group *g)
{
    struct lane_curl *l = g->lane;

    if (!g->ready) {
        return;
    }
    g->ready = false;
    if (g->prev != NULL) {
        g->prev->next = g->next;
    } else {
        l->ready_head = g->next;
    }
    if (g->next != NULL) {
        g->next->prev = g->prev;
    } else {
        l->ready_tail = g->prev;
    }
    g->next = g->prev = NULL;
}

/* Ends what is done. Outside libcurl, so that whoever is told may start and
 * close ports of this group. */
static void lane_group_drain(struct lane_group *g)
{
    mono_us at = 0;
    CURLMsg *m;
    int left;

    for (m = curl_multi_info_read(g->multi, &left); m != NULL;
         m = curl_multi_info_read(g->multi, &left)) {
        CURLcode code = m->data.result;
        char *private = NULL;

        MUST(m->msg == CURLMSG_DONE);
        if (at == 0) {
            /* One reading for all that ended together: none is charged for
             * what the owners of the others do now. */
            at = clk_now(g->lane->clk);
        }
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        lane_port_done((struct port *)(void *)private, code, at);
    }
}

void lane_group_act(struct lane_group *g, curl_socket_t fd, int mask)
{
    int running = 0;
    CURLMcode rc;

    MUST(!g->lane->inside);
    g->lane->inside = true;
    rc = curl_multi_socket_action(g->multi, fd, mask, &running);
    g->lane->inside = false;
    if (rc == CURLM_OUT_OF_MEMORY) {
        fatal("out of memory");
    }
    MUST(rc == CURLM_OK);
    lane_group_drain(g);
    if (g->lane->n_push >= LANE_PUSH_MAX) {
        lane_push_all(g->lane);
    }
}

void lane_group_run(struct lane_group *g)
{
    lane_group_act(g, CURL_SOCKET_TIMEOUT, 0);
}

/* The loop shall call at a given time, or before. Times move with each request,
 * nearly always to a later one: the watcher is left alone then, and looks again
 * when it fires. */
static void lane_group_wake(struct lane_group *g, mono_us at)
{
    struct ev_loop *loop = g->lane->loop;
    mono_us now = clk_now(g->lane->clk);
    double after = at > now ? (double)(at - now) / US_PER_SEC : 0.;

    if (!ev_is_active(&g->timer) ||
        ev_timer_remaining(loop, &g->timer) > after) {
        ev_timer_stop(loop, &g->timer);
        ev_timer_set(&g->timer, after, 0.);
        ev_timer_start(loop, &g->timer);
    }
}

/* Fails the calls whose time is over, and finds the next deadline. */
static void lane_group_expire(struct lane_group *g, mono_us now)
{
    g->deadline = UINT64_MAX;
    for (size_t i = 0; i < LANE_CURL_GROUP; i++) {
        struct port *p = g->members[i];

        if (p == NULL || p->call == NULL) {
            continue;
        }
        if (p->deadline <= now) {
            lane_port_done(p, CURLE_OPERATION_TIMEDOUT, now);
        } else if (p->deadline < g->deadline) {
            g->deadline = p->deadline;
        }
    }
}

static void lane_group_on_timer(struct ev_loop *loop, struct ev_timer *w,
                                int revents)
{
    struct lane_group *g = w->data;
    mono_us now;

    (void)loop;
    (void)revents;
    OBJ_CHECK(g, GROUP_MAGIC);
    now = clk_now(g->lane->clk);
    if (g->due <= now) {
        g->due = UINT64_MAX;
        lane_group_run(g);
    }
    if (g->deadline <= now) {
        lane_group_expire(g, now);
    }
    if (g->due != UINT64_MAX || g->deadline != UINT64_MAX) {
        lane_group_wake(g, g->due < g->deadline ? g->due : g->deadline);
    }
}

void lane_group_watch(struct port *p)
{
    struct lane_group *g = p->group;

    if (p->deadline < g->deadline) {
        g->deadline = p->deadline;
        lane_group_wake(g, p->deadline);
    }
}

static int lane_group_on_timeout(CURLM *multi, long ms, void *group)
{
    struct lane_group *g = group;

    (void)multi;
    OBJ_CHECK(g, GROUP_MAGIC);
    if (ms < 0) {
        g->due = UINT64_MAX;
    } else if (ms == 0) {
        lane_group_ready(g);
    } else {
        g->due = clk_now(g->lane->clk) + (uint64_t)ms * US_PER_MS;
        lane_group_wake(g, g->due);
    }
    return 0;
}

static struct lane_group *lane_group_new(struct lane_curl *l)
{
    struct lane_group *g = xcalloc(1, sizeof *g);

    g->magic = GROUP_MAGIC;
    g->lane = l;
    g->due = g->deadline = UINT64_MAX;
    ev_timer_init(&g->timer, lane_group_on_timer, 0., 0.);
    g->timer.data = g;
    g->multi = curl_multi_init();
    if (g->multi == NULL) {
        fatal("out of memory");
    }
    curl_multi_setopt(g->multi, CURLMOPT_SOCKETFUNCTION, lane_sock_on_change);
    curl_multi_setopt(g->multi, CURLMOPT_SOCKETDATA, g);
    curl_multi_setopt(g->multi, CURLMOPT_TIMERFUNCTION, lane_group_on_timeout);
    curl_multi_setopt(g->multi, CURLMOPT_TIMERDATA, g);
    curl_multi_setopt(g->multi, CURLMOPT_MAXCONNECTS,
                      (long)LANE_GROUP_CONNECTIONS);
    /* A VU's requests go over its own connection, in HTTP/2 too. */
    curl_multi_setopt(g->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    return g;
}

static void lane_group_free(struct lane_group **g)
{
    struct lane_curl *l;

    if (*g == NULL) {
        return;
    }
    l = (*g)->lane;
    MUST((*g)->ports == 0);
    l->inside = true; /* closes connections, through our callbacks */
    curl_multi_cleanup((*g)->multi);
    l->inside = false;
    lane_group_unready(*g);
    ev_timer_stop(l->loop, &(*g)->timer);
    (*g)->magic = 0;
    free(*g);
    *g = NULL;
}

static struct lane_group *lane_group_for(struct lane_curl *l)
{
    struct lane_group *best = NULL;

    /* The fullest that has room, so that groups run empty when VUs go. */
    for (size_t i = 0; i < l->n_groups; i++) {
        struct lane_group *g = l->groups[i];

        if (g->ports < LANE_CURL_GROUP &&
            (best == NULL || g->ports > best->ports)) {
            best = g;
        }
    }
    if (best == NULL) {
        best = lane_group_new(l);
        l->groups = xgrow(l->groups, l->n_groups, &l->cap_groups,
                          sizeof(struct lane_group *));
        l->groups[l->n_groups++] = best;
    }
    return best;
}

void lane_group_join(struct lane_curl *l, struct port *p)
{
    size_t i = 0;

    p->group = lane_group_for(l);
    while (p->group->members[i] != NULL) {
        i++;
    }
    p->group->members[i] = p;
    p->group->ports++;
}

void lane_group_leave(struct port *p)
{
    size_t i = 0;

    while (p->group->members[i] != p) {
        i++;
    }
    p->group->members[i] = NULL;
    p->group->ports--;
    if (p->group->ports == 0) {
        p->lane->has_empty = true;
    }
}

void lane_group_sweep(struct lane_curl *l)
{
    size_t kept = 0;

    l->has_empty = false;
    for (size_t i = 0; i < l->n_groups; i++) {
        if (l->groups[i]->ports == 0) {
            lane_group_free(&l->groups[i]);
        } else {
            l->groups[kept++] = l->groups[i];
        }
    }
    l->n_groups = kept;
}
