# SPDX-License-Identifier: MIT
"""PROTO DIR: what a receiver of OTLP has after all the requests in DIR, as JSON:
of each series the last point, as protoc reads them, and how many points there
were; and that they are as they have to be: times rise, sums do not fall, buckets
add up."""
import json
import os
import subprocess
import sys

proto, folder = sys.argv[1:]


def unquote(text):
    return text[1:-1].encode().decode("unicode_escape").encode("latin-1").decode()


def scalar(text):
    if text in ("true", "false"):
        return text == "true"
    return unquote(text) if text[0] == '"' else float(text)


def parse(lines):
    """A message in protobuf's text format, as lists by the name of a field."""
    out = {}
    for line in lines:
        line = line.strip()
        if line == "}":
            break
        if line.endswith("{"):
            out.setdefault(line[:-1].strip(), []).append(parse(lines))
        else:
            key, value = line.split(": ", 1)
            out.setdefault(key, []).append(scalar(value))
    return out


def one(message, key, default=0):
    assert len(message.get(key, [])) <= 1, key
    return message[key][0] if key in message else default


def pairs(message):
    found = {one(p, "key"): one(one(p, "value", {}), "text", "") for p in message.get("attributes", [])}
    assert len(found) == len(message.get("attributes", [])) and all(found), message
    return found


series, metrics, resource, points = {}, {}, None, 0
for name in sorted(n for n in os.listdir(folder) if n.endswith(".pb")):
    with open(os.path.join(folder, name), "rb") as f:
        text = subprocess.run(["protoc", "-I" + os.path.dirname(proto), "--decode=Request", proto],
                              stdin=f, check=True, capture_output=True, text=True).stdout
    request = parse(iter(text.splitlines()))
    for everything in request["all"]:
        resource = pairs(everything["resource"][0])
        for scoped in everything["scoped"]:
            assert one(scoped["scope"][0], "name") == "brunt"
            for metric in scoped["metrics"]:
                kinds = [k for k in ("gauge", "sum", "histogram", "exponential") if k in metric]
                assert len(kinds) == 1, metric
                kind, data = kinds[0], metric[kinds[0]][0]
                what = (kind, one(metric, "unit", ""))
                assert metrics.setdefault(one(metric, "name"), what) == what
                assert one(data, "temporality") == (0 if kind == "gauge" else 2)
                assert one(data, "monotonic", False) == (kind == "sum")
                points += len(data["points"])
                for p in data["points"]:
                    key = (one(metric, "name"), tuple(sorted(pairs(p).items())))
                    before = series.get(key)
                    p = dict(p, kind=kind)
                    if before is not None:
                        assert one(before, "time") < one(p, "time"), key
                        assert one(before, "start") == one(p, "start"), key
                    if kind in ("sum", "gauge"):
                        p["n"] = one(p, "as_int", one(p, "as_double"))
                        assert kind == "gauge" or before is None or before["n"] <= p["n"], key
                    elif kind == "histogram":
                        assert len(p["counts"]) == len(p["bounds"]) + 1
                        assert sum(p["counts"]) == one(p, "count"), p
                    else:
                        buckets = one(p, "positive", {})
                        assert one(p, "scale") == 3
                        assert sum(buckets.get("counts", [])) + one(p, "zero") == one(p, "count"), p
                    series[key] = p

totals = {"resource": resource, "points": points, "metrics": {}, "series": []}
for (name, attributes), p in series.items():
    kind, unit = metrics[name]
    m = totals["metrics"].setdefault(name, {"kind": kind, "unit": unit, "count": 0, "sum": 0, "min": None, "max": None})
    row = {"metric": name, "attributes": dict(attributes)}
    if kind in ("sum", "gauge"):
        m["sum"] += p["n"]
        row["value"] = p["n"]
    else:
        m["count"] += one(p, "count")
        m["sum"] += one(p, "sum")
        for least, key in ((min, "min"), (max, "max")):
            m[key] = one(p, key) if m[key] is None else least(m[key], one(p, key))
        row["count"] = one(p, "count")
    totals["series"].append(row)
json.dump(totals, sys.stdout)
