/* SPDX-License-Identifier: MIT
 *
 * slow_disk - brunt itself, on a disk that hangs as long as a test wants: where
 * the environment's SLOW_DISK names a FIFO that is there, what is flushed to
 * disk waits until somebody has it open for writing. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The linker takes this one before libc's. */
int fdatasync(int fd)
{
    const char *fifo = getenv("SLOW_DISK");
    int gate = fifo != NULL ? open(fifo, O_RDONLY | O_CLOEXEC) : -1;

    if (gate >= 0) {
        close(gate);
    }
    return fsync(fd);
}
