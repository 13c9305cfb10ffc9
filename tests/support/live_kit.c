/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "support/live_kit.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/must.h"

struct live kit;
struct pty screen;

/* A folder of the environment as it is to be found from anywhere. */
static void live_pin(const char *name)
{
    const char *was = getenv(name);
    char *whole = realpath(was != NULL ? was : ".", NULL);

    MUST(whole != NULL && setenv(name, whole, 1) == 0);
    free(whole);
}

bool live_open(struct live *l)
{
    const char *brunt = getenv("BRUNT");
    int n = 0;

    *l = (struct live){.server = NULL};
    snprintf(l->dir, sizeof l->dir, "/tmp/brunt-live-XXXXXX");
    if (brunt == NULL || realpath(brunt, l->brunt) == NULL) {
        fputs("BRUNT is to name the program\n", stderr);
        return false;
    }
    live_pin("SRCDIR"); /* where the server finds its files */
    live_pin("BUILDDIR");
    unsetenv("GITHUB_ACTIONS"); /* the tests may run in such a job */
    unsetenv("GITHUB_STEP_SUMMARY");
    MUST(getcwd(l->was, sizeof l->was) != NULL);
    if (mkdtemp(l->dir) == NULL || chdir(l->dir) != 0) {
        perror(l->dir);
        return false;
    }
    snprintf(l->vars[0], sizeof l->vars[0], "XDG_RUNTIME_DIR=%s", l->dir);
    snprintf(l->vars[1], sizeof l->vars[1], "XDG_CONFIG_HOME=%s", l->dir);
    snprintf(l->vars[2], sizeof l->vars[2], "XDG_STATE_HOME=%s", l->dir);
    l->env[n++] = "TERM=xterm-256color";
    l->env[n++] = "LC_ALL=C.UTF-8";
    l->env[n++] = "NO_COLOR";
    l->env[n++] = l->vars[0];
    l->env[n++] = l->vars[1];
    l->env[n++] = l->vars[2];
    l->env[n] = NULL;
    l->server = raw_server_new();
    return true;
}

static int live_remove(const char *path, const struct stat *st, int kind,
                       struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void live_close(struct live *l)
{
    if (l->server == NULL) {
        return; /* it was not opened */
    }
    raw_server_free(&l->server);
    if (chdir(l->was) == 0) {
        nftw(l->dir, live_remove, 8, FTW_DEPTH | FTW_PHYS);
    }
}

int live_begin(void **state)
{
    (void)state;
    return live_open(&kit) ? 0 : -1;
}

int live_end(void **state)
{
    (void)state;
    pty_end(&screen);
    live_close(&kit);
    return 0;
}

void live_write(const struct live *l, const char *file, const char *text)
{
    struct err e = ERR_INIT;
    char url[64];
    struct buf b;

    buf_init(&b, 1 << 20);
    raw_server_url(l->server, "", url, sizeof url);
    for (; *text != '\0'; text++) {
        if (*text == '@') {
            buf_adds(&b, url);
        } else {
            buf_addc(&b, *text);
        }
    }
    MUST(file_write(file, buf_str(&b), b.len, &e));
    buf_clear(&b);
}

/* The program and its words. */
static void live_argv(const struct live *l, const char *const *words,
                      const char *argv[LIVE_WORDS])
{
    int n = 0;

    argv[n++] = l->brunt;
    while (*words != NULL) {
        MUST(n < LIVE_WORDS - 1);
        argv[n++] = *words++;
    }
    argv[n] = NULL;
}

void live_start(const struct live *l, struct pty *p, int cols, int rows,
                const char *const *words)
{
    const char *argv[LIVE_WORDS];

    live_argv(l, words, argv);
    pty_start(p, cols, rows, argv, l->env);
}

void live_run(const struct live *l, struct pty *p, const char *name,
              const char *plan)
{
    char file[64];
    const char *const words[] = {"run", file, NULL};

    snprintf(file, sizeof file, "./%s.json", name);
    live_write(l, file, plan);
    live_start(l, p, 80, 24, words);
}

/* In the child. */
static void live_exec(const struct live *l, const char *const *words,
                      int out_fd, int err_fd)
{
    const char *argv[LIVE_WORDS];
    char *copy[LIVE_WORDS];
    int null = open("/dev/null", O_RDONLY), i;

    dup2(null, STDIN_FILENO);
    dup2(out_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    for (i = 0; i < 3; i++) {
        char *equal = strchr(l->vars[i], '=');
        char name[32];

        snprintf(name, sizeof name, "%.*s", (int)(equal - l->vars[i]),
                 l->vars[i]);
        setenv(name, equal + 1, 1);
    }
    live_argv(l, words, argv);
    for (i = 0; argv[i] != NULL; i++) {
        copy[i] = strdup(argv[i]);
    }
    copy[i] = NULL;
    execv(copy[0], copy);
    _exit(127);
}

/* Reads both to their ends. */
static void live_take(const int fds[2], struct buf *const into[2])
{
    struct pollfd in[2] = {{.fd = fds[0], .events = POLLIN},
                           {.fd = fds[1], .events = POLLIN}};

    while (in[0].fd >= 0 || in[1].fd >= 0) {
        char bytes[4096];
        int i;

        MUST(poll(in, 2, -1) > 0);
        for (i = 0; i < 2; i++) {
            ssize_t n = in[i].fd >= 0 && in[i].revents != 0
                            ? read(in[i].fd, bytes, sizeof bytes)
                            : -1;

            if (n > 0) {
                buf_add(into[i], bytes, (size_t)n);
            } else if (in[i].revents != 0) {
                in[i].fd = -1;
            }
        }
    }
}

int live_call(const struct live *l, const char *const *words, struct buf *out,
              struct buf *err)
{
    struct buf *const into[2] = {out, err};
    int out_pipe[2], err_pipe[2], status;
    pid_t pid;

    MUST(pipe(out_pipe) == 0 && pipe(err_pipe) == 0);
    pid = fork();
    MUST(pid >= 0);
    if (pid == 0) {
        close(out_pipe[0]);
        close(err_pipe[0]);
        live_exec(l, words, out_pipe[1], err_pipe[1]);
    }
    close(out_pipe[1]);
    close(err_pipe[1]);
    live_take((const int[2]){out_pipe[0], err_pipe[0]}, into);
    close(out_pipe[0]);
    close(err_pipe[0]);
    MUST(waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
