/* SPDX-License-Identifier: MIT
 *
 * reader - what all parts of the plan's parser share: the place in the text,
 * the mistakes found so far, and typed access to members. Inside this room
 * only. A reading function reports what is wrong and goes on, so that all
 * mistakes are found at once. */
#ifndef PLAN_READER_H
#define PLAN_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/attr.h"
#include "base/err.h"
#include "plan/key.h"
#include "plan/plan.h"

#define PLAN_TEXT_MAX     (UINT64_C(16) << 20)
#define PLAN_ERRORS_MAX   100 /* mistakes that are told */
#define PLAN_NAME_MAX     200 /* bytes of a name */
#define PLAN_MEMBER_MAX   400 /* bytes of a name that is a member's */
#define PLAN_VUS_MAX      UINT64_C(1000000)
#define PLAN_DUR_MAX_US   (UINT64_C(30) * 86400 * 1000000) /* 30 days */
#define PLAN_BODY_MAX     (UINT64_C(1) << 20)              /* bytes of a body */
#define PLAN_FILE_MAX     (UINT64_C(32) << 20)  /* bytes of a file to send */
#define PLAN_FILES_BYTES  (UINT64_C(256) << 20) /* of all of them, about */
#define PLAN_FILES_MAX    1000
#define PLAN_REQUESTS_MAX 4096
#define PLAN_LIST_MAX     10000 /* elements of any other list */

/* A flow as it stands in the text. */
struct reader_flow {
    const cJSON *v;       /* borrowed */
    char *path;           /* owned */
    size_t first_request; /* plan->requests that it has: from here on */
};

/* While a flow is read once more for a scenario alone. */
struct reader_own {
    int lineup; /* -1: it is not */
    unsigned scenario;
    size_t twin; /* the request that the next one is a copy of */
};

struct reader {
    const char *text; /* borrowed */
    size_t n;
    const char *file;           /* borrowed */
    struct plan *plan;          /* what is being made; borrowed */
    struct plan_errors *errors; /* borrowed */
    size_t hidden;              /* mistakes beyond PLAN_ERRORS_MAX */
    char path[512];             /* of the value being read: "$.flow[0]" */
    bool *visible;              /* owned: plan->vars[i] has a value here */
    size_t n_visible, visible_cap;
    size_t vars_cap, requests_cap, names_cap, checks_cap, metrics_cap,
        thresholds_cap, flows_cap;
    struct header *defaults; /* owned: http.headers, merged in at the end */
    size_t n_defaults;
    struct credentials *default_digest; /* owned: of http.auth */
    bool
        *uses; /* owned: plan->data[i], a file, is used by what is being read */
    bool *default_uses;  /* owned: by http.headers */
    bool default_type;   /* http.headers have a Content-Type */
    size_t n_setup_vars; /* plan->vars that setup fills */
    size_t n_vu_vars;    /* those and what vu_setup fills, which come next */
    size_t setup_end;    /* requests below it are setup's */
    size_t vu_setup_end; /* from there to this vu_setup's */
    size_t teardown_at, teardown_end; /* these teardown's */
    struct reader_flow *flows;        /* owned: by index in plan->flows */
    size_t n_flows, flows_seen_cap;
    struct reader_own own;
    const cJSON *http; /* borrowed; NULL = none */
    bool all_exec;     /* every scenario names its flow */
};

/* Goes down to a member or an element; returns the mark to come back with. */
size_t reader_enter(struct reader *r, const char *name);
size_t reader_enter_index(struct reader *r, size_t i);
void reader_leave(struct reader *r, size_t mark);

/* A mistake at the value being read. */
void reader_fail(struct reader *r, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* A mistake at the name of one of its members. */
void reader_fail_key(struct reader *r, const char *key, const char *fmt, ...)
    ATTR_PRINTF(3, 4);
/* A mistake at the value of one of its members. */
void reader_fail_member(struct reader *r, const char *key, const char *fmt, ...)
    ATTR_PRINTF(3, 4);
/* A mistake in another file than the plan; e is told as it is, but for what is
 * not fit to be shown. */
void reader_fail_file(struct reader *r, const char *file, const struct err *e);
/* A mistake in a setting: where is "-e NAME". */
void reader_fail_setting(struct reader *r, const char *where, const char *fmt,
                         ...) ATTR_PRINTF(3, 4);
/* "; did you mean 'x'?" or, with few words, "; one of a, b, c", or "".
 * Returns buf. */
const char *reader_hint(char *buf, size_t size, const char *word,
                        const char *const *words, size_t n);

/* Mistakes so far. */
size_t reader_mistakes(const struct reader *r);

/* Is v an object, and are all its members keys of that place? Reports what is
 * not; the known ones are read all the same. */
bool reader_object(struct reader *r, const cJSON *v, enum key_place place);
/* An object whose members' names are the plan's own, 1 to max. */
bool reader_names(struct reader *r, const cJSON *v, const char *of, size_t max);
/* An array of 1 to max elements. */
bool reader_array(struct reader *r, const cJSON *v, const char *of, size_t max);

/* The member of that name, or NULL. */
const cJSON *reader_get(const cJSON *obj, const char *key);
/* "a string", "a number": what v is. */
const char *reader_kind(const cJSON *v);

/* The value being read as something. false: it is not, and that is reported;
 * *out is untouched. */
bool reader_string(struct reader *r, const cJSON *v, const char **out);
/* A string that is not empty, of at most PLAN_NAME_MAX bytes. */
bool reader_name(struct reader *r, const cJSON *v, const char **out);
/* A string, number or boolean as text, owned by the caller; else NULL. */
char *reader_scalar(struct reader *r, const cJSON *v);
bool reader_u64(struct reader *r, const cJSON *v, uint64_t lo, uint64_t hi,
                uint64_t *out);
bool reader_duration(struct reader *r, const cJSON *v, uint64_t lo, uint64_t hi,
                     uint64_t *us);

/* Has a member read, if there is one. */
typedef void reader_fn(struct reader *r, const cJSON *v);
void reader_m(struct reader *r, const cJSON *obj, const char *key,
              reader_fn *read);
/* Typed values of members: true when one is there and right. */
bool reader_m_name(struct reader *r, const cJSON *obj, const char *key,
                   const char **out);
bool reader_m_string(struct reader *r, const cJSON *obj, const char *key,
                     const char **out);
bool reader_m_bool(struct reader *r, const cJSON *obj, const char *key,
                   bool *out);
bool reader_m_u64(struct reader *r, const cJSON *obj, const char *key,
                  uint64_t lo, uint64_t hi, uint64_t *out);
bool reader_m_duration(struct reader *r, const cJSON *obj, const char *key,
                       uint64_t lo, uint64_t hi, uint64_t *us);
bool reader_m_pointer(struct reader *r, const cJSON *obj, const char *key,
                      const char **out);

#endif
