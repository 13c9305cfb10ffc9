/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "measure/ledger_copy.h"

#include <stdlib.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "measure/cell.h"
#include "measure/ledger_internal.h"

#define LEDGER_COPY_MAGIC 0x1ed9c0b1u

struct ledger_copy {
    unsigned magic;
    struct match match;
    struct cell cell;
    uint64_t active_us;
};

struct ledger_copy *ledger_copy_new(const struct plan *plan,
                                    const struct lineup *lineup,
                                    unsigned metric)
{
    const struct selector every = {.metric = metric};
    struct ledger_copy *c = xcalloc(1, sizeof *c);

    c->magic = LEDGER_COPY_MAGIC;
    match_init(&c->match, plan, lineup, &every);
    return c;
}

void ledger_copy_free(struct ledger_copy **cp)
{
    struct ledger_copy *c = *cp;

    if (c == NULL) {
        return;
    }
    OBJ_CHECK(c, LEDGER_COPY_MAGIC);
    cell_clear(&c->cell);
    match_clear(&c->match);
    c->magic = 0;
    free(c);
    *cp = NULL;
}

void ledger_copy_reset(struct ledger_copy *c)
{
    cell_reset(&c->cell);
}

void ledger_copy_add(struct ledger_copy *c, const struct ledger *l, size_t name)
{
    size_t n = cell_book_rows(&c->match, &l->run), i;

    OBJ_CHECK(c, LEDGER_COPY_MAGIC);
    for (i = 0; i < n; i++) {
        unsigned request = cell_book_request(&c->match, &l->run, i);

        if (ledger_name(l, (uint16_t)request) == name) {
            cell_add_row(&c->cell, &c->match, &l->run, i);
        }
    }
    c->active_us = l->run.active_us;
}

struct figure ledger_copy_figure(const struct ledger_copy *c,
                                 enum threshold_agg agg, double percentile)
{
    return cell_figure(&c->cell, c->match.type, agg, percentile, c->active_us);
}
