/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_udp.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/xalloc.h"

#define UDP_MAGIC 0x0dbd6401u
/* So many datagrams, then a pause: 1,600 a second at most. */
#define UDP_LOT      16u
#define UDP_PAUSE_NS 10000000L
/* Addresses of a name that are tried. */
#define UDP_ADDRESSES 8u
/* How long a name is waited for at a time, and between looks at whether it is
 * to end. */
#define UDP_NAME_US (2 * US_PER_SEC)
#define UDP_LOOK_US (US_PER_SEC / 20)

/* A name that is being resolved, by a thread of its own: nothing ends that, and
 * nobody waits for it. Whoever of the two is done last lets go of it. */
struct udp_name {
    pthread_mutex_t lock;
    pthread_cond_t bell;
    char *host, *port; /* owned */
    bool done, left;
    int rc;
    struct addrinfo *found; /* owned, where rc is 0 */
};

struct out_udp {
    unsigned magic;
    char *host, *port;
    char where[256];
    struct udp_name *name;                      /* NULL = none is asked for */
    struct addrinfo *found;                     /* owned; NULL = not resolved */
    const struct addrinfo *list[UDP_ADDRESSES]; /* of found, IPv4 first */
    size_t n, at;
    int fd;       /* connected to list[at]; -1 = none */
    unsigned lot; /* datagrams since the last pause */
    atomic_bool stopped;
};

/* Takes place apart. The host is at *host, of *len bytes; what is behind its
 * colon is returned, NULL = nothing is. false: it is no such place. */
static bool udp_split(const char *place, const char **host, size_t *len,
                      const char **port)
{
    const char *end, *colon;

    *host = place;
    if (place[0] == '[') {
        *host = place + 1;
        end = strchr(place, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
            return false;
        }
        *len = (size_t)(end - *host);
        *port = end[1] == ':' ? end + 2 : NULL;
        return *len > 0;
    }
    colon = strchr(place, ':');
    if (colon != NULL && strchr(colon + 1, ':') != NULL) {
        return false; /* IPv6 needs its brackets */
    }
    *len = colon != NULL ? (size_t)(colon - place) : strlen(place);
    *port = colon != NULL ? colon + 1 : NULL;
    return *len > 0 && strcspn(place, "/?#@ ") >= *len;
}

struct out_udp *out_udp_new(const char *place, const char *port, struct err *e)
{
    struct out_udp *u;
    const char *host, *given, *at;
    char safe[120];
    size_t len;
    uint64_t number;

    if (!udp_split(place, &host, &len, &given) ||
        !num_u64(given != NULL ? given : port, 1, UINT16_MAX, &number)) {
        /* Who asks is nobody's business: there may be a password in it. */
        at = strrchr(place, '@');
        err_set(e, ERR_RANGE, "'%s%s' is no host and port, as localhost:%s",
                at != NULL ? "****:****" : "",
                text_brief(safe, sizeof safe, at != NULL ? at : place), port);
        return NULL;
    }
    u = xcalloc(1, sizeof *u);
    u->magic = UDP_MAGIC;
    u->host = xstrndup(host, len);
    u->port = xstrdup(given != NULL ? given : port);
    u->fd = -1;
    text_brief(safe, sizeof safe, u->host);
    snprintf(u->where, sizeof u->where,
             strchr(safe, ':') != NULL ? "[%s]:%s" : "%s:%s", safe, u->port);
    return u;
}

static void udp_close(struct out_udp *u)
{
    if (u->fd >= 0) {
        close(u->fd);
        u->fd = -1;
    }
}

static void udp_forget(struct out_udp *u)
{
    udp_close(u);
    if (u->found != NULL) {
        freeaddrinfo(u->found);
        u->found = NULL;
    }
    u->n = u->at = 0;
}

const char *out_udp_where(const struct out_udp *u)
{
    return u->where;
}

void out_udp_stop(struct out_udp *u)
{
    atomic_store(&u->stopped, true);
}

static void udp_list(struct out_udp *u, int family)
{
    const struct addrinfo *a;

    for (a = u->found; a != NULL && u->n < UDP_ADDRESSES; a = a->ai_next) {
        if (a->ai_family == family) {
            u->list[u->n++] = a;
        }
    }
}

static int udp_ask(const char *host, const char *port, int flags,
                   struct addrinfo **found)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_flags = flags,
                             .ai_socktype = SOCK_DGRAM,
                             .ai_protocol = IPPROTO_UDP};

    return getaddrinfo(host, port, &hints, found);
}

static void udp_name_free(struct udp_name *x)
{
    if (x->found != NULL) {
        freeaddrinfo(x->found);
    }
    pthread_mutex_destroy(&x->lock);
    pthread_cond_destroy(&x->bell);
    free(x->host);
    free(x->port);
    free(x);
}

static void *udp_name_main(void *arg)
{
    struct udp_name *x = arg;
    struct addrinfo *found = NULL;
    int rc = udp_ask(x->host, x->port, 0, &found);
    bool left;

    pthread_mutex_lock(&x->lock);
    x->rc = rc;
    x->found = rc == 0 ? found : NULL;
    x->done = true;
    left = x->left;
    pthread_cond_signal(&x->bell);
    pthread_mutex_unlock(&x->lock);
    if (left) {
        udp_name_free(x);
    }
    return NULL;
}

/* NULL: there is no thread for it. */
static struct udp_name *udp_name_new(const struct out_udp *u)
{
    struct udp_name *x = xcalloc(1, sizeof *x);
    pthread_t thread;
    int rc;

    pthread_mutex_init(&x->lock, NULL);
    thread_cond_init(&x->bell);
    x->host = xstrdup(u->host);
    x->port = xstrdup(u->port);
    rc = thread_start(&thread, udp_name_main, x);
    if (rc != 0) {
        udp_name_free(x);
        return NULL;
    }
    pthread_detach(thread);
    return x;
}

/* Nobody waits for it any more. */
static void udp_name_leave(struct out_udp *u)
{
    struct udp_name *x = u->name;
    bool done;

    u->name = NULL;
    if (x == NULL) {
        return;
    }
    pthread_mutex_lock(&x->lock);
    x->left = true;
    done = x->done;
    pthread_mutex_unlock(&x->lock);
    if (done) {
        udp_name_free(x);
    }
}

/* Is it there, within the time that it has? */
static bool udp_name_await(struct out_udp *u)
{
    struct udp_name *x = u->name;
    mono_us began = clk_now(clk_system()), now = began;
    bool done = false;

    while (!done && now - began < UDP_NAME_US && !atomic_load(&u->stopped)) {
        struct timespec at = thread_after(UDP_LOOK_US);

        pthread_mutex_lock(&x->lock);
        if (!x->done) {
            (void)pthread_cond_timedwait(&x->bell, &x->lock, &at);
        }
        done = x->done;
        pthread_mutex_unlock(&x->lock);
        now = clk_now(clk_system());
    }
    return done;
}

/* The same name is waited for again where it takes longer. */
static int udp_resolve_name(struct out_udp *u)
{
    int rc;

    if (u->name == NULL) {
        u->name = udp_name_new(u);
    }
    if (u->name == NULL || !udp_name_await(u)) {
        return EAI_AGAIN;
    }
    rc = u->name->rc;
    u->found = u->name->found;
    u->name->found = NULL;
    udp_name_leave(u);
    return rc;
}

static bool udp_resolve(struct out_udp *u, char *why, size_t size)
{
    int rc;

    if (u->found != NULL) {
        return true;
    }
    if (udp_ask(u->host, u->port, AI_NUMERICHOST, &u->found) != 0) {
        u->found = NULL;
        rc = udp_resolve_name(u);
        if (rc != 0) {
            snprintf(why, size, "%s", gai_strerror(rc));
            return false;
        }
    }
    udp_list(u, AF_INET);
    udp_list(u, AF_INET6);
    return true;
}

/* 0, or what is wrong with the address. */
static int udp_connect(struct out_udp *u)
{
    const struct addrinfo *a = u->list[u->at];

    if (u->fd >= 0) {
        return 0;
    }
    u->fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, a->ai_protocol);
    if (u->fd < 0) {
        return errno;
    }
    return connect(u->fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
}

static void udp_pause(struct out_udp *u)
{
    const struct timespec pause = {0, UDP_PAUSE_NS};

    if (++u->lot >= UDP_LOT) {
        u->lot = 0;
        (void)nanosleep(&pause, NULL);
    }
}

/* One address. On this machine "nobody listens" is there when send is back, as
 * an error of the socket; send itself has not heard of it yet. */
static int udp_try(struct out_udp *u, const void *data, size_t n)
{
    int error = udp_connect(u);
    socklen_t len = sizeof error;
    ssize_t sent;

    if (error != 0) {
        return error;
    }
    do {
        sent = send(u->fd, data, n, 0);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return errno;
    }
    return getsockopt(u->fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error
                                                                      : errno;
}

bool out_udp_send(struct out_udp *u, const void *data, size_t n, char *why,
                  size_t size)
{
    size_t tries;
    int error = EDESTADDRREQ;

    OBJ_CHECK(u, UDP_MAGIC);
    if (atomic_load(&u->stopped)) {
        snprintf(why, size, "ended");
        return false;
    }
    if (!udp_resolve(u, why, size)) {
        return false;
    }
    for (tries = 0; tries < u->n; tries++) {
        error = udp_try(u, data, n);
        if (error == 0) {
            udp_pause(u);
            return true;
        }
        udp_close(u);
        u->at = (u->at + 1) % u->n;
    }
    udp_forget(u);
    snprintf(why, size, "%s", strerror(error));
    return false;
}

void out_udp_free(struct out_udp **up)
{
    struct out_udp *u = *up;

    if (u == NULL) {
        return;
    }
    OBJ_CHECK(u, UDP_MAGIC);
    udp_name_leave(u);
    udp_forget(u);
    free(u->host);
    free(u->port);
    u->magic = 0;
    free(u);
    *up = NULL;
}
