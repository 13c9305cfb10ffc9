/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* Each test has a folder of its own, and stands in it. */
static int folder_enter(void **state)
{
    static char dir[64];

    snprintf(dir, sizeof dir, "/tmp/brunt-file-XXXXXX");
    *state = mkdtemp(dir);
    return *state != NULL && chdir(*state) == 0 ? 0 : -1;
}

static size_t folder_count(void)
{
    DIR *d = opendir(".");
    size_t n = 0;

    assert_non_null(d);
    while (readdir(d) != NULL) {
        n++;
    }
    closedir(d);
    return n - 2;
}

static int folder_leave(void **state)
{
    DIR *d = opendir(".");
    const struct dirent *entry;

    while ((entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0) {
            remove(entry->d_name);
        }
    }
    closedir(d);
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static void holds(const char *path, const char *text)
{
    struct buf b;
    struct err e = ERR_INIT;

    buf_init(&b, 1000000);
    assert_true(file_read(path, &b, &e));
    assert_string_equal(buf_str(&b), text);
    buf_clear(&b);
}

static void what_is_written_is_read_back(void **state)
{
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    assert_true(file_write("a", "x\0y", 3, &e));
    buf_init(&b, 3);
    assert_true(file_read("a", &b, &e));
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "x\0y", 3);
    buf_clear(&b);
    assert_true(file_write("a", "", 0, &e));
    holds("a", "");
    assert_int_equal(folder_count(), 1);
}

static void a_file_larger_than_allowed_is_refused(void **state)
{
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    assert_true(file_write("a", "abcd", 4, &e));
    buf_init(&b, 3);
    assert_false(file_read("a", &b, &e));
    assert_int_equal(e.code, ERR_LIMIT);
    assert_string_equal(e.text, "larger than 3 bytes");
    assert_string_equal(e.where, "a");
    assert_int_equal(b.len, 0);
    e = (struct err)ERR_INIT;
    assert_false(file_read("/dev/zero", &b, &e));
    assert_int_equal(e.code, ERR_LIMIT);
    buf_clear(&b);
}

static void what_cannot_be_read_says_why(void **state)
{
    struct err e = ERR_INIT;
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    assert_false(file_read("none", &b, &e));
    assert_int_equal(e.code, ERR_IO);
    assert_string_equal(e.text, "cannot open: No such file or directory");
    e = (struct err)ERR_INIT;
    assert_false(file_read(".", &b, &e));
    assert_string_equal(e.text, "cannot read: Is a directory");
    buf_clear(&b);
}

static void
what_cannot_be_written_says_so_before_and_leaves_nothing(void **state)
{
    static const char *const paths[] = {"none/a", ".",   "none/",
                                        "",       "a/b", "/proc/none/x"};

    (void)state;
    {
        struct err e = ERR_INIT;

        assert_true(file_write("a", "old", 3, &e));
    }
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct err e = ERR_INIT;

        assert_false(file_writable(paths[i], &e));
        assert_int_equal(e.code, ERR_IO);
        assert_string_equal(e.where, paths[i]);
        assert_true(strncmp(e.text, "cannot write: ", 14) == 0);
        e = (struct err)ERR_INIT;
        assert_false(file_write(paths[i], "x", 1, &e));
        assert_int_equal(e.code, ERR_IO);
    }
    assert_int_equal(folder_count(), 1);
    holds("a", "old");
}

static void trying_leaves_all_as_it_was(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    assert_true(file_writable("a", &e));
    assert_int_equal(folder_count(), 0);
    assert_true(file_write("a", "old", 3, &e));
    assert_true(file_writable("a", &e));
    assert_int_equal(folder_count(), 1);
    holds("a", "old");
}

static void a_read_only_file_is_not_replaced(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    if (geteuid() == 0) {
        skip(); /* root may write to everything */
    }
    assert_true(file_write("a", "old", 3, &e));
    assert_int_equal(chmod("a", 0444), 0);
    assert_false(file_writable("a", &e));
    e = (struct err)ERR_INIT;
    assert_false(file_write("a", "new", 3, &e));
    holds("a", "old");
}

static void a_write_that_breaks_off_leaves_the_old_file(void **state)
{
    static char big[20000];
    struct err e = ERR_INIT;
    pid_t pid;
    int status;

    (void)state;
    memset(big, 'x', sizeof big);
    assert_true(file_write("a", "old", 3, &e));
    pid = fork();
    if (pid == 0) {
        const struct rlimit limit = {1000, 1000};

        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit(file_write("a", big, sizeof big, &e)             ? 1
              : strcmp(e.text, "cannot write: File too large") ? 2
                                                               : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    holds("a", "old");
    assert_int_equal(folder_count(), 1);
}

static void the_mode_of_a_file_stays_and_a_new_one_obeys_the_mask(void **state)
{
    struct err e = ERR_INIT;
    struct stat st;
    mode_t mask = umask(027);

    (void)state;
    assert_true(file_write("a", "1", 1, &e));
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(chmod("a", 0606), 0);
    assert_true(file_write("a", "2", 1, &e));
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0606);
    umask(mask);
}

static void a_link_stays_a_link(void **state)
{
    struct err e = ERR_INIT;
    struct stat st;

    (void)state;
    assert_true(file_write("a", "1", 1, &e));
    assert_int_equal(symlink("a", "b"), 0);
    assert_true(file_write("b", "2", 1, &e));
    holds("a", "2");
    assert_int_equal(lstat("b", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void a_device_or_a_pipe_is_written_to_and_not_replaced(void **state)
{
    struct err e = ERR_INIT;
    struct stat st;
    char got[8] = "";
    int fd;

    (void)state;
    assert_true(file_writable("/dev/null", &e));
    assert_true(file_write("/dev/null", "x", 1, &e));
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    assert_int_equal(mkfifo("pipe", 0600), 0);
    fd = open("pipe", O_RDWR);
    assert_true(fd >= 0);
    assert_true(file_write("pipe", "hi", 2, &e));
    assert_int_equal(read(fd, got, 2), 2);
    assert_string_equal(got, "hi");
    close(fd);
    assert_int_equal(lstat("pipe", &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    e = (struct err)ERR_INIT;
    assert_false(file_write("/dev/full", "x", 1, &e));
    assert_string_equal(e.text, "cannot write: No space left on device");
}

static void a_name_of_the_greatest_length_can_be_written(void **state)
{
    struct err e = ERR_INIT;
    char name[256];

    (void)state;
    memset(name, 'n', 255);
    name[255] = '\0';
    assert_true(file_write(name, "x", 1, &e));
    holds(name, "x");
}

static void sha_256_gives_the_published_sums(void **state)
{
    char out[65];

    (void)state;
    file_sha256("", 0, out);
    assert_string_equal(out, "e3b0c44298fc1c149afbf4c8996fb924"
                             "27ae41e4649b934ca495991b7852b855");
    file_sha256("abc", 3, out);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
}

#define IN_FOLDER(f)                                                           \
    cmocka_unit_test_setup_teardown(f, folder_enter, folder_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_is_written_is_read_back),
        IN_FOLDER(a_file_larger_than_allowed_is_refused),
        IN_FOLDER(what_cannot_be_read_says_why),
        IN_FOLDER(what_cannot_be_written_says_so_before_and_leaves_nothing),
        IN_FOLDER(trying_leaves_all_as_it_was),
        IN_FOLDER(a_read_only_file_is_not_replaced),
        IN_FOLDER(a_write_that_breaks_off_leaves_the_old_file),
        IN_FOLDER(the_mode_of_a_file_stays_and_a_new_one_obeys_the_mask),
        IN_FOLDER(a_link_stays_a_link),
        IN_FOLDER(a_device_or_a_pipe_is_written_to_and_not_replaced),
        IN_FOLDER(a_name_of_the_greatest_length_can_be_written),
        cmocka_unit_test(sha_256_gives_the_published_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
