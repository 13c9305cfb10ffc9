/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cli/help.h"

#include <string.h>

#include "record/out_kind.h"
#include "run/command.h"
#include "target/model.h"

/* Column at which explanations begin. */
#define HELP_COLUMN 31

static void help_line(FILE *out, const char *left, const char *right)
{
    int n = fprintf(out, "  %s", left);

    if (n >= HELP_COLUMN) {
        fputc('\n', out);
        n = 0;
    }
    fprintf(out, "%*s%s\n", HELP_COLUMN - n, "", right);
}

void help_program(FILE *out)
{
    int i;

    fputs("brunt - a load tester that lives in the terminal\n\n"
          "Usage: brunt COMMAND [ARGUMENT...] [OPTION...]\n\n",
          out);
    for (i = 0; i < CMD_TOTAL; i++) {
        const struct cmd *c = cmd_row((enum command_id)i);

        if (c->run != NULL) {
            help_line(out, c->name, c->help);
        }
    }
    fputs("\nTry:\n"
          "  brunt demo                 a spike against the built-in target,"
          " about a minute\n"
          "  brunt run spike            the built-in Vi plan's spike scenario\n"
          "  brunt run http://127.0.0.1:8080/    one VU on a URL; + and - steer"
          "\n\n"
          "brunt COMMAND --help has the options, brunt(1) and brunt-plan(5) "
          "the manual.\n",
          out);
}

static void help_option_left(const struct opt *o, char *left, size_t size)
{
    if (o->letter != 0) {
        snprintf(left, size, "-%c, --%s%s%s", o->letter, o->name,
                 o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
    } else {
        snprintf(left, size, "    --%s%s%s", o->name,
                 o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
    }
}

static void help_model(FILE *out)
{
    size_t n = 0, i;
    const struct target_key *rows = target_keys(&n);

    fputs("\nModel keys (--model places=8,service_ms=40):\n", out);
    for (i = 0; i < n; i++) {
        char left[64], right[200];

        snprintf(left, sizeof left, "%s=%s", rows[i].key, rows[i].range);
        snprintf(right, sizeof right, "%s (%s%s%s)", rows[i].help, rows[i].def,
                 rows[i].unit[0] != '\0' ? " " : "", rows[i].unit);
        help_line(out, left, right);
    }
}

/* "json=FILE", or, where the place may be left out, "influxdb[=URL]". */
static const char *help_out_kind(char *buf, size_t size,
                                 const struct out_kind *k)
{
    const char *place = k->place;

    if (place[0] == '[') {
        snprintf(buf, size, "%s[=%s", k->name, place + 1);
    } else {
        snprintf(buf, size, "%s=%s", k->name, place);
    }
    return buf;
}

static void help_outputs(FILE *out)
{
    const struct out_kind *k;
    size_t i;

    fputs("\nKinds of --out:\n", out);
    for (i = 0; (k = out_kind_at(i)) != NULL; i++) {
        char left[96];

        help_line(out, help_out_kind(left, sizeof left, k), k->help);
    }
}

void help_target(FILE *out, const char *base)
{
    static const char *const serves[] = {
#define ENDPOINT(id, method, path) method " " path,
#include "target/tally.def"
#undef ENDPOINT
    };
    static const struct {
        const char *command, *what;
    } runs[] = {
        {"brunt run spike", "the built-in plan's spike, some four minutes"},
        {"brunt run -u 1 -d 10m", "by hand: ] more load, [ less, ? all keys"},
    };
    size_t i;

    fputs("serves: ", out);
    for (i = 0; i < sizeof serves / sizeof serves[0]; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", serves[i]);
    }
    fputs(
        "\nA chat whose message is a greeting (\"hi\") or a short question is "
        "answered at once,\npast places and queue: measure with longer "
        "ones.\n",
        out);
    fputs("try, in a second terminal:\n", out);
    for (i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        fprintf(out, "  %s -e BASE_URL=%s\n      %s\n", runs[i].command, base,
                runs[i].what);
    }
}

static void help_steering(FILE *out)
{
    int i;

    fputs("\nCommands:\n", out);
    for (i = 0; i < COMMAND_COUNT; i++) {
        enum command_kind k = (enum command_kind)i;
        static const char *const arguments[] = {[ARGUMENT_NONE] = "",
                                                [ARGUMENT_NUMBER] = " N",
                                                [ARGUMENT_TEXT] = " TEXT"};
        char left[64];

        snprintf(left, sizeof left, "%s%s", command_name(k),
                 arguments[command_argument(k)]);
        help_line(out, left, command_help(k));
    }
    help_line(out, "status", "how the run stands; --json has all of it");
    help_line(out, "watch", "the same as one line of JSON a tick");
    fputs(
        "\nN of vus may be 80, +20, -5 or x2, and the word vus left out. hold "
        "and pause take\non or off. Exit codes: 0 applied, 1 refused, 2 "
        "applied "
        "in part, 104 no such command,\n106 no run that could be reached.\n",
        out);
}

void help_command(FILE *out, const struct cmd *c)
{
    int i;

    fprintf(out, "Usage: brunt %s %s\n\n%c%s.\n\nOptions:\n", c->name,
            c->synopsis, c->help[0] - 'a' + 'A', c->help + 1);
    for (i = 0; i < OPTION_TOTAL; i++) {
        const struct opt *o = opt_row((enum opt_id)i);
        char left[64];

        if (strchr(o->commands, c->letter) != NULL) {
            help_option_left(o, left, sizeof left);
            help_line(out, left, o->help);
        }
    }
    if (strchr(opt_row(OPTION_MODEL)->commands, c->letter) != NULL) {
        help_model(out);
    }
    if (strchr(opt_row(OPTION_OUT)->commands, c->letter) != NULL) {
        help_outputs(out);
    }
    if (c->run == cmd_target) {
        fputs("\nOn loopback alone, at port 3000 where --port names no other; "
              "it ends with Ctrl-C.\nIt ",
              out);
        help_target(out, "http://127.0.0.1:3000");
    }
    if (c->run == cmd_run) {
        fputs("\nPLAN is a file (has a '/' or ends in .json), URL has '://', "
              "anything else is\na scenario of the built-in Vi plan. While it "
              "runs, ? shows the keys.\n"
              "\nExit codes: 0 passed, 99 a threshold failed, 104 invalid plan "
              "or option,\n103 ended through the control socket, 105 "
              "interrupted, 106 no control socket,\n107 setup failed, 100/101 "
              "setup/teardown time-out.\n",
              out);
    }
    if (c->run == cmd_runs) {
        fputs("\nRUN is a number of the list, last, a name that was given, the "
              "name of a file,\nor a path. Where they are: "
              "$XDG_STATE_HOME/brunt/runs, else ~/.local/state/brunt/runs.\n"
              "The last 50 are kept, and those with a name.\n",
              out);
    }
    if (c->run == cmd_ctl) {
        help_steering(out);
    }
}

/* man(7) wants its dashes escaped. */
static void help_man_text(FILE *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '-') {
            fputs("\\-", out);
        } else if (*s == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*s, out);
        }
    }
}

void help_man_options(FILE *out)
{
    int i;

    for (i = 0; i < OPTION_TOTAL; i++) {
        const struct opt *o = opt_row((enum opt_id)i);
        int k, n = 0;

        fputs(".TP\n.B ", out);
        if (o->letter != 0) {
            fprintf(out, "\\-%c, ", o->letter);
        }
        fputs("\\-\\-", out);
        help_man_text(out, o->name);
        if (o->argument != NULL) {
            fprintf(out, " \\fI%s\\fP", o->argument);
        }
        fputs("\n", out);
        help_man_text(out, o->help);
        fputs("\n(", out);
        for (k = 0; k < CMD_TOTAL; k++) {
            const struct cmd *c = cmd_row((enum command_id)k);

            if (c->letter != 0 && strchr(o->commands, c->letter) != NULL) {
                fprintf(out, "%s%s", n++ > 0 ? ", " : "", c->name);
            }
        }
        fputs(")\n", out);
    }
}

void help_man_model(FILE *out)
{
    size_t n = 0, i;
    const struct target_key *rows = target_keys(&n);

    for (i = 0; i < n; i++) {
        fputs(".TP\n.B ", out);
        help_man_text(out, rows[i].key);
        fputs("\n", out);
        help_man_text(out, rows[i].help);
        fputs(" (", out);
        help_man_text(out, rows[i].range);
        fputs("; default ", out);
        help_man_text(out, rows[i].def);
        fprintf(out, "%s%s)\n", rows[i].unit[0] != '\0' ? " " : "",
                rows[i].unit);
    }
}

void help_man_outputs(FILE *out)
{
    const struct out_kind *k;
    char left[96];
    size_t i;

    for (i = 0; (k = out_kind_at(i)) != NULL; i++) {
        fputs(".TP\n.B ", out);
        help_man_text(out, help_out_kind(left, sizeof left, k));
        fputs("\n", out);
        help_man_text(out, k->help);
        fputs("\n", out);
    }
}

void help_completion(FILE *out)
{
    int i, k;

    fputs("# bash completion for brunt; made from its tables\n"
          "_brunt()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} words=''\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='",
          out);
    for (i = 0; i < CMD_TOTAL; i++) {
        if (cmd_row((enum command_id)i)->run != NULL) {
            fprintf(out, "%s ", cmd_row((enum command_id)i)->name);
        }
    }
    fputs("--help --version'\n    else\n"
          "        case ${COMP_WORDS[1]} in\n",
          out);
    for (i = 0; i < CMD_TOTAL; i++) {
        const struct cmd *c = cmd_row((enum command_id)i);

        if (c->run == NULL) {
            continue;
        }
        fprintf(out, "        %s) words='", c->name);
        for (k = 0; k < OPTION_TOTAL; k++) {
            const struct opt *o = opt_row((enum opt_id)k);

            if (strchr(o->commands, c->letter) != NULL) {
                fprintf(out, "--%s ", o->name);
            }
        }
        fputs("' ;;\n", out);
    }
    fputs("        esac\n    fi\n"
          "    # shellcheck disable=SC2207\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "}\n"
          "complete -o default -F _brunt brunt\n",
          out);
}
