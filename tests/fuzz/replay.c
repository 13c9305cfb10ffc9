/* SPDX-License-Identifier: MIT
 *
 * replay - feeds fuzz_one() with files, and with mutations of them that are
 * drawn from a fixed seed, so that a failure comes again. FUZZ_ROUNDS and
 * FUZZ_SEED in the environment change how many and which; with FUZZ_SECONDS it
 * goes on so long instead, from a new seed unless one is given. The seed is
 * printed. */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clk.h"
#include "base/file.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/wall.h"
#include "base/xalloc.h"

#define REPLAY_INPUT_MAX 65536
#define REPLAY_ROUNDS    20000
#define REPLAY_SEED      1

struct corpus {
    struct buf *inputs;
    size_t n;
    size_t cap;
};

static uint64_t replay_setting(const char *name, uint64_t standard)
{
    const char *text = getenv(name);
    uint64_t v = standard;

    if (text != NULL && !num_u64(text, 0, UINT64_MAX, &v)) {
        fprintf(stderr, "%s: '%s' is not a whole number\n", name, text);
        exit(2);
    }
    return v;
}

/* In memory of just the size, so that a sanitizer sees a byte too far. */
static void replay_feed(const char *data, size_t n)
{
    uint8_t *copy = xmalloc(n);

    if (n > 0) {
        memcpy(copy, data, n);
    }
    fuzz_one(copy, n);
    free(copy);
}

static void corpus_add(struct corpus *c, const char *path)
{
    struct err e = ERR_INIT;
    char text[1024];
    struct buf b;

    buf_init(&b, REPLAY_INPUT_MAX);
    if (!file_read(path, &b, &e)) {
        fprintf(stderr, "%s\n", err_str(&e, text, sizeof text));
        exit(2);
    }
    c->inputs = xgrow(c->inputs, c->n, &c->cap, sizeof *c->inputs);
    c->inputs[c->n++] = b;
}

static int corpus_compare(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Sorted, so that the mutations are the same everywhere. */
static void corpus_load(struct corpus *c, const char *program)
{
    const char *noun = strstr(program, "fuzz_");
    const char *root = getenv("SRCDIR");
    struct dirent **entries;
    char *dir;
    int n;

    dir = xasprintf("%s/tests/fuzz/corpus/%s", root != NULL ? root : ".",
                    noun != NULL ? noun + strlen("fuzz_") : "");
    n = scandir(dir, &entries, NULL, corpus_compare);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.') {
            char *path = xasprintf("%s/%s", dir, entries[i]->d_name);

            corpus_add(c, path);
            free(path);
        }
        free(entries[i]);
    }
    if (c->n == 0) {
        fprintf(stderr, "%s: no inputs\n", dir);
        exit(2);
    }
    free(entries);
    free(dir);
}

static void mutate_bytes(struct buf *b, struct rng *r)
{
    static const char edges[] = "\0\xff\x80\x7f\n\r\"\\{}[]:,-.0e\x1b\xc3";
    size_t at;

    if (b->len == 0) {
        return;
    }
    at = rng_range(r, 0, b->len - 1);
    switch (rng_range(r, 0, 2)) {
    case 0:
        b->data[at] =
            (char)((unsigned char)b->data[at] ^ (1U << rng_range(r, 0, 7)));
        break;
    case 1:
        b->data[at] = edges[rng_range(r, 0, sizeof edges - 2)];
        break;
    default:
        b->data[at] = (char)rng_range(r, 0, 255);
        break;
    }
}

/* Puts n bytes in at a place; what passes the maximum is lost at the end. */
static void mutate_insert(struct buf *b, size_t at, const char *data, size_t n)
{
    struct buf out;

    buf_init(&out, b->max);
    buf_add(&out, buf_str(b), at);
    buf_add(&out, data, n);
    buf_add(&out, buf_str(b) + at, b->len - at);
    buf_clear(b);
    *b = out;
}

/* Cuts a piece out, doubles it, or puts a piece of another input there. */
static void mutate_pieces(struct buf *b, const struct corpus *c, struct rng *r)
{
    const struct buf *other = &c->inputs[rng_range(r, 0, c->n - 1)];
    uint64_t way = rng_range(r, 0, 2);
    const struct buf *from = way == 2 ? other : b;
    size_t at = rng_range(r, 0, from->len);
    size_t n = rng_range(r, 0, from->len - at);
    char *piece = xmalloc(n);

    if (n > 64 && rng_range(r, 0, 3) > 0) {
        n = 64;
    }
    memcpy(piece, buf_str(from) + at, n);
    if (way == 0 && n > 0) {
        memmove(b->data + at, b->data + at + n, b->len - at - n);
        b->len -= n;
    } else {
        mutate_insert(b, rng_range(r, 0, b->len), piece, n);
    }
    free(piece);
}

/* A stream for each round: it can be repeated by itself. */
static void replay_round(const struct corpus *c, uint64_t seed, uint64_t round)
{
    const struct buf *from = &c->inputs[round % c->n];
    struct rng r;
    struct buf b;
    uint64_t steps;

    rng_seed(&r, seed, round);
    steps = rng_range(&r, 1, 6);
    buf_init(&b, REPLAY_INPUT_MAX);
    buf_add(&b, buf_str(from), from->len);
    for (uint64_t i = 0; i < steps; i++) {
        if (rng_range(&r, 0, 1) == 0) {
            mutate_bytes(&b, &r);
        } else {
            mutate_pieces(&b, c, &r);
        }
    }
    replay_feed(buf_str(&b), b.len);
    buf_clear(&b);
}

static void replay_mutations(const struct corpus *c)
{
    uint64_t rounds = replay_setting("FUZZ_ROUNDS", REPLAY_ROUNDS);
    uint64_t seconds = replay_setting("FUZZ_SECONDS", 0);
    mono_us until = clk_now(clk_system()) + seconds * US_PER_SEC;
    uint64_t seed = replay_setting(
        "FUZZ_SEED", seconds > 0 ? (uint64_t)wall_now().us : REPLAY_SEED);
    uint64_t round = 0;

    printf("FUZZ_SEED=%llu\n", (unsigned long long)seed);
    fflush(stdout);
    while (seconds > 0 ? clk_now(clk_system()) < until : round < rounds) {
        replay_round(c, seed, round++);
    }
    printf("%zu inputs, %llu mutations\n", c->n, (unsigned long long)round);
}

int main(int argc, char **argv)
{
    struct corpus c = {NULL, 0, 0};

    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            corpus_add(&c, argv[i]);
        }
    } else {
        corpus_load(&c, argv[0]);
    }
    for (size_t i = 0; i < c.n; i++) {
        replay_feed(buf_str(&c.inputs[i]), c.inputs[i].len);
    }
    if (argc == 1) {
        replay_mutations(&c);
    }
    for (size_t i = 0; i < c.n; i++) {
        buf_clear(&c.inputs[i]);
    }
    free(c.inputs);
    return 0;
}
