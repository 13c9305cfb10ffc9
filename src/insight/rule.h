/* SPDX-License-Identifier: MIT
 *
 * rule - what a service is held against: an upper limit on a percentile, or on
 * the share of samples that are bad; of all requests, or of a part of them. */
#ifndef INSIGHT_RULE_H
#define INSIGHT_RULE_H

struct rule {
    double percentile; /* 0..100; < 0: share that is bad */
    double limit;      /* µs, or thousandths of another unit; or a share */
    unsigned part;     /* of a moment's samples: see moment_part */
};
#define RULES_MAX 32

#endif
