/* SPDX-License-Identifier: MIT
 *
 * report_about - what stands at the end of a report: what happened when, how
 * the generator itself was, and in what surroundings it was measured. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/num.h"
#include "base/text.h"
#include "record/report_internal.h"
#include "record/results_internal.h"

#define ABOUT_EVENTS 1000
#define ABOUT_ENV    500

static void about_event(struct report_page *p, const struct event *e)
{
    char num[NUM_MAX];

    buf_addf(p->out, "<tr%s>",
             e->bad    ? " class=\"fails\""
             : e->load ? " class=\"hand\""
                       : "");
    html_number(p->out, num_clock(num, e->t_us));
    html_cell(p->out, e->type);
    html_cell(p->out, e->text);
    html_cell(p->out, e->by);
    buf_adds(p->out, "</tr>\n");
}

void report_events(struct report_page *p)
{
    static const struct html_column columns[] = {
        {"at", true}, {"what", false}, {"", false}, {"by", false}};
    size_t n = story_event_count(p->story), i;
    char count[NUM_MAX];

    if (n == 0) {
        return;
    }
    report_section(p, "events", "What happened");
    html_table(p->out, "", columns, sizeof columns / sizeof columns[0]);
    for (i = 0; i < n && i < ABOUT_EVENTS; i++) {
        about_event(p, story_event(p->story, i));
    }
    html_table_end(p->out);
    if (n > ABOUT_EVENTS || story_events_lost(p->story) > 0) {
        buf_addf(p->out, "<p class=\"hint\">and %s more</p>\n",
                 num_count(count, (n > ABOUT_EVENTS ? n - ABOUT_EVENTS : 0) +
                                      story_events_lost(p->story)));
    }
    report_section_end(p);
}

static void about_row(struct report_page *p, const char *name,
                      const char *value)
{
    buf_adds(p->out, "<tr>");
    html_name(p->out, name);
    html_cell(p->out, value);
    buf_adds(p->out, "</tr>\n");
}

static void about_trust(struct report_page *p)
{
    const struct health *h = &p->tick->health;
    char text[400], n[NUM_MAX];

    if (h->ever_suspect) {
        snprintf(text, sizeof text,
                 "Suspect for %s in all%s%s: these numbers may be the "
                 "generator's, not the service's.",
                 num_clock(n, h->suspect_us),
                 h->first_why[0] != '\0' ? ", first for " : "", h->first_why);
        report_said(p, "bad", text);
    } else if (p->tick->held_back > 0) {
        snprintf(text, sizeof text,
                 "Healthy, but --rps %" PRIu32 " held back %s request%s: the "
                 "load is the cap's, not the plan's.",
                 p->info->rps, num_count(n, p->tick->held_back),
                 p->tick->held_back == 1 ? "" : "s");
        report_said(p, "", text);
    } else if (p->tick->active_total_us == 0) {
        report_said(p, "", "Healthy: there was no load that could strain it.");
    } else {
        report_said(p, "good",
                    "Healthy all the time: these numbers are the service's.");
    }
}

static void about_count(struct report_page *p, uint64_t count, const char *what)
{
    char n[NUM_MAX];

    if (count > 0) {
        about_row(p, what, num_count(n, count));
    }
}

void report_generator(struct report_page *p)
{
    static const struct html_column columns[] = {{"", false}, {"", false}};
    const struct health *h = &p->tick->health;
    struct totals t = ledger_totals(p->ledger);
    char a[NUM_MAX], b[NUM_MAX], text[80];

    report_section(p, "generator", "The generator itself");
    about_trust(p);
    html_table(p->out, "", columns, 2);
    snprintf(text, sizeof text, "%s, at most %s",
             num_latency(a, t.run_lag_p99_us), num_ms(b, h->lag_max_ms));
    about_row(p, "its timers were late by, p99", text);
    snprintf(text, sizeof text, "up to %s of a core",
             num_percent(a, h->cpu_max));
    about_row(p, "busiest worker", text);
    about_row(p, "memory", num_bytes(a, h->rss_bytes));
    snprintf(text, sizeof text, "%s of %s", num_count(a, h->fds),
             num_count(b, h->fds_max));
    about_row(p, "descriptors at the end", text);
    snprintf(text, sizeof text, "%s, at most %s at a time",
             num_count(a, p->tick->connections_opened),
             num_count(b, p->tick->connections_max));
    about_row(p, "connections opened", text);
    about_count(p, t.interrupted, "iterations cut off");
    about_count(p, t.interrupted_requests,
                "requests cut off, not counted as failed");
    about_count(p, t.retries,
                "requests sent again: their kept connection had died");
    about_count(p, t.rejected, "values rejected: negative or not a number");
    about_count(p, t.folded, "samples folded: too many different series");
    html_table_end(p->out);
    report_section_end(p);
}

/* Masked as in the results. */
static void about_variable(struct report_page *p, const struct plan_env *e)
{
    cJSON *o = cJSON_CreateObject();
    const cJSON *v;

    results_add_env(o, p->info->plan, e->name, e->value);
    v = o->child;
    about_row(p, e->name, cJSON_IsString(v) ? v->valuestring : "");
    cJSON_Delete(o);
}

static void about_machine(struct report_page *p)
{
    const struct recording_meta *m = p->options->meta;
    char text[320], n[NUM_MAX], memory[NUM_MAX];

    if (m == NULL) {
        return;
    }
    snprintf(text, sizeof text, "%s%s%s", m->machine,
             m->machine[0] != '\0' && m->system[0] != '\0' ? ", " : "",
             m->system);
    if (m->cores > 0) {
        text_add(text, sizeof text, ", %s core%s", num_count(n, m->cores),
                 m->cores == 1 ? "" : "s");
    }
    if (m->memory_bytes > 0) {
        text_add(text, sizeof text, ", %s of memory",
                 num_bytes(memory, m->memory_bytes));
    }
    about_row(p, "machine", text);
}

void report_environment(struct report_page *p)
{
    static const struct html_column columns[] = {{"", false}, {"", false}};
    const struct plan *plan = p->info->plan;
    char text[64], n[NUM_MAX];
    size_t i;

    report_section(p, "environment", "Surroundings");
    html_table(p->out, "", columns, 2);
    about_row(p, "plan", plan->file[0] != '\0' ? plan->file : plan->name);
    about_row(p, "its SHA-256", plan->sha256);
    about_machine(p);
    about_row(p, "workers", num_count(n, p->info->workers));
    snprintf(text, sizeof text, "%" PRIu64, p->info->seed);
    about_row(p, "seed", text);
    if (p->info->time_scale < 1 || p->info->time_scale > 1) {
        about_row(p, "time scale", num_plain(n, p->info->time_scale));
    }
    html_table_end(p->out);
    if (plan->n_env > 0) {
        html_table(p->out, "Variables of the plan, secrets masked", columns, 2);
        for (i = 0; i < plan->n_env && i < ABOUT_ENV; i++) {
            about_variable(p, &plan->env[i]);
        }
        html_table_end(p->out);
    }
    report_section_end(p);
}
