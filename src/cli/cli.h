/* SPDX-License-Identifier: MIT
 *
 * cli - the program from its command line to its exit code. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Exit codes, k6's (see the manual). */
enum {
    EXIT_OK = 0,
    EXIT_INVALID = 104, /* a plan or an option */
};

/* Runs the program; returns its exit code. */
int cli_main(int argc, char **argv);

#endif
