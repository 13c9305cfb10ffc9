/* SPDX-License-Identifier: MIT
 *
 * crew - life and end of what is shared. */
#include "config.h"

#include "load/crew.h"

#include <stdlib.h>

#include "base/xalloc.h"

void crew_init(struct crew *c, const struct plan *plan)
{
    *c = (struct crew){.plan = plan};
    c->scratch = regexp_scratch_new();
    c->vars = crew_vars_new(plan->n_vars);
    if (plan->n_requests > 0) {
        c->fixed = xcalloc(plan->n_requests, sizeof *c->fixed);
    }
}

void crew_clear(struct crew *c)
{
    for (size_t i = 0; i < c->plan->n_requests; i++) {
        prepared_free(&c->fixed[i]);
    }
    free(c->fixed);
    c->fixed = NULL;
    crew_vars_free(&c->vars, c->plan->n_vars);
    regexp_scratch_free(&c->scratch);
    prepared_pool_clear(&c->prepared);
    stream_pool_clear(&c->streams);
}

char **crew_vars_new(size_t n)
{
    return n > 0 ? xcalloc(n, sizeof(char *)) : NULL;
}

void crew_vars_free(char ***vars, size_t n)
{
    if (*vars == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        free((*vars)[i]);
    }
    free(*vars);
    *vars = NULL;
}

void crew_vars_copy(char **to, const char *const *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(to[i]);
        to[i] = from != NULL && from[i] != NULL ? xstrdup(from[i]) : NULL;
    }
}
