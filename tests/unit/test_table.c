/* SPDX-License-Identifier: MIT
 *
 * test_table - data files: RFC 4180 to the letter, JSON arrays, and what is
 * wrong with either, by line. */
#include "config.h"

#include "plan/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"

#define BIG 1000000

/* All that was told, one "line:column: text" a line. */
static void hear(void *ctx, const struct err *e)
{
    (void)buf_addf(ctx, "%d:%d: %s\n", e->line, e->column, e->text);
}

static struct table *read_text(const char *s, size_t n, bool json,
                               char delimiter, struct buf *told)
{
    struct table_ear ear = {hear, told};
    struct table *t;
    struct buf text;

    buf_init(&text, BIG);
    buf_init(told, BIG);
    assert_true(buf_add(&text, s, n));
    t = json ? table_json(&text, &ear) : table_csv(&text, delimiter, &ear);
    buf_clear(&text);
    return t;
}

/* The table as one text: "name|name/cell|cell/…". */
static void assert_table(const char *s, bool json, char delimiter,
                         const char *want)
{
    struct buf told, out;
    struct table *t = read_text(s, strlen(s), json, delimiter, &told);

    assert_string_equal(buf_str(&told), "");
    assert_non_null(t);
    buf_init(&out, BIG);
    for (size_t i = 0; i < table_columns(t); i++) {
        (void)buf_addf(&out, "%s%s", i == 0 ? "" : "|", table_name(t, i));
    }
    for (size_t k = 0; k < table_rows(t); k++) {
        for (size_t i = 0; i < table_columns(t); i++) {
            (void)buf_addf(&out, "%s%s", i == 0 ? "/" : "|",
                           table_cell(t, k, i));
        }
    }
    assert_string_equal(buf_str(&out), want);
    buf_clear(&out);
    buf_clear(&told);
    table_free(&t);
}

static void assert_wrong(const char *s, bool json, const char *want)
{
    struct buf told;

    assert_null(read_text(s, strlen(s), json, '\0', &told));
    assert_string_equal(buf_str(&told), want);
    buf_clear(&told);
}

static void csv_is_read_as_the_rfc_says(void **state)
{
    (void)state;
    assert_table("a,b\r\n1,2\r\n", false, '\0', "a|b/1|2");
    assert_table("a,b\n1,2", false, '\0', "a|b/1|2");
    assert_table("a,b\r\n1,2\r", false, '\0', "a|b/1|2");
    assert_table("a,b\n\"x, \"\"y\"\"\r\n z\",\"\"\n,\n", false, '\0',
                 "a|b/x, \"y\"\r\n z|/|");
    assert_table("\xef\xbb\xbf\"a\",b\n1,2\n", false, '\0', "a|b/1|2");
    assert_table("a,b\n\n1,2\r\n\r\n\n3,4\n\n", false, '\0', "a|b/1|2/3|4");
    assert_table("one\n\"\"\nx\n", false, '\0', "one//x");
    assert_table("a b, c\n 1 ,2\n", false, '\0', "a b| c/ 1 |2");
    assert_table("n\xc3\xa4me\n\xe6\x97\xa5\n", false, '\0',
                 "n\xc3\xa4me/\xe6\x97\xa5");
}

static void csv_may_have_another_delimiter(void **state)
{
    (void)state;
    assert_table("a;b\n1,5;2\n", false, ';', "a|b/1,5|2");
    assert_table("a\tb\n1\t2\n", false, '\t', "a|b/1|2");
    assert_table("a;b\n1\n", false, ',', "a;b/1");
    assert_wrong("a;b\n1;2\n", false,
                 "1:0: one column named 'a;b': is the delimiter another one? "
                 "Say so with \"delimiter\"\n");
}

static void csv_mistakes_are_told_by_line(void **state)
{
    (void)state;
    assert_wrong("", false,
                 "0:0: empty: expected a first row that names the columns\n");
    assert_wrong("\n\r\n", false,
                 "0:0: empty: expected a first row that names the columns\n");
    assert_wrong("a,b\n", false, "0:0: no rows: there is only the header\n");
    assert_wrong("a,b\n1\n1,2\n\"x\n\ny\",2,3\n4\n", false,
                 "2:0: a row of 1 field, but there are 2 columns: write what "
                 "is missing, an empty field too\n"
                 "4:0: a row of 3 fields, but there are 2 columns: put a field "
                 "with a comma in it in quotes\n"
                 "7:0: a row of 1 field, but there are 2 columns: write what "
                 "is missing, an empty field too\n");
    assert_wrong("a,b\n1,\"x\ny\n", false,
                 "2:3: a quote is opened here and never closed\n");
    assert_wrong("a,b\n1,\"", false,
                 "2:3: a quote is opened here and never closed\n");
    assert_wrong("a\n\"x\"y\n", false,
                 "2:4: text behind a closing quote: a quote inside a field is "
                 "written twice\n");
    assert_wrong("a\nx\"y\n\"ok\"\n", false,
                 "2:2: a quote inside a field: put the field in quotes, and "
                 "write the quote twice\n");
    assert_wrong("a\nx\ry\n", false,
                 "2:2: a carriage return without a line feed: put the field "
                 "in quotes, or end lines with a line feed\n");
    assert_wrong("a,b\n1,\xe9\n", false,
                 "2:3: byte 0xE9 is not UTF-8: save the file as UTF-8\n");
}

static void csv_columns_have_names_of_their_own(void **state)
{
    (void)state;
    assert_wrong("a,b,a\n1,2,3\n", false, "1:0: two columns are named 'a'\n");
    assert_wrong("a,,c\n1,2,3\n", false,
                 "1:0: column 2 has no name: the first row names the "
                 "columns\n");
}

static void only_the_first_mistakes_are_told(void **state)
{
    struct buf text, told;
    unsigned lines = 0;

    (void)state;
    buf_init(&text, BIG);
    (void)buf_adds(&text, "a,b\n");
    for (int i = 0; i < 1000; i++) {
        (void)buf_adds(&text, "1\n");
    }
    assert_null(read_text(buf_str(&text), text.len, false, '\0', &told));
    for (const char *s = buf_str(&told); *s != '\0'; s++) {
        lines += *s == '\n';
    }
    assert_int_equal(lines, TABLE_MISTAKES_MAX);
    buf_clear(&told);
    buf_clear(&text);
}

static void a_nul_byte_is_no_text(void **state)
{
    struct buf told;

    (void)state;
    assert_null(read_text("a\n1\0002\n", 6, false, '\0', &told));
    assert_string_equal(buf_str(&told),
                        "2:2: a NUL byte: this is no text file\n");
    buf_clear(&told);
}

static void json_rows_are_objects_or_anything_else(void **state)
{
    (void)state;
    assert_table(" [ {\"a\":\"x\",\"b\":1}, {\"b\":2.5,\"a\":\"y\\n\"} ] ",
                 true, '\0', "a|b/x|1/y\n|2.5");
    assert_table("[{\"a\":null},{\"a\":true,\"more\":1},{\"a\":[1,{\"b\":2}]}]",
                 true, '\0', "a/null/true/[1,{\"b\":2}]");
    assert_table("[\"x\",1,[2]]", true, '\0', "/x/1/[2]");
}

static void json_mistakes_are_told_by_line(void **state)
{
    (void)state;
    assert_wrong("{}", true, "1:1: expected an array\n");
    assert_wrong("", true, "1:1: expected an array\n");
    assert_wrong("[]", true, "0:0: no rows: the array is empty\n");
    assert_wrong("[{}]", true,
                 "1:2: an empty object: the first one names the columns\n");
    assert_wrong("[{\"a\":1,\"b\":2},\n {\"a\":1},\n {\"b\":1}]", true,
                 "2:2: row 2 has no 'b'; the first has a, b\n"
                 "3:2: row 2 has no 'a'; the first has a, b\n");
    assert_wrong("[{\"a\":1},\n 2]", true,
                 "2:2: row 2 is no object, and those before are\n");
    assert_wrong("[1,\n {\"a\":1}]", true,
                 "2:2: row 2 is an object, and those before are none\n");
    assert_wrong("[{\"a\":1},\n {\"a\":1,\n  \"a\":2}]", true,
                 "3:3: 'a' stands twice in the same object\n");
    assert_wrong("[{\"id\":12345678901234567890}]", true,
                 "1:2: a number of row 1 is too large to be kept exactly: "
                 "write it in quotes\n");
    assert_wrong("[1,\n2", true, "2:2: expected ',' or ']'\n");
    assert_wrong("[1,\n]", true, "2:1: expected a value, not ']'\n");
}

static void a_column_is_found_by_its_name(void **state)
{
    struct buf told;
    struct table *t = read_text("a,b\n1,2\n", 8, false, '\0', &told);

    (void)state;
    assert_non_null(t);
    assert_int_equal(table_find(t, "b"), 1);
    assert_int_equal(table_find(t, "B"), -1);
    assert_int_equal(table_find(t, ""), -1);
    table_free(&t);
    assert_null(t);
    buf_clear(&told);
}

static void a_hundred_thousand_rows_are_all_there(void **state)
{
    struct buf text, told;
    struct table *t;
    char want[32];

    (void)state;
    buf_init(&text, 8 * BIG);
    (void)buf_adds(&text, "id,name\n");
    for (int i = 0; i < 100000; i++) {
        (void)buf_addf(&text, "%d,\"name \"\"%d\"\"\"\n", i, i);
    }
    {
        struct table_ear ear = {hear, &told};

        buf_init(&told, BIG);
        t = table_csv(&text, '\0', &ear);
    }
    assert_non_null(t);
    assert_int_equal(table_rows(t), 100000);
    for (size_t i = 0; i < 100000; i += 7) {
        (void)snprintf(want, sizeof want, "name \"%zu\"", i);
        assert_string_equal(table_cell(t, i, 1), want);
    }
    table_free(&t);
    buf_clear(&text);
    buf_clear(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_is_read_as_the_rfc_says),
        cmocka_unit_test(csv_may_have_another_delimiter),
        cmocka_unit_test(csv_mistakes_are_told_by_line),
        cmocka_unit_test(csv_columns_have_names_of_their_own),
        cmocka_unit_test(only_the_first_mistakes_are_told),
        cmocka_unit_test(a_nul_byte_is_no_text),
        cmocka_unit_test(json_rows_are_objects_or_anything_else),
        cmocka_unit_test(json_mistakes_are_told_by_line),
        cmocka_unit_test(a_column_is_found_by_its_name),
        cmocka_unit_test(a_hundred_thousand_rows_are_all_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
