/* SPDX-License-Identifier: MIT
 *
 * exponential - the buckets of exponential histograms, eight an octave: of
 * schema 3 in Prometheus' native histograms
 * (https://prometheus.io/docs/specs/native_histograms/), of scale 3 in
 * OpenTelemetry's
 * (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram),
 * and k6's factor of 1.1. Pure arithmetic. */
#ifndef RECORD_EXPONENTIAL_H
#define RECORD_EXPONENTIAL_H

#include <stdint.h>

#define EXPONENTIAL_SCALE 3
/* Those that values of ours can be in: 40 octaves of eight, and their ends. */
#define EXPONENTIAL_BUCKETS 322

/* Index of the bucket of a value, which is above 0 and finite: bucket i holds
 * what is in (2^((i-1)/8), 2^(i/8)], as in Prometheus. OpenTelemetry's index of
 * the same bucket is i - 1. */
int32_t exponential_bucket(double value);

#endif
