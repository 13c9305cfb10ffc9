/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/server_args.h"

bool server_args(const struct cli_args *a, const struct plan *p,
                 struct conductor_watch *watch, struct scrape_config *metrics,
                 struct err *e)
{
    bool page = a->set[OPTION_SERVER_METRICS];

    if (a->n_list[OPTION_SERVER_SERIES] > 0 && !page) {
        err_set(e, ERR_SYNTAX,
                "--server-series chooses from a page of metrics: it needs "
                "--server-metrics URL");
        return false;
    }
    if (a->set[OPTION_SERVER_LIMIT] && !page && !a->set[OPTION_SERVER_PID]) {
        err_set(e, ERR_SYNTAX,
                "--server-limit is of the service's memory: it needs "
                "--server-metrics URL or --server-pid PID");
        return false;
    }
    *watch = (struct conductor_watch){
        .pid = (uint32_t)a->count[OPTION_SERVER_PID],
        .limit_bytes = a->count[OPTION_SERVER_LIMIT],
        .metrics = page ? metrics : NULL,
    };
    *metrics = (struct scrape_config){
        .url = a->text[OPTION_SERVER_METRICS],
        .series = a->list[OPTION_SERVER_SERIES],
        .n_series = a->n_list[OPTION_SERVER_SERIES],
        .cacert = p->http.dial.ca,
        .insecure = p->http.dial.insecure,
        .wait_us = a->count[OPTION_WAIT],
    };
    return true;
}
