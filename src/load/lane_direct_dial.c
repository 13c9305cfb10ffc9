/* SPDX-License-Identifier: MIT
 *
 * lane_direct_dial - connections in the clear that need no libcurl: it has
 * resolved the name and connected once, so that the address is known, and for a
 * moment further ones are plain sockets to it. libcurl takes three times as
 * long for each.
 *
 * Whatever goes wrong is left to libcurl, which tries again: its order of
 * addresses, its failures. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "load/lane_direct_internal.h"
#include "load/limits.h"

#if defined(__linux__) && !defined(IP_LOCAL_PORT_RANGE)
#define IP_LOCAL_PORT_RANGE 51 /* of linux/in.h, which goes badly with ours */
#endif

/* Ports among which one is looked for. */
#define DIRECT_PORTS 512u

/* Nothing, where each connection shall ask for the name, or go over a proxy. */
void direct_dial_learn(struct lane_direct *l, struct direct_origin *o, int fd)
{
    const struct dial *d = l->options->dial;
    mono_us now = clk_now(l->clk);

    if (fd < 0 || d->proxy != NULL || (d->has_ttl && d->ttl_s == 0) ||
        o->address_until > now) {
        return;
    }
    o->address_len = sizeof o->address;
    if (getpeername(fd, (struct sockaddr *)&o->address, &o->address_len) == 0 &&
        (o->address.ss_family == AF_INET || o->address.ss_family == AF_INET6)) {
        o->address_until = now + DIRECT_ADDRESS_US;
    }
}

#ifdef SOCK_NONBLOCK
static int direct_dial_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                  IPPROTO_TCP);
}
#else
static int direct_dial_socket(int family)
{
    int fd = socket(family, SOCK_STREAM, IPPROTO_TCP);

    if (fd >= 0 && (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
                    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
#endif

/* Linux looks for a free port among every second one first, one by one: once
 * half of them are taken, it goes through thousands for each connection, and
 * opens some hundred a second. So each looks in a small part of them, in turn.
 * Systems that cannot (Linux before 6.3) take longer. */
static void direct_dial_ports(struct lane_direct *l, int fd)
{
#ifdef IP_LOCAL_PORT_RANGE
    uint32_t last, range;

    if (l->port_low == 0) {
        load_port_range(&l->port_low, &l->port_high);
    }
    if (l->port_next < l->port_low || l->port_next > l->port_high) {
        l->port_next = l->port_low;
    }
    last = l->port_next + DIRECT_PORTS - 1;
    if (last > l->port_high) {
        last = l->port_high;
    }
    range = last << 16 | l->port_next;
    l->port_next = last + 1;
    (void)setsockopt(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, &range, sizeof range);
#else
    (void)l;
    (void)fd;
#endif
}

/* The VU's own address, any port. The port is found when the other side is
 * known, where the system can: it need not be free for all of them. */
static bool direct_dial_bind(const struct port *p, int fd, int family)
{
    const struct addresses *locals = &p->lane->options->dial->locals;
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    char text[ADDRESS_MAX];

    if (locals->n == 0) {
        return true;
    }
    (void)addresses_at(locals, p->vu > 0 ? p->vu - 1 : 0, text);
#ifdef IP_BIND_ADDRESS_NO_PORT
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1},
                     sizeof(int));
#endif
    if (family == AF_INET) {
        return inet_pton(AF_INET, text, &four.sin_addr) == 1 &&
               bind(fd, (struct sockaddr *)&four, sizeof four) == 0;
    }
    return inet_pton(AF_INET6, text, &six.sin6_addr) == 1 &&
           bind(fd, (struct sockaddr *)&six, sizeof six) == 0;
}

/* true: it stands, or is on its way. Nearby it stands before connect returns,
 * which does not say so but when it is asked once more. */
static bool direct_dial_connect(const struct direct_origin *o, int fd,
                                bool *stands)
{
    const struct sockaddr *to = (const struct sockaddr *)&o->address;
    int rc = connect(fd, to, o->address_len);

    if (rc != 0 && errno == EINPROGRESS) {
        rc = connect(fd, to, o->address_len);
    }
    *stands = rc == 0 || errno == EISCONN;
    return *stands || errno == EALREADY || errno == EINPROGRESS;
}

/* A socket with a connection, or on its way to one; -1: none. */
static int direct_dial_begin(const struct port *p, bool *stands)
{
    const struct direct_origin *o = p->wire->origin;
    int fd = direct_dial_socket(o->address.ss_family);

    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    direct_dial_ports(p->lane, fd);
    if (!direct_dial_bind(p, fd, o->address.ss_family) ||
        !direct_dial_connect(o, fd, stands)) {
        close(fd);
        return -1;
    }
    return fd;
}

static void direct_dial_done(struct port *p)
{
    p->lane->opening--;
    p->connecting = clk_now(p->lane->clk) - p->dialled;
    direct_conn_watch(p->conn, EV_READ);
    direct_crowd_join(p);
    direct_send_later(p);
}

bool direct_dial(struct port *p)
{
    struct lane_direct *l = p->lane;
    struct direct_origin *o = p->wire->origin;
    bool stands = false;
    mono_us now;
    int fd;

    if (o->address_until == 0 || p->undialled) {
        return false;
    }
    now = clk_now(l->clk);
    fd = now < o->address_until ? direct_dial_begin(p, &stands) : -1;
    if (fd < 0) {
        o->address_until = 0;
        return false;
    }
    p->dialled = now;
    direct_connects(l);
    p->conn = direct_conn_new(p, fd, NULL);
    if (stands) {
        direct_dial_done(p);
    } else {
        direct_conn_watch(p->conn, EV_WRITE);
    }
    return true;
}

void direct_dial_end(struct port *p)
{
    int error = 0;
    socklen_t len = sizeof error;

    MUST(p->stage == DIRECT_OPENS && p->conn != NULL);
    if (getsockopt(p->conn->io.fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ||
        error != 0) {
        p->lane->opening--;
        p->wire->origin->address_until = 0;
        p->undialled = true;
        direct_conn_close(&p->conn);
        direct_open_wait(p);
        return;
    }
    direct_dial_done(p);
}
