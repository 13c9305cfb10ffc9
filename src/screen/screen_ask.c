/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>

#include "base/must.h"
#include "screen/screen_internal.h"

void screen_ask(struct screen *s, unsigned what)
{
    OBJ_CHECK(s, SCREEN_MAGIC);
    pthread_mutex_lock(&s->lock);
    s->asked |= what;
    pthread_mutex_unlock(&s->lock);
    ev_async_send(s->loop, &s->wake);
}

void screen_tick(struct screen *s)
{
    screen_ask(s, ASK_TICK);
}

void screen_resize(struct screen *s)
{
    screen_ask(s, ASK_RESIZE);
}

void screen_suspend(struct screen *s)
{
    pthread_mutex_lock(&s->lock);
    s->given = false;
    pthread_mutex_unlock(&s->lock);
    screen_ask(s, ASK_SUSPEND);
    /* The thread never waits for the terminal longer than it is told to. */
    pthread_mutex_lock(&s->lock);
    while (!s->given) {
        pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

void screen_resume(struct screen *s)
{
    screen_ask(s, ASK_RESUME);
}

void screen_finish(struct screen *s, const char *files)
{
    /* Its thread looks at this after what is asked for here, never before. */
    snprintf(s->ui.ended, sizeof s->ui.ended, "%s", files);
    screen_ask(s, ASK_FINISH);
}
