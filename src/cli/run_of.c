/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/run_of.h"

#include <stdio.h>

#include "base/text.h"
#include "remote/runtime.h"

static const char *run_of_text(const cJSON *o, const char *key, char *buf,
                               size_t size)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);

    return text_safe(buf, size, cJSON_IsString(v) ? v->valuestring : "?");
}

/* "  --socket PATH   plan, scenario, running" */
static void run_of_list(const char *path)
{
    char plan[64], scenario[64], state[24];
    struct err e = ERR_INIT;
    cJSON *ask = cJSON_CreateObject(), *answer = NULL;
    const cJSON *status = NULL;
    struct link l;

    cJSON_AddStringToObject(ask, "do", "status");
    if (link_open(&l, path, &e)) {
        answer = link_ask(&l, ask, &e);
        status = cJSON_GetObjectItemCaseSensitive(answer, "status");
    }
    if (status != NULL) {
        fprintf(stderr, "  --socket %s   %s, %s, %s\n", path,
                run_of_text(status, "plan", plan, sizeof plan),
                run_of_text(status, "scenario", scenario, sizeof scenario),
                run_of_text(status, "state", state, sizeof state));
    } else {
        fprintf(stderr, "  --socket %s\n", path);
    }
    cJSON_Delete(ask);
    cJSON_Delete(answer);
    link_close(&l);
}

bool run_of_args(const struct cli_args *a, const char *command, struct link *l)
{
    char paths[RUNTIME_RUNS_MAX][RUNTIME_PATH_MAX];
    const char *path = a->set[OPTION_SOCKET] ? a->text[OPTION_SOCKET] : NULL;
    struct err e = ERR_INIT;
    char text[900];
    size_t n, i;

    l->fd = -1;
    buf_init(&l->in, 1);
    if (path == NULL) {
        n = runtime_list(paths);
        if (n == 0) {
            fprintf(stderr,
                    "brunt %s: no brunt of this user is running (--socket PATH "
                    "names one that listens elsewhere)\n",
                    command);
            return false;
        }
        if (n > 1) {
            fprintf(stderr, "brunt %s: %zu runs; which one?\n", command, n);
            for (i = 0; i < n; i++) {
                run_of_list(paths[i]);
            }
            return false;
        }
        path = paths[0];
    }
    if (!link_open(l, path, &e)) {
        fprintf(stderr, "brunt %s: %s\n", command,
                err_str(&e, text, sizeof text));
        return false;
    }
    return true;
}
