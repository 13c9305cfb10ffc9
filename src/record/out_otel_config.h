/* SPDX-License-Identifier: MIT
 *
 * out_otel_config - where an output to OpenTelemetry goes, and how: its URL,
 * and what the environment says by the names of k6's output
 * (https://grafana.com/docs/k6/latest/results-output/real-time/opentelemetry/)
 * and, where those say nothing, of OpenTelemetry's own
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Inside this
 * room only. */
#ifndef RECORD_OUT_OTEL_CONFIG_H
#define RECORD_OUT_OTEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "record/out_kind.h"

struct otel_config {
    char *url;       /* owned, as all here; may have credentials */
    char where[256]; /* the same without them */
    char **headers;  /* "Name: value", NULL behind the last */
    size_t n_headers;
    char *prefix;          /* of metrics' names; "" = none */
    struct buf resource;   /* NAME NUL VALUE NUL ... */
    char *cacert;          /* PEM; NULL = the system's */
    char *cert, *cert_key; /* PEM of oneself; NULL = nothing is shown, the key
                              is in cert */
    bool insecure;
    bool exponential; /* histograms are */
};

/* c is all zero. false: e says what is wrong; clear it all the same. */
bool otel_config_read(struct otel_config *c, const struct out_config *out,
                      struct err *e) MUST_CHECK;
void otel_config_clear(struct otel_config *c);

#endif
