/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/picture.h"

#include <stdio.h>

#include "base/file.h"
#include "record/run_file.h"

/* Half way from a to b. */
static uint32_t picture_mix(uint32_t a, uint32_t b)
{
    return (a >> 1 & 0x7f7f7f) + (b >> 1 & 0x7f7f7f);
}

struct theme_paint picture_paint(const struct picture *p, enum role r)
{
    struct theme_paint ground = theme_paint(p->theme, ROLE_TEXT), look = ground;
    unsigned attr = theme_look(p->theme, r, DEPTH_MONO).attr;

    if (!p->no_color) {
        return theme_paint(p->theme, r);
    }
    look.bold = (attr & THEME_BOLD) != 0;
    if ((attr & THEME_DIM) != 0) {
        look.fg = picture_mix(ground.fg, ground.bg);
    }
    if ((attr & THEME_REVERSE) != 0) {
        look.fg = ground.bg;
        look.bg = ground.fg;
    }
    return look;
}

static bool picture_write(const char *base, const char *end,
                          const struct picture *p,
                          void (*make)(const struct picture *, struct buf *),
                          struct err *e)
{
    char path[512];
    struct buf b;
    bool ok;

    snprintf(path, sizeof path, "%s%s", base, end);
    buf_init(&b, PICTURE_MAX);
    make(p, &b);
    ok = file_write(path, buf_str(&b), b.len, e);
    buf_clear(&b);
    return ok;
}

bool picture_save(const struct picture *p, const struct run_info *info,
                  char *answer, size_t size)
{
    static const char *const ends[] = {".svg", ".ansi", NULL};
    struct err e = ERR_INIT;
    char base[256], text[1024];
    bool named = run_file_name(info, "", ends, base, sizeof base, &e);
    bool ok = named && picture_write(base, ends[0], p, picture_svg, &e) &&
              picture_write(base, ends[1], p, picture_ansi, &e);

    if (named && !ok) {
        run_file_drop(base, ends);
    }
    if (ok) {
        snprintf(answer, size, "picture in %s.svg and .ansi", base);
    } else {
        snprintf(answer, size, "no picture: %s",
                 err_str(&e, text, sizeof text));
    }
    return ok;
}
