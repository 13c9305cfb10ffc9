/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "console/github.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "record/markdown.h"
#include "run/appraisal.h"
#include "run/judged.h"

#define GITHUB_ANNOTATIONS_MAX (64 << 10)
#define GITHUB_ROWS            100
#define GITHUB_ERRORS          20
/* That what was cut off is said. */
#define GITHUB_CUT "\n\n(cut: there is more)\n"

struct github_page {
    struct buf *out;
    struct story *story;
    const struct run_info *info;
    const struct tick *tick;
    const struct ledger *ledger;
    bool live; /* what has no end goes on */
};

static void github_look(struct github_page *p, struct story *s, struct buf *out)
{
    *p = (struct github_page){.out = out,
                              .story = s,
                              .info = story_info(s),
                              .tick = story_tick(s),
                              .ledger = story_ledger(s)};
}

static void github_escaped(struct buf *out, const char *s, bool property)
{
    struct buf safe;
    size_t i;

    buf_init(&safe, 8 * strlen(s) + 16);
    text_escape(&safe, s, strlen(s));
    for (i = 0; i < safe.len; i++) {
        unsigned char c = (unsigned char)safe.data[i];
        bool own = c == '%' || c == '\r' || c == '\n' ||
                   (property && (c == ':' || c == ','));

        if (own) {
            buf_addf(out, "%%%02X", c);
        } else {
            buf_addc(out, (char)c);
        }
    }
    buf_clear(&safe);
}

bool github_is_job(void)
{
    const char *job = getenv("GITHUB_ACTIONS");

    return job != NULL && strcmp(job, "true") == 0;
}

void github_command(struct buf *out, const char *kind, size_t *n,
                    const char *title, const char *text)
{
    if ((*n)++ >= GITHUB_SHOWN) {
        return;
    }
    buf_addf(out, "::%s title=", kind);
    github_escaped(out, title, true);
    buf_adds(out, "::");
    github_escaped(out, text, false);
    buf_addc(out, '\n');
}

static void github_errors(struct github_page *p)
{
    const struct outcome *o = &p->tick->outcome;
    char text[JUDGED_MAX], title[300], over[64];
    size_t i, n = 0;

    if (o->status == STATUS_ABORTED || o->status == STATUS_INTERRUPTED) {
        snprintf(title, sizeof title, "brunt: the run was %s",
                 run_status_name(o->status));
        github_command(p->out, "error", &n, title,
                       o->text[0] != '\0' ? o->text : o->stopped_by);
    }
    for (i = 0; i < p->tick->n_verdicts && !p->info->no_thresholds; i++) {
        const struct verdict *v = &p->tick->verdicts[i];

        if (!v->ok) {
            char metric[141], expression[101];

            snprintf(
                title, sizeof title, "brunt: %s %s%s",
                text_brief(metric, sizeof metric, v->threshold->metric_text),
                text_brief(expression, sizeof expression,
                           v->threshold->expression),
                judged_over(v->threshold, over, sizeof over));
            github_command(p->out, "error", &n, title,
                           judged_text(p->info->plan, v, text, sizeof text));
        }
    }
}

/* Figures that did not arrive: who reads them there does not see it. */
static void github_lost(struct github_page *p, size_t *n)
{
    size_t i, count;
    const struct output *list = story_outputs(p->story, &count);

    for (i = 0; i < count; i++) {
        char text[400], title[100];

        if (list[i].dropped > 0 || list[i].dead) {
            snprintf(title, sizeof title, "brunt: --out %s", list[i].kind);
            snprintf(text, sizeof text, "%s: ", list[i].where);
            output_text(&list[i], ", ", text + strlen(text),
                        sizeof text - strlen(text));
            github_command(p->out, "warning", n, title, text);
        }
    }
}

static void github_warnings(struct github_page *p, const struct appraisal *a,
                            size_t *n)
{
    size_t i;

    for (i = 0; i < a->report.n; i++) {
        github_command(p->out, "warning", n, "brunt: verdict", a->reasons[i]);
    }
}

/* The verdict, for which hunts are not made: they break it on purpose. */
static bool github_appraise(const struct story *s, struct appraisal *a)
{
    if (hunt_log_now(study_hunt(story_study(s))) != NULL) {
        return false;
    }
    appraise(s, a);
    return true;
}

void github_annotate(FILE *out, struct story *s)
{
    struct appraisal *a = xcalloc(1, sizeof *a);
    struct github_page p;
    struct buf text;
    size_t n = 0;

    buf_init(&text, GITHUB_ANNOTATIONS_MAX);
    story_lock(s);
    github_look(&p, s, &text);
    if (p.tick != NULL) {
        github_errors(&p);
        github_lost(&p, &n);
        if (github_appraise(s, a)) {
            github_warnings(&p, a, &n);
        }
    }
    story_unlock(s);
    fputs(buf_str(&text), out);
    buf_clear(&text);
    free(a);
}

static const char *github_mark(bool ok)
{
    return ok ? "✅" : "❌";
}

static void github_head(struct github_page *p)
{
    const struct outcome *o = &p->tick->outcome;
    bool judged = judged_run(p->tick, p->info->no_thresholds) ||
                  hunt_log_now(study_hunt(story_study(p->story))) != NULL;
    char num[NUM_MAX];

    buf_adds(p->out, "### ");
    /* Of what has no end nobody knows. */
    if (o->status != STATUS_RUNNING && judged) {
        buf_addf(p->out, "%s ", github_mark(o->status == STATUS_PASSED));
    }
    buf_adds(p->out, "brunt: ");
    markdown_text(p->out, p->info->plan->name);
    buf_adds(p->out, ", ");
    markdown_text(p->out, p->info->lineup->name);
    buf_addf(p->out, ": %s after %s%s\n\n",
             o->status == STATUS_RUNNING
                 ? (p->live ? "still running" : "cut off")
             : judged ? run_status_name(o->status)
                      : "ended",
             num_clock(num, p->tick->t_us),
             judged                    ? ""
             : p->tick->n_verdicts > 0 ? ", thresholds do not count"
                                       : ", no thresholds to judge by");
    if (o->text[0] != '\0') {
        markdown_text(p->out, o->text);
        buf_addf(p->out, " (exit code %d)\n\n", o->exit_code);
    }
    buf_adds(p->out, "against ");
    markdown_code(p->out, p->info->target);
    buf_addc(p->out, '\n');
}

static void github_verdict(struct github_page *p, const struct appraisal *a)
{
    size_t i;

    buf_adds(p->out, "\n**Verdict:** ");
    markdown_text(p->out, a->text);
    buf_addc(p->out, '\n');
    for (i = 0; i < a->report.n; i++) {
        buf_adds(p->out, "- ");
        markdown_text(p->out, a->reasons[i]);
        buf_addc(p->out, '\n');
    }
}

static void github_thresholds(struct github_page *p)
{
    char text[JUDGED_MAX];
    size_t i;

    if (p->tick->n_verdicts == 0) {
        return;
    }
    buf_addf(p->out, "\n| | threshold%s | limit | value |\n|---|---|---|---|\n",
             p->info->no_thresholds ? ", which does not count" : "");
    for (i = 0; i < p->tick->n_verdicts && i < GITHUB_ROWS; i++) {
        const struct verdict *v = &p->tick->verdicts[i];

        buf_addf(p->out, "| %s | ", github_mark(v->ok));
        markdown_code(p->out, v->threshold->metric_text);
        buf_adds(p->out, " | ");
        markdown_code(p->out, v->threshold->expression);
        buf_adds(p->out, " | ");
        markdown_text(p->out, judged_text(p->info->plan, v, text, sizeof text));
        buf_adds(p->out, " |\n");
    }
}

static void github_row(struct github_page *p, const char *name,
                       const struct summary *s)
{
    char n[NUM_MAX], r[NUM_MAX], a[NUM_MAX], b[NUM_MAX], c[NUM_MAX], e[NUM_MAX];
    bool any = s->responses > 0;

    buf_adds(p->out, "| ");
    if (name != NULL) {
        markdown_code(p->out, name);
    } else {
        buf_adds(p->out, "all");
    }
    buf_addf(
        p->out, " | %s | %s | %s | %s | %s | %s |\n", num_count(n, s->requests),
        num_rate(r, s->rate), any ? num_latency(a, s->p50_us) : "-",
        any ? num_latency(b, s->p95_us) : "-",
        any ? num_latency(c, s->p99_us) : "-", num_percent(e, s->error_rate));
}

static void github_requests(struct github_page *p)
{
    const struct plan *plan = p->info->plan;
    struct summary s = ledger_summary(p->ledger, -1, SPAN_RUN);
    size_t i, shown = 0;

    buf_adds(p->out, "\n| request | count | per s | p50 | p95 | p99 | failed "
                     "|\n|---|--:|--:|--:|--:|--:|--:|\n");
    github_row(p, NULL, &s);
    for (i = 0; i < plan->n_names && shown < GITHUB_ROWS; i++) {
        s = ledger_summary(p->ledger, (int)i, SPAN_RUN);
        if (s.requests > 0) {
            shown++;
            github_row(p, plan->names[i], &s);
        }
    }
}

static void github_checks(struct github_page *p)
{
    const struct plan *plan = p->info->plan;
    char passes[NUM_MAX], fails[NUM_MAX];
    size_t i, shown = 0;

    if (plan->n_checks == 0) {
        return;
    }
    buf_adds(p->out, "\n| | check | passed | failed |\n|---|---|--:|--:|\n");
    for (i = 0; i < plan->n_checks && shown < GITHUB_ROWS; i++) {
        struct judged_check c;

        if (!judged_check(plan, p->ledger, p->tick, p->info->no_thresholds, i,
                          &c)) {
            continue;
        }
        shown++;
        buf_addf(p->out, "| %s | ",
                 c.line.passes + c.line.fails == 0
                     ? ""
                     : github_mark(c.line.fails == 0 || c.excused));
        markdown_code(p->out, plan->checks[i]->name);
        buf_addf(p->out, " | %s | %s%s |\n", num_count(passes, c.line.passes),
                 num_count(fails, c.line.fails),
                 c.excused ? ", which thresholds allow" : "");
    }
}

static void github_failures(struct github_page *p)
{
    struct error_line lines[GITHUB_ERRORS];
    size_t n = ledger_errors(p->ledger, lines, GITHUB_ERRORS), i;
    char message[sizeof lines[0].sample->message], count[NUM_MAX];

    if (n == 0) {
        return;
    }
    buf_adds(p->out, "\n| errors | kind | |\n|--:|---|---|\n");
    for (i = 0; i < n && i < GITHUB_ERRORS; i++) {
        buf_addf(p->out, "| %s | ", num_count(count, lines[i].count));
        markdown_text(p->out, failure_name(lines[i].kind));
        buf_adds(p->out, " | ");
        markdown_text(p->out, error_line_message(p->info->plan, &lines[i],
                                                 message, sizeof message));
        buf_adds(p->out, " |\n");
    }
    if (n > GITHUB_ERRORS) {
        buf_addf(p->out, "\nand %zu more kinds\n", n - GITHUB_ERRORS);
    }
}

char *github_summary(struct story *s, bool live, size_t max)
{
    struct appraisal *a = xcalloc(1, sizeof *a);
    struct github_page p;
    struct buf out;

    buf_init(&out, max);
    story_lock(s);
    github_look(&p, s, &out);
    p.live = live;
    if (p.tick != NULL) {
        github_head(&p);
        if (github_appraise(s, a)) {
            github_verdict(&p, a);
        }
        github_thresholds(&p);
        github_requests(&p);
        github_checks(&p);
        github_failures(&p);
    }
    story_unlock(s);
    free(a);
    if (out.cut && out.len > sizeof GITHUB_CUT) {
        const char *text = buf_str(&out);
        size_t n = out.len - sizeof GITHUB_CUT;

        while (n > 0 && text[n - 1] != '\n') {
            n--; /* whole rows */
        }
        buf_cut(&out, n);
        buf_adds(&out, GITHUB_CUT);
    }
    return buf_take(&out);
}

static bool github_write(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, text, n);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        text += done;
        n -= (size_t)done;
    }
    return true;
}

bool github_append(struct story *s, const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    size_t room = GITHUB_SUMMARY_MAX;
    struct stat st;
    char *text;
    bool ok;

    if (fd < 0) {
        err_set_at(e, ERR_IO, path, 0, 0, "%s", strerror(errno));
        return false;
    }
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        /* Others of the same step were there before. */
        room = (uint64_t)st.st_size < room ? room - (size_t)st.st_size : 0;
    }
    text = github_summary(s, false, room);
    ok = github_write(fd, text, strlen(text));
    if (!ok) {
        err_set_at(e, ERR_IO, path, 0, 0, "%s", strerror(errno));
    }
    close(fd);
    free(text);
    return ok;
}
