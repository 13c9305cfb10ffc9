/* SPDX-License-Identifier: MIT
 *
 * with_curl - libcurl, set up for all tests of a program and cleaned up behind
 * them: fixtures of a group. Without it no test runs. */
#ifndef TESTS_SUPPORT_WITH_CURL_H
#define TESTS_SUPPORT_WITH_CURL_H

#include <curl/curl.h>

static inline int curl_begin(void **state)
{
    (void)state;
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

static inline int curl_end(void **state)
{
    (void)state;
    curl_global_cleanup();
    return 0;
}

#endif
