/* SPDX-License-Identifier: MIT
 *
 * dial - the end of its life. */
#include "config.h"

#include "plan/dial.h"

#include <stdlib.h>

void dial_clear(struct dial *d)
{
    free(d->ca);
    free(d->ca_dir);
    free(d->cert);
    free(d->key);
    free(d->password);
    free(d->ciphers);
    free(d->proxy);
    free(d->no_proxy);
    for (size_t i = 0; i < d->n_resolve; i++) {
        free(d->resolve[i]);
    }
    free(d->resolve);
    addresses_clear(&d->locals);
    *d = (struct dial){.http1 = false};
}
