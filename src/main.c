/* SPDX-License-Identifier: MIT
 *
 * main - hands the command line to src/cli and nothing else. */
#include "config.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argc;
    printf("%s %s\n", argv[0], PACKAGE_VERSION);
    return 0;
}
