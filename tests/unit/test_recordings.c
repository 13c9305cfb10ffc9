/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "record/recording_internal.h"
#include "record/recordings.h"
#include "support/sim.h"

/* This exercises: the folder of recordings: names, order, how many are kept,
 * what is left alone; and what people say of a run. */

struct room {
    struct sim sim;
    char top[64], folder[128];
    struct buf front;
    int64_t clock; /* when the next one began */
};

static void room_init(struct room *x)
{
    memset(x, 0, sizeof *x);
    snprintf(x->top, sizeof x->top, "/tmp/brunt-runs-XXXXXX");
    assert_non_null(mkdtemp(x->top));
    snprintf(x->folder, sizeof x->folder, "%s/state/brunt/runs", x->top);
    sim_init(&x->sim, NULL, 7);
    buf_init(&x->front, 1 << 20);
    x->clock = INT64_C(1790000000000000);
}

static void room_clear(struct room *x)
{
    char command[160];
    struct recordings r;
    size_t i;

    assert_true(recordings_list(x->folder, &r, NULL));
    for (i = 0; i < r.n; i++) {
        unlink(r.list[i].path);
    }
    recordings_clear(&r);
    assert_int_equal(rmdir(x->folder), 0); /* nothing else is left in it */
    snprintf(command, sizeof command, "%s/state/brunt", x->top);
    assert_int_equal(rmdir(command), 0);
    snprintf(command, sizeof command, "%s/state", x->top);
    assert_int_equal(rmdir(command), 0);
    assert_int_equal(rmdir(x->top), 0);
    buf_clear(&x->front);
    sim_clear(&x->sim);
}

/* A run that began a second after the one before; its descriptor, locked. */
static int begin(struct room *x, const char *name, char *path, size_t size)
{
    struct recording_meta m;
    struct err e = ERR_INIT;
    struct wall when = {x->clock += 1000000};
    int fd;

    x->sim.info.started = when;
    recording_meta_of(&x->sim.info, false, &m);
    buf_reset(&x->front);
    assert_true(recording_front(&x->front, &m, "", 0));
    fd = recordings_new(x->folder, when, name, x->front.data, x->front.len,
                        path, size, &e);
    if (fd < 0) {
        fail_msg("%s: %s", e.where, e.text);
    }
    return fd;
}

static void ended(struct room *x, const char *name, char *path, size_t size)
{
    close(begin(x, name, path, size));
}

static size_t count(const struct room *x)
{
    struct recordings r;
    size_t n;

    assert_true(recordings_list(x->folder, &r, NULL));
    n = r.n;
    recordings_clear(&r);
    return n;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void a_folder_that_cannot_be_read_is_not_an_empty_one(void **state)
{
    static const char here[] = "a-file-beside.txt";
    struct err e = ERR_INIT;
    struct recordings r;
    char path[160], got[RECORDINGS_PATH_MAX];
    struct room x;

    (void)state;
    room_init(&x);
    ended(&x, "one", path, sizeof path);
    /* A file is in the way. */
    assert_false(recordings_list(path, &r, &e));
    assert_int_equal(r.n, 0);
    assert_string_equal(e.where, path);
    assert_non_null(strstr(e.text, "cannot be read"));
    e = (struct err)ERR_INIT;
    assert_false(recordings_find(path, "last", got, sizeof got, &e));
    assert_non_null(strstr(e.text, "cannot be read"));
    e = (struct err)ERR_INIT;
    assert_false(recordings_find("", "last", got, sizeof got, &e));
    assert_string_equal(e.text, RECORDINGS_NOWHERE);
    /* What is no folder at all has no runs yet. */
    assert_true(recordings_list("/nowhere/at/all", &r, NULL));
    /* A word that names a file here, and nothing of the folder. */
    fclose(fopen(here, "w"));
    assert_true(recordings_find(x.folder, here, got, sizeof got, NULL));
    assert_string_equal(got, here);
    unlink(here);
    assert_false(recordings_find(x.folder, here, got, sizeof got, NULL));
    room_clear(&x);
}

static void the_folder_and_what_is_in_it_are_one_s_own(void **state)
{
    struct room x;
    struct stat st;
    char path[256], shape[] = "0000-00-00T00-00-00-shop.brunt";
    const char *base;
    size_t i;

    (void)state;
    room_init(&x);
    ended(&x, "shop", path, sizeof path);
    assert_int_equal(stat(x.folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    base = strrchr(path, '/') + 1;
    for (i = 0; base[i] != '\0'; i++) {
        char c = base[i] >= '0' && base[i] <= '9' ? '0' : base[i];

        assert_int_equal(c, shape[i]);
    }
    room_clear(&x);
}

static void two_of_the_same_second_are_two(void **state)
{
    struct room x;
    char a[256], b[256];

    (void)state;
    room_init(&x);
    ended(&x, "shop", a, sizeof a);
    x.clock -= 1000000;
    ended(&x, "shop", b, sizeof b);
    assert_string_not_equal(a, b);
    assert_non_null(strstr(b, "-shop-2.brunt"));
    assert_int_equal(count(&x), 2);
    room_clear(&x);
}

static void the_newest_is_first_and_found_by_whatever_it_is_called(void **state)
{
    struct room x;
    char a[256], b[256], c[256], got[256];
    struct err e = ERR_INIT;
    int live;

    (void)state;
    room_init(&x);
    ended(&x, "a", a, sizeof a);
    ended(&x, "b", b, sizeof b);
    live = begin(&x, "c", c, sizeof c);
    assert_true(recordings_find(x.folder, "last", got, sizeof got, &e));
    assert_string_equal(got, b); /* c is being written */
    assert_true(recordings_find(x.folder, "1", got, sizeof got, &e));
    assert_string_equal(got, c);
    assert_true(recordings_find(x.folder, "3", got, sizeof got, &e));
    assert_string_equal(got, a);
    assert_true(
        recordings_find(x.folder, strrchr(a, '/') + 1, got, sizeof got, &e));
    assert_string_equal(got, a);
    assert_true(recording_relabel(a, "before-fix", NULL, &e));
    assert_true(recordings_find(x.folder, "before-fix", got, sizeof got, &e));
    assert_string_equal(got, a);
    assert_true(recordings_find("", a, got, sizeof got, &e));
    assert_string_equal(got, a);
    assert_false(recordings_find(x.folder, "4", got, sizeof got, &e));
    assert_string_equal(e.text, "there is no run 4: the list has 1 to 3");
    e = (struct err)ERR_INIT;
    assert_false(recordings_find(x.folder, "before-fox", got, sizeof got, &e));
    assert_string_equal(e.text, "there is no run 'before-fox' (did you mean "
                                "'before-fix'?; brunt runs lists all)");
    e = (struct err)ERR_INIT;
    assert_false(recordings_find("/nowhere", "last", got, sizeof got, &e));
    assert_string_equal(e.text, "no run has been recorded yet");
    close(live);
    room_clear(&x);
}

static void
so_many_are_kept_and_named_ones_and_live_ones_beside_them(void **state)
{
    struct room x;
    struct err e = ERR_INIT;
    char live[256], named[256], old[256], path[256];
    int fd, i;

    (void)state;
    room_init(&x);
    fd = begin(&x, "live", live, sizeof live);
    ended(&x, "named", named, sizeof named);
    assert_true(recording_relabel(named, "keep", NULL, &e));
    ended(&x, "old", old, sizeof old);
    for (i = 0; i < 4; i++) {
        ended(&x, "new", path, sizeof path);
    }
    recordings_tidy(x.folder, 4);
    assert_true(is_there(live));
    assert_true(is_there(named));
    assert_false(is_there(old));
    assert_int_equal(count(&x), 6);
    close(fd); /* it has ended */
    recordings_tidy(x.folder, 4);
    assert_false(is_there(live));
    assert_true(is_there(named));
    assert_int_equal(count(&x), 5);
    room_clear(&x);
}

static void put(const char *path, const void *data, size_t n)
{
    struct err e = ERR_INIT;

    assert_true(file_write(path, data, n, &e));
}

static void what_was_half_made_goes_and_what_is_foreign_stays(void **state)
{
    struct room x;
    char path[256], begun[256], held[256], half[256], foreign[256], other[256];
    int fd;

    (void)state;
    room_init(&x);
    ended(&x, "a", path, sizeof path);
    snprintf(begun, sizeof begun, "%s/.new-0123456789abcdef", x.folder);
    snprintf(held, sizeof held, "%s/.new-1123456789abcdef", x.folder);
    snprintf(half, sizeof half, "%s/half.brunt", x.folder);
    snprintf(foreign, sizeof foreign, "%s/foreign.brunt", x.folder);
    snprintf(other, sizeof other, "%s/notes.txt", x.folder);
    put(begun, x.front.data, 100);
    put(held, x.front.data, 100);
    put(half, x.front.data, 1100);
    put(foreign, "mine", 4);
    put(other, "mine", 4);
    fd = open(held, O_RDONLY);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    recordings_tidy(x.folder, 50);
    assert_false(is_there(begun));
    assert_true(is_there(held));
    assert_false(is_there(half));
    assert_true(is_there(foreign));
    assert_true(is_there(other));
    assert_true(is_there(path));
    recordings_tidy(x.folder, 0);
    assert_true(is_there(foreign));
    assert_false(is_there(path));
    close(fd);
    unlink(held);
    unlink(other);
    room_clear(&x);
}

static void one_that_is_written_is_not_removed(void **state)
{
    struct room x;
    struct err e = ERR_INIT;
    char path[256];
    int fd;

    (void)state;
    room_init(&x);
    fd = begin(&x, "a", path, sizeof path);
    assert_false(recordings_remove(path, &e));
    assert_string_equal(e.text, "is being written by a run");
    assert_true(is_there(path));
    close(fd);
    e = (struct err)ERR_INIT;
    assert_true(recordings_remove(path, &e));
    assert_false(is_there(path));
    room_clear(&x);
}

/* A slip of the finger must not cost anybody a file. */
static void what_is_no_recording_stays(void **state)
{
    static const char words[] = "precious: as long as what a recording begins";
    struct room x;
    struct err e = ERR_INIT;
    char path[256], found[256];
    int fd;

    (void)state;
    room_init(&x);
    fd = begin(&x, "a", found, sizeof found);
    close(fd);
    e = (struct err)ERR_INIT;
    assert_false(recordings_find(x.folder, "", path, sizeof path, &e));
    assert_true(is_there(found));
    e = (struct err)ERR_INIT;
    snprintf(path, sizeof path, "%s/plan.json", x.folder);
    assert_true(file_write(path, words, strlen(words), &e));
    assert_false(recordings_remove(path, &e));
    assert_non_null(strstr(e.text, "is not a recording, and stays"));
    assert_true(file_write(path, "", 0, &e));
    assert_false(recordings_remove(path, &e));
    assert_true(is_there(path));
    unlink(path);
    room_clear(&x);
}

static void label_is(const char *path, const char *name, const char *note)
{
    struct recording_front f;
    struct err e = ERR_INIT;
    int fd = recording_file(path, &e);

    assert_true(recording_front_read(fd, path, &f, &e));
    assert_string_equal(f.label.name, name);
    assert_string_equal(f.label.note, note);
    close(fd);
}

static void names_and_notes_stand_in_the_file_whatever_its_state(void **state)
{
    struct room x;
    struct err e = ERR_INIT;
    char path[256];
    int fd;

    (void)state;
    room_init(&x);
    fd = begin(&x, "a", path, sizeof path); /* which is being written */
    label_is(path, "", "");
    assert_true(recording_relabel(path, "v1", NULL, &e));
    label_is(path, "v1", "");
    assert_true(recording_relabel(path, NULL, "before\nthe fix", &e));
    label_is(path, "v1", "before\\nthe fix");
    assert_true(recording_relabel(path, "v2", NULL, &e));
    label_is(path, "v2", "before\\nthe fix");
    assert_true(recording_relabel(path, "", "", &e));
    label_is(path, "", "");
    close(fd);
    room_clear(&x);
}

/* The machine stops while a label is written: the one before is still known. */
static void half_a_label_is_the_one_before(void **state)
{
    struct room x;
    struct err e = ERR_INIT;
    char path[256];
    struct buf b;

    (void)state;
    room_init(&x);
    ended(&x, "a", path, sizeof path);
    assert_true(recording_relabel(path, "one", NULL, &e));
    assert_true(recording_relabel(path, "two", NULL, &e));
    label_is(path, "two", "");
    buf_init(&b, 1 << 20);
    assert_true(file_read(path, &b, &e));
    b.data[RECORDING_SLOTS + RECORDING_SLOT + 9] = 'x'; /* of "two" */
    put(path, b.data, b.len);
    label_is(path, "one", "");
    assert_true(recording_relabel(path, "three", NULL, &e));
    label_is(path, "three", "");
    buf_clear(&b);
    room_clear(&x);
}

static void what_means_something_else_is_no_name(void **state)
{
    static const char *const bad[] = {"",    "last", "7",        "-x",    ".x",
                                      "a b", "a/b",  "\xc3\xa4", "x\x1b["};
    struct err e;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        e = (struct err)ERR_INIT;
        assert_false(recording_name_ok(bad[i], &e));
        assert_non_null(strstr(e.text, "is no name for a run"));
    }
    assert_true(recording_name_ok("v1.2-before_fix", &e));
    assert_true(recording_name_ok("2026-11", &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_that_cannot_be_read_is_not_an_empty_one),
        cmocka_unit_test(the_folder_and_what_is_in_it_are_one_s_own),
        cmocka_unit_test(two_of_the_same_second_are_two),
        cmocka_unit_test(
            the_newest_is_first_and_found_by_whatever_it_is_called),
        cmocka_unit_test(
            so_many_are_kept_and_named_ones_and_live_ones_beside_them),
        cmocka_unit_test(what_was_half_made_goes_and_what_is_foreign_stays),
        cmocka_unit_test(one_that_is_written_is_not_removed),
        cmocka_unit_test(what_is_no_recording_stays),
        cmocka_unit_test(names_and_notes_stand_in_the_file_whatever_its_state),
        cmocka_unit_test(half_a_label_is_the_one_before),
        cmocka_unit_test(what_means_something_else_is_no_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
