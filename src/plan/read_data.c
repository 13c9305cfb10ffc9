/* SPDX-License-Identifier: MIT
 *
 * read_data - the plan's data: lists that stand in it, and files of rows. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "plan/compile.h"
#include "plan/table.h"

#define DATA_MAX        1000
#define DATA_VALUES_MAX 1000000

static char *data_text(const cJSON *v)
{
    char *printed, *copy;

    if (cJSON_IsString(v)) {
        return xstrdup(v->valuestring);
    }
    printed = cJSON_PrintUnformatted(v);
    copy = xstrdup(printed == NULL ? "" : printed);
    cJSON_free(printed);
    return copy;
}

static void data_list(struct reader *r, const cJSON *v, struct plan_data *d)
{
    const cJSON *m;

    if (!reader_array(r, v, "values", DATA_VALUES_MAX)) {
        return;
    }
    d->values = xcalloc((size_t)cJSON_GetArraySize(v), sizeof *d->values);
    cJSON_ArrayForEach(m, v)
    {
        d->values[d->n++] = data_text(m);
    }
}

/* A relative path begins at the plan's folder. */
static char *data_path(const struct reader *r, const char *file)
{
    const char *slash = strrchr(r->file, '/');

    if (*file == '/' || slash == NULL) {
        return xstrdup(file);
    }
    return xasprintf("%.*s%s", (int)(slash - r->file + 1), r->file, file);
}

/* Whose mistakes are told. */
struct data_ear {
    struct reader *r;
    const char *path;
};

static void data_say(void *ctx, const struct err *e)
{
    struct data_ear *ear = ctx;

    reader_fail_file(ear->r, ear->path, e);
}

static bool data_ends(const char *file, const char *end)
{
    size_t n = strlen(file), len = strlen(end);

    return n > len && strcasecmp(file + n - len, end) == 0;
}

/* The delimiter: '\0' when it is not said. */
static char data_delimiter(struct reader *r, const cJSON *v)
{
    const char *s = NULL;

    if (!reader_m_string(r, v, "delimiter", &s)) {
        return '\0';
    }
    if (strlen(s) != 1 || strchr(",;|\t", *s) == NULL) {
        reader_fail_member(r, "delimiter",
                           "expected one of ',', ';', '|' and a tab, not "
                           "'%.20s'",
                           s);
        return '\0';
    }
    return *s;
}

static void data_read(struct reader *r, struct plan_data *d, const char *file,
                      char delimiter)
{
    char *path = data_path(r, file);
    struct data_ear about = {r, path};
    struct table_ear ear = {data_say, &about};
    struct err e = ERR_INIT;
    struct buf text;

    read_source(r, path);
    buf_init(&text, TABLE_TEXT_MAX);
    if (!file_read(path, &text, &e)) {
        if (e.code == ERR_LIMIT) {
            reader_fail_member(r, "file", "'%.200s' is larger than %d MiB",
                               file, (int)(TABLE_TEXT_MAX >> 20));
        } else {
            reader_fail_member(r, "file", "'%.200s': %s%s", file, e.text,
                               *file == '/' ? ""
                                            : " (the path begins at the "
                                              "plan's folder)");
        }
    } else if (data_ends(file, ".json")) {
        d->table = table_json(&text, &ear);
    } else {
        d->table = table_csv(
            &text,
            delimiter == '\0' && data_ends(file, ".tsv") ? '\t' : delimiter,
            &ear);
    }
    buf_clear(&text);
    free(path);
    d->n = d->table == NULL ? 0 : table_rows(d->table);
}

/* A word among those known. */
static unsigned data_word(struct reader *r, const cJSON *v, const char *key,
                          const char *const *words, unsigned n, unsigned or)
{
    const char *s = NULL;
    char hint[128];

    if (!reader_m_string(r, v, key, &s)) {
        return or ;
    }
    for (unsigned i = 0; i < n; i++) {
        if (strcmp(words[i], s) == 0) {
            return i;
        }
    }
    reader_fail_member(r, key, "'%.60s' is not known%s", s,
                       reader_hint(hint, sizeof hint, s, words, n));
    return or ;
}

static void data_order(struct reader *r, const cJSON *v, struct plan_data *d)
{
    static const char *const picks[] = {
        [DATA_SEQUENTIAL] = "sequential",
        [DATA_RANDOM] = "random",
        [DATA_UNIQUE] = "unique",
        [DATA_VU] = "vu",
    };
    static const char *const dones[] = {
        [DATA_STOP] = "stop",
        [DATA_WRAP] = "wrap",
        [DATA_FAIL] = "fail",
    };

    d->pick = (enum data_pick)data_word(r, v, "pick", picks, 4, DATA_UNIQUE);
    if (reader_get(v, "pick") == NULL) {
        d->pick = DATA_SEQUENTIAL;
    }
    d->when_done =
        (enum data_done)data_word(r, v, "whenDone", dones, 3, DATA_STOP);
    if (reader_get(v, "whenDone") != NULL && d->pick != DATA_UNIQUE &&
        d->pick != DATA_VU) {
        reader_fail_key(r, "whenDone",
                        "only \"pick\": \"unique\" and \"vu\" come to an end");
    }
}

static void data_file(struct reader *r, const cJSON *v, struct plan_data *d)
{
    const char *file = NULL;
    char delimiter = data_delimiter(r, v);
    size_t mark;

    (void)reader_object(r, v, KEY_DATA);
    data_order(r, v, d);
    if (reader_get(v, "file") == NULL) {
        reader_fail(r, "'file' is missing");
    }
    if (!reader_m_name(r, v, "file", &file)) {
        return;
    }
    mark = reader_enter(r, "file");
    d->file = compile_settled(r, file);
    reader_leave(r, mark);
    if (d->file == NULL) {
        return;
    }
    if (!data_ends(d->file, ".csv") && !data_ends(d->file, ".tsv") &&
        !data_ends(d->file, ".json")) {
        reader_fail_member(r, "file",
                           "'%.200s': a file of data ends in .csv, .tsv or "
                           ".json",
                           d->file);
        return;
    }
    if (delimiter != '\0' && data_ends(d->file, ".json")) {
        reader_fail_key(r, "delimiter", "a JSON file has none");
    }
    data_read(r, d, d->file, delimiter);
}

void read_data(struct reader *r, const cJSON *v)
{
    size_t n = (size_t)cJSON_GetArraySize(v);
    struct plan *p = r->plan;
    const cJSON *m;

    if (!reader_names(r, v, "data sets", DATA_MAX)) {
        return;
    }
    p->data = xcalloc(n + 1, sizeof *p->data);
    /* Before the first: the name of a file may, by mistake, use data. */
    r->uses = xcalloc(n + 1, sizeof *r->uses);
    r->default_uses = xcalloc(n + 1, sizeof *r->default_uses);
    cJSON_ArrayForEach(m, v)
    {
        struct plan_data *d = &p->data[p->n_data++];
        size_t mark = reader_enter(r, m->string);

        d->name = xstrdup(m->string);
        if (!compile_is_word(m->string)) {
            reader_fail(r, "a name has letters, digits and _ only, and begins "
                           "with no digit");
        }
        if (cJSON_IsObject(m)) {
            d->feed = (unsigned)p->n_feeds++;
            data_file(r, m, d);
        } else {
            data_list(r, m, d);
        }
        reader_leave(r, mark);
    }
}
