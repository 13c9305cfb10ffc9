/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/model.h"

#include <stdio.h>

#include "cli/load_plan.h"

bool model_from_args(const struct cli_args *a, const char *text,
                     struct target_model *m)
{
    struct err e = ERR_INIT;
    size_t i;

    target_model_init(m);
    if (!target_model_parse(m, text, &e)) {
        print_err(&e);
        return false;
    }
    for (i = 0; i < a->n_list[OPTION_MODEL]; i++) {
        if (!target_model_parse(m, a->list[OPTION_MODEL][i], &e)) {
            print_err(&e);
            return false;
        }
    }
    return true;
}
