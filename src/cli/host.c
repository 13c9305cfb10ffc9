/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/host.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool host_ends_localhost(const char *name)
{
    static const char word[] = "localhost";
    size_t n = strlen(name), k = sizeof word - 1;

    return n >= k && strcasecmp(name + n - k, word) == 0 &&
           (n == k || name[n - k - 1] == '.');
}

bool host_is_local(const char *host)
{
    char name[256];
    struct in6_addr six;
    struct in_addr four;
    char *end;

    if (host[0] == '[') {
        snprintf(name, sizeof name, "%s", host + 1);
        end = strchr(name, ']');
    } else {
        snprintf(name, sizeof name, "%s", host);
        end = strchr(name, ':');
    }
    if (end != NULL) {
        *end = '\0';
    }
    if (inet_pton(AF_INET, name, &four) == 1) {
        return (ntohl(four.s_addr) >> 24) == 127;
    }
    if (inet_pton(AF_INET6, name, &six) == 1) {
        return memcmp(&six, &in6addr_loopback, sizeof six) == 0;
    }
    return host_ends_localhost(name);
}
