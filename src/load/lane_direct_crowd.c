/* SPDX-License-Identifier: MIT
 *
 * lane_direct_crowd - many VUs that come at once, while others are at work. All
 * are let in, and each sends its first request, as quickly as may be; but what
 * they ask for next goes out in a measured way until the last of them has come:
 * else those who came first would keep both the others from coming and those
 * who were there from going on as before. What a request waits here is in
 * "blocked", as what it waits for a connection. */
#include "config.h"

#include "base/must.h"
#include "load/lane_direct_internal.h"

void direct_line_add(struct direct_line *line, struct port *p)
{
    p->next = NULL;
    p->prev = line->tail;
    if (p->prev != NULL) {
        p->prev->next = p;
    } else {
        line->head = p;
    }
    line->tail = p;
    line->n++;
}

void direct_line_add_first(struct direct_line *line, struct port *p)
{
    p->prev = NULL;
    p->next = line->head;
    if (p->next != NULL) {
        p->next->prev = p;
    } else {
        line->tail = p;
    }
    line->head = p;
    line->n++;
}

void direct_line_remove(struct direct_line *line, struct port *p)
{
    if (p->prev != NULL) {
        p->prev->next = p->next;
    } else {
        line->head = p->next;
    }
    if (p->next != NULL) {
        p->next->prev = p->prev;
    } else {
        line->tail = p->prev;
    }
    p->next = p->prev = NULL;
    line->n--;
}

void direct_crowd_join(struct port *p)
{
    if (p->crowd == 0) {
        p->crowd = p->lane->crowd;
    }
}

bool direct_crowd_holds(const struct port *p)
{
    return p->crowd == p->lane->crowd && p->conn->used &&
           p->deadline - p->start >= DIRECT_HELD_TIME_US;
}

bool direct_crowd_admit(struct lane_direct *l)
{
    unsigned n = l->written / DIRECT_HELD_SHARE;

    l->written = 0;
    if (n < DIRECT_PUSH_MAX) {
        n = DIRECT_PUSH_MAX;
    }
    while (l->held.head != NULL && (n > 0 || !l->crowded)) {
        struct port *p = l->held.head;

        direct_line_remove(&l->held, p);
        p->line = &l->send;
        direct_line_add(&l->send, p);
        n -= n > 0;
    }
    return l->held.head != NULL;
}

void direct_crowd_see(struct lane_direct *l, bool cut)
{
    if (l->crowded && (l->new_waiting == 0 || l->opened >= l->crowd_until)) {
        l->crowded = false;
        l->crowd++;
    } else if (!l->crowded && cut && l->new_waiting > 0) {
        l->crowded = true;
        l->crowd_until = l->opened + DIRECT_CROWD_US;
    }
}
