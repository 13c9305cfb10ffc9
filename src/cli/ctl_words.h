/* SPDX-License-Identifier: MIT
 *
 * ctl_words - what the words behind "brunt ctl" ask of a run. */
#ifndef CLI_CTL_WORDS_H
#define CLI_CTL_WORDS_H

#include <cjson/cJSON.h>

#include "base/attr.h"
#include "base/err.h"
#include "cli/options.h"

/* A line of the control socket (remote/ask.h), owned by the caller; NULL when
 * it makes no sense. Files are meant from where this program stands. */
cJSON *ctl_words(const struct cli_args *a, struct err *e) MUST_CHECK;

#endif
