/* SPDX-License-Identifier: MIT */
#include "config.h"

#define NCURSES_WIDECHAR 1

#include "screen/term.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>

#include "base/must.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "screen/quiet.h"
#include "screen/rescue.h"
#include "screen/term_key.h"
#include "screen/term_look.h"
#include "screen/term_row.h"

/* Bracketed paste: what is pasted comes between two codes, so that it is not
 * taken for keys. Terminals without it ignore the request. */
#define TERM_PASTE_ON  "\033[?2004h"
#define TERM_PASTE_OFF "\033[?2004l"
/* Presses and the wheel, as SGR reports: whatever the terminal's description
 * says of a mouse. SGR is on as long as reports are. */
#define TERM_MOUSE_ON  "\033[?1006h\033[?1000h"
#define TERM_MOUSE_OFF "\033[?1000l\033[?1006l"

enum {
    TERM_CLOSE_MS = 500,  /* how long the last bytes may take */
    TERM_COLS_MAX = 1000, /* wider and higher is not drawn */
    TERM_ROWS_MAX = 500,
};

struct term {
    int tty;     /* a description of our own: not blocking, and the shell's
                    is not touched */
    int scratch; /* where curses writes */
    FILE *in, *out;
    SCREEN *screen;
    struct termios was, ours;
    struct term_look look;
    struct grid last; /* what curses has */
    struct strokes strokes;
    bool ascii;
    bool mouse; /* its reports are wanted */
    bool taken;
    int cols, rows;
    int stderr_was, stderr_kept;
    char *pending; /* owned; bytes for the terminal */
    size_t n_pending, sent, cap_pending;
    locale_t locale;
};

static int term_open_tty(void)
{
    const char *name = ttyname(STDOUT_FILENO);
    int fd = -1, flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;

    if (name != NULL) {
        fd = open(name, flags);
    }
    return fd >= 0 ? fd : open("/dev/tty", flags);
}

static void term_ask_size(struct term *t)
{
    struct winsize ws;

    t->cols = 80;
    t->rows = 24;
    if (ioctl(t->tty, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0) {
        t->cols = ws.ws_col < TERM_COLS_MAX ? ws.ws_col : TERM_COLS_MAX;
        t->rows = ws.ws_row < TERM_ROWS_MAX ? ws.ws_row : TERM_ROWS_MAX;
    }
}

static void term_add(struct term *t, const char *bytes, size_t n)
{
    while (t->cap_pending - t->n_pending < n) {
        t->cap_pending = t->cap_pending > 0 ? t->cap_pending * 2 : 4096;
        t->pending = xreallocarray(t->pending, t->cap_pending, 1);
    }
    memcpy(t->pending + t->n_pending, bytes, n);
    t->n_pending += n;
}

/* Takes over what curses has written. */
static void term_collect(struct term *t)
{
    char bytes[4096];
    ssize_t n;

    fflush(t->out);
    lseek(t->scratch, 0, SEEK_SET);
    do {
        n = read(t->scratch, bytes, sizeof bytes);
        term_add(t, bytes, n > 0 ? (size_t)n : 0);
    } while (n > 0);
    MUST(ftruncate(t->scratch, 0) == 0);
    lseek(t->scratch, 0, SEEK_SET);
}

/* Terminals differ in what comes back with their main screen: for some that is
 * the cursor as it was when its place was saved last, and curses saves it while
 * it is hidden. So it is shown again behind everything. */
static void term_show_cursor(struct term *t)
{
    char bytes[64];
    size_t n = term_look_capability("cnorm", bytes, sizeof bytes);

    term_add(t, bytes, n);
}

static void term_arm(const struct term *t)
{
    static const char *const names[] = {"rmkx",  "sgr0",  "op",
                                        "cnorm", "rmcup", "cnorm"};
    struct rescue_plan p = {.tty = t->tty,
                            .was = t->was,
                            .bytes = TERM_MOUSE_OFF TERM_PASTE_OFF,
                            .stderr_was = t->stderr_was,
                            .stderr_kept = t->stderr_kept};
    size_t i;

    p.n = strlen(p.bytes);
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        p.n +=
            term_look_capability(names[i], p.bytes + p.n, sizeof p.bytes - p.n);
    }
    rescue_arm(&p);
}

static void term_modes(struct term *t)
{
    t->ours = t->was;
    /* ISIG stays: Ctrl-C and Ctrl-Z are signals for the main thread. */
    t->ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
    t->ours.c_oflag &= ~(tcflag_t)ONLCR;
    t->ours.c_cc[VMIN] = 1;
    t->ours.c_cc[VTIME] = 0;
}

/* newterm takes signals over that are nobody's yet; they are the caller's. */
static SCREEN *term_newterm(struct term *t)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    enum { N = sizeof signals / sizeof signals[0] };
    struct sigaction before[N];
    SCREEN *s;
    int i;

    for (i = 0; i < N; i++) {
        sigaction(signals[i], NULL, &before[i]);
    }
    s = newterm(NULL, t->out, t->in);
    for (i = 0; i < N; i++) {
        sigaction(signals[i], &before[i], NULL);
    }
    return s;
}

static void term_curses_modes(void)
{
    /* What these would do to the terminal is done by term_modes: curses talks
     * to memory and only keeps count. */
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    typeahead(-1);
    curs_set(0);
    term_key_init();
}

/* Curses on memory; false when the terminal cannot do what a screen needs. */
static bool term_curses(struct term *t, struct err *e)
{
    const char *name = getenv("TERM");
    char has[64];

    t->scratch = quiet_file();
    t->out = t->scratch < 0 ? NULL : fdopen(dup(t->scratch), "w");
    t->in = fdopen(dup(t->tty), "r");
    if (t->out == NULL || t->in == NULL) {
        err_set(e, ERR_IO, "screen: no file to draw in: %s", strerror(errno));
        return false;
    }
    t->screen = name != NULL && term_look_known(name) ? term_newterm(t) : NULL;
    if (t->screen == NULL) {
        err_set(e, ERR_SUPPORT, "terminal: TERM '%s' is not known here",
                name != NULL ? name : "");
        return false;
    }
    if (term_look_capability("cup", has, sizeof has) == 0 ||
        term_look_capability("clear", has, sizeof has) == 0) {
        err_set(e, ERR_SUPPORT, "terminal: TERM '%s' cannot move its cursor",
                name);
        return false;
    }
    return true;
}

static void term_free(struct term *t)
{
    if (t->screen != NULL) {
        endwin();
        delscreen(t->screen);
    }
    if (t->in != NULL) {
        fclose(t->in);
    }
    if (t->out != NULL) {
        fclose(t->out);
    }
    if (t->scratch >= 0) {
        close(t->scratch);
    }
    if (t->tty >= 0) {
        close(t->tty);
    }
    if (t->locale != (locale_t)0) {
        uselocale(LC_GLOBAL_LOCALE);
        freelocale(t->locale);
    }
    grid_clear(&t->last);
    free(t->pending);
    free(t);
}

bool term_open(const struct term_config *config, struct term **out,
               struct err *e)
{
    struct term *t = xcalloc(1, sizeof *t);

    t->scratch = -1;
    strokes_init(&t->strokes);
    t->stderr_was = config->stderr_was;
    t->stderr_kept = config->stderr_kept;
    /* Of this thread alone: others may be formatting numbers. */
    t->locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (t->locale != (locale_t)0) {
        uselocale(t->locale);
    }
    t->tty = term_open_tty();
    if (t->tty < 0 || tcgetattr(t->tty, &t->was) != 0) {
        err_set(e, ERR_IO, "terminal: %s", strerror(errno));
        goto failed;
    }
    t->ascii = term_look_ascii(config->ascii);
    if (!term_curses(t, e)) {
        goto failed;
    }
    term_curses_modes();
    term_look_init(&t->look, config->no_color);
    term_modes(t);
    /* Whatever curses made of LINES, COLUMNS and the terminal's description. */
    term_ask_size(t);
    resizeterm(t->rows, t->cols);
    term_take(t);
    *out = t;
    return true;
failed:
    term_free(t);
    return false;
}

void term_close(struct term **t)
{
    if (*t == NULL) {
        return;
    }
    if ((*t)->taken) {
        term_give(*t, TERM_CLOSE_MS);
    }
    term_free(*t);
    *t = NULL;
}

int term_fd(const struct term *t)
{
    return t->tty;
}

bool term_ascii(const struct term *t)
{
    return t->ascii;
}

bool term_colors(const struct term *t)
{
    return t->look.depth != DEPTH_MONO;
}

bool term_theme(struct term *t, enum theme theme)
{
    if (theme == t->look.theme) {
        return false;
    }
    term_look_take(&t->look, theme);
    return true;
}

void term_size(const struct term *t, int *cols, int *rows)
{
    *cols = t->cols;
    *rows = t->rows;
}

bool term_resize(struct term *t)
{
    int cols = t->cols, rows = t->rows;

    term_ask_size(t);
    if (t->cols == cols && t->rows == rows) {
        return false;
    }
    resizeterm(t->rows, t->cols);
    return true;
}

/* In a field it is where the next character goes; else it is hidden, and
 * curses saves itself the moves to it. */
static void term_cursor(const struct grid *g)
{
    bool shown = g->cursor_row >= 0 && g->cursor_row < g->rows &&
                 g->cursor_col >= 0 && g->cursor_col < g->cols;

    curs_set(shown ? 1 : 0);
    leaveok(stdscr, !shown);
    if (shown) {
        move(g->cursor_row, g->cursor_col);
    }
}

/* Curses lets as many rows scroll as it was begun with, 24 mostly, and what it
 * inserts further down is not inserted. */
static void term_scroll_all(struct term *t)
{
    char bytes[64];
    size_t n = term_look_region(t->rows, bytes, sizeof bytes);

    term_add(t, bytes, n);
}

/* What has not changed is not written again: curses would find that out, but
 * slowly. */
void term_draw(struct term *t, const struct grid *g, bool anew)
{
    bool fresh = anew || t->last.cols != g->cols || t->last.rows != g->rows;
    int row;

    if (fresh) {
        doupdate(); /* what it has not said yet comes first */
        term_collect(t);
        term_scroll_all(t);
        clearok(curscr, TRUE);
        erase();
        grid_clear(&t->last);
        grid_init(&t->last, g->cols, g->rows, g->ascii);
    }
    for (row = 0; row < g->rows; row++) {
        if (fresh || !term_row_same(&t->last, g, row)) {
            term_row(&t->look, g, row);
            memcpy(&t->last.cells[row * g->cols], &g->cells[row * g->cols],
                   (size_t)g->cols * sizeof *g->cells);
        }
    }
    term_cursor(g);
    wnoutrefresh(stdscr);
    doupdate();
    term_collect(t);
}

bool term_pending(const struct term *t)
{
    return t->sent < t->n_pending;
}

bool term_flush(struct term *t)
{
    while (term_pending(t)) {
        ssize_t n = write(t->tty, t->pending + t->sent, t->n_pending - t->sent);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno == EAGAIN;
        }
        t->sent += (size_t)n;
    }
    t->sent = 0;
    t->n_pending = 0;
    return true;
}

int term_keys(struct term *t, struct typed *keys, int max)
{
    struct pollfd p = {.fd = t->tty, .events = POLLIN};
    int n = term_key_read(&t->strokes, t->tty, keys, max);

    if (n == 0 && poll(&p, 1, 0) > 0 &&
        (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
        return -1;
    }
    return n;
}

void term_mouse(struct term *t, bool on)
{
    if (t->taken && on != t->mouse) {
        if (on) {
            term_add(t, TERM_MOUSE_ON, sizeof TERM_MOUSE_ON - 1);
        } else {
            term_add(t, TERM_MOUSE_OFF, sizeof TERM_MOUSE_OFF - 1);
        }
        t->mouse = on;
    }
}

bool term_foreground(const struct term *t)
{
    return tcgetpgrp(t->tty) == getpgrp();
}

/* Sends all there is, within wait_ms. */
static void term_flush_all(struct term *t, int wait_ms)
{
    struct pollfd p = {.fd = t->tty, .events = POLLOUT};

    while (term_flush(t) && term_pending(t)) {
        if (poll(&p, 1, wait_ms) <= 0 ||
            (p.revents & (POLLHUP | POLLERR)) != 0) {
            break;
        }
    }
}

void term_give(struct term *t, int wait_ms)
{
    if (!t->taken) {
        return;
    }
    t->taken = false;
    endwin();
    term_collect(t);
    term_show_cursor(t);
    if (t->mouse) {
        term_add(t, TERM_MOUSE_OFF, sizeof TERM_MOUSE_OFF - 1);
    }
    term_add(t, TERM_PASTE_OFF, sizeof TERM_PASTE_OFF - 1);
    term_flush_all(t, wait_ms);
    if (t->mouse) {
        tcflush(t->tty, TCIFLUSH); /* reports are no commands for the shell */
    }
    if (term_pending(t)) {
        t->sent = t->n_pending = 0;
        rescue_now();
    } else {
        tcsetattr(t->tty, TCSANOW, &t->was);
    }
    rescue_disarm();
}

void term_take(struct term *t)
{
    term_arm(t);
    tcsetattr(t->tty, TCSANOW, &t->ours);
    t->taken = true;
    strokes_init(&t->strokes); /* what was cut off goes on no more */
    term_add(t, TERM_PASTE_ON, sizeof TERM_PASTE_ON - 1);
    if (t->mouse) {
        term_add(t, TERM_MOUSE_ON, sizeof TERM_MOUSE_ON - 1);
    }
}
