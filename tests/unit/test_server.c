/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "remote/server_internal.h"
#include "support/sim.h"

/* This exercises: lines that come faster than they are answered are answered
 * all the same; a process without a free descriptor does not turn on the spot;
 * and a run that is stopped does not stop those that look for it. */

struct world {
    struct sim sim;
    struct ev_loop *loop;
    struct server *server;
    char folder[64];
};

static void post_none(void *ctx, const struct command *c)
{
    (void)ctx;
    (void)c;
}

static void world_tick(void *ctx, const struct tick *t)
{
    struct world *w = ctx;

    server_tick(w->server, t);
}

static void world_init(struct world *w)
{
    struct server_config c = {.post = post_none, .host = "127.0.0.1"};
    struct err e = ERR_INIT;
    char *path;

    snprintf(w->folder, sizeof w->folder, "test-server-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    sim_init(&w->sim, NULL, 7);
    sim_run(&w->sim, 1);
    w->loop = ev_loop_new(EVFLAG_AUTO);
    c.loop = w->loop;
    c.info = &w->sim.info;
    c.story = w->sim.story;
    c.host_is_local = true;
    path = xasprintf("%s/s", w->folder);
    c.path = path;
    if (!server_open(&c, &w->server, &e)) {
        fail_msg("%s", e.text);
    }
    free(path);
    w->sim.tap = world_tick;
    w->sim.tap_ctx = w;
}

static void world_clear(struct world *w)
{
    server_close(&w->server);
    ev_loop_destroy(w->loop);
    sim_clear(&w->sim);
    assert_int_equal(rmdir(w->folder), 0);
}

static void world_turn(struct world *w)
{
    ev_run(w->loop, EVRUN_NOWAIT);
    sim_tick(&w->sim);
}

static int world_client(const struct world *w)
{
    struct err e = ERR_INIT;
    int fd = runtime_connect(server_path(w->server), &e);

    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    return fd;
}

static void all_lines_of_a_hasty_client_are_answered(void **state)
{
    enum { LINES = 1000 };
    char line[64], bytes[4096];
    size_t sent = 0, at = 0, len = 0;
    unsigned answers = 0, turn, i;
    struct world w;
    bool end = false;
    int fd;

    (void)state;
    world_init(&w);
    fd = world_client(&w);
    for (turn = 0; turn < 500 && !end; turn++) {
        ssize_t n = 1;

        while (sent < LINES && n > 0) {
            len = (size_t)snprintf(line, sizeof line,
                                   "{\"do\":\"x\",\"id\":%zu}\n", sent);
            n = send(fd, line + at, len - at, MSG_NOSIGNAL);
            at += n > 0 ? (size_t)n : 0;
            if (at == len) {
                at = 0;
                sent++;
            }
        }
        if (sent == LINES) {
            (void)shutdown(fd, SHUT_WR);
        }
        world_turn(&w);
        while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0) {
            for (i = 0; i < (size_t)n; i++) {
                answers += bytes[i] == '\n';
            }
        }
        end = n == 0;
    }
    assert_true(end);
    assert_int_equal(answers, LINES);
    close(fd);
    world_clear(&w);
}

static void without_a_free_descriptor_it_waits(void **state)
{
    struct rlimit was, now;
    struct world w;
    int fd, next;

    (void)state;
    world_init(&w);
    ev_run(w.loop, EVRUN_NOWAIT); /* libev has its own descriptors now */
    fd = world_client(&w);
    next = dup(fd);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    now = was;
    now.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    ev_run(w.loop, EVRUN_NOWAIT);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
    assert_int_equal(w.server->n_peers, 0);
    assert_false(ev_is_active(&w.server->ear));
    world_turn(&w);
    world_turn(&w);
    assert_int_equal(w.server->n_peers, 1);
    close(fd);
    world_clear(&w);
}

/* Between bind and listen a run is as deaf as a dead one. */
static void a_run_that_does_not_listen_yet_keeps_its_socket(void **state)
{
    char paths[RUNTIME_RUNS_MAX][RUNTIME_PATH_MAX], folder[] = "/tmp/brtXXXXXX";
    struct sockaddr_un young = {.sun_family = AF_UNIX}, dead = young;
    pid_t child = fork();
    char *private;
    int ears[2];

    (void)state;
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("XDG_RUNTIME_DIR", folder, 1), 0);
    private = xasprintf("%s/brunt", folder);
    assert_int_equal(mkdir(private, 0700), 0);
    snprintf(young.sun_path, sizeof young.sun_path, "%s/%ld.sock", private,
             (long)getpid());
    snprintf(dead.sun_path, sizeof dead.sun_path, "%s/%ld.sock", private,
             (long)child);
    ears[0] = socket(AF_UNIX, SOCK_STREAM, 0);
    ears[1] = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(ears[0], (struct sockaddr *)&young, sizeof young), 0);
    assert_int_equal(bind(ears[1], (struct sockaddr *)&dead, sizeof dead), 0);
    assert_int_equal(runtime_list(paths), 0);
    assert_int_equal(access(young.sun_path, F_OK), 0);
    assert_int_not_equal(access(dead.sun_path, F_OK), 0);
    assert_int_equal(listen(ears[0], 1), 0);
    assert_int_equal(runtime_list(paths), 1);
    assert_string_equal(paths[0], young.sun_path);
    close(ears[0]);
    close(ears[1]);
    unlink(young.sun_path);
    assert_int_equal(rmdir(private), 0);
    assert_int_equal(rmdir(folder), 0);
    free(private);
}

static void a_stopped_run_stops_no_other(void **state)
{
    char paths[RUNTIME_RUNS_MAX][RUNTIME_PATH_MAX], folder[] = "/tmp/brtXXXXXX";
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    char *private;
    int ear, fds[8], n = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("XDG_RUNTIME_DIR", folder, 1), 0);
    private = xasprintf("%s/brunt", folder);
    assert_int_equal(mkdir(private, 0700), 0);
    snprintf(a.sun_path, sizeof a.sun_path, "%s/1.sock", private);
    ear = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(ear, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(ear, 1), 0);
    for (; n < 8; n++) {
        fds[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(fds[n], (struct sockaddr *)&a, sizeof a) != 0) {
            assert_int_equal(errno, EAGAIN);
            break;
        }
    }
    assert_in_range(n, 1, 7);
    alarm(20); /* it would wait for ever */
    assert_int_equal(runtime_list(paths), 1);
    alarm(0);
    assert_string_equal(paths[0], a.sun_path);
    for (; n >= 0; n--) {
        close(fds[n]);
    }
    close(ear);
    unlink(a.sun_path);
    rmdir(private);
    rmdir(folder);
    free(private);
}

/* One that is stopped lets nobody in: who comes does not wait for ever. */
static void a_run_that_is_stopped_is_not_waited_for(void **state)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fds[256], n = 0, fd;
    struct err e = ERR_INIT;
    struct world w;

    (void)state;
    world_init(&w);
    snprintf(a.sun_path, sizeof a.sun_path, "%s", server_path(w.server));
    for (; n < 256; n++) { /* until there is no room in its queue */
        fds[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        assert_true(fds[n] >= 0);
        if (connect(fds[n], (struct sockaddr *)(void *)&a, sizeof a) != 0) {
            assert_int_equal(errno, EAGAIN);
            break;
        }
    }
    assert_true(n < 256);
    fd = runtime_connect(server_path(w.server), &e);
    assert_int_equal(fd, -1);
    assert_string_equal(e.text,
                        "the run there does not answer: is it stopped?");
    for (; n >= 0; n--) {
        close(fds[n]);
    }
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_lines_of_a_hasty_client_are_answered),
        cmocka_unit_test(a_run_that_is_stopped_is_not_waited_for),
        cmocka_unit_test(without_a_free_descriptor_it_waits),
        cmocka_unit_test(a_run_that_does_not_listen_yet_keeps_its_socket),
        cmocka_unit_test(a_stopped_run_stops_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
