/* SPDX-License-Identifier: MIT
 *
 * attr - compiler attributes under names of our own; the only place that
 * spells __attribute__. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/* printf-like: fmt is the 1-based index of the format, args of the first
 * argument (0 for a va_list). */
#define ATTR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
/* The result says whether it worked: looking away is a warning. */
#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN   __attribute__((noreturn))

#endif
