/* SPDX-License-Identifier: MIT
 *
 * held_names - a resolver that hangs, to be preloaded (LD_PRELOAD): a name that
 * ends in ".held" is written into $HELD_NAMES/asked, and is not resolved before
 * somebody opens the pipe $HELD_NAMES/go for writing; then it is 127.0.0.1. All
 * other names are the system's. */
#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int ask_fn(const char *name, const char *service,
                   const struct addrinfo *hints, struct addrinfo **found);

static void held_names_wait(const char *name)
{
    const char *folder = getenv("HELD_NAMES");
    char path[4096];
    int fd;

    if (folder == NULL) {
        abort(); /* it would hold nothing, and the test prove nothing */
    }
    snprintf(path, sizeof path, "%s/asked", folder);
    fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || dprintf(fd, "%s\n", name) < 0 || close(fd) != 0) {
        abort();
    }
    snprintf(path, sizeof path, "%s/go", folder);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || close(fd) != 0) {
        abort();
    }
}

int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    static const char tail[] = ".held";
    size_t n = name != NULL ? strlen(name) : 0, k = sizeof tail - 1;
    bool held = n > k && strcmp(name + n - k, tail) == 0;
    void *at = dlsym(RTLD_NEXT, "getaddrinfo");
    ask_fn *ask;

    if (at == NULL) {
        abort();
    }
    memcpy(&ask, &at, sizeof ask); /* ISO C has no such conversion */
    /* A number is asked for first: that takes no time. */
    if (held && (hints == NULL || (hints->ai_flags & AI_NUMERICHOST) == 0)) {
        held_names_wait(name);
        name = "127.0.0.1";
    }
    return ask(name, service, hints, found);
}
