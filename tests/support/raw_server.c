/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/raw_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/must.h"
#include "base/num.h"
#include "base/xalloc.h"

#define RAW_REQUEST_MAX (1u << 20)
/* What is called endless ends here, so that no test runs away. */
#define RAW_ENDLESS_BYTES (32u << 20)

/* First byte of a TLS client's first record: what a plain server gets to see
 * when it is spoken to in TLS. */
#define RAW_TLS_HANDSHAKE 0x16

struct raw_conn {
    struct raw_conn *next; /* of the server's */
    struct raw_server *server;
    pthread_t thread;
    int fd;           /* -1 = closed; under the server's lock */
    unsigned served;  /* requests before this one */
    char *request;    /* owned, the request as read, NUL-terminated */
    size_t len, read; /* of the request; and all that was read */
    char path[256];
};

struct raw_server {
    int listener;
    int wake[2]; /* a byte in it ends the accepting thread */
    unsigned port;
    pthread_t thread;
    pthread_mutex_t lock;
    struct raw_conn *conns;
    struct buf last; /* request that was read whole; under the lock */
    atomic_uint_fast64_t requests, connections, open;
    pthread_cond_t news; /* a request more; with the lock */
};

static void raw_need(bool ok)
{
    MUST(ok);
}

/* false: the other side is gone. */
static bool raw_send(struct raw_conn *c, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t put = send(c->fd, data, n, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return false;
        }
        data += put;
        n -= (size_t)put;
    }
    return true;
}

static bool raw_says(struct raw_conn *c, const char *text)
{
    return raw_send(c, text, strlen(text));
}

/* Waits until the other side closes. */
static void raw_wait(struct raw_conn *c)
{
    char junk[256];

    while (recv(c->fd, junk, sizeof junk, 0) > 0) {
    }
}

/* Each behaviour returns whether the connection goes on. */

static bool raw_ok(struct raw_conn *c)
{
    return raw_says(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                       "X-Raw: yes\r\n\r\nok");
}

static bool raw_json(struct raw_conn *c)
{
    return raw_says(c, "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n"
                       "Content-Type: application/json\r\n\r\n"
                       "{\"id\": \"a1b2\", \"n\":3}");
}

static bool raw_echo(struct raw_conn *c)
{
    char head[128];

    snprintf(head, sizeof head,
             "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
             strncmp(c->request, "HEAD", 4) == 0 ? (size_t)0 : c->len);
    return raw_says(c, head) && (strncmp(c->request, "HEAD", 4) == 0 ||
                                 raw_send(c, c->request, c->len));
}

static bool raw_status(struct raw_conn *c)
{
    char text[160];

    snprintf(text, sizeof text,
             "HTTP/1.1 %.3s Status\r\nContent-Length: 6\r\n\r\nstatus",
             c->path + strlen("/status/"));
    return raw_says(c, text);
}

static bool raw_empty(struct raw_conn *c)
{
    char text[160];
    const char *status = c->path + strlen("/empty/");

    snprintf(text, sizeof text, "HTTP/1.1 %.3s Status\r\n%s\r\n", status,
             strncmp(status, "304", 3) == 0 ? "Content-Length: 5\r\n" : "");
    return raw_says(c, text);
}

static bool raw_close_head(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nContent-Le");
    return false;
}

static bool raw_close_body(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
    return false;
}

static bool raw_close(struct raw_conn *c)
{
    (void)c;
    return false;
}

static bool raw_reset(struct raw_conn *c)
{
    struct linger hard = {.l_onoff = 1, .l_linger = 0};

    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    return false;
}

static bool raw_stall(struct raw_conn *c)
{
    raw_wait(c);
    return false;
}

static bool raw_stall_body(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
    raw_wait(c);
    return false;
}

static bool raw_rubbish(struct raw_conn *c)
{
    static const char rubbish[] = "\x16\x03\x01 this \x00 is no HTTP\r\n\r\n";

    raw_send(c, rubbish, sizeof rubbish - 1);
    return false;
}

static bool raw_repeat(struct raw_conn *c, const char *piece, size_t bytes)
{
    size_t n = strlen(piece);

    for (size_t sent = 0; sent < bytes; sent += n) {
        if (!raw_send(c, piece, n)) {
            return false;
        }
    }
    return true;
}

static bool raw_rubbish_long(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nX: ");
    raw_repeat(c, "rubbishrubbish++", 200000);
    raw_wait(c);
    return false;
}

static bool raw_drip(struct raw_conn *c)
{
    static const char text[] = "HTTP/1.1 200 OK\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n"
                               "1\r\nd\r\n1\r\nr\r\n1\r\ni\r\n1\r\np\r\n"
                               "1\r\np\r\n1\r\ni\r\n1\r\nn\r\n1\r\ng\r\n"
                               "0\r\n\r\n";

    for (const char *t = text; *t != '\0'; t++) {
        if (!raw_send(c, t, 1)) {
            return false;
        }
    }
    return true;
}

static bool raw_endless_head(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\n");
    raw_repeat(c, "X-Endless: 0123456789012345678901234567890123456789\r\n",
               RAW_ENDLESS_BYTES);
    return false;
}

static bool raw_endless_interim(struct raw_conn *c)
{
    raw_repeat(c, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n",
               RAW_ENDLESS_BYTES);
    return false;
}

static bool raw_huge(struct raw_conn *c)
{
    char head[128];

    snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n",
             RAW_HUGE_BYTES);
    return raw_says(c, head) &&
           raw_repeat(c, "0123456789abcdef0123456789abcdef", RAW_HUGE_BYTES);
}

static bool raw_interim(struct raw_conn *c)
{
    return raw_says(c, "HTTP/1.1 100 Continue\r\n\r\n"
                       "HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n") &&
           raw_ok(c);
}

static bool raw_http10(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nold but good");
    return false;
}

static bool raw_no_length(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
    return false;
}

static bool raw_trailers(struct raw_conn *c)
{
    return raw_says(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                       "Trailer: X-Sum\r\n\r\n"
                       "4\r\nwith\r\n9\r\n trailers\r\n0\r\nX-Sum: 7\r\n\r\n");
}

static bool raw_bad_length(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\nok");
    return false;
}

static bool raw_bad_chunk(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "zz\r\nno\r\n0\r\n\r\n");
    return false;
}

static bool raw_short_chunk(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                "20\r\nhalf");
    return false;
}

static bool raw_last(struct raw_conn *c)
{
    raw_ok(c);
    return false;
}

static bool raw_once(struct raw_conn *c)
{
    return c->served == 0 && raw_ok(c);
}

static bool raw_events(struct raw_conn *c)
{
    return raw_says(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n"
                       "9\r\ndata: a\n\n\r\n") &&
           raw_says(c, "9\r\ndata: b\n\n\r\n") &&
           raw_says(c, "9\r\ndata: c\n\n\r\n0\r\n\r\n");
}

static bool raw_event_stall(struct raw_conn *c)
{
    raw_says(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n");
    raw_wait(c);
    return false;
}

static bool raw_retry_after(struct raw_conn *c)
{
    const char *status = c->path + strlen("/retry-after/");
    char text[400], *at;

    MUST(strlen(status) > 4);
    snprintf(text, sizeof text,
             "HTTP/1.1 %.3s Later\r\nContent-Length: 6\r\n"
             "Retry-After: %s\r\n\r\nlater\n",
             status, status + 4);
    while ((at = strchr(text, '+')) != NULL) {
        *at = ' ';
    }
    return raw_says(c, text);
}

static bool raw_answers(struct raw_conn *c)
{
    const char *status = c->path + strlen("/answers/"), *next;
    char text[200];
    unsigned i;

    for (i = 0; i < c->served && (next = strchr(status, ',')) != NULL; i++) {
        status = next + 1;
    }
    if (strncmp(status, "500", 3) == 0) {
        return raw_says(c, "HTTP/1.1 500 No\r\nContent-Length: 31\r\n\r\n"
                           "native histograms are disabled\n");
    }
    snprintf(text, sizeof text,
             "HTTP/1.1 %.3s Status\r\nContent-Length: 0\r\n\r\n", status);
    return raw_says(c, text);
}

static bool raw_cpu(struct raw_conn *c)
{
    const char *value = c->path + strlen("/cpu/");
    char body[400], head[128];
    unsigned i;

    for (i = 0; i < c->served && value != NULL; i++) {
        value = strchr(value, ',');
        value = value != NULL ? value + 1 : NULL;
    }
    if (value == NULL) {
        return raw_stall(c);
    }
    snprintf(body, sizeof body,
             "process_cpu_seconds_total %.*s\n"
             "process_resident_memory_bytes 1000000\n",
             (int)strcspn(value, ","), value);
    snprintf(head, sizeof head,
             "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
             "Content-Length: %zu\r\n\r\n",
             strlen(body));
    return raw_says(c, head) && raw_says(c, body);
}

static bool raw_corpus(struct raw_conn *c)
{
    const char *root = getenv("SRCDIR");
    char *path =
        xasprintf("%s/tests/fuzz/corpus/http1/%s", root != NULL ? root : ".",
                  c->path + strlen("/corpus/"));
    struct err e = ERR_INIT;
    struct buf b;

    buf_init(&b, 1u << 20);
    raw_need(strstr(c->path, "..") == NULL);
    raw_need(file_read(path, &b, &e));
    raw_send(c, buf_str(&b), b.len);
    buf_clear(&b);
    free(path);
    return false;
}

static bool raw_behave(struct raw_conn *c)
{
    static const struct {
        const char *path;
        bool (*serve)(struct raw_conn *c);
    } table[] = {
#define RAW_ROW(path, name) {path, raw_##name},
        RAW_PATHS(RAW_ROW)
#undef RAW_ROW
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strncmp(c->path, table[i].path, strlen(table[i].path)) == 0) {
            return table[i].serve(c);
        }
    }
    return raw_says(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

/* Bytes of body that the head announces. */
static size_t raw_body_bytes(const char *head)
{
    const char *at = head;
    uint64_t n = 0;

    while ((at = strstr(at, "\r\n")) != NULL) {
        at += 2;
        if (strncasecmp(at, "content-length:", 15) == 0) {
            const char *v = at + 15 + strspn(at + 15, " ");
            char digits[24];

            snprintf(digits, sizeof digits, "%.*s", (int)strcspn(v, "\r"), v);
            raw_need(num_u64(digits, 0, RAW_REQUEST_MAX, &n));
        }
    }
    return (size_t)n;
}

/* Is there a whole request? Then c->len is its length. */
static bool raw_whole(struct raw_conn *c)
{
    char *end = strstr(c->request, "\r\n\r\n");
    size_t head;

    if (end == NULL) {
        return false;
    }
    head = (size_t)(end - c->request) + 4;
    end[2] = '\0';
    c->len = head + raw_body_bytes(c->request);
    end[2] = '\r';
    return c->read >= c->len;
}

static bool raw_read_request(struct raw_conn *c)
{
    const char *path, *end;

    while (!raw_whole(c)) {
        ssize_t n =
            recv(c->fd, c->request + c->read, RAW_REQUEST_MAX - c->read, 0);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        c->read += (size_t)n;
        c->request[c->read] = '\0';
        if (c->request[0] == RAW_TLS_HANDSHAKE) {
            raw_says(c, "HTTP/1.1 400 Bad Request\r\n\r\n");
            return false;
        }
    }
    path = strchr(c->request, ' ');
    MUST(path != NULL);
    path++;
    end = strchr(path, ' ');
    MUST(end != NULL);
    snprintf(c->path, sizeof c->path, "%.*s", (int)(end - path), path);
    return true;
}

static void *raw_serve(void *conn)
{
    struct raw_conn *c = conn;
    struct raw_server *s = c->server;
    bool go_on = true;

    c->request = xmalloc(RAW_REQUEST_MAX + 1);
    c->request[0] = '\0';
    while (go_on && raw_read_request(c)) {
        pthread_mutex_lock(&s->lock);
        atomic_fetch_add(&s->requests, 1);
        buf_reset(&s->last);
        raw_need(buf_add(&s->last, c->request, c->len));
        pthread_cond_broadcast(&s->news);
        pthread_mutex_unlock(&s->lock);
        go_on = raw_behave(c);
        c->served++;
        memmove(c->request, c->request + c->len, c->read - c->len + 1);
        c->read -= c->len;
    }
    free(c->request);
    pthread_mutex_lock(&s->lock);
    close(c->fd);
    c->fd = -1;
    pthread_mutex_unlock(&s->lock);
    atomic_fetch_sub(&s->open, 1);
    return NULL;
}

static void raw_accept(struct raw_server *s)
{
    struct raw_conn *c;
    int one = 1;
    int fd = accept(s->listener, NULL, NULL);

    if (fd < 0) {
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c = xcalloc(1, sizeof *c);
    c->server = s;
    c->fd = fd;
    atomic_fetch_add(&s->connections, 1);
    atomic_fetch_add(&s->open, 1);
    pthread_mutex_lock(&s->lock);
    c->next = s->conns;
    s->conns = c;
    raw_need(pthread_create(&c->thread, NULL, raw_serve, c) == 0);
    pthread_mutex_unlock(&s->lock);
}

static void *raw_listen(void *server)
{
    struct raw_server *s = server;
    struct pollfd fds[2] = {{.fd = s->listener, .events = POLLIN},
                            {.fd = s->wake[0], .events = POLLIN}};

    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            break;
        }
        if (fds[1].revents != 0) {
            break;
        }
        if (fds[0].revents != 0) {
            raw_accept(s);
        }
    }
    return NULL;
}

struct raw_server *raw_server_new(void)
{
    struct raw_server *s = xcalloc(1, sizeof *s);
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t len = sizeof a;
    sigset_t all, old;

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    MUST(s->listener >= 0);
    raw_need(bind(s->listener, (struct sockaddr *)&a, sizeof a) == 0);
    raw_need(listen(s->listener, 1024) == 0);
    raw_need(getsockname(s->listener, (struct sockaddr *)&a, &len) == 0);
    s->port = ntohs(a.sin_port);
    buf_init(&s->last, RAW_REQUEST_MAX);
    raw_need(pipe(s->wake) == 0);
    raw_need(pthread_mutex_init(&s->lock, NULL) == 0);
    raw_need(pthread_cond_init(&s->news, NULL) == 0);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    raw_need(pthread_create(&s->thread, NULL, raw_listen, s) == 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return s;
}

void raw_server_free(struct raw_server **sp)
{
    struct raw_server *s = *sp;

    if (s == NULL) {
        return;
    }
    raw_need(write(s->wake[1], "", 1) == 1);
    pthread_join(s->thread, NULL);
    close(s->listener);
    pthread_mutex_lock(&s->lock);
    for (struct raw_conn *c = s->conns; c != NULL; c = c->next) {
        if (c->fd >= 0) {
            shutdown(c->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&s->lock);
    while (s->conns != NULL) {
        struct raw_conn *c = s->conns;

        s->conns = c->next;
        pthread_join(c->thread, NULL);
        free(c);
    }
    close(s->wake[0]);
    close(s->wake[1]);
    buf_clear(&s->last);
    pthread_cond_destroy(&s->news);
    pthread_mutex_destroy(&s->lock);
    free(s);
    *sp = NULL;
}

unsigned raw_server_port(const struct raw_server *s)
{
    return s->port;
}

const char *raw_server_url(const struct raw_server *s, const char *path,
                           char *buf, size_t size)
{
    snprintf(buf, size, "http://127.0.0.1:%u%s", s->port, path);
    return buf;
}

uint64_t raw_server_requests(const struct raw_server *s)
{
    return atomic_load(&s->requests);
}

uint64_t raw_server_read(struct raw_server *s, uint64_t n)
{
    struct timespec until;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    pthread_mutex_lock(&s->lock);
    while (raw_server_requests(s) < n && rc == 0) {
        rc = pthread_cond_timedwait(&s->news, &s->lock, &until);
    }
    pthread_mutex_unlock(&s->lock);
    return raw_server_requests(s);
}

size_t raw_server_last(struct raw_server *s, char *buf, size_t size)
{
    size_t n;

    pthread_mutex_lock(&s->lock);
    n = s->last.len < size ? s->last.len : size - 1;
    memcpy(buf, buf_str(&s->last), n);
    pthread_mutex_unlock(&s->lock);
    buf[n] = '\0';
    return n;
}

uint64_t raw_server_connections(const struct raw_server *s)
{
    return atomic_load(&s->connections);
}

uint64_t raw_server_open(const struct raw_server *s)
{
    return atomic_load(&s->open);
}
