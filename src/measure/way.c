/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/way.h"

#include <stdio.h>

struct way_name {
    way_bits bit;
    const char *name;
};

static const struct way_name way_names[] = {
    {WAY_DIRECT, "direct"},     {WAY_LIBCURL, "libcurl"},
    {WAY_HTTP_1_0, "HTTP/1.0"}, {WAY_HTTP_1_1, "HTTP/1.1"},
    {WAY_HTTP_2, "HTTP/2"},
};

static const char *way_name(way_bits ways, unsigned i)
{
    for (size_t k = 0; k < sizeof way_names / sizeof way_names[0]; k++) {
        if ((ways & way_names[k].bit) != 0 && i-- == 0) {
            return way_names[k].name;
        }
    }
    return NULL;
}

const char *way_lane(way_bits ways, unsigned i)
{
    return way_name(ways & WAY_LANES, i);
}

const char *way_proto(way_bits ways, unsigned i)
{
    return way_name(ways & WAY_PROTOS, i);
}

/* "1.1+2" of the protocols. */
static const char *way_versions(char *buf, size_t size, way_bits ways)
{
    size_t n = 0;

    buf[0] = '\0';
    for (unsigned i = 0; way_proto(ways, i) != NULL && n < size; i++) {
        n += (size_t)snprintf(buf + n, size - n, "%s%s", i > 0 ? "+" : "",
                              way_proto(ways, i) + sizeof "HTTP/" - 1);
    }
    return buf;
}

const char *way_text(char *buf, size_t size, way_bits ways)
{
    char versions[16];
    const char *first = way_lane(ways, 0), *second = way_lane(ways, 1);

    way_versions(versions, sizeof versions, ways);
    snprintf(buf, size, "%s%s%s%s%s", first != NULL ? first : "",
             second != NULL ? "+" : "", second != NULL ? second : "",
             versions[0] != '\0' ? " HTTP/" : "", versions);
    return buf;
}

const char *way_brief(char *buf, size_t size, way_bits ways)
{
    char versions[16];
    const char *lane = way_lane(ways, 0);

    way_versions(versions, sizeof versions, ways);
    snprintf(buf, size, "%s%s%s",
             lane == NULL                ? ""
             : way_lane(ways, 1) != NULL ? "both"
                                         : lane,
             versions[0] != '\0' ? " " : "", versions);
    return buf;
}
