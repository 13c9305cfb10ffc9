/* SPDX-License-Identifier: MIT
 *
 * lane_direct_group - multi handles, in which libcurl opens connections, driven
 * from the loop. Those in TLS stay in theirs: libcurl looks a connection up in
 * its multi's list at each send and receive, so that groups are small. */
#include "config.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "load/lane_direct_internal.h"

/* Outside libcurl, so that whoever is told may start and close ports. */
static void direct_group_drain(struct direct_group *g)
{
    CURLMsg *m;
    int left;

    for (m = curl_multi_info_read(g->multi, &left); m != NULL;
         m = curl_multi_info_read(g->multi, &left)) {
        struct direct_open *o;
        char *private = NULL;

        MUST(m->msg == CURLMSG_DONE);
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
        o = (struct direct_open *)(void *)private;
        OBJ_CHECK(o, DIRECT_OPEN_MAGIC);
        if (o->port != NULL) {
            direct_opened(o, m->data.result);
        }
    }
}

static void direct_group_act(struct direct_group *g, curl_socket_t fd, int mask)
{
    struct lane_direct *l = g->lane;
    int running = 0;
    CURLMcode rc;

    MUST(!l->inside);
    l->inside = true;
    rc = curl_multi_socket_action(g->multi, fd, mask, &running);
    l->inside = false;
    if (rc == CURLM_OUT_OF_MEMORY) {
        fatal("out of memory");
    }
    MUST(rc == CURLM_OK);
    direct_group_drain(g);
}

static void direct_group_on_event(struct ev_loop *loop, struct ev_io *w,
                                  int revents)
{
    struct direct_group *g = w->data;
    int mask = (revents & EV_READ ? CURL_CSELECT_IN : 0) |
               (revents & EV_WRITE ? CURL_CSELECT_OUT : 0) |
               (revents & EV_ERROR ? CURL_CSELECT_ERR : 0);

    (void)loop;
    OBJ_CHECK(g, DIRECT_GROUP_MAGIC);
    direct_group_act(g, w->fd, mask);
}

/* Set anew each time: libcurl may have closed a descriptor, and opened another
 * of the same number, without a word. */
static int direct_group_on_socket(CURL *easy, curl_socket_t fd, int what,
                                  void *group, void *watcher)
{
    struct direct_group *g = group;
    struct ev_io *io = watcher;

    (void)easy;
    OBJ_CHECK(g, DIRECT_GROUP_MAGIC);
    if (io != NULL) {
        ev_io_stop(g->lane->loop, io);
    }
    if (what == CURL_POLL_REMOVE) {
        free(io);
        curl_multi_assign(g->multi, fd, NULL);
        return 0;
    }
    if (io == NULL) {
        io = xcalloc(1, sizeof *io);
        curl_multi_assign(g->multi, fd, io);
    }
    ev_io_init(io, direct_group_on_event, fd,
               (what & CURL_POLL_IN ? EV_READ : 0) |
                   (what & CURL_POLL_OUT ? EV_WRITE : 0));
    io->data = g;
    ev_io_start(g->lane->loop, io);
    return 0;
}

static void direct_group_on_timer(struct ev_loop *loop, struct ev_timer *w,
                                  int revents)
{
    struct direct_group *g = w->data;

    (void)loop;
    (void)revents;
    OBJ_CHECK(g, DIRECT_GROUP_MAGIC);
    direct_group_act(g, CURL_SOCKET_TIMEOUT, 0);
}

static int direct_group_on_timeout(CURLM *multi, long ms, void *group)
{
    struct direct_group *g = group;
    struct ev_loop *loop = g->lane->loop;

    (void)multi;
    OBJ_CHECK(g, DIRECT_GROUP_MAGIC);
    ev_timer_stop(loop, &g->timer);
    if (ms == 0) {
        g->ready = true;
        g->lane->any_ready = true;
    } else if (ms > 0) {
        ev_timer_set(&g->timer, (double)ms / US_PER_MS, 0.);
        ev_timer_start(loop, &g->timer);
    }
    return 0;
}

static struct direct_group *direct_group_new(struct lane_direct *l)
{
    struct direct_group *g = xcalloc(1, sizeof *g);

    g->magic = DIRECT_GROUP_MAGIC;
    g->lane = l;
    ev_timer_init(&g->timer, direct_group_on_timer, 0., 0.);
    g->timer.data = g;
    g->multi = curl_multi_init();
    if (g->multi == NULL) {
        fatal("out of memory");
    }
    curl_multi_setopt(g->multi, CURLMOPT_SOCKETFUNCTION,
                      direct_group_on_socket);
    curl_multi_setopt(g->multi, CURLMOPT_SOCKETDATA, g);
    curl_multi_setopt(g->multi, CURLMOPT_TIMERFUNCTION,
                      direct_group_on_timeout);
    curl_multi_setopt(g->multi, CURLMOPT_TIMERDATA, g);
    l->groups = xgrow(l->groups, l->n_groups, &l->cap_groups,
                      sizeof(struct direct_group *));
    l->groups[l->n_groups++] = g;
    return g;
}

static void direct_group_free(struct direct_group *g)
{
    struct lane_direct *l = g->lane;

    MUST(g->members == 0);
    l->inside = true;
    curl_multi_cleanup(g->multi);
    l->inside = false;
    ev_timer_stop(l->loop, &g->timer);
    g->magic = 0;
    free(g);
}

/* Those without members go, but for the first, that the next opening needs. */
void direct_groups_sweep(struct lane_direct *l)
{
    size_t kept = 0;

    l->any_empty = false;
    for (size_t i = 0; i < l->n_groups; i++) {
        struct direct_group *g = l->groups[i];

        if (g->members == 0 && kept > 0) {
            direct_group_free(g);
        } else {
            l->groups[kept++] = g;
        }
    }
    l->n_groups = kept;
}

struct direct_group *direct_group_for(struct lane_direct *l)
{
    for (size_t i = 0; i < l->n_groups; i++) {
        if (l->groups[i]->members < DIRECT_GROUP) {
            return l->groups[i];
        }
    }
    return direct_group_new(l);
}

void direct_groups_run(struct lane_direct *l)
{
    if (!l->any_ready) {
        return;
    }
    l->any_ready = false;
    for (size_t i = 0; i < l->n_groups; i++) {
        if (l->groups[i]->ready) {
            l->groups[i]->ready = false;
            direct_group_act(l->groups[i], CURL_SOCKET_TIMEOUT, 0);
        }
    }
}

void direct_groups_clear(struct lane_direct *l)
{
    for (size_t i = 0; i < l->n_groups; i++) {
        direct_group_free(l->groups[i]);
    }
    free(l->groups);
    l->n_groups = 0;
}
