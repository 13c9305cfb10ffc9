/* SPDX-License-Identifier: MIT
 *
 * junit - a run as JUnit's XML, which CI systems show as tests: one suite of
 * the run itself, one of its thresholds and one of its checks, a case each. The
 * shape is that of Ant's JUnit task as Jenkins, GitLab and GitHub's actions
 * read it: testsuites, testsuite with tests, failures, errors, skipped, time
 * and timestamp, testcase with name and classname.
 *
 * A run that ended before its time is an error of its own case. A check that
 * failed is a failure, unless thresholds on checks say how many may: then they
 * decide, and the case has the figures. */
#ifndef RECORD_JUNIT_H
#define RECORD_JUNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "run/story.h"

/* Was this brunt built with libxml2, which writes it? */
bool junit_supported(void);
/* Writes it at the end of a run; where and e as of results_write_final. */
bool junit_write_final(struct story *s, const char *path, const char *tmp,
                       char *where, size_t size, struct err *e) MUST_CHECK;

#endif
