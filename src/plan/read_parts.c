/* SPDX-License-Identifier: MIT
 *
 * read_parts - bodies from files, and of several parts (RFC 7578). Files are
 * read once, before the run, and shared by all that send them. */
#include "config.h"

#include "plan/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/must.h"
#include "base/xalloc.h"
#include "plan/compile.h"

#define PARTS_MAX       1000
#define PARTS_HEAD_SIZE 512
#define PARTS_BOUNDARY  "brunt-%.32s" /* of the plan's own digest */

static size_t parts_files_bytes(const struct plan *p)
{
    size_t sum = 0;

    for (size_t i = 0; i < p->n_files; i++) {
        sum += p->files[i].n;
    }
    return sum;
}

/* The file that v names, read; its place in plan->files, or -1 with a mistake
 * reported. */
static int parts_file(struct reader *r, const cJSON *v)
{
    struct plan *p = r->plan;
    char *path = read_file_name(r, v, false);
    struct buf text;

    if (path == NULL) {
        return -1;
    }
    for (size_t i = 0; i < p->n_files; i++) {
        if (strcmp(p->files[i].path, path) == 0) {
            free(path);
            return (int)i;
        }
    }
    buf_init(&text, PLAN_FILE_MAX);
    if (p->n_files == PLAN_FILES_MAX ||
        parts_files_bytes(p) >= PLAN_FILES_BYTES) {
        reader_fail(r, "more files than fit: at most %d of %d MiB in all",
                    PLAN_FILES_MAX, (int)(PLAN_FILES_BYTES >> 20));
    } else if (read_file_whole(r, path, &text)) {
        p->files = xreallocarray(p->files, p->n_files + 1, sizeof *p->files);
        p->files[p->n_files].path = path;
        p->files[p->n_files].n = text.len;
        p->files[p->n_files].data = buf_take(&text);
        return (int)p->n_files++;
    }
    buf_clear(&text);
    free(path);
    return -1;
}

void read_body_file(struct reader *r, const cJSON *v, struct compile *c)
{
    int file = parts_file(r, v);

    if (file >= 0) {
        compile_file(c, (unsigned)file);
    }
}

/* A name between quotes, as browsers write it. */
static void parts_quote(struct compile *c, const char *s)
{
    char one[2] = "";

    for (; *s != '\0'; s++) {
        one[0] = *s;
        compile_literal(c, *s == '"'    ? "%22"
                           : *s == '\r' ? "%0D"
                           : *s == '\n' ? "%0A"
                                        : one);
    }
}

static void parts_begin(struct reader *r, struct compile *c, const char *name)
{
    char *line = xasprintf("--" PARTS_BOUNDARY "\r\n", r->plan->sha256);

    compile_literal(c, line);
    compile_literal(c, "Content-Disposition: form-data; name=\"");
    parts_quote(c, name);
    compile_literal(c, "\"");
    free(line);
}

static void parts_value(struct reader *r, const cJSON *v, const char *name,
                        struct compile *c)
{
    char *text = reader_scalar(r, v);

    if (text != NULL) {
        parts_begin(r, c, name);
        compile_literal(c, "\r\n\r\n");
        (void)compile_text(r, c, text, ESCAPE_NONE);
        compile_literal(c, "\r\n");
    }
    free(text);
}

/* A text that goes into a header of the part; owned by the caller. */
static char *parts_text(struct reader *r, const cJSON *v, const char *key,
                        const char *standard)
{
    const char *s = NULL;
    char *text;
    size_t mark;

    if (!reader_m_name(r, v, key, &s)) {
        return xstrdup(standard);
    }
    mark = reader_enter(r, key);
    text = compile_settled(r, s);
    if (text != NULL && strpbrk(text, "\r\n") != NULL) {
        reader_fail(r, "a header's value has no line breaks");
    }
    reader_leave(r, mark);
    return text != NULL ? text : xstrdup(standard);
}

/* {"file", "filename", "type"}. */
static void parts_upload(struct reader *r, const cJSON *v, const char *name,
                         struct compile *c)
{
    const cJSON *m = reader_get(v, "file");
    char *filename, *type;
    const char *slash;
    size_t mark;
    int file;

    (void)reader_object(r, v, KEY_PART);
    if (m == NULL) {
        reader_fail(r, "'file' is missing");
        return;
    }
    mark = reader_enter(r, "file");
    file = parts_file(r, m);
    reader_leave(r, mark);
    if (file < 0) {
        return;
    }
    slash = strrchr(r->plan->files[file].path, '/');
    filename =
        parts_text(r, v, "filename",
                   slash != NULL ? slash + 1 : r->plan->files[file].path);
    type = parts_text(r, v, "type", "application/octet-stream");
    parts_begin(r, c, name);
    compile_literal(c, "; filename=\"");
    parts_quote(c, filename);
    compile_literal(c, "\"\r\nContent-Type: ");
    compile_literal(c, type);
    compile_literal(c, "\r\n\r\n");
    compile_file(c, (unsigned)file);
    compile_literal(c, "\r\n");
    free(filename);
    free(type);
}

static void parts_one(struct reader *r, const cJSON *v, const char *name,
                      struct compile *c)
{
    if (cJSON_IsObject(v)) {
        parts_upload(r, v, name, c);
    } else {
        parts_value(r, v, name, c);
    }
}

void read_multipart(struct reader *r, const cJSON *v, struct compile *c)
{
    const cJSON *m, *x;
    char *end;

    if (!reader_names(r, v, "names and values", PARTS_MAX)) {
        return;
    }
    if (v->child == NULL) {
        reader_fail(r, "empty: expected parts");
    }
    cJSON_ArrayForEach(m, v)
    {
        size_t mark = reader_enter(r, m->string);
        size_t i = 0;

        if (!cJSON_IsArray(m)) {
            parts_one(r, m, m->string, c);
        } else if (reader_array(r, m, "parts", PARTS_MAX)) {
            cJSON_ArrayForEach(x, m)
            {
                size_t inner = reader_enter_index(r, i++);

                parts_one(r, x, m->string, c);
                reader_leave(r, inner);
            }
        }
        reader_leave(r, mark);
    }
    end = xasprintf("--" PARTS_BOUNDARY "--\r\n", r->plan->sha256);
    compile_literal(c, end);
    free(end);
}

char *read_multipart_type(const struct reader *r)
{
    return xasprintf("multipart/form-data; boundary=" PARTS_BOUNDARY,
                     r->plan->sha256);
}
