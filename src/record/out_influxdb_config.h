/* SPDX-License-Identifier: MIT
 *
 * out_influxdb_config - where an output to InfluxDB goes, and how: its URL, and
 * what the environment says by the names of k6's InfluxDB output
 * (https://grafana.com/docs/k6/latest/results-output/real-time/influxdb/). What
 * the URL says stands over that. Inside this room only. */
#ifndef RECORD_OUT_INFLUXDB_CONFIG_H
#define RECORD_OUT_INFLUXDB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/out_kind.h"

/* What a tag is written as that is not a tag but a field: k6's names are
 * string, bool, float and int. */
enum influx_kind { INFLUX_STRING, INFLUX_BOOL, INFLUX_FLOAT, INFLUX_INT };
#define INFLUX_NUMBER_MAX 64

struct influx_as {
    char *name; /* owned */
    enum influx_kind kind;
};

struct influx_config {
    char *write_url, *create_url; /* owned, as the next; may have credentials */
    char *user, *password;        /* NULL = none, or those of the URLs */
    char where[256]; /* the URL as was given, without credentials */
    bool insecure;
    struct influx_as *as; /* owned: tags that are fields */
    size_t n_as;
    bool own_time; /* there may be two series of the same tags */
};

/* c is all zero. false: e says what is wrong; clear it all the same. */
bool influx_config_read(struct influx_config *c, const struct out_config *out,
                        struct err *e) MUST_CHECK;
void influx_config_clear(struct influx_config *c);
/* As what a tag of that name is written; NULL = as a tag. */
const struct influx_as *influx_as(const struct influx_config *c,
                                  const char *name);
/* Appends text as a bool, a float or an int of the line protocol. false: it is
 * none. */
bool influx_kind_add(struct buf *out, enum influx_kind kind, const char *text);

#endif
