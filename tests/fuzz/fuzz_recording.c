/* SPDX-License-Identifier: MIT
 *
 * Whatever is in a file, the reader of recordings reads it or says what is
 * wrong, a story takes the ticks, and a report is made of them. The first byte
 * says what is done to the rest before: 0 nothing; 1 checksums are made right,
 * so that more than them is tried; 2 frames are packed as well: they are ticks
 * as they are. */
#include "config.h"

#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "record/recording_in.h"
#include "record/report.h"
#include "support/recording_mend.h"

#define ROOM      (1u << 20)
#define TICKS_MAX 8

/* A story costs more than all else: not each gets one. */
static int fuzz_ticks(struct recording_in *r, struct tick_read *t, bool told,
                      int *n, struct err *e)
{
    struct story *s = told ? story_new(recording_info(r)) : NULL;
    const struct report_options options = {.meta = recording_meta(r),
                                           .label = recording_label(r)};
    struct recording_sum sum;
    int got = 1;

    while (got == 1) {
        if ((*n)++ < TICKS_MAX && told) {
            story_feed(s, &t->tick);
        }
        tick_read_clear(t);
        got = recording_next(r, t, e);
    }
    if (told) {
        recording_sum_of(s, &sum);
        free(report_html(s, &options));
    }
    story_free(&s);
    return got;
}

static void fuzz_read(const char *path, bool told)
{
    struct err e = ERR_INIT;
    struct recording_in *r = recording_open(path, &e);
    struct tick_read t;
    int got, again, n = 0;

    if (r == NULL) {
        MUST(e.text[0] != '\0');
        return;
    }
    got = recording_next(r, &t, &e);
    if (got == 1) {
        got = fuzz_ticks(r, &t, told, &n, &e);
    }
    MUST((got < 0) == (e.text[0] != '\0'));
    again = recording_next(r, &t, NULL);
    MUST(again == got);
    recording_rewind(r);
    got = recording_next(r, &t, NULL);
    MUST((got == 1) == (n > 0));
    if (got == 1) {
        tick_read_clear(&t);
    }
    recording_shut(&r);
}

static char fuzz_path[] = "/tmp/brunt-fuzz-XXXXXX";

static void fuzz_unlink(void)
{
    unlink(fuzz_path);
}

int fuzz_one(const uint8_t *data, size_t n)
{
    static int fd = -1;
    struct buf file;
    bool ok;

    if (n == 0) {
        return 0;
    }
    if (fd < 0) {
        fd = mkstemp(fuzz_path);
        MUST(fd >= 0);
        atexit(fuzz_unlink);
    }
    buf_init(&file, ROOM);
    if (data[0] == 1 || data[0] == 2) {
        recording_mend(&file, (const char *)data + 1, n - 1, data[0] == 2);
    } else {
        (void)buf_add(&file, data + 1, n - 1);
    }
    ok = ftruncate(fd, 0) == 0 &&
         pwrite(fd, buf_str(&file), file.len, 0) == (ssize_t)file.len;
    MUST(ok);
    fuzz_read(fuzz_path, n % 8 == 0);
    buf_clear(&file);
    return 0;
}
