/* SPDX-License-Identifier: MIT
 *
 * replay_internal - what cmd_replay.c (a recording, from the options to the
 * exit code), replay_screen.c and replay_plain.c (the two ways to show it)
 * share. */
#ifndef CLI_REPLAY_INTERNAL_H
#define CLI_REPLAY_INTERNAL_H

#include "base/attr.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "record/baseline.h"
#include "record/player.h"
#include "record/recording_in.h"
#include "run/story.h"

struct replay {
    const struct cli_args *args; /* borrowed */
    struct settings settings;
    struct recording_in *recording; /* these three owned */
    struct story *story;
    struct baseline_run *baseline; /* NULL = none */
};

/* What a player plays. */
struct player_source replay_source(struct replay *r);

/* On the screen, until the person leaves; returns the exit code. */
int replay_on_screen(struct replay *r);
/* As lines and a summary, as fast as can be. */
int replay_plain(struct replay *r);

#endif
