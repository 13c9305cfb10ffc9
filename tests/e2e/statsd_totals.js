// SPDX-License-Identifier: MIT
// A backend of statsd that adds up what all flushes had, as a file of JSON: what
// a store behind it would come to.
'use strict';
const fs = require('fs');

exports.init = function (startup, config, events) {
  const totals = { counters: {}, gauges: {}, timers: {} };

  events.on('flush', function (time, metrics) {
    for (const [key, n] of Object.entries(metrics.counters)) {
      totals.counters[key] = (totals.counters[key] || 0) + n;
    }
    for (const [key, d] of Object.entries(metrics.timer_data)) {
      if (d.count > 0) {
        const t = totals.timers[key] || { count: 0, sum: 0, min: d.lower, max: d.upper };
        totals.timers[key] = {
          count: t.count + d.count,
          sum: t.sum + d.sum,
          min: Math.min(t.min, d.lower),
          max: Math.max(t.max, d.upper),
        };
      }
    }
    totals.gauges = Object.assign({}, metrics.gauges);
    fs.writeFileSync(config.totals + '.new', JSON.stringify(totals));
    fs.renameSync(config.totals + '.new', config.totals);
  });
  return true;
};
