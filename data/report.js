/* The charts of a report: one cursor for all of them, and a stretch of time to
 * look at. Without it they are there all the same. */
(function () {
  "use strict";
  var SVG = "http://www.w3.org/2000/svg";
  var root = document.documentElement;

  function make(name, parent, className) {
    var e = document.createElement(name);
    e.className = className || "";
    parent.appendChild(e);
    return e;
  }

  function shape(name, parent, className) {
    var e = document.createElementNS(SVG, name);
    e.setAttribute("class", className);
    parent.appendChild(e);
    return e;
  }

  /* Dark or light, whatever the system says. */
  function theme() {
    var dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    var button = make("button", document.querySelector("header"), "theme");
    button.type = "button";
    function name() { button.textContent = dark ? "Light" : "Dark"; }
    name();
    button.addEventListener("click", function () {
      dark = !dark;
      root.dataset.theme = dark ? "dark" : "light";
      name();
    });
  }

  /* On paper nothing can be opened. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
  theme();

  var source = document.getElementById("data");
  if (!source) { return; }
  var data = JSON.parse(source.textContent);
  var X = data.plot[0], W = data.plot[1];
  var view = { from: data.from, to: data.to };
  var at = -1; /* the point under the cursor; -1 = none */
  var row = -1; /* of a heatmap, from below; -1 = the one with the most */
  var sheets = Array.from(document.querySelectorAll("svg.sheet"));
  var steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
    14400, 21600, 43200, 86400, 172800, 432000];

  function clock(s) {
    var t = Math.floor(s + 1e-6), h = Math.floor(t / 3600);
    var m = Math.floor(t / 60) % 60, two = function (n) { return (n < 10 ? "0" : "") + n; };
    return (h > 0 ? h + ":" + two(m) : m) + ":" + two(t % 60);
  }

  function three(v) {
    return v >= 99.95 ? Math.round(v).toLocaleString("en-US")
      : v >= 9.995 ? v.toFixed(1) : v.toFixed(2);
  }

  function bytes(v) {
    var units = ["B", "kB", "MB", "GB", "TB"], i = 0;
    while (v >= 999.5 && i < 4) { v /= 1000; i++; }
    return (i === 0 || v >= 9.95 ? v.toFixed(0) : v.toFixed(1)) + " " + units[i];
  }

  var show = {
    us: function (v) {
      var ms = v / 1000;
      if (ms >= 99950) { return clock(ms / 1000) + " m"; }
      if (ms >= 999.5) { return (ms / 1000).toFixed(ms >= 9995 ? 1 : 2) + " s"; }
      return (ms >= 99.95 ? ms.toFixed(0) : ms >= 0.995 ? ms.toFixed(1) : ms.toFixed(2)) + " ms";
    },
    seconds: function (v) { return show.us(v * 1e6); },
    count: function (v) { return Math.round(v).toLocaleString("en-US"); },
    rate: three,
    percent: function (v) { return v > 0 && v < 0.05 ? "<0.1 %" : v.toFixed(1) + " %"; },
    bytes: bytes,
    number: three
  };

  function end(i) { return Math.min(data.t[i] + data.width, data.to); }

  /* Of moments that rise the last one that is not after t. */
  function before(list, t) {
    var lo = 0, hi = list.length;
    while (hi - lo > 1) {
      var mid = (lo + hi) >> 1;
      if (list[mid] <= t) { lo = mid; } else { hi = mid; }
    }
    return lo;
  }

  function find(t) { return before(data.t, t); }

  function place(t) { return (t - data.from) / (data.to - data.from) * W; }

  var tools = document.createElement("div");
  tools.className = "tools";
  var first = document.querySelector("figure.chart");
  first.parentNode.insertBefore(tools, first);
  var when = make("output", tools), what = make("span", tools, "what");
  var whole = make("button", tools);
  whole.type = "button";
  whole.textContent = "Whole run";
  whole.hidden = true;

  sheets.forEach(function (sheet) {
    var plot = sheet.querySelector("svg.plot");
    sheet.tabIndex = 0;
    sheet.plot = plot;
    sheet.tall = plot.viewBox.baseVal.height;
    sheet.chosen = shape("rect", plot, "chosen");
    sheet.chosen.setAttribute("height", sheet.tall);
    sheet.cursor = shape("path", plot, "cursor");
    sheet.cell = shape("rect", plot, "cell");
    sheet.foot = sheet.querySelector(".time");
    sheet.line = sheet.foot.querySelector("text").getAttribute("y");
  });

  /* What a heatmap has at the cursor: of which time, how slow, how many. */
  var maps = data.charts.filter(function (c) { return c.cells; });
  maps.forEach(function (c) {
    var figure = document.getElementById(c.id);
    c.sheet = figure.querySelector("svg.sheet");
    c.sheet.map = c;
    c.out = figure.querySelector('output[data-of="cell"]');
    c.rows = c.edges.length + 1;
  });

  function range(c, r) {
    return r === 0 ? "under " + show.us(c.edges[0])
      : r === c.rows - 1 ? show.us(c.edges[r - 1]) + " and more"
        : show.us(c.edges[r - 1]) + " to " + show.us(c.edges[r]);
  }

  /* The row that is looked at, or the one with the most. */
  function chosen(c) {
    var column = c.cells[c.column], counts = column.slice(1);
    return row >= 0 || counts.length === 0 ? row
      : column[0] + counts.indexOf(Math.max.apply(null, counts));
  }

  function cell(c) {
    c.column = at < 0 ? -1 : before(c.t, (data.t[at] + end(at)) / 2);
    var column = at < 0 ? [] : c.cells[c.column], all = 0;
    column.slice(1).forEach(function (n) { all += n; });
    if (all === 0) {
      c.out.textContent = at < 0 ? "" : "–";
      c.sheet.cell.setAttribute("width", 0);
      return;
    }
    var from = c.t[c.column], to = Math.min(from + c.width, data.to), r = chosen(c);
    var n = column[r - column[0] + 1] || 0, tall = c.sheet.tall / c.rows;
    if (r < column[0]) { n = 0; }
    c.out.textContent = clock(from) + (clock(to) === clock(from) ? "" : "–" + clock(to)) + ", " +
      (row < 0 ? "most " : "") + range(c, r) + ": " + show.count(n) + " of " + show.count(all) +
      (all === 1 ? " response, " : " responses, ") + show.percent(n / all * 100);
    c.sheet.cell.setAttribute("x", place(from).toFixed(2));
    c.sheet.cell.setAttribute("y", (c.sheet.tall - (r + 1) * tall).toFixed(2));
    c.sheet.cell.setAttribute("width", (place(to) - place(from)).toFixed(2));
    c.sheet.cell.setAttribute("height", tall.toFixed(2));
  }

  function cursor() {
    var t = at < 0 ? 0 : (data.t[at] + end(at)) / 2;
    sheets.forEach(function (s) {
      s.cursor.setAttribute("d", at < 0 ? "" : "M" + place(t).toFixed(2) + " 0V" + s.tall);
    });
    data.charts.forEach(function (c) {
      var figure = document.getElementById(c.id);
      Object.keys(c.lines).forEach(function (key) {
        var out = figure.querySelector('output[data-of="' + key + '"]');
        var v = at < 0 ? null : c.lines[key][at];
        if (out) { out.textContent = at < 0 ? "" : v === null ? "–" : show[c.unit](v); }
      });
    });
    maps.forEach(cell);
    if (at < 0) {
      when.textContent = "";
      what.textContent = "Point at a chart: all show that moment. Drag over a stretch to " +
        "look at it alone, double-click to go back; ← → Esc with the keyboard.";
      return;
    }
    when.textContent = clock(data.t[at]);
    what.textContent = data.marks.filter(function (m) {
      return m[0] < end(at) && m[1] >= data.t[at];
    }).map(function (m) { return m[2]; }).join(" · ");
  }

  /* The times, and the words at their places. */
  function times() {
    var span = view.to - view.from, gap = span / W * 75, step = steps[steps.length - 1];
    var scale = function (t) { return X + (t - view.from) / span * W; };
    for (var i = steps.length; i-- > 0;) { if (steps[i] >= gap) { step = steps[i]; } }
    step = Math.max(step, gap);
    sheets.forEach(function (s) {
      s.foot.textContent = "";
      for (var t = Math.ceil(view.from / step) * step; t <= view.to; t += step) {
        var e = shape("text", s.foot, "");
        e.setAttribute("x", scale(t).toFixed(1));
        e.setAttribute("y", s.line);
        e.textContent = clock(t);
      }
      s.querySelectorAll("text[data-word]").forEach(function (e) {
        var from = Math.max(+e.dataset.from, view.from), to = Math.min(+e.dataset.to, view.to);
        var cols = Math.floor((scale(to) - scale(from) - 4) / 6.2), word = e.dataset.word;
        e.setAttribute("x", (scale(from) + 3).toFixed(1));
        e.textContent = cols <= 2 ? "" : word.length <= cols ? word : word.slice(0, cols - 1) + "…";
      });
    });
  }

  function look(from, to) {
    /* Two points at least, and all of it within the run. */
    var span = Math.min(data.to - data.from, Math.max(to - from, 2 * data.width));
    view.from = Math.min(Math.max(data.from, from), data.to - span);
    view.to = view.from + span;
    whole.hidden = view.from <= data.from && view.to >= data.to;
    sheets.forEach(function (s) {
      s.plot.setAttribute("viewBox", place(view.from) + " 0 " +
        (place(view.to) - place(view.from)) + " " + s.tall);
    });
    times();
  }

  function moment(sheet, event) {
    var box = sheet.getBoundingClientRect();
    var x = ((event.clientX - box.left) / box.width * 1000 - X) / W;
    return view.from + Math.min(1, Math.max(0, x)) * (view.to - view.from);
  }

  /* The row under a pointer; of a chart without rows none. */
  function level(sheet, event) {
    if (!sheet.map) { return -1; }
    var box = sheet.getBoundingClientRect();
    var y = (event.clientY - box.top) / box.width * 1000 - data.plot[2];
    return y < 0 || y >= sheet.tall ? -1 : Math.floor((1 - y / sheet.tall) * sheet.map.rows);
  }

  var begun = null; /* the moment at which a drag began */
  function choose(t) {
    var from = begun === null ? 0 : Math.min(begun, t), to = begun === null ? 0 : Math.max(begun, t);
    sheets.forEach(function (s) {
      s.chosen.setAttribute("x", place(from));
      s.chosen.setAttribute("width", begun === null ? 0 : place(to) - place(from));
    });
  }

  function step(by) {
    at = at < 0 ? find(by > 0 ? view.from : view.to) : at + by;
    at = Math.min(data.t.length - 1, Math.max(0, at));
    cursor();
  }

  sheets.forEach(function (sheet) {
    sheet.addEventListener("pointermove", function (event) {
      var t = moment(sheet, event);
      at = find(t);
      row = level(sheet, event);
      cursor();
      if (begun !== null) { choose(t); }
    });
    sheet.addEventListener("pointerdown", function (event) {
      if (event.button === 0 && event.pointerType === "mouse") {
        begun = moment(sheet, event);
        sheet.setPointerCapture(event.pointerId);
      }
    });
    sheet.addEventListener("pointerup", function (event) {
      var t = moment(sheet, event), from = begun;
      begun = null;
      choose(0);
      if (from !== null && Math.abs(t - from) > (view.to - view.from) / 100) {
        look(Math.min(from, t), Math.max(from, t));
      }
    });
    sheet.addEventListener("pointercancel", function () { begun = null; choose(0); });
    sheet.addEventListener("pointerleave", function () {
      if (begun === null) { at = row = -1; cursor(); }
    });
    sheet.addEventListener("dblclick", function () { look(data.from, data.to); });
    sheet.addEventListener("keydown", function (event) {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        step(event.key === "ArrowLeft" ? -1 : 1);
        event.preventDefault();
      } else if (sheet.map && at >= 0 && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        row = chosen(sheet.map) + (event.key === "ArrowUp" ? 1 : -1);
        row = Math.min(sheet.map.rows - 1, Math.max(0, row));
        event.preventDefault();
        cursor();
      } else if (event.key === "Escape") {
        at = row = -1;
        look(data.from, data.to);
        cursor();
      }
    });
  });
  whole.addEventListener("click", function () { look(data.from, data.to); });

  /* A link to a moment, "#t=42", or to a stretch, "#t=42,60": in seconds. */
  function link() {
    var m = /^#t=([0-9.]+)(?:,([0-9.]+))?$/.exec(location.hash);
    if (m && m[2] && +m[2] > +m[1]) {
      look(+m[1], +m[2]);
    } else if (m) {
      at = find(+m[1]);
    }
    cursor();
  }
  window.addEventListener("hashchange", link);
  link();
})();
