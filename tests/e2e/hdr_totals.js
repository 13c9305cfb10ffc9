// SPDX-License-Identifier: MIT
// PACKAGES FILE: reads a log of HdrHistogram with hdr-histogram-js and writes, as
// JSON, what all its intervals come to, by tag ("" = none), and whether they
// follow one another.
'use strict';
const fs = require('fs');
const hdr = require(process.argv[2] + '/hdr-histogram-js');

const reader = new hdr.HistogramLogReader(fs.readFileSync(process.argv[3], 'utf8'));
const sums = {}, ends = {}, intervals = {};
let ordered = true;
for (let h; (h = reader.nextIntervalHistogram()) != null;) {
  const tag = h.tag === 'NO TAG' ? '' : h.tag;
  ordered = ordered && h.startTimeStampMsec >= (ends[tag] || 0) - 0.5 && h.endTimeStampMsec > h.startTimeStampMsec;
  ends[tag] = h.endTimeStampMsec;
  intervals[tag] = (intervals[tag] || 0) + 1;
  if (sums[tag] === undefined) {
    sums[tag] = h;
  } else {
    sums[tag].add(h);
  }
}
const out = { ordered, start: reader.startTimeSec, tags: {} };
for (const [tag, h] of Object.entries(sums)) {
  out.tags[tag] = {
    intervals: intervals[tag], count: h.totalCount, min: h.minNonZeroValue / 1000, max: h.maxValue / 1000,
    p50: h.getValueAtPercentile(50) / 1000, p95: h.getValueAtPercentile(95) / 1000, p99: h.getValueAtPercentile(99) / 1000,
  };
}
console.log(JSON.stringify(out));
