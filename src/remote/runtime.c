/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "remote/runtime.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"

#define RUNTIME_SUFFIX  ".sock"
#define RUNTIME_BACKLOG 16
#define RUNTIME_WAIT_S  2

static bool runtime_address(const char *path, struct sockaddr_un *a,
                            struct err *e)
{
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path[0] == '\0') {
        err_set(e, ERR_IO, "a control socket needs a path");
        return false;
    }
    if (strlen(path) >= sizeof a->sun_path) {
        err_set_at(e, ERR_IO, path, 0, 0,
                   "longer than the path of a socket may be (%zu bytes)",
                   sizeof a->sun_path - 1);
        return false;
    }
    memcpy(a->sun_path, path, strlen(path));
    return true;
}

static int runtime_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static bool runtime_dial(int fd, const struct sockaddr_un *a)
{
    return connect(fd, (const struct sockaddr *)(const void *)a, sizeof *a) ==
           0;
}

/* A folder of this user's alone, and itself no link. */
static bool runtime_private(const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    bool ok = false;

    if (fd < 0 || fstat(fd, &st) != 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "no folder for control sockets: %s",
                   strerror(errno));
    } else if (st.st_uid != geteuid()) {
        err_set_at(e, ERR_IO, path, 0, 0,
                   "belongs to another user (%lu), control sockets are not "
                   "put there",
                   (unsigned long)st.st_uid);
    } else if ((st.st_mode & 077) != 0) {
        err_set_at(e, ERR_IO, path, 0, 0,
                   "is open to others (mode %04o, must be 0700)",
                   (unsigned)(st.st_mode & 07777));
    } else {
        ok = true;
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

const char *runtime_temp_folder(void)
{
    const char *tmp = getenv("TMPDIR");

    return tmp != NULL && tmp[0] == '/' ? tmp : "/tmp";
}

static bool runtime_name(char *out, size_t size, struct err *e)
{
    const char *run = getenv("XDG_RUNTIME_DIR");
    int n;

    if (run != NULL && run[0] == '/') {
        n = snprintf(out, size, "%s/brunt", run);
    } else {
        n = snprintf(out, size, "%s/brunt-%lu", runtime_temp_folder(),
                     (unsigned long)geteuid());
    }
    if (n < 0 || (size_t)n >= size) {
        err_set(e, ERR_IO, "the runtime folder's path is too long");
        return false;
    }
    return true;
}

/* The private folder; made with create. */
static bool runtime_folder(char *out, size_t size, bool create, struct err *e)
{
    if (!runtime_name(out, size, e)) {
        return false;
    }
    if (create && mkdir(out, 0700) != 0 && errno != EEXIST) {
        err_set_at(e, ERR_IO, out, 0, 0, "cannot be made: %s", strerror(errno));
        return false;
    }
    return runtime_private(out, e);
}

/* Does anything answer there? 1 yes, 0 nobody, -1 it cannot be told. One that
 * is stopped, with more who wait for it than it has room for, would have us
 * wait, too: it is there all the same. */
static int runtime_alive(const char *path)
{
    struct sockaddr_un a;
    int fd, alive;

    if (!runtime_address(path, &a, NULL)) {
        return -1;
    }
    fd = runtime_socket();
    if (fd < 0) {
        return -1;
    }
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        alive = -1;
    } else if (runtime_dial(fd, &a) || errno == EAGAIN) {
        alive = 1;
    } else {
        alive = errno == ECONNREFUSED ? 0 : -1;
    }
    close(fd);
    return alive;
}

/* Makes room at path: only a socket that nobody listens at is removed. */
static bool runtime_clear(const char *path, struct err *e)
{
    struct stat st;

    if (lstat(path, &st) != 0) {
        return true; /* bind says what else may be wrong */
    }
    if (!S_ISSOCK(st.st_mode)) {
        err_set_at(e, ERR_IO, path, 0, 0, "is there already and is no socket");
        return false;
    }
    if (runtime_alive(path) != 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "another run listens there");
        return false;
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be removed: %s",
                   strerror(errno));
        return false;
    }
    return true;
}

/* The number in "123.sock"; 0 = not such a name. */
static uint64_t runtime_pid(const char *name)
{
    char digits[24];
    size_t n = strlen(name), k = sizeof RUNTIME_SUFFIX - 1;
    uint64_t pid = 0;

    if (n <= k || n - k >= sizeof digits ||
        strcmp(name + n - k, RUNTIME_SUFFIX) != 0) {
        return 0;
    }
    memcpy(digits, name, n - k);
    digits[n - k] = '\0';
    return num_u64(digits, 1, INT32_MAX, &pid) ? pid : 0;
}

static int runtime_order(const void *a, const void *b)
{
    uint64_t x = runtime_pid(strrchr((const char *)a, '/') + 1);
    uint64_t y = runtime_pid(strrchr((const char *)b, '/') + 1);

    return x < y ? -1 : x > y;
}

size_t runtime_list(char (*paths)[RUNTIME_PATH_MAX])
{
    char folder[RUNTIME_PATH_MAX];
    struct dirent *entry;
    size_t n = 0;
    DIR *dir;

    if (!runtime_folder(folder, sizeof folder, false, NULL)) {
        return 0;
    }
    dir = opendir(folder);
    while (dir != NULL && n < RUNTIME_RUNS_MAX &&
           (entry = readdir(dir)) != NULL) {
        char *path = paths[n];
        int len;

        if (runtime_pid(entry->d_name) == 0) {
            continue;
        }
        len = snprintf(path, RUNTIME_PATH_MAX, "%s/%s", folder, entry->d_name);
        if (len >= RUNTIME_PATH_MAX) {
            continue;
        }
        switch (runtime_alive(path)) {
        case 1:
            n++;
            break;
        case 0:
            /* Or it does not listen yet. */
            if (kill((pid_t)runtime_pid(entry->d_name), 0) != 0 &&
                errno == ESRCH) {
                (void)unlink(path);
            }
            break;
        default:
            break;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    qsort(paths, n, sizeof *paths, runtime_order);
    return n;
}

static bool runtime_bind(struct listening *l, struct err *e)
{
    struct sockaddr_un a;
    struct stat st;

    if (!runtime_address(l->path, &a, e) || !runtime_clear(l->path, e)) {
        return false;
    }
    l->fd = runtime_socket();
    /* The mode of a socket that is not bound yet is the one that its file
     * gets: at no moment is it open to others. */
    if (l->fd < 0 || fchmod(l->fd, 0600) != 0 ||
        bind(l->fd, (const struct sockaddr *)(const void *)&a, sizeof a) != 0) {
        err_set_at(e, ERR_IO, l->path, 0, 0, "no control socket: %s",
                   strerror(errno));
        return false;
    }
    if (lstat(l->path, &st) != 0 || (st.st_mode & 0777) != 0600 ||
        listen(l->fd, RUNTIME_BACKLOG) != 0) {
        err_set_at(e, ERR_IO, l->path, 0, 0, "no control socket: %s",
                   strerror(errno));
        (void)unlink(l->path);
        return false;
    }
    if (fcntl(l->fd, F_SETFL, O_NONBLOCK) != 0) {
        err_set_at(e, ERR_IO, l->path, 0, 0, "no control socket: %s",
                   strerror(errno));
        (void)unlink(l->path);
        return false;
    }
    l->dev = st.st_dev;
    l->ino = st.st_ino;
    return true;
}

bool runtime_listen(const char *path, struct listening *l, struct err *e)
{
    char folder[RUNTIME_PATH_MAX], dead[RUNTIME_RUNS_MAX][RUNTIME_PATH_MAX];
    int n;

    *l = (struct listening){.fd = -1};
    if (path == NULL) {
        if (!runtime_folder(folder, sizeof folder, true, e)) {
            return false;
        }
        (void)runtime_list(dead); /* removes what the dead left */
        n = snprintf(l->path, sizeof l->path, "%s/%ld" RUNTIME_SUFFIX, folder,
                     (long)getpid());
    } else {
        n = snprintf(l->path, sizeof l->path, "%s", path);
    }
    if (n < 0 || (size_t)n >= sizeof l->path) {
        err_set_at(e, ERR_IO, path != NULL ? path : folder, 0, 0,
                   "longer than the path of a socket may be (%zu bytes)",
                   sizeof l->path - 1);
        return false;
    }
    if (!runtime_bind(l, e)) {
        if (l->fd >= 0) {
            close(l->fd);
        }
        l->fd = -1;
        return false;
    }
    return true;
}

void runtime_unlisten(struct listening *l)
{
    struct stat st;

    if (l->fd < 0) {
        return;
    }
    if (lstat(l->path, &st) == 0 && st.st_dev == l->dev &&
        st.st_ino == l->ino) {
        (void)unlink(l->path);
    }
    close(l->fd);
    l->fd = -1;
}

/* A run that is stopped lets those who would speak to it wait: not longer than
 * this, neither to be let in nor to be heard. */
static bool runtime_patience(int fd)
{
    struct timeval wait = {.tv_sec = RUNTIME_WAIT_S};

    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) == 0;
}

int runtime_connect(const char *path, struct err *e)
{
    struct sockaddr_un a;
    int fd;

    if (!runtime_address(path, &a, e)) {
        return -1;
    }
    fd = runtime_socket();
    if (fd >= 0 && runtime_patience(fd) && runtime_dial(fd, &a)) {
        return fd;
    }
    switch (errno) {
    case ECONNREFUSED:
        err_set_at(e, ERR_IO, path, 0, 0, "no run listens there any more");
        break;
    case EAGAIN:
        err_set_at(e, ERR_IO, path, 0, 0,
                   "the run there does not answer: is it stopped?");
        break;
    default:
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be reached: %s",
                   strerror(errno));
        break;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}
