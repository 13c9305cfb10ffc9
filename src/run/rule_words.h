/* SPDX-License-Identifier: MIT
 *
 * rule_words - how a rule of insight's is said: what it is about, and what is
 * against it. Plain data, which ticks carry. */
#ifndef RUN_RULE_WORDS_H
#define RUN_RULE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define RULE_SUBJECT_MAX 64
/* What all of the texts below fit in. */
#define RULE_TEXT_MAX 128

enum rule_kind {
    RULE_TIME,          /* values and limit in µs */
    RULE_SHARE,         /* of what is bad */
    RULE_SHARE_MISSING, /* the same, said as the share that is good */
};

struct rule_words {
    enum rule_kind kind;
    char subject[RULE_SUBJECT_MAX]; /* "p95", "p95 of Chat", "errors", "errors
                                       of Chat", "failed checks", "p95 of
                                       http_req_waiting"; safe to show */
};

/* Of a rule on all requests: "p95"; percentile < 0: "errors". */
struct rule_words rule_words_whole(double percentile);
/* A limit of theirs, and a value beside it: "3.1 s"; as shares are said. Return
 * buf, of NUM_MAX bytes. */
const char *rule_words_value(const struct rule_words *w, double value,
                             char *buf);
/* "p95 of Chat <3 s", "errors <5 %", "my_rate >95 %". Returns buf. */
const char *rule_words_tell(const struct rule_words *w, double limit, char *buf,
                            size_t size);
/* That it is broken: "p95 of Chat > 3 s", "my_rate < 95 %". Returns buf. */
const char *rule_words_over(const struct rule_words *w, double limit, char *buf,
                            size_t size);
/* "p95 of Chat 3.85 s, limit 3 s", "errors up to 12.0 %, limit 5 %". value: as
 * of the limit; worst: it is the highest of several. Returns buf. */
const char *rule_words_broken(const struct rule_words *w, double limit,
                              double value, bool worst, char *buf, size_t size);

#endif
