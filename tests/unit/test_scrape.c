/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "run/scrape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/server_news.h"
#include "support/served.h"
#include "support/with_curl.h"

/* This exercises: a service's page of metrics, read again and again: what
 * nobody looked at in between, a first page that is given up, what reading
 * costs; and what is told of all that, and how often. */

static struct scrape_config config_of(const char *path, char *url, size_t size)
{
    return (struct scrape_config){.url =
                                      raw_server_url(server, path, url, size)};
}

static struct scrape *open_scrape(const struct scrape_config *c)
{
    struct err e = ERR_INIT;
    struct scrape *s;

    if (!scrape_new(c, &s, &e)) {
        fail_msg("%s", e.text);
    }
    return s;
}

/* Three pages come before anybody looks: the second one's counter fell. */
static void that_it_began_anew_is_not_lost(void **state)
{
    struct scrape_news news;
    struct scrape_config c;
    struct scrape *s;
    char url[128];

    (void)state;
    c = config_of("/cpu/100,1,2,3", url, sizeof url);
    c.every_us = 1;
    s = open_scrape(&c);
    /* The fifth is asked for once the fourth has been told. */
    assert_true(raw_server_read(server, 5) >= 5);
    assert_true(scrape_take(s, &news));
    assert_true(news.restarted);
    scrape_free(&s);
    assert_null(s);
}

static void what_was_taken_is_told_once(void **state)
{
    struct scrape_news news;
    struct scrape_config c;
    struct scrape *s;
    char url[128];

    (void)state;
    c = config_of("/cpu/100,101", url, sizeof url);
    c.every_us = 3600 * US_PER_SEC; /* no other comes meanwhile */
    s = open_scrape(&c);
    assert_true(scrape_take(s, &news));
    assert_true(news.server.alive && !news.restarted);
    assert_int_equal(news.server.rss_bytes, 1000000);
    assert_false(scrape_take(s, &news));
    scrape_free(&s);
}

static bool server_knows(void *ctx)
{
    (void)ctx;
    return raw_server_requests(server) > 0;
}

static bool third_time(void *ctx)
{
    return ++*(unsigned *)ctx >= 3;
}

/* The time that there is to wait is far beyond what a test may take. */
static void a_first_page_that_does_not_come_is_given_up(void **state)
{
    struct err e = ERR_INIT;
    struct scrape_config c;
    struct scrape *s;
    unsigned asked = 0;
    char url[128];

    (void)state;
    c = config_of("/stall", url, sizeof url);
    c.wait_us = 3600 * US_PER_SEC;
    c.over = server_knows;
    assert_true(scrape_new(&c, &s, &e));
    assert_null(s);
    c = config_of("/status/503", url, sizeof url); /* tried again and again */
    c.wait_us = 3600 * US_PER_SEC;
    c.over = third_time;
    c.over_ctx = &asked;
    assert_true(scrape_new(&c, &s, &e));
    assert_null(s);
    c.wait_us = 0;
    c.over = NULL;
    assert_false(scrape_new(&c, &s, &e));
    assert_null(s);
    assert_non_null(strstr(e.text, "it answers with status 503"));
}

/* Each look at it is so much later that no other page comes meanwhile. */
#define SLOW (1000 * US_PER_SEC)

static mono_us slow_now(void *ctx)
{
    return atomic_fetch_add((atomic_uint_fast64_t *)ctx, SLOW);
}

/* So long until the page has come, and as long until it is read: a quarter of
 * the time between two pages at most. */
static void to_read_a_page_is_part_of_what_it_takes(void **state)
{
    atomic_uint_fast64_t now = SLOW;
    struct clk slow = {slow_now, &now};
    struct scrape_news news;
    struct scrape_config c;
    struct scrape *s;
    char url[128];

    (void)state;
    c = config_of("/cpu/1,2", url, sizeof url);
    c.clk = &slow;
    s = open_scrape(&c);
    assert_true(scrape_take(s, &news));
    assert_int_equal(news.until_us, SLOW + UINT64_C(2 * 4 * 2) * SLOW);
    scrape_free(&s);
}

static struct scrape_news page(bool alive, bool restarted)
{
    struct scrape_news n;

    memset(&n, 0, sizeof n);
    n.server.watched = true;
    n.server.alive = alive;
    n.restarted = restarted;
    snprintf(n.why, sizeof n.why, "it answers with status 503");
    return n;
}

static void silence_and_its_end_are_told(void **state)
{
    struct server_news s = {0};
    struct server_item items[SERVER_ITEMS_MAX];
    struct scrape_news here = page(true, false), gone = page(false, false);
    struct scrape_news anew = page(true, true);

    (void)state;
    assert_int_equal(server_news_take(&s, &here, 1 * US_PER_SEC, items), 0);
    assert_int_equal(server_news_take(&s, &gone, 3 * US_PER_SEC, items), 1);
    assert_string_equal(items[0].value, "silent");
    assert_string_equal(items[0].text, "no page of the service's metrics: it "
                                       "answers with status 503");
    assert_true(items[0].bad);
    assert_int_equal(server_news_take(&s, &gone, 5 * US_PER_SEC, items), 0);
    assert_int_equal(server_news_take(&s, &anew, 68 * US_PER_SEC, items), 2);
    assert_string_equal(items[0].value, "back");
    assert_string_equal(items[0].text,
                        "the service's metrics are back after 1:05");
    assert_false(items[0].bad);
    assert_string_equal(items[1].value, "restarted");
    assert_true(items[1].bad);
}

/* A hundred times: events are kept, and so they are bounded. */
static void what_comes_and_goes_all_the_time_is_told_so_often(void **state)
{
    struct server_news s = {0};
    struct server_item items[SERVER_ITEMS_MAX];
    struct scrape_news gone = page(false, false), anew = page(true, true);
    unsigned silent = 0, back = 0, restarted = 0, last = 0;
    mono_us at = 0;
    size_t n, i;

    (void)state;
    for (at = 1; at <= 200; at++) {
        n = server_news_take(&s, at % 2 == 1 ? &gone : &anew, at, items);
        for (i = 0; i < n; i++) {
            silent += strcmp(items[i].value, "silent") == 0;
            back += strcmp(items[i].value, "back") == 0;
            restarted += strcmp(items[i].value, "restarted") == 0;
            last += strstr(items[i].text, "that is not told") != NULL;
        }
    }
    assert_int_equal(silent, SERVER_TOLD_MAX);
    assert_int_equal(back, SERVER_TOLD_MAX);
    assert_int_equal(restarted, SERVER_TOLD_MAX);
    assert_int_equal(last, 2);
}

int main(void)
{
#define TEST(f)                                                                \
    cmocka_unit_test_setup_teardown(f, served_set_up, served_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(that_it_began_anew_is_not_lost),
        TEST(what_was_taken_is_told_once),
        TEST(a_first_page_that_does_not_come_is_given_up),
        TEST(to_read_a_page_is_part_of_what_it_takes),
        cmocka_unit_test(silence_and_its_end_are_told),
        cmocka_unit_test(what_comes_and_goes_all_the_time_is_told_so_often),
    };
#undef TEST

    return cmocka_run_group_tests(tests, curl_begin, curl_end);
}
