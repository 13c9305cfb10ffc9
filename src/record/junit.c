/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "record/junit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LIBXML2
#include <libxml/xmlwriter.h>
#endif

#include "base/buf.h"
#include "base/must.h"
#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/run_file.h"
#include "run/judged.h"

#ifdef HAVE_LIBXML2

struct junit_page {
    xmlTextWriterPtr w;
    const struct run_info *info;
    const struct tick *tick;
    const struct ledger *ledger;
    char name[300]; /* of the run: "plan.scenario" */
    size_t *checks; /* owned: the first of each name */
    size_t n_checks;
};

/* How a case came out. */
enum junit_end { JUNIT_PASSED, JUNIT_FAILURE, JUNIT_ERROR, JUNIT_SKIPPED };

struct junit_count {
    unsigned tests, of[JUNIT_SKIPPED + 1];
};

typedef enum junit_end junit_case_fn(struct junit_page *p, size_t i, char *name,
                                     size_t name_size, char *text, size_t size);

/* A suite: its cases by number. */
struct junit_suite {
    const char *name;
    size_t n;
    junit_case_fn *each;
};

/* What memory holds cannot fail but for want of it. */
static void junit_must(int rc)
{
    MUST(rc >= 0);
}

static void junit_open(struct junit_page *p, const char *element)
{
    junit_must(xmlTextWriterStartElement(p->w, (const xmlChar *)element));
}

static void junit_close(struct junit_page *p)
{
    junit_must(xmlTextWriterEndElement(p->w));
}

/* Text that was made safe to show is of characters that XML has. */
static void junit_attribute(struct junit_page *p, const char *key,
                            const char *value)
{
    junit_must(xmlTextWriterWriteAttribute(p->w, (const xmlChar *)key,
                                           (const xmlChar *)value));
}

static void junit_number(struct junit_page *p, const char *key, unsigned n)
{
    char text[24];

    snprintf(text, sizeof text, "%u", n);
    junit_attribute(p, key, text);
}

/* Seconds: of a case 0, for none takes time of its own. */
static void junit_time(struct junit_page *p, double seconds)
{
    char text[40];

    snprintf(text, sizeof text, "%.3f", seconds);
    junit_attribute(p, "time", text);
}

static void junit_counts(struct junit_page *p, const struct junit_count *n)
{
    junit_number(p, "tests", n->tests);
    junit_number(p, "failures", n->of[JUNIT_FAILURE]);
    junit_number(p, "errors", n->of[JUNIT_ERROR]);
    junit_number(p, "skipped", n->of[JUNIT_SKIPPED]);
}

/* The run itself: not as its thresholds came out, which have cases of their
 * own, but whether it came to its end. */
static enum junit_end junit_run(struct junit_page *p, size_t i, char *name,
                                size_t name_size, char *text, size_t size)
{
    const struct outcome *o = &p->tick->outcome;
    char why[600];

    (void)i;
    snprintf(name, name_size, "the run came to its end");
    snprintf(text, size, "%s%s%s (exit code %d)", run_status_name(o->status),
             o->text[0] != '\0' ? ": " : "",
             text_safe(why, sizeof why, o->text), o->exit_code);
    switch (o->status) {
    case STATUS_PASSED:
    case STATUS_FAILED:
        return JUNIT_PASSED;
    case STATUS_RUNNING:
    case STATUS_ABORTED:
    case STATUS_INTERRUPTED:
        break;
    }
    return JUNIT_ERROR;
}

static enum junit_end junit_threshold(struct junit_page *p, size_t i,
                                      char *name, size_t name_size, char *text,
                                      size_t size)
{
    const struct verdict *v = &p->tick->verdicts[i];
    char metric[300], expression[200], over[64], said[JUDGED_MAX], num[NUM_MAX];

    snprintf(name, name_size, "%s: %s%s",
             text_safe(metric, sizeof metric, v->threshold->metric_text),
             text_safe(expression, sizeof expression, v->threshold->expression),
             judged_over(v->threshold, over, sizeof over));
    snprintf(text, size, "%s",
             judged_text(p->info->plan, v, said, sizeof said));
    if (v->ever_failed && !v->ok) {
        text_add(text, size, ", first failed at %s",
                 num_clock(num, v->first_failed_us));
    }
    if (p->info->no_thresholds) {
        text_add(text, size, "; thresholds do not count in this run");
        return JUNIT_SKIPPED;
    }
    return v->ok ? JUNIT_PASSED : JUNIT_FAILURE;
}

static enum junit_end junit_check(struct junit_page *p, size_t i, char *name,
                                  size_t name_size, char *text, size_t size)
{
    const struct plan *plan = p->info->plan;
    size_t check = p->checks[i];
    char fails[NUM_MAX], of[NUM_MAX], share[NUM_MAX];
    struct judged_check c;
    uint64_t all;

    MUST(judged_check(plan, p->ledger, p->tick, p->info->no_thresholds, check,
                      &c));
    all = c.line.passes + c.line.fails;
    text_safe(name, name_size, plan->checks[check]->name);
    if (all == 0) {
        snprintf(text, size, "it was never made");
        return JUNIT_SKIPPED;
    }
    snprintf(text, size, "%s of %s failed (%s)", num_count(fails, c.line.fails),
             num_count(of, all),
             num_percent(share, (double)c.line.fails / (double)all));
    if (c.excused) {
        text_add(text, size, ", which thresholds on checks allow");
        return JUNIT_PASSED;
    }
    return c.line.fails > 0 ? JUNIT_FAILURE : JUNIT_PASSED;
}

static void junit_case(struct junit_page *p, const struct junit_suite *suite,
                       size_t i)
{
    static const char *const elements[] = {
        [JUNIT_PASSED] = "system-out",
        [JUNIT_FAILURE] = "failure",
        [JUNIT_ERROR] = "error",
        [JUNIT_SKIPPED] = "skipped",
    };
    char name[600], text[1000], class[400];
    enum junit_end end =
        suite->each(p, i, name, sizeof name, text, sizeof text);

    snprintf(class, sizeof class, "%s.%s", p->name, suite->name);
    junit_open(p, "testcase");
    junit_attribute(p, "name", name);
    junit_attribute(p, "classname", class);
    junit_time(p, 0);
    junit_open(p, elements[end]);
    if (end == JUNIT_FAILURE || end == JUNIT_ERROR) {
        junit_attribute(p, "message", text);
        junit_attribute(p, "type", suite->name);
    } else if (end == JUNIT_SKIPPED) {
        junit_attribute(p, "message", text);
    }
    if (end != JUNIT_SKIPPED) {
        junit_must(xmlTextWriterWriteString(p->w, (const xmlChar *)text));
    }
    junit_close(p);
    junit_close(p);
}

static struct junit_count junit_counted(struct junit_page *p,
                                        const struct junit_suite *suite)
{
    struct junit_count n = {.tests = 0};
    char name[600], text[1000];
    size_t i;

    for (i = 0; i < suite->n; i++) {
        n.tests++;
        n.of[suite->each(p, i, name, sizeof name, text, sizeof text)]++;
    }
    return n;
}

static void junit_suite(struct junit_page *p, const struct junit_suite *suite)
{
    struct junit_count n = junit_counted(p, suite);
    char name[400], started[64];
    size_t i;

    snprintf(name, sizeof name, "%s.%s", p->name, suite->name);
    wall_rfc3339(p->info->started, started, sizeof started);
    started[strcspn(started, ".Z")] = '\0'; /* to the second, as Ant has it */
    junit_open(p, "testsuite");
    junit_attribute(p, "name", name);
    junit_counts(p, &n);
    junit_time(p, suite->each == junit_run ? (double)p->tick->t_us / 1e6 : 0);
    junit_attribute(p, "timestamp", started);
    for (i = 0; i < suite->n; i++) {
        junit_case(p, suite, i);
    }
    junit_close(p);
}

static void junit_checks(struct junit_page *p)
{
    const struct plan *plan = p->info->plan;
    struct check_line line;
    size_t i;

    p->checks = xcalloc(plan->n_checks + 1, sizeof *p->checks);
    for (i = 0; i < plan->n_checks; i++) {
        if (ledger_check_named(p->ledger, (unsigned)i, &line)) {
            p->checks[p->n_checks++] = i;
        }
    }
}

static void junit_suites(struct junit_page *p)
{
    const struct junit_suite suites[] = {
        {"run", 1, junit_run},
        {"thresholds", p->tick->n_verdicts, junit_threshold},
        {"checks", p->n_checks, junit_check},
    };
    struct junit_count all = {.tests = 0};
    size_t i, k;

    for (i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        struct junit_count n = junit_counted(p, &suites[i]);

        all.tests += n.tests;
        for (k = 0; k <= JUNIT_SKIPPED; k++) {
            all.of[k] += n.of[k];
        }
    }
    junit_open(p, "testsuites");
    junit_attribute(p, "name", p->name);
    junit_counts(p, &all);
    junit_time(p, (double)p->tick->t_us / 1e6);
    for (i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        junit_suite(p, &suites[i]);
    }
    junit_close(p);
}

bool junit_supported(void)
{
    return true;
}

/* The whole file, owned by the caller; never NULL where it is supported. Takes
 * the story's lock. */
static char *junit_text(struct story *s)
{
    struct junit_page p = {.info = story_info(s)};
    xmlBufferPtr buffer = xmlBufferCreate();
    char plan[140], lineup[140], *text;

    MUST(buffer != NULL);
    p.w = xmlNewTextWriterMemory(buffer, 0);
    MUST(p.w != NULL);
    junit_must(xmlTextWriterSetIndent(p.w, 1));
    junit_must(xmlTextWriterStartDocument(p.w, NULL, "UTF-8", NULL));
    story_lock(s);
    p.tick = story_tick(s);
    p.ledger = story_ledger(s);
    MUST(p.tick != NULL);
    snprintf(p.name, sizeof p.name, "%s.%s",
             text_safe(plan, sizeof plan, p.info->plan->name),
             text_safe(lineup, sizeof lineup, p.info->lineup->name));
    junit_checks(&p);
    junit_suites(&p);
    story_unlock(s);
    free(p.checks);
    junit_must(xmlTextWriterEndDocument(p.w));
    xmlFreeTextWriter(p.w);
    text = xstrdup((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return text;
}

#else

bool junit_supported(void)
{
    return false;
}

static char *junit_text(struct story *s)
{
    (void)s;
    MUST(!"asked for without libxml2");
    return NULL;
}

#endif

bool junit_write_final(struct story *s, const char *path, const char *tmp,
                       char *where, size_t size, struct err *e)
{
    char *text = junit_text(s);
    bool ok = run_file_write(story_info(s), text, path, tmp, ".junit.xml",
                             where, size, e);

    free(text);
    return ok;
}
