/* SPDX-License-Identifier: MIT
 *
 * student - quantiles of Student's t distribution: how far an estimate may be
 * off, when its spread is itself estimated from few values. Pure arithmetic. */
#ifndef INSIGHT_STUDENT_H
#define INSIGHT_STUDENT_H

/* The t that |T| passes with probability p, 0 < p < 1, for T of so many degrees
 * of freedom, at least 1: student_two_sided(0.05, 4) is 2.776. Exact to 1e-9;
 * the work grows with the degrees. */
double student_two_sided(double p, unsigned degrees);

#endif
