/* SPDX-License-Identifier: MIT
 *
 * evidence - masking comes before escaping, which could hide a secret from it,
 * and before cutting, which could leave half of one. */
#include "config.h"

#include "load/evidence.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "load/head.h"

/* Raw bytes looked at: escaping only makes longer, masking may shorten. */
#define EVIDENCE_RAW (2 * FAILURE_TEXT_MAX)
/* The head's part of the text: a long one leaves room for the body. */
#define EVIDENCE_HEAD (FAILURE_TEXT_MAX / 2)
/* So much of a secret's beginning is taken for a secret that was cut. */
#define EVIDENCE_PREFIX 8u

/* s without secrets, into out; cut: more stood behind it. Bounded texts may
 * end in the middle of a secret, so beginnings count as well. */
static void evidence_mask(const struct mask *m, struct buf *out, const char *s,
                          size_t n, bool cut)
{
    struct buf whole;

    if (n > EVIDENCE_RAW) {
        n = EVIDENCE_RAW;
        cut = true;
    }
    buf_init(&whole, 4 * EVIDENCE_RAW);
    mask_text(m, &whole, s, n);
    for (size_t i = 0; i < whole.len;) {
        const char *at = whole.data + i;
        size_t hidden = mask_begins(m, at, whole.len - i, EVIDENCE_PREFIX, cut);

        if (hidden > 0) {
            buf_adds(out, "***");
            i += hidden;
        } else {
            buf_addc(out, *at);
            i++;
        }
    }
    buf_clear(&whole);
}

/* Masks and escapes s as one line. */
static void evidence_add(const struct mask *m, struct buf *out, const char *s,
                         size_t n)
{
    struct buf masked;

    buf_init(&masked, 4 * EVIDENCE_RAW);
    evidence_mask(m, &masked, s, n, false);
    text_escape(out, buf_str(&masked), masked.len);
    buf_clear(&masked);
}

/* The same, with its line breaks kept. */
static void evidence_lines(const struct mask *m, struct buf *out,
                           const struct buf *body)
{
    struct buf masked;
    const char *s, *end;

    buf_init(&masked, 4 * EVIDENCE_RAW);
    evidence_mask(m, &masked, buf_str(body), body->len, body->cut);
    s = buf_str(&masked);
    end = s + masked.len;
    while (s < end) {
        const char *lf = memchr(s, '\n', (size_t)(end - s));
        const char *stop = lf != NULL ? lf : end;

        text_escape(out, s,
                    (size_t)(stop - s) - (stop > s && stop[-1] == '\r'));
        if (lf != NULL) {
            buf_addc(out, '\n');
        }
        s = lf != NULL ? lf + 1 : end;
    }
    buf_clear(&masked);
}

static void evidence_head(const struct mask *m, struct buf *out,
                          const struct buf *head)
{
    const char *s = buf_str(head);
    const char *end = s + head->len;

    while (s < end && !out->cut) {
        const char *lf = memchr(s, '\n', (size_t)(end - s));
        size_t n = (size_t)((lf != NULL ? lf : end) - s);
        struct head_text name = {s, 0};

        while (name.n < n && s[name.n] != ':' && s[name.n] != ' ') {
            name.n++;
        }
        if (head_is_secret(&name)) {
            text_escape(out, s, name.n);
            buf_adds(out, ": ***");
        } else {
            evidence_add(m, out, s, n - (n > 0 && s[n - 1] == '\r'));
        }
        buf_addc(out, '\n');
        s = lf != NULL ? lf + 1 : end;
    }
}

/* Whole lines of a head that is too long, with a word instead of the rest. */
static void evidence_cut_head(struct buf *text)
{
    size_t n = EVIDENCE_HEAD;

    if (text->len <= n) {
        return;
    }
    while (n > 0 && text->data[n - 1] != '\n') {
        n--;
    }
    buf_cut(text, n);
    buf_adds(text, "(the head goes on)\n\n");
}

/* What was built into a fixed array, cut at a whole character. */
static void evidence_copy(const struct buf *from, char *out, size_t size)
{
    size_t n = from->len < size - 1 ? from->len : size - 1;

    if (n < from->len) {
        while (n > 0 && ((unsigned char)from->data[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    if (n > 0) {
        memcpy(out, from->data, n);
    }
    out[n] = '\0';
}

void evidence_line(const struct mask *m, const char *s, char *out, size_t size)
{
    struct buf text;

    buf_init(&text, 16 * EVIDENCE_RAW);
    evidence_add(m, &text, s, strlen(s));
    (void)text_brief(out, size, buf_str(&text));
    buf_clear(&text);
}

void evidence_fill(const struct mask *m, struct failure_sample *out,
                   const char *message, const char *request,
                   const struct exchange *x)
{
    struct buf text;

    evidence_line(m, message, out->message, sizeof out->message);
    if (x == NULL || x->head.len == 0) {
        evidence_line(m, request, out->text, sizeof out->text);
        return;
    }
    buf_init(&text, 16 * EVIDENCE_RAW);
    evidence_head(m, &text, &x->head);
    evidence_cut_head(&text);
    evidence_lines(m, &text, &x->body);
    evidence_copy(&text, out->text, sizeof out->text);
    buf_clear(&text);
}
