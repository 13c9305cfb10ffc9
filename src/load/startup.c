/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "load/startup.h"

#include <curl/curl.h>

#include "base/fatal.h"
#include "load/limits.h"

void load_startup(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fatal("libcurl could not be initialised");
    }
    load_raise_descriptors();
}

void load_shutdown(void)
{
    curl_global_cleanup();
}
