/* SPDX-License-Identifier: MIT
 *
 * brunt ctl: steers a run, or asks how it stands, through its control
 * socket. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/ctl_words.h"
#include "cli/run_of.h"
#include "run/level.h"
#include "run/output.h"
#include "run/tick.h"

static const cJSON *ctl_member(const cJSON *o, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *ctl_text(const cJSON *o, const char *key, char *buf,
                            size_t size)
{
    const cJSON *v = ctl_member(o, key);

    return text_safe(buf, size, cJSON_IsString(v) ? v->valuestring : "");
}

static double ctl_number(const cJSON *o, const char *key)
{
    const cJSON *v = ctl_member(o, key);

    return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble < 1e15
               ? v->valuedouble
               : 0;
}

static uint64_t ctl_count(const cJSON *o, const char *key)
{
    return num_whole(ctl_number(o, key));
}

static const char *ctl_clock(const cJSON *o, const char *key, char *buf)
{
    return num_clock(buf, num_whole(ctl_number(o, key) * 1e6));
}

/* "last 10 s    412 req/s  p95 574 ms  p99 1.2 s  errors 2.1 %" */
static void ctl_figures(const char *title, const cJSON *o)
{
    char n[NUM_MAX], rate[NUM_MAX], p95[NUM_MAX], p99[NUM_MAX], bad[NUM_MAX];
    bool any = cJSON_IsNumber(ctl_member(o, "p95_ms"));

    printf("%-11s %s requests  %s req/s  p95 %s  p99 %s  errors %s\n", title,
           num_count(n, ctl_count(o, "requests")),
           num_rate(rate, ctl_number(o, "rps")),
           any ? num_ms(p95, ctl_number(o, "p95_ms")) : "-",
           any ? num_ms(p99, ctl_number(o, "p99_ms")) : "-",
           num_percent(bad, ctl_number(o, "error_rate")));
}

static void ctl_scenario(const cJSON *s)
{
    char name[64], state[24], stage[96];
    bool vus = strcmp(ctl_text(s, "unit", state, sizeof state), "vus") == 0;

    printf("%-11s %s", ctl_text(s, "name", name, sizeof name),
           ctl_text(s, "state", state, sizeof state));
    if (strcmp(state, scenario_state_name(SCENARIO_DONE)) == 0) {
        /* Of what is over there is no load, only what came of it. */
        if (!vus) {
            printf("  %llu dropped",
                   (unsigned long long)ctl_count(s, "dropped"));
        }
        putchar('\n');
        return;
    }
    printf("  stage %llu/%llu %s  ", (unsigned long long)ctl_count(s, "stage"),
           (unsigned long long)ctl_count(s, "stages"),
           ctl_text(s, "stage_name", stage, sizeof stage));
    if (vus) {
        printf("VUs %llu (asked %llu, plan %llu)",
               (unsigned long long)ctl_count(s, "vus"),
               (unsigned long long)ctl_count(s, "wanted"),
               (unsigned long long)ctl_count(s, "planned"));
    } else {
        char rate[NUM_MAX], by[64];

        printf("%s iterations/s by %s, %llu dropped",
               num_rate(rate, ctl_number(s, "rate")),
               level_text(by, sizeof by, (uint32_t)ctl_count(s, "vus"), 0),
               (unsigned long long)ctl_count(s, "dropped"));
        if (cJSON_IsTrue(ctl_member(s, "manual"))) {
            printf(", asked %llu", (unsigned long long)ctl_count(s, "wanted"));
        }
    }
    printf("%s%s\n", cJSON_IsTrue(ctl_member(s, "manual")) ? "  MANUAL" : "",
           cJSON_IsTrue(ctl_member(s, "spike")) ? "  SPIKE" : "");
}

static void ctl_thresholds(const cJSON *list)
{
    char metric[160], expression[96], value[512];
    const cJSON *t;
    int holds = 0, n = cJSON_GetArraySize(list);

    cJSON_ArrayForEach(t, list)
    {
        holds += cJSON_IsTrue(ctl_member(t, "ok"));
    }
    if (n > 0) {
        printf("%-11s %d of %d pass\n", "thresholds", holds, n);
    }
    cJSON_ArrayForEach(t, list)
    {
        if (!cJSON_IsTrue(ctl_member(t, "ok"))) {
            printf("%-11s %s %s: %s\n",
                   cJSON_IsTrue(ctl_member(t, "pending")) ? "  undecided"
                                                          : "  fails",
                   ctl_text(t, "metric", metric, sizeof metric),
                   ctl_text(t, "expression", expression, sizeof expression),
                   ctl_text(t, "text", value, sizeof value));
        }
    }
}

/* Where the run is streamed to, in the words of its screen and summary. */
static void ctl_outputs(const cJSON *list)
{
    char state[24], text[600];
    const cJSON *x;

    cJSON_ArrayForEach(x, list)
    {
        struct output o = {.points = ctl_count(x, "points"),
                           .dropped = ctl_count(x, "dropped"),
                           .retries = ctl_count(x, "retries"),
                           .held_back = ctl_count(x, "held_back")};

        (void)ctl_text(x, "kind", o.kind, sizeof o.kind);
        (void)ctl_text(x, "where", o.where, sizeof o.where);
        if (cJSON_IsString(ctl_member(x, "error"))) {
            (void)ctl_text(x, "error", o.why, sizeof o.why);
        }
        (void)ctl_text(x, "state", state, sizeof state);
        o.dead = strcmp(state, "ended") == 0;
        o.behind = strcmp(state, "trying_again") == 0;
        printf("%-11s %s to %s: %s\n", "streamed", o.kind, o.where,
               output_text(&o, ", ", text, sizeof text));
    }
}

static void ctl_status(const cJSON *s)
{
    char a[256], b[128], c[64], at[NUM_MAX], left[NUM_MAX];
    const cJSON *scenario;

    printf("%s, %s: %s at %s", ctl_text(s, "plan", a, sizeof a),
           ctl_text(s, "scenario", b, sizeof b),
           ctl_text(s, "state", c, sizeof c), ctl_clock(s, "t", at));
    if (cJSON_IsNumber(ctl_member(s, "left_s"))) {
        printf(", %s left", ctl_clock(s, "left_s", left));
    }
    printf("%s\n", cJSON_IsTrue(ctl_member(s, "held")) ? ", HELD" : "");
    printf("%-11s %s\n", "target", ctl_text(s, "target", a, sizeof a));
    cJSON_ArrayForEach(scenario, ctl_member(s, "scenarios"))
    {
        ctl_scenario(scenario);
    }
    ctl_figures("last 10 s", ctl_member(s, "last_10s"));
    ctl_figures("whole run", ctl_member(s, "run"));
    ctl_thresholds(ctl_member(s, "thresholds"));
    ctl_outputs(ctl_member(s, "outputs"));
    if (cJSON_IsTrue(ctl_member(ctl_member(s, "generator"), "suspect"))) {
        printf("%-11s suspect: %s\n", "generator",
               ctl_text(ctl_member(s, "generator"), "why", a, sizeof a));
    }
}

static void ctl_print_json(const cJSON *o)
{
    char *text = json_print(o, true);

    puts(text);
    free(text);
}

static int ctl_answer(const struct cli_args *a, const cJSON *answer)
{
    const cJSON *status = ctl_member(answer, "status");
    char text[512];

    if (!cJSON_IsTrue(ctl_member(answer, "ok"))) {
        fprintf(stderr, "brunt ctl: %s\n",
                ctl_text(answer, "error", text, sizeof text));
        return CTL_REFUSED;
    }
    if (status == NULL) {
        puts(ctl_text(answer, "text", text, sizeof text));
    } else if (a->set[OPTION_JSON]) {
        ctl_print_json(status);
    } else {
        ctl_status(status);
    }
    return cJSON_IsTrue(ctl_member(answer, "clamped")) ? CTL_PARTLY
                                                       : CTL_APPLIED;
}

/* Lines as they come, until the run has ended. */
static int ctl_watch(struct link *l)
{
    struct err e = ERR_INIT;
    char state[24] = "";
    bool refused = false;
    cJSON *o;

    while ((o = link_line(l, LINK_FOREVER_MS, &e)) != NULL) {
        char *text = json_print(o, false);

        refused = cJSON_IsFalse(ctl_member(o, "ok"));
        if (cJSON_IsString(ctl_member(o, "state"))) {
            ctl_text(o, "state", state, sizeof state);
        }
        puts(text);
        free(text);
        cJSON_Delete(o);
        if (fflush(stdout) != 0) {
            return CTL_APPLIED; /* nobody reads any more */
        }
    }
    if (refused) {
        return CTL_REFUSED;
    }
    if (strcmp(state, "finished") != 0) {
        fprintf(stderr, "brunt ctl: %s before its end\n", e.text);
        return CTL_NO_RUN;
    }
    return CTL_APPLIED;
}

static int ctl_speak(const struct cli_args *a, const cJSON *ask, struct link *l)
{
    struct err e = ERR_INIT;
    char text[900];
    cJSON *answer;
    int code;

    if (strcmp(a->words[0], "watch") == 0) {
        if (!link_send(l, ask, &e)) {
            fprintf(stderr, "brunt ctl: %s\n", e.text);
            return CTL_NO_RUN;
        }
        return ctl_watch(l);
    }
    answer = link_ask(l, ask, &e);
    if (answer == NULL) {
        fprintf(stderr, "brunt ctl: %s\n", err_str(&e, text, sizeof text));
        return CTL_NO_RUN;
    }
    code = ctl_answer(a, answer);
    cJSON_Delete(answer);
    return code;
}

int cmd_ctl(const struct cli_args *a)
{
    struct err e = ERR_INIT;
    struct link l;
    int code = CTL_NO_RUN;
    cJSON *ask = ctl_words(a, &e);

    if (ask == NULL) {
        fprintf(stderr, "brunt ctl: %s\n", e.text);
        return EXIT_INVALID;
    }
    if (run_of_args(a, "ctl", &l)) {
        code = ctl_speak(a, ask, &l);
    }
    link_close(&l);
    cJSON_Delete(ask);
    return code;
}
