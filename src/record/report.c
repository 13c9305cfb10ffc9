/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/report.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/must.h"
#include "base/text.h"
#include "record/report_internal.h"

void report_section(struct report_page *p, const char *id, const char *title)
{
    buf_addf(p->out, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void report_section_end(struct report_page *p)
{
    buf_adds(p->out, "</section>\n");
}

void report_said(struct report_page *p, const char *class, const char *text)
{
    buf_addf(p->out, "<p class=\"%s\">", class);
    html_text(p->out, text);
    buf_adds(p->out, "</p>\n");
}

/* A hexadecimal digit's value. */
static unsigned report_nibble(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* 'sha256-…' as a policy names what may run (CSP 3, 2.3.1). */
static void report_hash(struct buf *out, const char *text)
{
    unsigned char raw[32];
    char hex[65];
    size_t i;

    file_sha256(text, strlen(text), hex);
    for (i = 0; i < sizeof raw; i++) {
        raw[i] = (unsigned char)(report_nibble(hex[2 * i]) << 4 |
                                 report_nibble(hex[2 * i + 1]));
    }
    buf_adds(out, "'sha256-");
    text_base64(out, raw, sizeof raw);
    buf_addc(out, '\'');
}

static void report_open(struct report_page *p)
{
    struct buf *out = p->out;

    buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                  "<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" "
                  "content=\"default-src 'none'; base-uri 'none'; "
                  "form-action 'none'; style-src ");
    report_hash(out, report_style);
    buf_adds(out, "; script-src ");
    report_hash(out, report_script);
    buf_adds(out, "\">\n<meta name=\"viewport\" "
                  "content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"generator\" "
                  "content=\"" PACKAGE_NAME " " PACKAGE_VERSION "\">\n<title>");
    html_text(out, p->info->plan->name);
    buf_adds(out, ", ");
    html_text(out, p->info->lineup->name);
    buf_addf(out, ": %s</title>\n<style>",
             run_status_name(p->tick->outcome.status));
    buf_adds(out, report_style);
    buf_adds(out, "</style>\n</head>\n<body>\n<main>\n");
}

static void report_close(struct report_page *p)
{
    buf_adds(p->out,
             "</main>\n<footer><p>Made by " PACKAGE_NAME " " PACKAGE_VERSION
             ". Times are of the run: minutes and seconds "
             "since it began.</p></footer>\n<script>");
    buf_adds(p->out, report_script);
    buf_adds(p->out, "</script>\n</body>\n</html>\n");
}

char *report_html(struct story *s, const struct report_options *o)
{
    struct buf out;
    struct report_page p = {.out = &out, .options = o, .story = s};

    buf_init(&out, REPORT_BYTES_MAX);
    story_lock(s);
    p.info = story_info(s);
    p.tick = story_tick(s);
    p.ledger = story_ledger(s);
    p.study = story_study(s);
    p.hunt = hunt_log_now(study_hunt(p.study)) != NULL;
    MUST(p.tick != NULL);
    report_open(&p);
    report_head(&p);
    report_verdict(&p);
    report_figures(&p);
    report_thresholds(&p);
    report_compared(&p);
    report_charts(&p);
    report_insights(&p);
    report_scenarios(&p);
    report_endpoints(&p);
    report_metrics(&p);
    report_checks(&p);
    report_errors(&p);
    report_events(&p);
    report_generator(&p);
    report_environment(&p);
    report_close(&p);
    story_unlock(s);
    if (out.cut) {
        buf_clear(&out);
        return NULL;
    }
    return buf_take(&out);
}
