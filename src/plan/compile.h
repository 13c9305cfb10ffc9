/* SPDX-License-Identifier: MIT
 *
 * compile - texts with ${…} made into values, piece by piece: what is known
 * before the run becomes literal text. Inside this room only. */
#ifndef PLAN_COMPILE_H
#define PLAN_COMPILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "plan/reader.h"
#include "plan/value.h"

/* A value being put together. */
struct compile {
    struct value value;
    size_t cap;
    struct buf literal; /* what is not yet a part */
    size_t settled;     /* ${…} that are env variables */
    bool settled_text;  /* one of them is not empty */
    size_t later;       /* ${…} that are known at run time only */
};

/* max: bytes of literal text. */
void compile_init(struct compile *c, size_t max);
/* Text as it is. */
void compile_literal(struct compile *c, const char *s);
/* The bytes of plan->files[index]. */
void compile_file(struct compile *c, unsigned index);
/* Text with ${…} in it, each written at its place by how. false: a mistake,
 * which is reported. */
bool compile_text(struct reader *r, struct compile *c, const char *text,
                  enum value_escape how);
/* A URL: what is known now stands as it is, the rest percent-encoded, but for
 * what the URL begins with. */
bool compile_url(struct reader *r, struct compile *c, const char *text);
/* The same of a string in a JSON body, quotes included: one that is nothing but
 * ${x:number} stands without them. */
bool compile_json_string(struct reader *r, struct compile *c, const char *text);
/* Ends it and moves the value into *out. false: too long, which is reported. */
bool compile_done(struct reader *r, struct compile *c, struct value *out);
void compile_clear(struct compile *c);

/* A text that must be known before the run: literal or env variables only.
 * Owned by the caller; NULL when it is not, which is reported. */
char *compile_settled(struct reader *r, const char *text);

/* What ${data.name} stands for (compile_data.c). false: nothing, reported. */
bool compile_data(struct reader *r, const char *name, struct value_part *p);

/* Makes a name that an extract fills visible from here on; its index. */
unsigned compile_var(struct reader *r, const char *name);
/* [A-Za-z_][A-Za-z0-9_]* */
bool compile_is_word(const char *s);
/* Is this a name that a value may have: a word, and none of the built-in ones?
 * Reports it at the member's name if not. */
bool compile_name_ok(struct reader *r, const char *name);

#endif
