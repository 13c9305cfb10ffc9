/* SPDX-License-Identifier: MIT
 *
 * key - the table of a plan's keys. */
#include "config.h"

#include "plan/key.h"

#include <assert.h>
#include <string.h>

static const struct key key_table[] = {
#define KEY(place, name, now, form, help)                                      \
    {KEY_##place, name, (now) != 0, form, help},
#include "plan/key.def"
#undef KEY
};

static const char *const key_places[] = {
    [KEY_PLAN] = "a plan",
    [KEY_HTTP] = "http",
    [KEY_PART] = "a part",
    [KEY_COOKIE] = "a cookie",
    [KEY_TLS] = "tls",
    [KEY_DNS] = "dns",
    [KEY_REQUEST] = "a request",
    [KEY_THINK] = "a think step",
    [KEY_EVERY] = "an every step",
    [KEY_GROUP] = "a group",
    [KEY_RANDOM] = "a random step",
    [KEY_BRANCH] = "a branch of a random step",
    [KEY_REPEAT] = "a repeat step",
    [KEY_TIMES] = "a number of times",
    [KEY_LATER_STEP] = "a step",
    [KEY_PAUSE] = "a think time",
    [KEY_AUTH] = "auth",
    [KEY_BASIC] = "basic and digest auth",
    [KEY_SSE] = "sse",
    [KEY_CHECK] = "a check",
    [KEY_EXTRACT] = "extract",
    [KEY_FEED] = "a metric's source",
    [KEY_DATA] = "data",
    [KEY_SCENARIO] = "a scenario",
    [KEY_STAGE] = "a stage",
    [KEY_LIMIT] = "a threshold",
    [KEY_VERDICT] = "verdict",
    [KEY_RULE] = "a rule of the verdict",
};
static_assert(sizeof key_places / sizeof key_places[0] == KEY_PLACE_COUNT,
              "places");

const struct key *key_at(size_t i)
{
    return i < sizeof key_table / sizeof key_table[0] ? &key_table[i] : NULL;
}

const struct key *key_find(enum key_place place, const char *name)
{
    const struct key *k;

    for (size_t i = 0; (k = key_at(i)) != NULL; i++) {
        if (k->place == place && strcmp(k->name, name) == 0) {
            return k;
        }
    }
    return NULL;
}

const char *key_place_name(enum key_place place)
{
    return key_places[place];
}
