/* SPDX-License-Identifier: MIT
 *
 * test_digest - answers to Digest challenges, held against the examples of RFC
 * 7616 and RFC 2617, and challenges that cannot be answered. */
#include "config.h"

#include "load/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD      "HTTP/1.1 401 Unauthorized\r\n"
#define CHALLENGE "WWW-Authenticate: Digest "

static char user[] = "Mufasa", password[] = "Circle of Life";
static const struct credentials who = {user, password};

/* RFC 7616, section 3.9.1. */
static const struct digest_ask ask = {
    &who, "GET", "http://www.example.org/dir/index.html",
    "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};
#define OF_2015                                                                \
    "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "                \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "                 \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
#define ANSWER_2015                                                            \
    "Authorization: Digest username=\"Mufasa\", "                              \
    "realm=\"http-auth@example.org\", "                                        \
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "                 \
    "uri=\"/dir/index.html\", algorithm=%s, qop=auth, nc=00000001, "           \
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "                \
    "response=\"%s\", "                                                        \
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
#define MD5_2015 "8ca523f5e9506fed4657c9700eebdbec"
#define SHA_2015                                                               \
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"

static void assert_answer(const struct digest_ask *a, const char *head,
                          const char *algorithm, const char *response)
{
    struct buf line, want;

    buf_init(&line, DIGEST_LINE_MAX);
    buf_init(&want, DIGEST_LINE_MAX);
    assert_true(digest_answer(a, head, strlen(head), &line));
    buf_addf(&want, ANSWER_2015, algorithm, response);
    assert_string_equal(buf_str(&line), buf_str(&want));
    buf_clear(&line);
    buf_clear(&want);
}

static void assert_no_answer(const char *head)
{
    struct buf line;

    buf_init(&line, DIGEST_LINE_MAX);
    buf_adds(&line, "as it was");
    assert_false(digest_answer(&ask, head, strlen(head), &line));
    assert_string_equal(buf_str(&line), "as it was");
    assert_false(line.cut);
    buf_clear(&line);
}

static void a_line_without_room_stays_as_it_was(void **state)
{
    static const char head[] = HEAD CHALLENGE OF_2015 ", algorithm=MD5\r\n\r\n";
    struct buf line;

    (void)state;
    buf_init(&line, 64);
    buf_adds(&line, "as it was");
    assert_false(digest_answer(&ask, head, strlen(head), &line));
    assert_string_equal(buf_str(&line), "as it was");
    assert_false(line.cut);
    buf_clear(&line);
}

static void the_examples_of_the_rfc_are_answered(void **state)
{
    (void)state;
    assert_answer(&ask, HEAD CHALLENGE OF_2015 ", algorithm=MD5\r\n\r\n", "MD5",
                  MD5_2015);
    assert_answer(&ask, HEAD CHALLENGE OF_2015 ", algorithm=SHA-256\r\n\r\n",
                  "SHA-256", SHA_2015);
}

static void the_stronger_of_two_is_answered(void **state)
{
    (void)state;
    assert_answer(&ask,
                  HEAD CHALLENGE OF_2015 ", algorithm=MD5\r\n" CHALLENGE OF_2015
                                         ", algorithm=SHA-256\r\n\r\n",
                  "SHA-256", SHA_2015);
    assert_answer(&ask,
                  HEAD CHALLENGE OF_2015
                  ", algorithm=SHA-256, Basic realm=\"x, y\", Digest " OF_2015
                  ", algorithm=MD5\r\n\r\n",
                  "SHA-256", SHA_2015);
    assert_answer(&ask,
                  HEAD "www-authenticate: Negotiate abc==, Basic realm=x, "
                       "digest " OF_2015 ",algorithm = MD5 , Digest " OF_2015
                       ", algorithm=SHA-512-256\r\n\r\n",
                  "MD5", MD5_2015);
}

/* RFC 2617, section 3.5, and the same without qop as RFC 2069 reckons it. */
static void old_services_are_answered(void **state)
{
    static char hakuna[] = "Circle Of Life";
    const struct credentials old = {user, hakuna};
    struct digest_ask a = {&old, "GET", "http://h/dir/index.html", "0a4f113b"};
    static const char head[] =
        HEAD CHALLENGE "realm=\"testrealm@host.com\", "
                       "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"%s\r\n\r\n";
    struct buf text, line;

    (void)state;
    buf_init(&text, 4096);
    buf_init(&line, DIGEST_LINE_MAX);
    buf_addf(&text, head, ", qop=auth");
    assert_true(digest_answer(&a, buf_str(&text), text.len, &line));
    assert_non_null(
        strstr(buf_str(&line), "\"6629fae49393a05397450978507c4ef1\""));
    assert_null(strstr(buf_str(&line), "algorithm"));
    buf_reset(&text);
    buf_reset(&line);
    buf_addf(&text, head, "");
    assert_true(digest_answer(&a, buf_str(&text), text.len, &line));
    assert_non_null(
        strstr(buf_str(&line), "\"670fd8c2df070c60b045671b8b24ff02\""));
    assert_null(strstr(buf_str(&line), "nc="));
    buf_clear(&text);
    buf_clear(&line);
}

static void what_cannot_be_answered_is_not(void **state)
{
    struct buf huge;

    (void)state;
    assert_no_answer(HEAD "\r\n");
    assert_no_answer(HEAD "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n");
    assert_no_answer(HEAD CHALLENGE "realm=\"x\"\r\n\r\n");
    assert_no_answer(HEAD CHALLENGE "realm=\"x\", nonce=\"y\", "
                                    "algorithm=SHA-512-256\r\n\r\n");
    assert_no_answer(HEAD CHALLENGE "realm=\"x\", nonce=\"y\", "
                                    "qop=\"auth-int\"\r\n\r\n");
    assert_no_answer(HEAD CHALLENGE "realm=\"x\", nonce=\"y\rX: 1\"\r\n\r\n");
    assert_no_answer(HEAD CHALLENGE "realm=\"x\", nonce=\"y\x01\"\r\n\r\n");
    buf_init(&huge, 8192);
    buf_adds(&huge, HEAD CHALLENGE "realm=\"x\", nonce=\"");
    for (int i = 0; i < DIGEST_VALUE_MAX; i++) {
        buf_addc(&huge, 'n');
    }
    buf_adds(&huge, "\"\r\n\r\n");
    assert_no_answer(buf_str(&huge));
    buf_clear(&huge);
}

static void quotes_and_a_query_stand_in_the_answer_as_they_must(void **state)
{
    static char quoted[] = "a\"b\\c";
    const struct credentials odd = {quoted, password};
    struct digest_ask a = {&odd, "GET", "http://h:8080?q=\"1\"", "c"};
    static const char head[] =
        HEAD CHALLENGE "realm=\"r\\\"s\", nonce=n, qop=\"auth\"\r\n\r\n";
    struct buf line;

    (void)state;
    buf_init(&line, DIGEST_LINE_MAX);
    assert_true(digest_answer(&a, head, sizeof head - 1, &line));
    assert_non_null(strstr(buf_str(&line), "username=\"a\\\"b\\\\c\""));
    assert_non_null(strstr(buf_str(&line), "realm=\"r\\\"s\""));
    assert_non_null(strstr(buf_str(&line), "uri=\"/?q=\\\"1\\\"\""));
    buf_clear(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_without_room_stays_as_it_was),
        cmocka_unit_test(the_examples_of_the_rfc_are_answered),
        cmocka_unit_test(the_stronger_of_two_is_answered),
        cmocka_unit_test(old_services_are_answered),
        cmocka_unit_test(what_cannot_be_answered_is_not),
        cmocka_unit_test(quotes_and_a_query_stand_in_the_answer_as_they_must),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
