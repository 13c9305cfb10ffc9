/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "screen/role.h"

#include "base/must.h"

static const char role_letters[] = {
#define ROLE(id, letter, mono) [ROLE_##id] = letter,
#include "screen/roles.def"
#undef ROLE
};

char role_letter(enum role r)
{
    MUST(r < ROLE_COUNT);
    return role_letters[r];
}
