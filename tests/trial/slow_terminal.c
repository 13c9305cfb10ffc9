/* SPDX-License-Identifier: MIT
 *
 * slow_terminal - a program in a pseudo terminal whose person is away, or whose
 * line is slow: slow_terminal COLS ROWS STOP_FROM STOP_FOR BYTES_S TERM_AT
 * QUIT_AT -- PROGRAM WORD...
 *   STOP_FROM, STOP_FOR: from that millisecond on, for so long, nothing is read
 *   BYTES_S: no more is read in a second; 0 = all there is
 *   TERM_AT: the program gets SIGTERM then; 0 = never
 *   QUIT_AT: from then on key q is typed twice a second
 * Ends as the program does; says on standard error what was read. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clk.h"
#include "base/num.h"

enum { COLS, ROWS, STOP_FROM, STOP_FOR, BYTES_S, TERM_AT, QUIT_AT, NUMBERS };

/* Where the program was interrupted it has not ended yet. */
#define SLOW_PATIENCE_MS 120000

struct slow {
    uint64_t n[NUMBERS];
    int fd;
    pid_t pid;
    uint64_t read, typed_ms;
    bool termed;
};

/* Takes what may be taken now. false: the program has closed its end. */
static bool slow_read(struct slow *s, uint64_t ms)
{
    char bytes[4096];
    size_t most = sizeof bytes;
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    ssize_t n;

    if (ms >= s->n[STOP_FROM] && ms < s->n[STOP_FROM] + s->n[STOP_FOR]) {
        return true;
    }
    if (s->n[BYTES_S] > 0) {
        uint64_t due = s->n[BYTES_S] * ms / 1000;

        if (s->read >= due) {
            return true;
        }
        most = due - s->read < most ? (size_t)(due - s->read) : most;
    }
    if (poll(&p, 1, 0) <= 0) {
        return true;
    }
    n = read(s->fd, bytes, most);
    s->read += n > 0 ? (uint64_t)n : 0;
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void slow_act(struct slow *s, uint64_t ms)
{
    if (s->n[TERM_AT] > 0 && ms >= s->n[TERM_AT] && !s->termed) {
        s->termed = true;
        kill(s->pid, SIGTERM);
    }
    if (ms >= s->n[QUIT_AT] && ms - s->typed_ms >= 500) {
        s->typed_ms = ms;
        if (write(s->fd, "q", 1) < 0) {
            return;
        }
    }
}

int main(int argc, char **argv)
{
    struct slow s = {.fd = -1};
    struct winsize ws = {0};
    uint64_t begin;
    int i, status = 0;

    if (argc < NUMBERS + 3 || strcmp(argv[NUMBERS + 1], "--") != 0) {
        fputs("slow_terminal: see the head of its source\n", stderr);
        return 2;
    }
    for (i = 0; i < NUMBERS; i++) {
        if (!num_u64(argv[i + 1], 0, 1000000000, &s.n[i])) {
            return 2;
        }
    }
    ws.ws_col = (unsigned short)s.n[COLS];
    ws.ws_row = (unsigned short)s.n[ROWS];
    s.pid = forkpty(&s.fd, NULL, NULL, &ws);
    if (s.pid == 0) {
        execv(argv[NUMBERS + 2], argv + NUMBERS + 2);
        _exit(127);
    }
    begin = clk_now(clk_system());
    while (waitpid(s.pid, &status, WNOHANG) == 0) {
        uint64_t ms = (clk_now(clk_system()) - begin) / 1000;

        slow_act(&s, ms);
        slow_read(&s, ms);
        if (ms > SLOW_PATIENCE_MS) {
            kill(s.pid, SIGKILL);
        }
        poll(NULL, 0, 5);
    }
    fprintf(stderr, "%llu bytes read\n", (unsigned long long)s.read);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
