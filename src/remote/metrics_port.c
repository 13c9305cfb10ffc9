/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/metrics_port.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "record/prom_page.h"

#define METRICS_MAGIC       0x3e7ac5u
#define METRICS_BACKLOG     16
#define METRICS_CONNECTIONS 16u
#define METRICS_IDLE_S      10u
#define METRICS_MEMORY      ((size_t)16 * 1024) /* of a connection */
/* A page is as good as new for so long. */
#define METRICS_FRESH_US (500 * US_PER_MS)

struct metrics_port {
    unsigned magic;
    int fd; /* that listens; -1 = the daemon has it */
    char url[64];
    struct MHD_Daemon *daemon; /* NULL = it does not answer yet */
    struct story *story;       /* borrowed */
    /* The daemon's thread's alone: */
    struct buf page;
    mono_us made; /* when */
    bool last;    /* of the finished run: it changes no more */
};

/* A socket that listens on loopback, or -1 with the reason in errno. */
static int metrics_bind(unsigned *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)*port)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1, error;

    if (fd < 0) {
        return -1;
    }
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
        listen(fd, METRICS_BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)&a, &n) == 0) {
        *port = ntohs(a.sin_port);
        return fd;
    }
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void metrics_make(struct metrics_port *m)
{
    mono_us now = clk_now(clk_system());

    if (m->last || (m->made != 0 && now - m->made < METRICS_FRESH_US)) {
        return;
    }
    buf_reset(&m->page);
    story_lock(m->story);
    m->last = story_tick(m->story) != NULL &&
              story_tick(m->story)->state == RUN_FINISHED;
    story_unlock(m->story);
    prom_page(&m->page, m->story);
    m->made = now;
}

static enum MHD_Result metrics_answer(struct MHD_Connection *conn,
                                      unsigned status, const char *text,
                                      size_t n)
{
    /* Copied: the next page is made in the same place. */
    union {
        const char *in;
        void *out;
    } body = {text};
    struct MHD_Response *r =
        MHD_create_response_from_buffer(n, body.out, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result done;

    if (r == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
                                  PROM_PAGE_TYPE);
    (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        (void)MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    }
    done = MHD_queue_response(conn, status, r);
    MHD_destroy_response(r);
    return done;
}

static enum MHD_Result metrics_on_access(void *cls, struct MHD_Connection *conn,
                                         const char *url, const char *method,
                                         const char *version, const char *body,
                                         size_t *n_body, void **seen)
{
    static const char nothing[] = "here is /metrics alone\n";
    static const char refused[] = "GET or HEAD\n";
    struct metrics_port *m = cls;

    (void)version;
    (void)body;
    (void)n_body;
    (void)seen;
    OBJ_CHECK(m, METRICS_MAGIC);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
        strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
        return metrics_answer(conn, MHD_HTTP_METHOD_NOT_ALLOWED, refused,
                              sizeof refused - 1);
    }
    if (strcmp(url, "/metrics") != 0) {
        return metrics_answer(conn, MHD_HTTP_NOT_FOUND, nothing,
                              sizeof nothing - 1);
    }
    metrics_make(m);
    return metrics_answer(conn, MHD_HTTP_OK, buf_str(&m->page), m->page.len);
}

struct metrics_port *metrics_port_new(unsigned port, struct err *e)
{
    unsigned bound = port;
    int fd = metrics_bind(&bound);
    struct metrics_port *m;

    if (fd < 0) {
        err_set_at(e, ERR_IO, "--metrics-port", 0, 0,
                   "cannot listen on 127.0.0.1 port %u: %s (another port, or 0 "
                   "for any that is free)",
                   port, strerror(errno));
        return NULL;
    }
    m = xcalloc(1, sizeof *m);
    m->magic = METRICS_MAGIC;
    m->fd = fd;
    buf_init(&m->page, PROM_PAGE_MAX);
    snprintf(m->url, sizeof m->url, "http://127.0.0.1:%u/metrics", bound);
    return m;
}

const char *metrics_port_url(const struct metrics_port *m)
{
    OBJ_CHECK(m, METRICS_MAGIC);
    return m->url;
}

bool metrics_port_serve(struct metrics_port *m, struct story *story,
                        struct err *e)
{
    sigset_t all, old;

    OBJ_CHECK(m, METRICS_MAGIC);
    m->story = story;
    /* Signals are the main thread's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    m->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL,
        metrics_on_access, m, MHD_OPTION_LISTEN_SOCKET, m->fd,
        MHD_OPTION_CONNECTION_LIMIT, METRICS_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, METRICS_IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, METRICS_MEMORY, MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (m->daemon == NULL) {
        err_set_at(e, ERR_LIMIT, "--metrics-port", 0, 0,
                   "libmicrohttpd does not start (no thread or no descriptors "
                   "left)");
        return false;
    }
    m->fd = -1;
    return true;
}

void metrics_port_free(struct metrics_port **mp)
{
    struct metrics_port *m = *mp;

    if (m == NULL) {
        return;
    }
    OBJ_CHECK(m, METRICS_MAGIC);
    if (m->daemon != NULL) {
        MHD_stop_daemon(m->daemon);
    }
    if (m->fd >= 0) {
        close(m->fd);
    }
    buf_clear(&m->page);
    m->magic = 0;
    free(m);
    *mp = NULL;
}
