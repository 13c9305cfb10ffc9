# SPDX-License-Identifier: MIT
# PAGE [NAME [LABEL=VALUE]]: reads a page in Prometheus' text format 0.0.4
# strictly: families in one piece and once, each with help and type, labels and
# values as the format has them, no sample twice. With a name, the sum of its
# samples that have the label.
import re
import sys

text = open(sys.argv[1], "rb").read().decode("utf-8")
assert text.endswith("\n"), "no newline at the end"
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
helped, typed, samples = {}, {}, {}
family = None
for line in text[:-1].split("\n"):
    m = re.fullmatch(r"# HELP (%s) (.*)" % NAME, line)
    if m:
        assert m[1] not in helped, "helped twice: " + line
        assert re.fullmatch(r"(?:[^\\]|\\\\|\\n)*", m[2]), line
        helped[m[1]] = m[2]
        family = m[1]
        continue
    m = re.fullmatch(r"# TYPE (%s) (counter|gauge|summary|histogram|untyped)" % NAME, line)
    if m:
        assert m[1] == family and m[1] not in typed, line
        typed[m[1]] = m[2]
        continue
    m = re.fullmatch(r"(%s)(?:\{(%s(?:,%s)*)\})? (\S+)" % (NAME, LABEL, LABEL), line)
    assert m, "no sample: " + line
    name, value = m[1], m.groups()[-1]
    assert re.fullmatch(r"NaN|[+-]Inf|[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", value), line
    if name != family:
        assert typed[family] == "summary" and name in (family + "_sum", family + "_count"), line
    labels = {k: v.replace(r"\"", '"').replace(r"\n", "\n").replace("\\\\", "\\") for k, v in re.findall(LABEL, m[2] or "")}
    assert len(labels) == len(re.findall(LABEL, m[2] or "")), "a label twice: " + line
    key = (name, tuple(sorted(labels.items())))
    assert key not in samples, "twice: " + line
    samples[key] = float(value)
    if typed[family] == "counter":
        assert name.endswith("_total") and float(value) >= 0, line
assert samples and all(f in typed for f in helped)

if len(sys.argv) > 2:
    want = dict([sys.argv[3].split("=", 1)]) if len(sys.argv) > 3 else {}
    found = [v for (n, labels), v in samples.items() if n == sys.argv[2] and want.items() <= dict(labels).items()]
    assert found, "none: " + " ".join(sys.argv[2:])
    total = sum(found)
    print(int(total) if total == int(total) else repr(total))
