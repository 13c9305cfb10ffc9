/* SPDX-License-Identifier: MIT
 *
 * iteration_pool - the iterations of shared-iterations: one counter that goes
 * down and never below zero. Its interface is in load/squad.h. */
#include "config.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "load/squad.h"

struct iteration_pool {
    _Atomic uint64_t left;
};

struct iteration_pool *iteration_pool_new(uint64_t iterations)
{
    struct iteration_pool *p = xcalloc(1, sizeof *p);

    atomic_init(&p->left, iterations);
    return p;
}

void iteration_pool_free(struct iteration_pool **p)
{
    free(*p);
    *p = NULL;
}

bool iteration_pool_take(struct iteration_pool *p)
{
    uint64_t left = atomic_load_explicit(&p->left, memory_order_relaxed);

    while (left > 0) {
        if (atomic_compare_exchange_weak_explicit(&p->left, &left, left - 1,
                                                  memory_order_relaxed,
                                                  memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

uint64_t iteration_pool_left(const struct iteration_pool *p)
{
    return atomic_load_explicit(&p->left, memory_order_relaxed);
}
