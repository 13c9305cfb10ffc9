/* SPDX-License-Identifier: MIT
 *
 * ui - what the person at the keyboard has open, typed and asked for. Keys go
 * in, commands come out through a function; it draws nothing and knows neither
 * curses nor threads. */
#ifndef SCREEN_UI_H
#define SCREEN_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/command.h"
#include "screen/edit.h"
#include "screen/hits.h"
#include "screen/keymap.h"
#include "screen/layout.h"
#include "screen/model.h"
#include "screen/replay.h"
#include "screen/theme.h"

enum ui_panel {
    PANEL_NONE,
    PANEL_HELP,
    PANEL_ERRORS,
    PANEL_THRESHOLDS,
    PANEL_REQUESTS,
    PANEL_LOG,
    PANEL_STAGES,
    PANEL_STEPS,
    PANEL_CHECKS,
    PANEL_GENERATOR,
    PANEL_INSIGHTS, /* anomalies */
    PANEL_REQUEST,  /* one request looked into */
    PANEL_SAMPLE,   /* one response to an error */
};
enum { PANEL_COUNT = PANEL_SAMPLE + 1 }; /* no switch has to know it */

enum ui_prompt {
    PROMPT_NONE,
    PROMPT_VUS,    /* a number of VUs, or a rate */
    PROMPT_MARK,   /* a word */
    PROMPT_SAVE,   /* a file's name */
    PROMPT_QUIT,   /* end the run? */
    PROMPT_HOST,   /* steer upwards there, really? */
    PROMPT_SLIP,   /* so much load, really? */
    PROMPT_END,    /* end the chosen scenario, while others run on? */
    PROMPT_TIME,   /* of a replay: where to go */
    PROMPT_FILTER, /* a text that rows of lists must have */
    PROMPT_COUNT
};

/* What a key made necessary. */
enum ui_effect {
    UI_DRAW = 1,    /* the picture changed */
    UI_REDRAW = 2,  /* send every cell anew */
    UI_LEAVE = 4,   /* the person leaves the finished screen */
    UI_PICTURE = 8, /* what is on the screen is to be written into a file */
};

struct ui_config {
    void (*post)(void *ctx, const struct command *cmd);
    void *post_ctx;
    const char *host;   /* borrowed */
    uint32_t step;      /* of ] and [ at first; 0 = 10 */
    bool host_is_local; /* no question before steering upwards */
    bool spectator;     /* of another's run: q leaves, and ends nothing */
    bool steer;         /* keys of a spectator steer all the same */
    enum theme theme;
    const struct keymap *keys; /* borrowed; NULL = as in the table */
    bool has_baseline; /* there is an earlier run to lay behind this one */
    bool own_service;  /* it is in this process, and cannot be watched */
    bool mouse;        /* on from the start */
    const struct replay_port *replay; /* borrowed; NULL = it is none */
};

struct ui {
    struct ui_config config;
    enum ui_panel panel;
    enum ui_prompt prompt;
    int selected;    /* in a list; kept within it when drawn */
    int scroll;      /* rows of an open page above the screen */
    int scroll_most; /* as drawn last; set by the owner */
    size_t request;  /* PANEL_REQUEST: index in the plan's names */
    struct ui_fault {
        enum failure kind;
        uint16_t status;
        unsigned check;
        bool rest;             /* several checks */
    } fault;                   /* PANEL_SAMPLE: of this error, as in its line */
    const struct model *still; /* what stands still while frozen; set by the
                                  owner, NULL = what keys are passed */
    struct edit edit;          /* the field of a prompt */
    struct edit_past past[PROMPT_COUNT]; /* what was entered in each */
    bool pasting, pasted_line;           /* its first line is over */
    bool refused; /* what stands in the prompt was entered, and is no number */
    bool mouse;   /* clicks and wheel count; the terminal is to report them */
    bool picked;  /* a request is chosen in the picture's own table: */
    size_t pick;  /* index in the plan's names */
    bool big;     /* big figures */
    bool frozen;
    uint64_t frozen_t_us; /* run time of the picture that stands still */
    enum zoom zoom;
    enum heat_mode heat;
    enum service_mode service; /* charts of the service itself: */
    size_t service_first;      /* the first of them */
    bool baseline;             /* the earlier run's curves are shown */
    bool linear;               /* latency on a linear scale */
    enum sort sort;            /* of the requests */
    bool sort_turned;          /* the other way round */
    char filter[EDIT_MAX];     /* as it was entered; "" = none */
    bool cursor;               /* figures are of a moment: */
    uint64_t cursor_us;        /* run time, within a bin */
    uint64_t frozen_us;        /* of the clock passed to ui_key */
    bool host_settled;         /* the question was answered with yes */
    uint32_t step;             /* of ] and [ */
    size_t chosen;          /* scenario that keys steer: index in the lineup */
    struct command pending; /* waits for the answer */
    uint64_t next_us;       /* when > was pressed last */
    size_t next_stage;      /* the stage that it leads to */
    char other[24];         /* how a TYPED_OTHER is called; "" = not known */
    bool done;              /* the run is over; set by the owner */
    bool leave;             /* as soon as it is: was asked for at its last
                               tick, while files were being written */
    enum theme theme;
    bool no_color;   /* themes change nothing; set by the owner */
    char ended[200]; /* once done: where its files are; set by the owner */
    struct replay_now replay; /* as it was looked at last */
    char note[200];           /* for the person, in place of the newest event */
    uint64_t note_us;         /* since when */
};

void ui_init(struct ui *ui, const struct ui_config *config);
/* A key (screen/keymap.h) at now_us of any clock that does not go back. m is
 * what is on the screen. Returns ui_effect bits. */
unsigned ui_key(struct ui *ui, const struct model *m, uint32_t key,
                uint64_t now_us);
/* The same for the mouse, too: hits are those of the picture that is shown.
 * They are empty afterwards if another is due: what is not drawn yet cannot be
 * clicked on. */
unsigned ui_take(struct ui *ui, const struct model *m, struct hits *hits,
                 const struct typed *t, uint64_t now_us);
/* Tells the person a word that no event of the run does. */
void ui_note(struct ui *ui, const char *text, uint64_t now_us);
/* How its key is called, as it is bound. */
const char *ui_label(const struct ui *ui, enum action a);
uint32_t ui_typed(const struct ui *ui, enum action a);
/* The row of shown's requests that is chosen in the picture; -1: none. */
int ui_picked(const struct ui *ui, const struct model *shown);
/* A text of the program's own, with "{set-vus}" (an action's name) written as
 * its key is called. Returns buf. */
const char *ui_text(const struct ui *ui, const char *text, char *buf,
                    size_t size);
/* Is this key of any use now? One that chooses is not where there is one. */
bool ui_offers(const struct model *m, enum action a);
/* Is it about stages? */
bool ui_of_stages(enum action a);
/* What is shown is a replay; its keys: of any use, with what word in the
 * footer (false: with that of every run), dropped when, with what help. The
 * last returns buf. */
bool ui_replays(const struct ui *ui);
bool ui_has(const struct ui *ui, const struct model *m, enum action a);
bool ui_replay_word(const struct ui *ui, enum action a, const char **word);
int ui_key_rank(const struct ui *ui, enum action a);
const char *ui_key_help(const struct ui *ui, enum action a, char *buf,
                        size_t size);
/* The heading of its keys in the help. */
const char *ui_group_name(const struct ui *ui, enum key_group g);
/* Asks where the replay stands; before a picture. */
void ui_replay_look(struct ui *ui, uint64_t now_us);
/* What stands where on a screen of that size, and what a picture of it needs
 * from the model. */
struct layout ui_layout(const struct ui *ui, const struct model *m, int cols,
                        int rows);
struct model_want ui_want(const struct ui *ui, const struct layout *l);
/* Does ↑ ↓ scroll a text, and not choose a row? */
bool ui_is_page(enum ui_panel p);
/* The filter of lists: what is typed at its prompt counts at once. */
const char *ui_filter(const struct ui *ui);
/* The word of a key in the footer, for who looks on: "" where it is refused;
 * word for everybody else. */
const char *ui_spectator_word(const struct ui *ui, enum action a,
                              const char *word);
/* Rows of the help that a baseline adds. */
enum { UI_HELP_BASE = 2 };
/* How many rows the open list has. */
int ui_list_length(const struct ui *ui, const struct model *m);

/* What the text of the VU prompt asks for; levels of any unit. */
struct ui_ask {
    bool ok;
    bool relative; /* ADD_VUS number, else SET_VUS number */
    int64_t number;
    int64_t vus;   /* VUs that come of it, before any limit */
    bool clamped;  /* more, or fewer, than there can be */
    char text[96]; /* what is wrong, or what will happen */
};
/* text: "80", "+20", "-5", "x2", "x0.5". wanted: VUs now; max: most there can
 * be. */
struct ui_ask ui_ask_vus(const char *text, uint32_t wanted, uint32_t max);

/* A load that looks like a slip of the finger: above 1,000, and more than ten
 * times what there is, or the plan has at most. It would spoil the run's
 * figures for good, so it is asked for twice. */
struct ui_slip {
    uint32_t level; /* that there would be: what can be given */
    uint32_t most;  /* now, or planned; 1 or more */
};
/* vus: as in struct ui_ask. false: it is none. */
bool ui_slip(const struct tick_scenario *t, const struct curve *c, int64_t vus,
             struct ui_slip *out);

#endif
