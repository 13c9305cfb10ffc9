/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/dial_args.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/xalloc.h"
#include "cli/load_plan.h"
#include "load/lane_check.h"
#include "load/startup.h"

#define DIAL_WHY_SIZE 200

static bool dial_args_fail(enum opt_id id, const char *why)
{
    struct err e = ERR_INIT;

    err_set(&e, ERR_RANGE, "--%s: %s", opt_row(id)->name, why);
    print_err(&e);
    return false;
}

static bool dial_args_file(const struct cli_args *a, enum opt_id id, char **out)
{
    const char *path = a->text[id];
    struct stat st;

    if (!a->set[id]) {
        return true;
    }
    if (stat(path, &st) != 0 || access(path, R_OK) != 0) {
        struct err e = ERR_INIT;

        err_set(&e, ERR_IO, "--%s: '%s' cannot be read: %s", opt_row(id)->name,
                path, strerror(errno));
        print_err(&e);
        return false;
    }
    *out = xstrdup(path);
    return true;
}

static bool dial_args_files(const struct cli_args *a, struct dial *d)
{
    return dial_args_file(a, OPTION_CACERT, &d->ca) &&
           dial_args_file(a, OPTION_CERT, &d->cert) &&
           dial_args_file(a, OPTION_KEY, &d->key);
}

static bool dial_args_names(const struct cli_args *a, struct dial *d)
{
    char why[DIAL_WHY_SIZE];

    if (a->set[OPTION_PROXY] &&
        !dial_set_proxy(d, a->text[OPTION_PROXY], why, sizeof why)) {
        return dial_args_fail(OPTION_PROXY, why);
    }
    if (a->set[OPTION_NOPROXY] &&
        !dial_add_no_proxy(d, a->text[OPTION_NOPROXY], why, sizeof why)) {
        return dial_args_fail(OPTION_NOPROXY, why);
    }
    if (a->set[OPTION_LOCAL_IPS] &&
        !addresses_add(&d->locals, a->text[OPTION_LOCAL_IPS], why,
                       sizeof why)) {
        return dial_args_fail(OPTION_LOCAL_IPS, why);
    }
    for (size_t i = 0; i < a->n_list[OPTION_RESOLVE]; i++) {
        if (!dial_add_resolve(d, a->list[OPTION_RESOLVE][i], why, sizeof why)) {
            return dial_args_fail(OPTION_RESOLVE, why);
        }
    }
    return true;
}

bool dial_args(const struct cli_args *a, struct plan *p)
{
    struct dial flags = {
        .http1 = a->set[OPTION_HTTP1],
        .insecure = a->set[OPTION_INSECURE],
    };
    bool ok = dial_args_files(a, &flags) && dial_args_names(a, &flags);

    if (ok && a->set[OPTION_KEY] && flags.cert == NULL &&
        p->http.dial.cert == NULL) {
        ok = dial_args_fail(OPTION_KEY, "goes with --cert, a client's "
                                        "certificate");
    }
    if (ok) {
        dial_override(&p->http.dial, &flags);
        if (a->set[OPTION_NO_CONNECTION_REUSE]) {
            p->http.reuse = REUSE_NEVER;
        } else if (a->set[OPTION_NO_VU_CONNECTION_REUSE]) {
            p->http.reuse = REUSE_ITERATION;
        }
    }
    dial_clear(&flags);
    return ok;
}

bool dial_check(const struct plan *p)
{
    struct err e = ERR_INIT;
    bool ok;

    load_startup();
    ok = lane_check(&p->http.dial, p->file, &e);
    load_shutdown();
    if (!ok) {
        print_err(&e);
    }
    return ok;
}
