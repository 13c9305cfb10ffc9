/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include "base/clk.h"
#include "base/must.h"
#include "base/text.h"

#define PTY_PATIENCE_US (30 * US_PER_SEC)

const int pty_sizes[PTY_SIZES][2] = {{80, 24}, {120, 36}, {200, 55}};

static int pty_on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct pty *p = user;

    if (prop == VTERM_PROP_ALTSCREEN) {
        p->altscreen = value->boolean != 0;
    } else if (prop == VTERM_PROP_CURSORVISIBLE) {
        p->cursor = value->boolean != 0;
    } else if (prop == VTERM_PROP_MOUSE) {
        p->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    }
    return 1;
}

static const VTermScreenCallbacks pty_callbacks = {
    .settermprop = pty_on_property,
};

static void pty_emulate(struct pty *p)
{
    p->vt = vterm_new(p->rows, p->cols);
    vterm_set_utf8(p->vt, 1);
    p->screen = vterm_obtain_screen(p->vt);
    vterm_screen_set_callbacks(p->screen, &pty_callbacks, p);
    vterm_screen_enable_altscreen(p->screen, 1);
    vterm_screen_reset(p->screen, 1);
    p->cursor = true;
    p->altscreen = false;
}

/* In the child. */
static void pty_exec(const char *const *argv, const char *const *env)
{
    char *copy[32];
    int i;

    unsetenv("GITHUB_ACTIONS"); /* the tests may run in such a job */
    unsetenv("GITHUB_STEP_SUMMARY");
    for (i = 0; env != NULL && env[i] != NULL; i++) {
        const char *equal = strchr(env[i], '=');
        char name[64];

        if (equal == NULL) {
            unsetenv(env[i]);
        } else {
            snprintf(name, sizeof name, "%.*s", (int)(equal - env[i]), env[i]);
            setenv(name, equal + 1, 1);
        }
    }
    for (i = 0; argv[i] != NULL && i < 31; i++) {
        copy[i] = strdup(argv[i]);
    }
    copy[i] = NULL;
    execv(copy[0], copy);
    _exit(127);
}

void pty_start(struct pty *p, int cols, int rows, const char *const *argv,
               const char *const *env)
{
    struct winsize ws = {.ws_col = (unsigned short)cols,
                         .ws_row = (unsigned short)rows};

    *p = (struct pty){.cols = cols, .rows = rows, .fd = -1, .slave = -1};
    buf_init(&p->raw, 1 << 26);
    pty_emulate(p);
    MUST(openpty(&p->fd, &p->slave, NULL, NULL, &ws) == 0);
    MUST(tcgetattr(p->slave, &p->modes) == 0);
    p->pid = fork();
    MUST(p->pid >= 0);
    if (p->pid == 0) {
        close(p->fd);
        login_tty(p->slave);
        pty_exec(argv, env);
    }
    fcntl(p->fd, F_SETFD, FD_CLOEXEC);
    fcntl(p->slave, F_SETFD, FD_CLOEXEC);
}

void pty_end(struct pty *p)
{
    if (p->vt == NULL) {
        return;
    }
    if (p->pid > 0) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, NULL, 0);
    }
    if (p->fd >= 0) {
        close(p->fd);
    }
    if (p->slave >= 0) {
        close(p->slave);
    }
    vterm_free(p->vt);
    p->vt = NULL;
    buf_clear(&p->raw);
}

void pty_type(struct pty *p, const char *bytes)
{
    size_t n = strlen(bytes);

    MUST(write(p->fd, bytes, n) == (ssize_t)n);
}

void pty_resize(struct pty *p, int cols, int rows)
{
    struct winsize ws = {.ws_col = (unsigned short)cols,
                         .ws_row = (unsigned short)rows};

    p->cols = cols;
    p->rows = rows;
    vterm_set_size(p->vt, rows, cols);
    ioctl(p->fd, TIOCSWINSZ, &ws);
}

/* What the emulator answers (a report of the cursor, say). */
static void pty_answer(struct pty *p)
{
    char bytes[256];
    size_t n;

    do {
        n = vterm_output_read(p->vt, bytes, sizeof bytes);
    } while (n > 0 && write(p->fd, bytes, n) > 0);
}

void pty_click(struct pty *p, int row, int col)
{
    vterm_mouse_move(p->vt, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(p->vt, 1, true, VTERM_MOD_NONE);
    vterm_mouse_button(p->vt, 1, false, VTERM_MOD_NONE);
    pty_answer(p);
}

void pty_wheel(struct pty *p, int row, int col, bool up)
{
    vterm_mouse_move(p->vt, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(p->vt, up ? 4 : 5, true, VTERM_MOD_NONE);
    pty_answer(p);
}

bool pty_pump(struct pty *p, int wait_ms)
{
    struct pollfd in = {.fd = p->fd, .events = POLLIN};
    char bytes[4096];
    ssize_t n;

    if (p->gone) {
        return false;
    }
    while (poll(&in, 1, wait_ms) > 0) {
        n = read(p->fd, bytes, sizeof bytes);
        if (n <= 0 && !(n < 0 && errno == EINTR)) {
            p->gone = true;
            return false;
        }
        buf_add(&p->raw, bytes, n > 0 ? (size_t)n : 0);
        vterm_input_write(p->vt, bytes, n > 0 ? (size_t)n : 0);
        pty_answer(p);
        wait_ms = 0;
    }
    return true;
}

VTermScreenCell pty_cell(const struct pty *p, int row, int col)
{
    const VTermPos at = {.row = row, .col = col};
    VTermScreenCell cell;

    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(p->screen, at, &cell);
    return cell;
}

bool pty_ascii(const struct pty *p)
{
    size_t i;

    for (i = 0; i < p->raw.len; i++) {
        if ((unsigned char)p->raw.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static void pty_row(struct pty *p, int row, struct buf *out)
{
    size_t blank = out->len; /* behind the last that is not blank */
    int col;

    for (col = 0; col < p->cols; col++) {
        VTermScreenCell cell = pty_cell(p, row, col);
        char bytes[4];

        if (cell.chars[0] == (uint32_t)-1) {
            continue;
        }
        if (cell.chars[0] == 0) {
            cell.chars[0] = ' ';
        }
        buf_add(out, bytes, text_put(bytes, cell.chars[0]));
        if (cell.chars[0] != ' ') {
            blank = out->len;
        }
    }
    out->len = blank;
    buf_addc(out, '\n');
}

const char *pty_text(struct pty *p)
{
    struct buf b;
    int row;

    buf_init(&b, sizeof p->text - 1);
    for (row = 0; row < p->rows; row++) {
        pty_row(p, row, &b);
    }
    snprintf(p->text, sizeof p->text, "%s", buf_str(&b));
    buf_clear(&b);
    return p->text;
}

bool pty_find(struct pty *p, int from, const char *text, int *row, int *col)
{
    const char *at = pty_text(p), *end, *hit;
    char before[4096];
    int n;

    for (n = 0; n < p->rows; n++, at = end + 1) {
        end = strchr(at, '\n');
        hit = n >= from ? strstr(at, text) : NULL;
        if (hit != NULL && hit < end) {
            snprintf(before, sizeof before, "%.*s", (int)(hit - at), at);
            *row = n;
            *col = text_width(before);
            return true;
        }
    }
    return false;
}

/* Waits until the picture has text (want), or has not. */
static bool pty_until(struct pty *p, const char *text, bool whole, bool want)
{
    mono_us begin = clk_now(clk_system());

    for (;;) {
        const char *now = pty_text(p);
        bool has = whole ? strcmp(now, text) == 0 : strstr(now, text) != NULL;

        if (has == want) {
            return true;
        }
        if (clk_now(clk_system()) - begin > PTY_PATIENCE_US ||
            !pty_pump(p, 100)) {
            break;
        }
    }
    fprintf(stderr, "waited in vain for %s\n%s\nin\n%s",
            want ? "this" : "this to go", text, pty_text(p));
    return false;
}

bool pty_holds(struct pty *p, bool (*fn)(struct pty *p, const void *ctx),
               const void *ctx)
{
    mono_us begin = clk_now(clk_system());

    while (!fn(p, ctx)) {
        if (clk_now(clk_system()) - begin > PTY_PATIENCE_US ||
            !pty_pump(p, 100)) {
            fprintf(stderr, "not as it is to be:\n%s", pty_text(p));
            return false;
        }
    }
    return true;
}

int pty_row_with(struct pty *p, const char *text, char *buf, size_t size)
{
    const char *all = pty_text(p), *hit = strstr(all, text), *at;
    int row = 0;

    if (hit == NULL) {
        return -1;
    }
    for (at = all; at < hit; at++) {
        if (*at == '\n') {
            row++;
            all = at + 1;
        }
    }
    snprintf(buf, size, "%.*s", (int)strcspn(all, "\n"), all);
    return row;
}

bool pty_sees(struct pty *p, const char *text)
{
    return pty_until(p, text, false, true);
}

bool pty_loses(struct pty *p, const char *text)
{
    return pty_until(p, text, false, false);
}

bool pty_becomes(struct pty *p, const char *picture)
{
    return pty_until(p, picture, true, true);
}

int pty_status(struct pty *p, bool drain)
{
    mono_us begin = clk_now(clk_system());
    struct timespec nap = {.tv_nsec = 10000000};
    int status;

    while (clk_now(clk_system()) - begin < PTY_PATIENCE_US) {
        if (waitpid(p->pid, &status, WNOHANG) == p->pid) {
            p->pid = 0;
            pty_pump(p, 0);
            return status;
        }
        if (!drain || !pty_pump(p, 10)) {
            nanosleep(&nap, NULL);
        }
    }
    return -1;
}

int pty_exit(struct pty *p)
{
    int status = pty_status(p, true);

    return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool pty_stops(struct pty *p)
{
    int status;

    pty_type(p, "\032");
    do {
        pty_pump(p, 10);
    } while (waitpid(p->pid, &status, WUNTRACED | WNOHANG) == 0);
    return WIFSTOPPED(status);
}

void pty_fill(struct pty *p)
{
    struct timespec nap = {.tv_nsec = 25000000};
    int waiting = 0, last = -1, same = 0;

    while (same < 20) {
        pty_type(p, "\014");
        nanosleep(&nap, NULL);
        MUST(ioctl(p->fd, FIONREAD, &waiting) == 0);
        same = waiting == last && waiting > 1000 ? same + 1 : 0;
        last = waiting;
    }
}

bool pty_restored(struct pty *p)
{
    struct termios now;

    pty_pump(p, 0);
    MUST(tcgetattr(p->slave, &now) == 0);
    return now.c_iflag == p->modes.c_iflag && now.c_oflag == p->modes.c_oflag &&
           now.c_lflag == p->modes.c_lflag && now.c_cflag == p->modes.c_cflag &&
           memcmp(now.c_cc, p->modes.c_cc, sizeof now.c_cc) == 0 &&
           !p->altscreen && p->cursor && !p->mouse;
}

const char *const demo_env[] = {"TERM=xterm-256color",
                                "LC_ALL=C.UTF-8",
                                "NO_COLOR",
                                "COLUMNS",
                                "LINES",
                                NULL};

void demo_start(struct pty *p, int cols, int rows, const char *const *env,
                const char *options)
{
    static char program[512];
    const char *argv[16] = {program};
    char words[256], *at, *rest;
    const char *build = getenv("BUILDDIR");
    int n = 1;

    snprintf(program, sizeof program, "%s/tests/support/screen_demo",
             build != NULL ? build : ".");
    snprintf(words, sizeof words, "%s", options);
    for (at = strtok_r(words, " ", &rest); at != NULL && n < 15;
         at = strtok_r(NULL, " ", &rest)) {
        argv[n++] = at;
    }
    argv[n] = NULL;
    pty_start(p, cols, rows, argv, env);
}
