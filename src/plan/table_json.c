/* SPDX-License-Identifier: MIT
 *
 * table_json - an array, element by element: never more than one of them is a
 * tree. */
#include "config.h"

#include "plan/table_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"

/* A number may be longer printed than written (1E9), so there is room. */
#define JSON_CELLS_MAX (UINT64_C(3) << 30)
/* Whole numbers beyond it do not survive as a double. */
#define JSON_EXACT 9007199254740992.0

struct rows {
    struct table *t;
    struct table_told told;
    const char *text; /* borrowed */
    struct buf cells;
    size_t n_at, cap_at;
    size_t at;    /* of the element being read */
    bool objects; /* the elements are objects */
};

static void rows_where(const struct rows *r, int *line, int *column)
{
    json_place(r->text, r->at, line, column);
}

static bool rows_cell(struct rows *r, const cJSON *v)
{
    char *printed = NULL;
    int line, column;
    bool ok;

    if (cJSON_IsNumber(v) && fabs(v->valuedouble) > JSON_EXACT) {
        rows_where(r, &line, &column);
        table_fail(&r->told, line, column,
                   "a number of row %zu is too large to be kept exactly: "
                   "write it in quotes",
                   r->t->n_rows + 1);
        return false;
    }
    r->t->at = xgrow(r->t->at, r->n_at, &r->cap_at, sizeof *r->t->at);
    r->t->at[r->n_at++] = (uint32_t)r->cells.len;
    if (!cJSON_IsString(v)) {
        printed = cJSON_PrintUnformatted(v);
    }
    ok = buf_adds(&r->cells, printed != NULL     ? printed
                             : cJSON_IsString(v) ? v->valuestring
                                                 : "") &&
         buf_addc(&r->cells, '\0');
    cJSON_free(printed);
    if (!ok) {
        rows_where(r, &line, &column);
        table_fail(&r->told, line, column, "more text than %u GiB",
                   (unsigned)(JSON_CELLS_MAX >> 30));
    }
    return ok;
}

/* The first object names the columns. */
static bool rows_names(struct rows *r, const cJSON *v)
{
    const cJSON *m;
    int line, column;

    rows_where(r, &line, &column);
    r->objects = cJSON_IsObject(v);
    if (!r->objects) {
        r->t->names = xcalloc(1, sizeof *r->t->names);
        r->t->names[r->t->n_names++] = xstrdup("");
        return true;
    }
    if (v->child == NULL) {
        table_fail(&r->told, line, column,
                   "an empty object: the first one names the columns");
        return false;
    }
    cJSON_ArrayForEach(m, v)
    {
        if (!table_add_name(r->t, &r->told, m->string, line, column)) {
            return false;
        }
    }
    return true;
}

static bool rows_object(struct rows *r, const cJSON *v)
{
    const struct table *t = r->t;
    char list[200];
    int line, column;

    for (size_t i = 0; i < t->n_names; i++) {
        const cJSON *m = cJSON_GetObjectItemCaseSensitive(v, t->names[i]);

        if (m == NULL) {
            rows_where(r, &line, &column);
            table_fail(&r->told, line, column,
                       "row %zu has no '%s'; the first has %s", t->n_rows + 1,
                       t->names[i], table_list(t, list, sizeof list));
            return false;
        }
        if (!rows_cell(r, m)) {
            return false;
        }
    }
    return true;
}

static bool rows_kind(struct rows *r, const cJSON *v)
{
    int line, column;

    if (cJSON_IsObject(v) == r->objects) {
        return true;
    }
    rows_where(r, &line, &column);
    table_fail(&r->told, line, column,
               r->objects ? "row %zu is no object, and those before are"
                          : "row %zu is an object, and those before are none",
               r->t->n_rows + 1);
    return false;
}

/* An element's own mistake, told at its place in the file. */
static void rows_element_wrong(struct rows *r, const struct err *e)
{
    int line, column;

    rows_where(r, &line, &column);
    table_fail(&r->told, line + e->line - 1,
               e->line == 1 ? column + e->column - 1 : e->column, "%s",
               e->text);
}

static bool rows_element(void *ctx, size_t at, size_t n)
{
    struct rows *r = ctx;
    struct err e = ERR_INIT;
    size_t n_at = r->n_at, len = r->cells.len;
    cJSON *v;
    bool ok;

    r->at = at;
    if (r->t->n_rows >= TABLE_ROWS_MAX) {
        table_fail(&r->told, 0, 0, "more than %d rows", TABLE_ROWS_MAX);
        return false;
    }
    v = json_parse(r->text + at, n, "", &e);
    if (v == NULL) {
        rows_element_wrong(r, &e);
        return !table_enough(&r->told);
    }
    ok = (r->t->n_names > 0 || rows_names(r, v)) && rows_kind(r, v) &&
         (r->objects ? rows_object(r, v) : rows_cell(r, v));
    cJSON_Delete(v);
    if (ok) {
        r->t->n_rows++;
    } else {
        r->n_at = n_at;
        buf_cut(&r->cells, len);
    }
    /* Without the first one's names the rest cannot be judged. */
    return !table_enough(&r->told) && (ok || r->t->n_rows > 0);
}

struct table *table_json(struct buf *text, const struct table_ear *ear)
{
    struct table *t = xcalloc(1, sizeof *t);
    struct rows r = {.t = t, .told = {.ear = ear}, .text = buf_str(text)};
    struct err e = ERR_INIT;

    buf_init(&r.cells, JSON_CELLS_MAX);
    if (!json_each(r.text, text->len, "", rows_element, &r, &e)) {
        table_fail(&r.told, e.line, e.column, "%s", e.text);
    } else if (t->n_rows == 0 && r.told.n == 0) {
        table_fail(&r.told, 0, 0, "no rows: the array is empty");
    }
    t->text = buf_take(&r.cells);
    buf_clear(&r.cells);
    buf_clear(text);
    if (r.told.n > 0) {
        table_free(&t);
        return NULL;
    }
    t->at = xreallocarray(t->at, r.n_at, sizeof *t->at);
    return t;
}
