/* SPDX-License-Identifier: MIT
 *
 * recording_block - what a recording is made of, written and read: its head,
 * and blocks that know whether they are whole. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc.h"
#include "base/must.h"
#include "base/xalloc.h"
#include "record/recording_internal.h"

void recording_put_u32(unsigned char *at, uint32_t v)
{
    int i;

    for (i = 0; i < 4; i++) {
        at[i] = (unsigned char)(v >> (8 * i) & 0xff);
    }
}

uint32_t recording_get_u32(const unsigned char *at)
{
    uint32_t v = 0;
    int i;

    for (i = 0; i < 4; i++) {
        v |= (uint32_t)at[i] << (8 * i);
    }
    return v;
}

/* Of kind, length and what follows. */
static uint32_t block_crc(const unsigned char *head, const void *data, size_t n)
{
    return crc_add(crc_add(0, head, 5), data, n);
}

bool recording_block(struct buf *out, enum recording_kind kind,
                     const void *data, size_t n)
{
    unsigned char head[RECORDING_BLOCK_HEAD];

    if (n > RECORDING_BLOCK_MAX) {
        return false;
    }
    head[0] = (unsigned char)kind;
    recording_put_u32(head + 1, (uint32_t)n);
    recording_put_u32(head + 5, block_crc(head, data, n));
    return buf_add(out, head, sizeof head) && (n == 0 || buf_add(out, data, n));
}

bool recording_front(struct buf *out, const struct recording_meta *m,
                     const void *info, size_t n_info)
{
    unsigned char head[RECORDING_BLOCKS] = RECORDING_MAGIC;
    struct buf meta;
    bool ok;

    recording_put_u32(head + RECORDING_MAGIC_LEN, RECORDING_FORMAT);
    buf_init(&meta, RECORDING_END_MAX);
    recording_meta_encode(&meta, m);
    ok = !meta.cut && buf_add(out, head, sizeof head) &&
         recording_block(out, RECORDING_META, meta.data, meta.len) &&
         recording_block(out, RECORDING_INFO, info, n_info);
    buf_clear(&meta);
    return ok;
}

void recording_end_block(struct buf *out, const struct recording_sum *sum)
{
    unsigned char size[4];
    struct buf b;
    bool ok;

    buf_init(&b, RECORDING_END_MAX);
    recording_sum_encode(&b, sum);
    recording_put_u32(size, (uint32_t)(RECORDING_BLOCK_HEAD + b.len + 4));
    ok = buf_add(&b, size, sizeof size) &&
         recording_block(out, RECORDING_END, b.data, b.len);
    MUST(ok); /* texts of a sum have a bound */
    buf_clear(&b);
}

/* So many bytes, or fewer where the file ends; -1 = errno. */
static ssize_t block_bytes(int fd, void *out, size_t n, uint64_t at)
{
    size_t done = 0;

    while (done < n) {
        ssize_t got =
            pread(fd, (char *)out + done, n - done, (off_t)(at + done));

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* In pieces: a file that says it is long has to be long. */
static enum recording_got block_data(int fd, uint64_t at, size_t n,
                                     struct buf *data)
{
    char piece[16384];
    size_t done;

    buf_reset(data);
    for (done = 0; done < n;) {
        size_t want = n - done < sizeof piece ? n - done : sizeof piece;
        ssize_t got = block_bytes(fd, piece, want, at + done);

        if (got < 0) {
            return RECORDING_GOT_ERROR;
        }
        if ((size_t)got < want) {
            return RECORDING_GOT_CUT;
        }
        if (!buf_add(data, piece, want)) {
            return RECORDING_GOT_BAD;
        }
        done += want;
    }
    return RECORDING_GOT_BLOCK;
}

enum recording_got recording_block_read(int fd, uint64_t size, uint64_t at,
                                        char *kind, struct buf *data,
                                        uint64_t *next)
{
    unsigned char head[RECORDING_BLOCK_HEAD];
    enum recording_got got;
    ssize_t n;
    uint32_t len;

    if (at >= size) {
        return RECORDING_GOT_NONE;
    }
    n = block_bytes(fd, head, sizeof head, at);
    if (n < 0) {
        return RECORDING_GOT_ERROR;
    }
    if ((size_t)n < sizeof head) {
        return RECORDING_GOT_CUT;
    }
    len = recording_get_u32(head + 1);
    if (len > RECORDING_BLOCK_MAX) {
        return RECORDING_GOT_BAD;
    }
    if (len > size - at - sizeof head) {
        return RECORDING_GOT_CUT;
    }
    got = block_data(fd, at + sizeof head, len, data);
    if (got == RECORDING_GOT_BLOCK &&
        block_crc(head, data->data, len) != recording_get_u32(head + 5)) {
        return RECORDING_GOT_BAD;
    }
    *kind = (char)head[0];
    *next = at + sizeof head + len;
    return got;
}

int recording_file(const char *path, struct err *e)
{
    /* Not to wait for whoever writes into a pipe. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be opened: %s",
                   strerror(errno));
        return -1;
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        err_set_at(e, ERR_IO, path, 0, 0, "is no file with a recording");
        close(fd);
        return -1;
    }
    return fd;
}

bool recording_locked(int fd)
{
    if (flock(fd, LOCK_SH | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK;
    }
    (void)flock(fd, LOCK_UN);
    return false;
}

/* Magic, format and labels. */
static bool front_head(int fd, const char *path, struct recording_front *f,
                       struct err *e)
{
    unsigned char head[RECORDING_BLOCKS];
    ssize_t n = block_bytes(fd, head, sizeof head, 0);
    uint32_t format;

    if (n < 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be read: %s",
                   strerror(errno));
        return false;
    }
    if (memcmp(head, RECORDING_MAGIC,
               (size_t)n < RECORDING_MAGIC_LEN ? (size_t)n
                                               : RECORDING_MAGIC_LEN) != 0) {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "is not a recording: it begins with other bytes than one "
                   "(brunt runs lists those there are)");
        return false;
    }
    f->half = (size_t)n < sizeof head;
    if (f->half) {
        return false;
    }
    format = recording_get_u32(head + RECORDING_MAGIC_LEN);
    if (format != RECORDING_FORMAT) {
        err_set_at(e, ERR_SUPPORT, path, 0, 0,
                   "is a recording of format %lu; this is brunt %s, which "
                   "knows format %u: use a newer one",
                   (unsigned long)format, PACKAGE_VERSION, RECORDING_FORMAT);
        return false;
    }
    (void)recording_label_of(head + RECORDING_SLOTS, &f->label);
    return true;
}

/* Its end, where it stands as the last thing in the file. */
static void front_end(int fd, struct recording_front *f, struct buf *data)
{
    unsigned char last[4];
    struct code_in in;
    uint64_t next = 0;
    uint32_t n;
    char kind = 0;

    if (f->size < f->at + RECORDING_BLOCK_HEAD + sizeof last ||
        block_bytes(fd, last, sizeof last, f->size - sizeof last) !=
            (ssize_t)sizeof last) {
        return;
    }
    n = recording_get_u32(last);
    if (n < RECORDING_BLOCK_HEAD + sizeof last || n > RECORDING_END_MAX ||
        n > f->size - f->at ||
        recording_block_read(fd, f->size, f->size - n, &kind, data, &next) !=
            RECORDING_GOT_BLOCK ||
        kind != RECORDING_END || next != f->size) {
        return;
    }
    code_in_init(&in, data->data, data->len - sizeof last);
    recording_sum_decode(&in, &f->sum);
    f->ended = !in.bad;
}

bool recording_front_read(int fd, const char *path, struct recording_front *f,
                          struct err *e)
{
    enum recording_got got = RECORDING_GOT_CUT;
    struct code_in in;
    struct buf data;
    struct stat st;
    char kind = 0;

    memset(f, 0, sizeof *f);
    f->size = fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    if (!front_head(fd, path, f, e) && !f->half) {
        return false;
    }
    buf_init(&data, RECORDING_BLOCK_MAX);
    if (!f->half) {
        got = recording_block_read(fd, f->size, RECORDING_BLOCKS, &kind, &data,
                                   &f->at);
    }
    code_in_init(&in, data.data, data.len);
    if (got == RECORDING_GOT_BLOCK && kind == RECORDING_META) {
        recording_meta_decode(&in, &f->meta);
    }
    f->half = got == RECORDING_GOT_CUT || got == RECORDING_GOT_NONE;
    if (f->half) {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "ends after %llu bytes, before its header does: there is "
                   "nothing of a run in it",
                   (unsigned long long)f->size);
    } else if (got != RECORDING_GOT_BLOCK || kind != RECORDING_META || in.bad) {
        err_set_at(e, ERR_SYNTAX, path, 0, 0,
                   "is damaged at byte %u, in its header: nothing can be read",
                   RECORDING_BLOCKS);
    } else {
        front_end(fd, f, &data);
        buf_clear(&data);
        return true;
    }
    buf_clear(&data);
    return false;
}
