/* SPDX-License-Identifier: MIT
 *
 * delay_server - answers every request five milliseconds after it was read,
 * and measures itself: from the return of recv to the return of send. One
 * thread, bare epoll and timerfd, nothing of the engine that it judges.
 *
 * Prints its port; when its standard input ends, prints
 * "REQUESTS P50 P99 MAX" in µs and leaves. */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/must.h"
#include "measure/histo.h"

#define DELAY_US   (5 * US_PER_MS)
#define DELAY_MAX  1024 /* answers that wait at once */
#define DELAY_READ 4096

struct delay_answer {
    int fd;
    mono_us read_at;
};

struct delay_server {
    int poll, listener, timer;
    struct delay_answer
        queue[DELAY_MAX]; /* a ring: one delay, so by due time */
    size_t head, n;
    struct histo *took;
    bool ended;
};

static void delay_need(bool ok)
{
    MUST(ok);
}

static void delay_watch(struct delay_server *s, int fd)
{
    struct epoll_event e = {.events = EPOLLIN, .data = {.fd = fd}};

    delay_need(epoll_ctl(s->poll, EPOLL_CTL_ADD, fd, &e) == 0);
}

/* Wakes when the first answer is due. */
static void delay_arm(struct delay_server *s)
{
    struct itimerspec ts = {.it_value = {.tv_nsec = 0}};

    if (s->n > 0) {
        mono_us due = s->queue[s->head].read_at + DELAY_US;

        ts.it_value.tv_sec = (time_t)(due / US_PER_SEC);
        ts.it_value.tv_nsec = (long)(due % US_PER_SEC * 1000);
    }
    delay_need(timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &ts, NULL) == 0);
}

static void delay_answer_due(struct delay_server *s)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    while (s->n > 0 &&
           s->queue[s->head].read_at + DELAY_US <= clk_now(clk_system())) {
        struct delay_answer a = s->queue[s->head];

        s->head = (s->head + 1) % DELAY_MAX;
        s->n--;
        if (send(a.fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0) {
            histo_record(s->took, clk_now(clk_system()) - a.read_at);
        }
    }
    delay_arm(s);
}

static void delay_accept(struct delay_server *s)
{
    int one = 1;
    int fd = accept(s->listener, NULL, NULL);

    delay_need(fd >= 0);
    delay_need(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0);
    delay_watch(s, fd);
}

/* A request comes in one piece: they are small, and sent whole. */
static void delay_read(struct delay_server *s, int fd)
{
    char text[DELAY_READ];
    ssize_t n = recv(fd, text, sizeof text, 0);
    mono_us now = clk_now(clk_system());

    if (n <= 0) {
        close(fd);
        return;
    }
    delay_need(n >= 4 && memcmp(text + n - 4, "\r\n\r\n", 4) == 0);
    delay_need(s->n < DELAY_MAX);
    s->queue[(s->head + s->n) % DELAY_MAX] = (struct delay_answer){fd, now};
    s->n++;
    if (s->n == 1) {
        delay_arm(s);
    }
}

static void delay_handle(struct delay_server *s, int fd)
{
    if (fd == s->listener) {
        delay_accept(s);
    } else if (fd == s->timer) {
        delay_answer_due(s);
    } else if (fd == STDIN_FILENO) {
        char junk[64];

        s->ended = read(fd, junk, sizeof junk) <= 0;
    } else {
        delay_read(s, fd);
    }
}

static void delay_open(struct delay_server *s)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t len = sizeof a;

    memset(s, 0, sizeof *s);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->took = histo_new();
    s->poll = epoll_create1(0);
    s->timer = timerfd_create(CLOCK_MONOTONIC, 0);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    delay_need(s->poll >= 0 && s->timer >= 0 && s->listener >= 0);
    delay_need(bind(s->listener, (struct sockaddr *)&a, sizeof a) == 0);
    delay_need(listen(s->listener, 128) == 0);
    delay_need(getsockname(s->listener, (struct sockaddr *)&a, &len) == 0);
    delay_watch(s, s->listener);
    delay_watch(s, s->timer);
    delay_watch(s, STDIN_FILENO);
    printf("%u\n", ntohs(a.sin_port));
    fflush(stdout);
}

int main(void)
{
    struct delay_server s;

    delay_open(&s);
    while (!s.ended) {
        struct epoll_event events[64];
        int n = epoll_wait(s.poll, events, 64, -1);

        for (int i = 0; i < n; i++) {
            delay_handle(&s, events[i].data.fd);
        }
    }
    printf("%llu %llu %llu %llu\n", (unsigned long long)histo_count(s.took),
           (unsigned long long)histo_percentile(s.took, 50),
           (unsigned long long)histo_percentile(s.took, 99),
           (unsigned long long)histo_max(s.took));
    histo_free(&s.took);
    return 0;
}
