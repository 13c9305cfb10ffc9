/* SPDX-License-Identifier: MIT
 *
 * parse - a text or file made into a plan, or into a list of mistakes. */
#include "config.h"

#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "plan/read.h"
#include "plan/url.h"

static void parse_add(struct plan_errors *errors, const struct err *e)
{
    errors->list =
        xgrow(errors->list, errors->n, &errors->cap, sizeof *errors->list);
    errors->list[errors->n++] = *e;
}

/* Mistakes in data files come behind those in the plan, each file's for
 * itself. */
static bool parse_before(const struct err *a, const struct err *b,
                         const char *file)
{
    bool a_away = a->line > 0 && strcmp(a->where, file) != 0;
    bool b_away = b->line > 0 && strcmp(b->where, file) != 0;

    if (a_away || b_away) {
        return !a_away;
    }
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* Into the order of the text. Few, and mostly in order already: by insertion,
 * which keeps those of one place as they were found. */
static void parse_sort(struct plan_errors *errors, const char *file)
{
    char safe[sizeof errors->list->where];

    (void)text_safe(safe, sizeof safe, file);
    for (size_t i = 1; i < errors->n; i++) {
        struct err e = errors->list[i];
        size_t k = i;

        while (k > 0 && parse_before(&e, &errors->list[k - 1], safe)) {
            errors->list[k] = errors->list[k - 1];
            k--;
        }
        errors->list[k] = e;
    }
}

static struct plan *parse_new(const char *text, size_t n,
                              const struct plan_input *in)
{
    struct plan *p = xcalloc(1, sizeof *p);

    p->file = xstrdup(in->file);
    p->text = xstrndup(text, n);
    file_sha256(text, n, p->sha256);
    p->n_verdict = verdict_rules_builtin(p->verdict);
    return p;
}

static void parse_end(struct reader *r)
{
    struct err e = ERR_INIT;

    parse_sort(r->errors, r->file);
    if (r->hidden > 0) {
        err_set_at(&e, ERR_RANGE, r->file, 0, 0, "and %zu more mistakes",
                   r->hidden);
        parse_add(r->errors, &e);
    }
    for (size_t i = 0; i < r->n_defaults; i++) {
        free(r->defaults[i].name);
        value_clear(&r->defaults[i].value);
    }
    free(r->defaults);
    credentials_free(&r->default_digest);
    free(r->visible);
    free(r->uses);
    free(r->default_uses);
    for (size_t i = 0; i < r->n_flows; i++) {
        free(r->flows[i].path);
    }
    free(r->flows);
}

struct plan *plan_parse(const char *text, size_t n, const struct plan_input *in,
                        struct plan_errors *errors)
{
    struct reader r = {.text = text,
                       .n = n,
                       .file = in->file,
                       .errors = errors,
                       .path = "$",
                       .own = {.lineup = -1}};
    struct err e = ERR_INIT;
    struct plan *p;
    size_t before = errors->n;
    cJSON *doc;

    if (n > PLAN_TEXT_MAX) {
        err_set_at(&e, ERR_LIMIT, in->file, 0, 0, "a plan has at most %d MiB",
                   (int)(PLAN_TEXT_MAX >> 20));
        parse_add(errors, &e);
        return NULL;
    }
    doc = json_parse(text, n, in->file, &e);
    if (doc == NULL) {
        parse_add(errors, &e);
        return NULL;
    }
    p = parse_new(text, n, in);
    r.plan = p;
    read_plan(&r, doc, in);
    parse_end(&r);
    cJSON_Delete(doc);
    if (errors->n > before) {
        plan_free(&p);
    }
    return p;
}

struct plan *plan_load(const char *path, const struct plan_input *in,
                       struct plan_errors *errors)
{
    struct plan_input with = *in;
    struct err e = ERR_INIT;
    struct plan *p = NULL;
    struct buf text;

    with.file = path;
    buf_init(&text, PLAN_TEXT_MAX);
    if (file_read(path, &text, &e)) {
        p = plan_parse(buf_str(&text), text.len, &with, errors);
    } else {
        parse_add(errors, &e);
    }
    buf_clear(&text);
    return p;
}

#define SECRET_NAME "USERINFO"

/* The URL as a plan writes it: ${ in it is no value, and a password in it is
 * the secret SECRET_NAME. */
static char *parse_literal(const char *url)
{
    size_t secret_len, secret = url_secret(url, &secret_len);
    struct buf b;
    char *out;

    buf_init(&b, PLAN_BODY_MAX);
    for (size_t i = 0; url[i] != '\0'; i++) {
        if (i == secret && secret_len > 0) {
            (void)buf_adds(&b, "${" SECRET_NAME "}");
            i += secret_len;
        }
        if (strncmp(url + i, "${", 2) == 0) {
            (void)buf_addc(&b, '$');
        }
        (void)buf_addc(&b, url[i]);
    }
    out = buf_take(&b);
    buf_clear(&b);
    return out;
}

/* What stands before the host with a password stays out of names, samples and
 * results, as a secret does. */
static void parse_url_secret(cJSON *doc, const char *url)
{
    size_t n, at = url_secret(url, &n);
    char *value = xstrndup(url + at, n);

    if (n > 0) {
        (void)cJSON_AddStringToObject(cJSON_AddObjectToObject(doc, "env"),
                                      SECRET_NAME, value);
        (void)cJSON_AddItemToArray(cJSON_AddArrayToObject(doc, "secrets"),
                                   cJSON_CreateString(SECRET_NAME));
    }
    free(value);
}

static char *parse_url_text(const char *url)
{
    cJSON *doc = cJSON_CreateObject(), *step = cJSON_CreateObject();
    cJSON *scenarios = cJSON_CreateObject(), *s = cJSON_CreateObject();
    char *literal = parse_literal(url), *printed, *text;
    char name[PLAN_NAME_MAX];

    (void)cJSON_AddStringToObject(doc, "name",
                                  text_safe(name, sizeof name, literal));
    parse_url_secret(doc, url);
    (void)cJSON_AddStringToObject(step, "get", literal);
    (void)cJSON_AddItemToArray(cJSON_AddArrayToObject(doc, "flow"), step);
    (void)cJSON_AddStringToObject(s, "purpose", "one URL, steered by hand");
    (void)cJSON_AddStringToObject(s, "executor", "constant-vus");
    (void)cJSON_AddStringToObject(s, "duration", "1s");
    (void)cJSON_AddItemToObject(scenarios, "url", s);
    (void)cJSON_AddItemToObject(doc, "scenarios", scenarios);
    printed = cJSON_PrintUnformatted(doc);
    text = xstrdup(printed == NULL ? "" : printed);
    cJSON_free(printed);
    cJSON_Delete(doc);
    free(literal);
    return text;
}

struct plan *plan_from_url(const char *url, struct err *e)
{
    struct plan_input in = {.file = ""};
    struct plan_errors errors = {.n = 0};
    const char *wrong = url_wrong(url, true);
    struct plan *p;
    char safe[200];
    char *text;

    if (wrong != NULL) {
        err_set(e, ERR_RANGE, "'%s' %s", text_safe(safe, sizeof safe, url),
                wrong);
        return NULL;
    }
    text = parse_url_text(url);
    p = plan_parse(text, strlen(text), &in, &errors);
    if (p == NULL) {
        err_set(e, ERR_RANGE, "'%s': %s", text_safe(safe, sizeof safe, url),
                errors.list[0].text);
    } else {
        p->lineups[0].list[0].duration_us = UINT64_MAX;
    }
    plan_errors_clear(&errors);
    free(text);
    return p;
}
