/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "chart/spark.h"

#include <string.h>

#define SPARK_LEVELS 8

static const char *const spark_blocks[SPARK_LEVELS] = {"▁", "▂", "▃", "▄",
                                                       "▅", "▆", "▇", "█"};
static const char *const spark_ascii[SPARK_LEVELS] = {"_", ".", "-", "=",
                                                      "+", "*", "%", "#"};

static const char *spark_glyph(double value, double top, bool ascii)
{
    int level;

    if (!(value > 0) || !(top > 0)) {
        return " ";
    }
    level = value < top ? (int)(value / top * SPARK_LEVELS + 0.5) - 1
                        : SPARK_LEVELS - 1;
    level = level < 0 ? 0 : level;
    return ascii ? spark_ascii[level] : spark_blocks[level];
}

const char *spark_text(const double *values, size_t n, double top, bool ascii,
                       char *out, size_t size)
{
    size_t i, used = 0;

    for (i = 0; i < n; i++) {
        const char *g = spark_glyph(values[i], top, ascii);
        size_t k = strlen(g);

        if (used + k + 1 > size) {
            break;
        }
        memcpy(out + used, g, k);
        used += k;
    }
    if (size > 0) {
        out[used] = '\0';
    }
    return out;
}
