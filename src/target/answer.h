/* SPDX-License-Identifier: MIT
 *
 * answer - what a call that is due gets, with status, headers and body; all
 * but a stream's 200 (stream.h). Target's thread only. */
#ifndef TARGET_ANSWER_H
#define TARGET_ANSWER_H

#include <microhttpd.h>

struct call;

/* What the rate limit's headers say when there is no limit. */
#define ANSWER_NO_LIMIT 1000000

/* Hands over the answer of call->status. */
enum MHD_Result answer_give(struct call *call);

#endif
