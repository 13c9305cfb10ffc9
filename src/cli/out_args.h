/* SPDX-License-Identifier: MIT
 *
 * out_args - what --out KIND[=PLACE], or K6_OUT in its place, says. */
#ifndef CLI_OUT_ARGS_H
#define CLI_OUT_ARGS_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/options.h"
#include "record/out.h"

struct out_arg {
    const struct out_kind *kind;
    const char *place; /* borrowed; NULL = none */
};

/* false: e says what is wrong; of a kind that is none also which there are. */
bool out_arg_parse(const char *text, struct out_arg *o,
                   struct err *e) MUST_CHECK;
/* Where a has no --out: adds what text, of the variable K6_OUT, says in its
 * place, separated by commas, as k6 reads it; NULL or "" is nothing. Once. */
void out_args_env(struct cli_args *a, const char *text);
/* All of them; at most OUTPUTS_MAX. false: said why on standard error. */
bool out_args(const struct cli_args *a, struct out_arg *list,
              size_t *n) MUST_CHECK;
/* Opens it, with taps (borrowed; NULL = none) if it wants them; its options
 * come from the process's environment. */
struct out *out_arg_open(const struct out_arg *o, const struct run_info *info,
                         struct taps *taps, struct err *e) MUST_CHECK;
/* How many want every sample. */
size_t out_args_samples(const struct out_arg *list, size_t n);

#endif
