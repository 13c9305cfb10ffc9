/* SPDX-License-Identifier: MIT
 *
 * recovery_words - what causes, states and confidences are called in results.
 */
#include "config.h"

#include "insight/recovery.h"

const char *recovery_cause_name(enum recovery_cause c)
{
    static const char *const names[] = {
        [RECOVERY_FALL] = "load",
        [RECOVERY_MARK] = "mark",
        [RECOVERY_OUTAGE] = "outage",
    };

    return names[c];
}

const char *recovery_state_name(enum recovery_state s)
{
    static const char *const names[] = {
        [RECOVERY_WATCHING] = "watching",
        [RECOVERY_RECOVERING] = "recovering",
        [RECOVERY_CANDIDATE] = "returned",
        [RECOVERY_RECOVERED] = "recovered",
        [RECOVERY_NOT] = "not_recovered",
        [RECOVERY_HELD] = "held_briefly",
        [RECOVERY_UNDISTURBED] = "no_disturbance",
        [RECOVERY_UNMEASURED] = "not_measurable",
    };

    return names[s];
}

const char *recovery_confidence_name(enum recovery_confidence c)
{
    static const char *const names[] = {
        [RECOVERY_LOW] = "low",
        [RECOVERY_MEDIUM] = "medium",
        [RECOVERY_HIGH] = "high",
    };

    return names[c];
}
