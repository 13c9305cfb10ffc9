/* SPDX-License-Identifier: MIT
 *
 * What is taken as JSON can be printed and taken again, and each of its values
 * is found by its path; what is refused says where. */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/must.h"

#define FUZZ_PATH_MAX 4096

static void walk(const char *text, size_t n, const cJSON *v, char *path,
                 unsigned *left)
{
    size_t len = strlen(path);
    const cJSON *child;
    size_t i = 0;
    int line = 0;
    int column = 0;

    /* Each look-up scans the text: only some are tried. */
    if (*left == 0) {
        return;
    }
    (*left)--;
    MUST(json_where(text, n, path, false, &line, &column));
    MUST(line >= 1 && column >= 1);
    MUST(json_where(text, n, path, true, &line, &column));
    cJSON_ArrayForEach(child, v)
    {
        bool fits = cJSON_IsObject(v)
                        ? json_path_member(path, FUZZ_PATH_MAX, child->string)
                        : json_path_index(path, FUZZ_PATH_MAX, i++);

        if (fits) {
            walk(text, n, child, path, left);
        }
        path[len] = '\0';
    }
}

int fuzz_one(const uint8_t *data, size_t n)
{
    const char *text = (const char *)data;
    struct err e = ERR_INIT;
    cJSON *root = json_parse(text, n, "input", &e);
    char path[FUZZ_PATH_MAX] = "$";
    unsigned left = 30;
    cJSON *again;
    char *printed;
    int line;
    int column;

    json_where(text, n, "$.a[1]['b c'].d", false, &line, &column);
    if (root == NULL) {
        MUST(e.code == ERR_SYNTAX && e.line >= 1 && e.column >= 1);
        MUST(e.text[0] != '\0');
        return 0;
    }
    walk(text, n, root, path, &left);
    json_pointer(root, "/a/1/b~1c/~0");
    printed = cJSON_PrintUnformatted(root);
    MUST(printed != NULL);
    again = json_parse(printed, strlen(printed), "printed", NULL);
    MUST(again != NULL);
    MUST(cJSON_Compare(root, again, true));
    cJSON_free(printed);
    cJSON_Delete(again);
    cJSON_Delete(root);
    return 0;
}
