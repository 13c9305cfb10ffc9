/* SPDX-License-Identifier: MIT
 *
 * proxy - a small proxy for tests, on a free port of the loopback: HTTP
 * (CONNECT and plain) and SOCKS 5. Whatever name it is asked for, it connects
 * to that port of 127.0.0.1, so that names can be used that DNS does not know.
 * Says its port on standard output, and on standard error a line for each
 * connection: "CONNECT name:port", "GET http://name:port/path" or "SOCKS
 * name:port".
 *
 * proxy [user:password in base64]: refuses those that do not name it. */
#include "config.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/num.h"

#define HEAD_MAX 16384

static const char *wanted; /* of Proxy-Authorization; NULL = anyone */

static bool write_all(int fd, const void *data, size_t n)
{
    const char *s = data;

    while (n > 0) {
        ssize_t k = send(fd, s, n, MSG_NOSIGNAL);

        if (k <= 0) {
            return false;
        }
        s += k;
        n -= (size_t)k;
    }
    return true;
}

static bool read_all(int fd, void *data, size_t n)
{
    char *s = data;

    while (n > 0) {
        ssize_t k = recv(fd, s, n, 0);

        if (k <= 0) {
            return false;
        }
        s += k;
        n -= (size_t)k;
    }
    return true;
}

/* To that port of the loopback; -1: nobody listens. */
static int dial(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((uint16_t)port);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void relay(int a, int b)
{
    struct pollfd p[2] = {{.fd = a, .events = POLLIN},
                          {.fd = b, .events = POLLIN}};
    char data[16384];

    while (poll(p, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            ssize_t n;

            if (p[i].revents == 0) {
                continue;
            }
            n = recv(p[i].fd, data, sizeof data, 0);
            if (n <= 0 || !write_all(p[1 - i].fd, data, (size_t)n)) {
                return;
            }
        }
    }
}

/* The port behind the last ':' of what ends at the first of " /", or 80. */
static unsigned port_of(const char *authority)
{
    char text[256];
    const char *colon;
    uint64_t port = 80;

    (void)snprintf(text, sizeof text, "%.*s", (int)strcspn(authority, " /"),
                   authority);
    colon = strrchr(text, ':');
    if (colon != NULL && !num_u64(colon + 1, 1, 65535, &port)) {
        return 0;
    }
    return (unsigned)port;
}

static void serve_http(int fd, char *head, size_t n)
{
    bool tunnel = strncmp(head, "CONNECT ", 8) == 0;
    const char *name = strchr(head, ' ');
    const char *mark;
    int up;

    if (name == NULL) {
        return;
    }
    name++;
    if (wanted != NULL && strstr(head, wanted) == NULL) {
        static const char refusal[] =
            "HTTP/1.1 407 Proxy Authentication Required\r\n"
            "Proxy-Authenticate: Basic realm=\"test\"\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n";

        (void)write_all(fd, refusal, sizeof refusal - 1);
        return;
    }
    fprintf(stderr, "%.*s %.*s\n", (int)(name - 1 - head), head,
            (int)strcspn(name, " "), name);
    mark = tunnel ? NULL : strstr(name, "://");
    up = dial(port_of(mark != NULL ? mark + 3 : name));
    if (up < 0) {
        static const char refusal[] =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

        (void)write_all(fd, refusal, sizeof refusal - 1);
        return;
    }
    if (tunnel) {
        static const char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";

        if (write_all(fd, yes, sizeof yes - 1)) {
            relay(fd, up);
        }
    } else if (write_all(up, head, n)) {
        relay(fd, up);
    }
    close(up);
}

/* RFC 1928, without authentication. */
static void serve_socks(int fd)
{
    unsigned char b[2], to[4], port[2];
    char name[256] = "", methods[255];
    unsigned char yes[10] = {5, 0, 0, 1, 127, 0, 0, 1, 0, 0};
    unsigned char len = 0;
    int up;

    if (!read_all(fd, b, 2) || !read_all(fd, methods, b[1]) ||
        !write_all(fd, "\x05", 2) || !read_all(fd, to, 4)) {
        return;
    }
    if (to[3] == 3) {
        if (!read_all(fd, &len, 1) || !read_all(fd, name, len)) {
            return;
        }
    } else {
        unsigned char address[16];
        bool v6 = to[3] == 4;

        if (!read_all(fd, address, v6 ? 16 : 4) ||
            inet_ntop(v6 ? AF_INET6 : AF_INET, address, name, sizeof name) ==
                NULL) {
            return;
        }
    }
    if (!read_all(fd, port, 2)) {
        return;
    }
    fprintf(stderr, "SOCKS %s:%u\n", name, port[0] * 256u + port[1]);
    up = dial(port[0] * 256u + port[1]);
    if (up < 0) {
        yes[1] = 5; /* refused */
    }
    if (write_all(fd, yes, sizeof yes) && up >= 0) {
        relay(fd, up);
    }
    if (up >= 0) {
        close(up);
    }
}

static void *serve(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char head[HEAD_MAX + 1];
    size_t n = 0;
    char first;

    if (recv(fd, &first, 1, MSG_PEEK) == 1 && first == 5) {
        serve_socks(fd);
    } else {
        while (n < HEAD_MAX) {
            ssize_t k = recv(fd, head + n, HEAD_MAX - n, 0);

            if (k <= 0) {
                break;
            }
            n += (size_t)k;
            head[n] = '\0';
            if (strstr(head, "\r\n\r\n") != NULL) {
                serve_http(fd, head, n);
                break;
            }
        }
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    wanted = argc > 1 ? argv[1] : NULL;
    signal(SIGPIPE, SIG_IGN);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
        listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &size) != 0) {
        perror("proxy");
        return 1;
    }
    setvbuf(stderr, NULL, _IOLBF, 0);
    printf("%u\n", ntohs(a.sin_port));
    fflush(stdout);
    for (;;) {
        int came = accept(fd, NULL, NULL);
        pthread_t thread;

        if (came >= 0 &&
            pthread_create(&thread, NULL, serve, (void *)(intptr_t)came) == 0) {
            pthread_detach(thread);
        }
    }
}
