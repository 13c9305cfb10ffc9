/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/server.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/tick_code.h"
#include "remote/record.h"
#include "remote/server_internal.h"
#include "remote/status.h"

#define SERVER_CLOSE_US (300 * US_PER_MS)

/* Asked once, before the run: the service behind it may be slow. */
static void server_name(struct server *s)
{
    const struct passwd *pw = getpwuid(geteuid());

    if (pw != NULL) {
        text_safe(s->user, sizeof s->user, pw->pw_name);
    } else {
        snprintf(s->user, sizeof s->user, "%lu", (unsigned long)geteuid());
    }
}

void server_sweep(struct server *s)
{
    size_t i = 0;

    while (i < s->n_peers) {
        if (s->peers[i]->gone) {
            server_forget(s, s->peers[i]);
            peer_free(&s->peers[i]);
            s->peers[i] = s->peers[--s->n_peers];
        } else {
            i++;
        }
    }
}

/* Whose process is at the other end; *pid stays where the system does not say
 * which. */
static bool server_peer(int fd, uid_t *uid, int *pid)
{
#if defined(__linux__)
    struct ucred who;
    socklen_t n = sizeof who;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0) {
        return false;
    }
    *uid = who.uid;
    *pid = (int)who.pid;
    return true;
#elif defined(HAVE_GETPEEREID)
    gid_t gid;

    (void)pid;
    return getpeereid(fd, uid, &gid) == 0;
#else
#error "no way to tell who is at the other end of a local socket"
#endif
}

/* Who is there, as events name it; false: nobody who may. */
static bool server_knows(const struct server *s, int fd, char *by, size_t size)
{
    const char *user;
    uid_t uid = 0;
    int pid = 0;

    if (!server_peer(fd, &uid, &pid) || (uid != geteuid() && uid != 0)) {
        return false;
    }
    user = uid == geteuid() ? s->user : "root";
    if (pid > 0) {
        snprintf(by, size, "socket %.28s %d", user, pid);
    } else {
        snprintf(by, size, "socket %.28s", user);
    }
    return true;
}

/* Told why, as far as that goes without waiting. */
static void server_turn_away(int fd, const char *why)
{
    cJSON *o = server_error(why);
    char *text = cJSON_PrintUnformatted(o);

    (void)send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)send(fd, "\n", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    free(text);
    cJSON_Delete(o);
    close(fd);
}

static void server_on_ear(struct ev_loop *loop, ev_io *w, int revents)
{
    struct server *s = w->data;
    char by[48], why[64];
    int fd;

    (void)revents;
    OBJ_CHECK(s, SERVER_MAGIC);
    fd = accept4(s->listening.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        /* Who waits keeps the socket readable: without a descriptor for him
         * the loop would turn on the spot, so the next tick asks again. */
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            ev_io_stop(loop, &s->ear);
        }
        return;
    }
    if (!server_knows(s, fd, by, sizeof by)) {
        server_turn_away(fd, "this run is another user's");
    } else if (s->n_peers == SERVER_CLIENTS_MAX) {
        snprintf(why, sizeof why, "%d clients are connected already",
                 SERVER_CLIENTS_MAX);
        server_turn_away(fd, why);
    } else {
        s->peers[s->n_peers++] = peer_new(s, fd, by);
    }
}

bool server_open(const struct server_config *config, struct server **out,
                 struct err *e)
{
    struct server *s = xcalloc(1, sizeof *s);

    s->magic = SERVER_MAGIC;
    s->config = *config;
    if (!runtime_listen(config->path, &s->listening, e)) {
        free(s);
        return false;
    }
    server_name(s);
    s->past = past_new(config->info, PAST_BYTES_MAX);
    ev_io_init(&s->ear, server_on_ear, s->listening.fd, EV_READ);
    s->ear.data = s;
    ev_io_start(config->loop, &s->ear);
    *out = s;
    return true;
}

const char *server_path(const struct server *s)
{
    return s->listening.path;
}

/* A line for all who watch; NULL when nobody does. */
static struct blob *server_watch_line(struct server *s)
{
    struct blob *line = NULL;
    bool any = false;
    char *text;
    size_t i;
    cJSON *o;

    for (i = 0; i < s->n_peers; i++) {
        any = any || s->peers[i]->watch;
    }
    if (!any) {
        return NULL;
    }
    o = status_json(s->config.story);
    text = cJSON_PrintUnformatted(o);
    line = blob_new(text, strlen(text), "\n", 1);
    free(text);
    cJSON_Delete(o);
    return line;
}

void server_tick(struct server *s, const struct tick *t)
{
    struct blob *record = NULL, *line;
    struct buf b;
    size_t i;

    OBJ_CHECK(s, SERVER_MAGIC);
    ev_io_start(s->config.loop, &s->ear);
    s->finished = t->state == RUN_FINISHED;
    buf_init(&b, RECORD_BYTES_MAX);
    if (tick_encode(t, &b)) {
        record = record_new(RECORD_TICK, b.data, b.len);
    } else {
        record = record_new(RECORD_TICK, NULL, 0);
    }
    buf_clear(&b);
    past_add(s->past, t, record);
    line = server_watch_line(s);
    server_answers(s, t);
    for (i = 0; i < s->n_peers; i++) {
        peer_tick(s->peers[i], t, record, line);
    }
    blob_unref(&record);
    blob_unref(&line);
    server_sweep(s);
}

/* Waits, for all together, until until. */
static void server_drain(struct server *s, mono_us until)
{
    struct pollfd fds[SERVER_CLIENTS_MAX];
    mono_us now = clk_now(clk_system());

    while (now < until) {
        nfds_t n = 0;
        size_t i;

        for (i = 0; i < s->n_peers; i++) {
            if (peer_flush(s->peers[i]) && s->peers[i]->n > 0) {
                fds[n++] = (struct pollfd){s->peers[i]->fd, POLLOUT, 0};
            }
        }
        server_sweep(s);
        if (n == 0) {
            return;
        }
        (void)poll(fds, n, (int)((until - now) / US_PER_MS) + 1);
        now = clk_now(clk_system());
    }
}

void server_close(struct server **sp)
{
    static const char why[] = "the run is over";
    struct server *s = *sp;
    size_t i;

    if (s == NULL) {
        return;
    }
    OBJ_CHECK(s, SERVER_MAGIC);
    ev_io_stop(s->config.loop, &s->ear);
    runtime_unlisten(&s->listening);
    for (i = 0; i < s->n_peers; i++) {
        if (s->peers[i]->attached) {
            peer_send_take(s->peers[i],
                           record_new(RECORD_END, why, sizeof why - 1), false);
        }
    }
    server_drain(s, clk_now(clk_system()) + SERVER_CLOSE_US);
    for (i = 0; i < s->n_peers; i++) {
        peer_free(&s->peers[i]);
    }
    past_free(&s->past);
    free(s->tickets);
    s->magic = 0;
    free(s);
    *sp = NULL;
}
