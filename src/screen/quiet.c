/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/quiet.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int quiet_file(void)
{
    FILE *file;
    int fd = -1;

#ifdef HAVE_MEMFD_CREATE
    fd = memfd_create("brunt", MFD_CLOEXEC);
#endif
    if (fd < 0) {
        file = tmpfile();
        if (file != NULL) {
            fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
            fclose(file);
        }
    }
    return fd;
}

void quiet_begin(struct quiet *q)
{
    *q = (struct quiet){.was = -1, .kept = -1};
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    q->kept = quiet_file();
    if (q->kept < 0) {
        return;
    }
    /* Every writer adds at the end, whatever was cut away meanwhile. */
    fcntl(q->kept, F_SETFL, O_APPEND);
    q->was = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (q->was >= 0) {
        fflush(stderr);
        dup2(q->kept, STDERR_FILENO);
    }
}

void quiet_bound(struct quiet *q)
{
    if (q->kept >= 0 && lseek(q->kept, 0, SEEK_END) > QUIET_BYTES_MAX &&
        ftruncate(q->kept, 0) == 0) {
        dprintf(q->kept, "(what was printed before this is not kept)\n");
    }
}

void quiet_end(struct quiet *q)
{
    char bytes[1024];
    ssize_t n;

    if (q->was >= 0) {
        fflush(stderr);
        dup2(q->was, STDERR_FILENO);
        close(q->was);
        lseek(q->kept, 0, SEEK_SET);
        do {
            n = read(q->kept, bytes, sizeof bytes);
        } while (n > 0 && write(STDERR_FILENO, bytes, (size_t)n) > 0);
    }
    if (q->kept >= 0) {
        close(q->kept);
    }
    *q = (struct quiet){.was = -1, .kept = -1};
}
