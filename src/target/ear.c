/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "target/ear.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "target/call.h"

#define EAR_MAGIC   0xea7u
#define EAR_BACKLOG 4096
/* Node's keep-alive of 72 s. */
#define EAR_IDLE_S 72u
/* Of a connection: head of the request, head of the answer, one chunk. */
#define EAR_MEMORY ((size_t)16 * 1024)

struct ear_link {
    int fd;
    struct ear_link *prev;
    struct ear_link *next;
};

struct ear {
    unsigned magic;
    struct MHD_Daemon *daemon;
    int fd;                 /* the daemon's epoll descriptor */
    struct ear_link *links; /* open connections; owned */
};

union ear_address {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static socklen_t ear_loopback(union ear_address *a, int family, unsigned port)
{
    memset(a, 0, sizeof *a);
    if (family == AF_INET6) {
        a->in6.sin6_family = AF_INET6;
        a->in6.sin6_port = htons((uint16_t)port);
        a->in6.sin6_addr = in6addr_loopback;
        return sizeof a->in6;
    }
    a->in.sin_family = AF_INET;
    a->in.sin_port = htons((uint16_t)port);
    a->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof a->in;
}

static enum err_code ear_code(int error)
{
    return error == EAFNOSUPPORT || error == EADDRNOTAVAIL ? ERR_SUPPORT
                                                           : ERR_IO;
}

/* A socket that listens, or -1 with the reason in errno. */
static int ear_bind(int family, unsigned *port)
{
    union ear_address a;
    socklen_t n = ear_loopback(&a, family, *port);
    int fd = socket(family, SOCK_STREAM, 0);
    int on = 1;
    int error;

    if (fd < 0) {
        return -1;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    if (bind(fd, &a.any, n) == 0 && listen(fd, EAR_BACKLOG) == 0 &&
        getsockname(fd, &a.any, &n) == 0) {
        *port = ntohs(family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port);
        return fd;
    }
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

static void ear_on_connection(void *cls, struct MHD_Connection *conn,
                              void **socket_context,
                              enum MHD_ConnectionNotificationCode what)
{
    struct ear *ear = cls;
    struct ear_link *link = *socket_context;

    OBJ_CHECK(ear, EAR_MAGIC);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        link = xcalloc(1, sizeof *link);
        link->fd =
            MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD)
                ->connect_fd;
        link->next = ear->links;
        if (link->next != NULL) {
            link->next->prev = link;
        }
        ear->links = link;
        *socket_context = link;
    } else if (link != NULL) {
        if (link->prev != NULL) {
            link->prev->next = link->next;
        } else {
            ear->links = link->next;
        }
        if (link->next != NULL) {
            link->next->prev = link->prev;
        }
        free(link);
        *socket_context = NULL;
    }
}

static struct MHD_Daemon *ear_daemon(struct ear *ear, int fd, unsigned max,
                                     struct service *service)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, call_on_access,
        service, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, max,
        MHD_OPTION_CONNECTION_TIMEOUT, EAR_IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, EAR_MEMORY,
        MHD_OPTION_URI_LOG_CALLBACK, call_on_uri, service,
        MHD_OPTION_NOTIFY_COMPLETED, call_on_end, service,
        MHD_OPTION_NOTIFY_CONNECTION, ear_on_connection, ear, MHD_OPTION_END);
}

struct ear *ear_open(int family, unsigned *port, unsigned connections_max,
                     struct service *service, struct err *e)
{
    struct ear *ear;
    int fd = ear_bind(family, port);

    if (fd < 0) {
        err_set(e, ear_code(errno), "cannot listen on %s port %u: %s",
                family == AF_INET6 ? "::1" : "127.0.0.1", *port,
                strerror(errno));
        return NULL;
    }
    ear = xcalloc(1, sizeof *ear);
    ear->magic = EAR_MAGIC;
    ear->daemon = ear_daemon(ear, fd, connections_max, service);
    if (ear->daemon == NULL) {
        err_set(e, ERR_LIMIT,
                "libmicrohttpd does not start (no epoll here, or "
                "no descriptors left)");
        close(fd);
        free(ear);
        return NULL;
    }
    ear->fd =
        MHD_get_daemon_info(ear->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return ear;
}

int ear_fd(const struct ear *ear)
{
    return ear->fd;
}

uint64_t ear_patience(const struct ear *ear)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (MHD_get_timeout(ear->daemon, &ms) != MHD_YES) {
        return UINT64_MAX;
    }
    return ms * US_PER_MS;
}

void ear_run(struct ear *ear)
{
    MHD_run(ear->daemon);
}

void ear_reset(struct ear *ear)
{
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    /* libmicrohttpd would say goodbye (shutdown) before it closes, linger or
     * not; to be connected to nowhere is what resets. */
    for (const struct ear_link *l = ear->links; l != NULL; l = l->next) {
        (void)connect(l->fd, &nowhere, sizeof nowhere);
    }
}

void ear_close(struct ear **ep)
{
    struct ear *ear = *ep;

    if (ear == NULL) {
        return;
    }
    OBJ_CHECK(ear, EAR_MAGIC);
    MHD_stop_daemon(ear->daemon);
    MUST(ear->links == NULL);
    ear->magic = 0;
    free(ear);
    *ep = NULL;
}
