# SPDX-License-Identifier: MIT
# DASHBOARD PAGE: reads a Grafana dashboard: panels that lie beside one another,
# each of which asks something, of Prometheus series and labels that PAGE has, in
# Prometheus' text format. Prints its queries, one a line, with the variables
# filled in.
import json
import re
import sys

board = json.load(open(sys.argv[1], encoding="utf-8"))
labels = {}
for line in open(sys.argv[2], encoding="utf-8"):
    if not line.startswith("#"):
        name = re.match(r"[a-z0-9_]+", line)[0]
        labels.setdefault(name, set()).update(re.findall(r'[{,]([a-z_]+)="', line))
assert labels

assert board["uid"] == "brunt" and board["title"]
variables = {v["name"] for v in board["templating"]["list"]}
assert variables == {"datasource", "name"}
taken, ids, asked = set(), set(), 0
for panel in board["panels"]:
    assert panel["id"] not in ids, panel["id"]
    ids.add(panel["id"])
    at = panel["gridPos"]
    for x in range(at["x"], at["x"] + at["w"]):
        for y in range(at["y"], at["y"] + at["h"]):
            assert x < 24 and (x, y) not in taken, "panels overlap: " + panel["title"]
            taken.add((x, y))
    if panel["type"] == "row":
        continue
    assert panel["title"] and panel["targets"]
    for target in panel["targets"]:
        query = target["expr"]
        assert target["datasource"]["uid"] == "${datasource}"
        used = set(re.findall(r"\b((?:k6|brunt)_[a-z0-9_]+)", query))
        assert used, "asks for nothing of brunt's: " + query
        words = set(re.findall(r"([a-z_]+)=", query))
        for group in re.findall(r"by \(([a-z_, ]*)\)", query):
            words |= set(group.split(", "))
        words |= set(re.findall(r"\{\{([a-z_]+)\}\}", target["legendFormat"]))
        for name in used:
            # A native histogram stands for figures that the page has.
            page = re.sub(r"^(k6_.*)_seconds$", r"\1_p95", name)
            assert page in labels, "there is no " + name
            assert words <= labels[page], "%s has no %s" % (name, words - labels[page])
        filled = query.replace("$__rate_interval", "1h").replace("$name", ".*")
        assert "$" not in filled, query
        print(filled)
        asked += 1
assert asked >= 20
