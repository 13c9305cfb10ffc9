/* SPDX-License-Identifier: MIT
 *
 * main - hands the command line to src/cli and nothing else. */
#include "config.h"

#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
