/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/recording_label.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crc.h"
#include "base/num.h"
#include "base/text.h"
#include "record/recording_internal.h"

/* A slot: CRC-32 of what follows in it; which writing it is of, from 1; a name
 * and a note as texts; zeros. */
#define LABEL_TURN 4u
#define LABEL_BODY 8u

_Static_assert(LABEL_BODY + 2 * 2 + RECORDING_NAME_MAX + RECORDING_NOTE_MAX <=
                   RECORDING_SLOT,
               "a label fits its slot");

static void label_write(unsigned char *slot, uint32_t turn,
                        const struct recording_label *l)
{
    struct buf b;

    memset(slot, 0, RECORDING_SLOT);
    buf_init(&b, RECORDING_SLOT - LABEL_BODY);
    code_put_text(&b, l->name);
    code_put_text(&b, l->note);
    memcpy(slot + LABEL_BODY, b.data, b.len);
    buf_clear(&b);
    recording_put_u32(slot + LABEL_TURN, turn);
    recording_put_u32(
        slot, crc_add(0, slot + LABEL_TURN, RECORDING_SLOT - LABEL_TURN));
}

/* Which writing it is of; 0 = it does not hold. */
static uint32_t label_read(const unsigned char *slot, struct recording_label *l)
{
    struct code_in in;

    if (recording_get_u32(slot) !=
        crc_add(0, slot + LABEL_TURN, RECORDING_SLOT - LABEL_TURN)) {
        return 0;
    }
    code_in_init(&in, slot + LABEL_BODY, RECORDING_SLOT - LABEL_BODY);
    code_get_text(&in, l->name, sizeof l->name, false, "a name");
    code_get_text(&in, l->note, sizeof l->note, false, "a note");
    return in.bad ? 0 : recording_get_u32(slot + LABEL_TURN);
}

/* The index of the newer slot; -1 = neither holds. */
static int label_newer(const unsigned char *slots, uint32_t *turn,
                       struct recording_label *l)
{
    struct recording_label each[2];
    uint32_t turns[2];
    int i;

    for (i = 0; i < 2; i++) {
        turns[i] = label_read(slots + (size_t)i * RECORDING_SLOT, &each[i]);
    }
    memset(l, 0, sizeof *l);
    *turn = 0;
    if (turns[0] == 0 && turns[1] == 0) {
        return -1;
    }
    i = turns[1] > turns[0];
    *l = each[i];
    *turn = turns[i];
    return i;
}

bool recording_label_of(const unsigned char *slots, struct recording_label *l)
{
    uint32_t turn;

    return label_newer(slots, &turn, l) >= 0;
}

static bool label_name_chars(const char *name)
{
    size_t i;

    for (i = 0; name[i] != '\0'; i++) {
        char c = name[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '_' ||
              (i > 0 && (c == '-' || c == '.')))) {
            return false;
        }
    }
    return i > 0 && i < RECORDING_NAME_MAX;
}

bool recording_name_ok(const char *name, struct err *e)
{
    uint64_t number;
    char shown[128];

    if (!label_name_chars(name)) {
        err_set(e, ERR_RANGE,
                "'%s' is no name for a run: up to %d letters, digits, '-', "
                "'_' and '.' are, a letter, a digit or '_' first",
                text_safe(shown, sizeof shown, name), RECORDING_NAME_MAX - 1);
        return false;
    }
    if (strcmp(name, "last") == 0 || num_u64(name, 0, UINT64_MAX, &number)) {
        err_set(e, ERR_RANGE,
                "'%s' is no name for a run: it means %s of brunt runs", name,
                name[0] == 'l' ? "the newest" : "a number");
        return false;
    }
    return true;
}

static bool label_put(int fd, const char *name, const char *note,
                      struct recording_label *l)
{
    unsigned char slots[2 * RECORDING_SLOT], slot[RECORDING_SLOT];
    uint32_t turn = 0;
    int at;

    if (pread(fd, slots, sizeof slots, RECORDING_SLOTS) !=
        (ssize_t)sizeof slots) {
        errno = EIO;
        return false;
    }
    at = label_newer(slots, &turn, l) == 0 ? 1 : 0;
    if (name != NULL) {
        snprintf(l->name, sizeof l->name, "%s", name);
    }
    if (note != NULL) {
        (void)text_safe(l->note, sizeof l->note, note);
    }
    label_write(slot, turn + 1, l);
    return pwrite(fd, slot, sizeof slot,
                  RECORDING_SLOTS + at * (off_t)RECORDING_SLOT) ==
               (ssize_t)sizeof slot &&
           fdatasync(fd) == 0;
}

bool recording_relabel(const char *path, const char *name, const char *note,
                       struct err *e)
{
    struct recording_front f;
    int fd = recording_file(path, e);
    bool ok;

    if (fd < 0) {
        return false;
    }
    ok = recording_front_read(fd, path, &f, e);
    close(fd);
    if (!ok ||
        (name != NULL && name[0] != '\0' && !recording_name_ok(name, e))) {
        return false;
    }
    if (note != NULL && strlen(note) >= RECORDING_NOTE_MAX) {
        err_set(e, ERR_RANGE, "a note has at most %d bytes, this has %zu",
                RECORDING_NOTE_MAX - 1, strlen(note));
        return false;
    }
    fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
    ok = fd >= 0 && label_put(fd, name, note, &f.label);
    if (!ok) {
        err_set_at(e, ERR_IO, path, 0, 0, "cannot be written: %s",
                   strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}
