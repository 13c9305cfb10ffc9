/* SPDX-License-Identifier: MIT
 *
 * show - what a model holds, as words: rules, values, errors. Texts only; where
 * they stand is decided elsewhere. All return buf. */
#ifndef SCREEN_SHOW_H
#define SCREEN_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/judge.h"
#include "measure/ledger.h"
#include "measure/series.h"
#include "plan/plan.h"
#include "run/tick.h"
#include "screen/role.h"

/* "574 ms"; "-" for none (responses 0). */
const char *show_latency(char *buf, size_t size, uint64_t us, bool any);
/* A load: whole VUs, or a rate where there is a time unit. buf: NUM_MAX. */
const char *show_level(char *buf, double level, uint64_t unit_us);
/* A scale's value in so many characters: "500ms", "2s". */
const char *show_axis_us(char *buf, size_t size, double us);
/* "200", "5k", "1M". */
const char *show_axis_count(char *buf, size_t size, double n);
/* "500MB". */
const char *show_axis_bytes(char *buf, size_t size, double bytes);
/* "0.5", "12". */
const char *show_axis_plain(char *buf, size_t size, double v);
/* A value of a series of the service's own. */
const char *show_server(char *buf, size_t size, enum server_unit unit,
                        double v);

/* "peak 58,736" as full has it; "peak 58.7k" where room is less. */
const char *show_word_count(char *buf, size_t size, const char *word, double n,
                            const char *full, int room);

/* What a threshold is about: "" for http_req_duration itself, "failed",
 * "ChatRequest", "chat_duration". Escaped. */
const char *show_subject(const struct plan *p, const struct threshold *t,
                         char *buf, size_t size);
/* "p95 <3s", "rate <5%". */
const char *show_rule(const struct plan *p, const struct threshold *t,
                      char *buf, size_t size);
/* A figure of that threshold with its unit; "-" when nothing fed it. */
const char *show_figure(const struct plan *p, const struct threshold *t,
                        const struct figure *f, char *buf, size_t size);
/* A latency, or a share, beside the rule on it (NULL = none): never rounded
 * onto its limit. The second's buf: NUM_MAX. */
const char *show_latency_beside(char *buf, size_t size, uint64_t us, bool any,
                                const struct verdict *v);
const char *show_share_beside(char *buf, double share, const struct verdict *v);
/* "77 % left", "12 % over", "3.6× limit", "-". */
const char *show_margin(const struct verdict *v, char *buf, size_t size);

/* "HTTP 503", "time-out", "connection refused"; checks: their names are the
 * plan's, see model_error. */
const char *show_error(const struct error_line *e, char *buf, size_t size);
enum role show_error_role(const struct error_line *e);
/* Leaves out the last parts of a text, each of which is begun so, until room
 * columns are enough; the first one stays, however long. Returns text. */
const char *show_parts(char *text, const char *begun, int room);
/* "5xx 3.8%": a class's share (0..1) within room columns, of which there are at
 * least nine; where they are few "other 3%", "other <1%", "other>99%", and "all
 * other" of all alone. Returns buf. */
const char *show_class_share(char *buf, size_t size, enum error_class c,
                             double share, int room);
/* The same in words: "time-outs", "HTTP 5xx". */
const char *show_class_text(enum error_class c);
enum role show_class_role(enum error_class c);

#endif
