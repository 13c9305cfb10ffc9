/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/out_kind.h"

/* In the order of the list. */
static const struct out_kind *const out_kinds[] = {
#define OUT_KIND(id, symbol) &symbol,
#include "record/out_kind.def"
#undef OUT_KIND
};

const struct out_kind *out_kind_at(size_t i)
{
    return i < sizeof out_kinds / sizeof out_kinds[0] ? out_kinds[i] : NULL;
}

const char *out_env(const struct out_config *c, const char *name)
{
    const char *value = c->env != NULL ? c->env(c->env_ctx, name) : NULL;

    return value != NULL && value[0] != '\0' ? value : NULL;
}
