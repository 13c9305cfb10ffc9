/* SPDX-License-Identifier: MIT
 *
 * draw_page - text longer than its panel, scrolled with the arrow keys. How far
 * it goes is known once it was drawn, and is told through the grid. */
#include "config.h"

#include "screen/draw.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "measure/failure.h"

int page_row(struct page *p)
{
    int at = p->n++ - p->top;

    return at >= 0 && at < p->b.rows ? p->b.row + at : -1;
}

void page_head(struct page *p, const char *text)
{
    if (p->n > 0) {
        (void)page_row(p);
    }
    grid_fit(p->d->g, page_row(p), p->b.col, p->b.cols, ROLE_STRONG, text);
}

void page_text(struct page *p, enum role role, const char *text)
{
    while (text[0] != '\0') {
        char line[FAILURE_TEXT_MAX + 1], safe[4 * FAILURE_TEXT_MAX];
        const char *rest = safe;
        size_t n = strcspn(text, "\n"), next = n + (text[n] == '\n');

        n -= n > 0 && text[n - 1] == '\r';
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        text_safe(safe, sizeof safe, line);
        do {
            size_t fits = text_fit(rest, p->b.cols);

            snprintf(line, sizeof line, "%.*s", (int)fits, rest);
            grid_put(p->d->g, page_row(p), p->b.col, role, line);
            rest += fits;
        } while (rest[0] != '\0' && p->b.cols > 1);
        text += next;
    }
}

/* Is there nothing but a line in so many columns? */
static bool page_line(const struct draw *d, int row, int col, int cols)
{
    const struct cell *c;
    uint32_t line =
        d->g->ascii ? (uint32_t)(unsigned char)grid_ascii(0x2500) : 0x2500;

    for (; cols > 0; cols--, col++) {
        c = grid_at(d->g, row, col);
        if (c == NULL || c->cp != line) {
            return false;
        }
    }
    return true;
}

/* In the frame below; beside a long hint there it has no room, and then in the
 * line above. */
static void page_more(const struct draw *d, struct box b, const char *text)
{
    int room = text_width(text);

    if (!page_line(d, b.row + b.rows, b.col + 2, room) &&
        page_line(d, b.row - 1, b.col + b.cols - room - 2, room)) {
        grid_put(d->g, b.row - 1, b.col + b.cols - room - 2, ROLE_KEY, text);
    } else {
        grid_put(d->g, b.row + b.rows, b.col + 2, ROLE_KEY, text);
    }
}

void draw_more(const struct draw *d, struct box b, int n)
{
    char text[32];

    if (n > 0) {
        snprintf(text, sizeof text, " ↓ %d more ", n);
        page_more(d, b, text);
    }
}

void page_draw(const struct draw *d, struct box b,
               void (*fn)(struct page *p, const void *ctx), const void *ctx)
{
    struct page p = {.d = d, .b = b, .top = INT_MAX};
    int most;

    fn(&p, ctx);
    most = p.n > b.rows ? p.n - b.rows : 0;
    d->g->scroll_most = most;
    p.n = 0;
    p.top = d->ui->scroll < most ? d->ui->scroll : most;
    fn(&p, ctx);
    draw_more(d, b, most - p.top);
}
