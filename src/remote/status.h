/* SPDX-License-Identifier: MIT
 *
 * status - how a run stands, as JSON: the answer to "status", and one line of
 * "watch". Times are seconds, latencies ms, shares 0 to 1, as in results. */
#ifndef REMOTE_STATUS_H
#define REMOTE_STATUS_H

#include <cjson/cJSON.h>

#include "run/story.h"

/* Of the newest tick; takes the story's lock meanwhile. Owned by the caller;
 * never NULL. */
cJSON *status_json(struct story *story);

#endif
