# SPDX-License-Identifier: MIT
"""Fields of data/results.schema.json as a part of man/brunt-results.5, on
standard output. Fields that nothing describes are named on standard error, and
the exit code is 1."""
import json
import sys

schema = json.load(open(sys.argv[1], encoding="utf-8"))
missing = []
known = set()


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def definition(node):
    name = node.get("$ref", "").rpartition("/")[2]
    return name, schema["definitions"][name] if name else {}


def words(node):
    """The values that a field may have, where they are few."""
    some = node.get("enum") or node.get("items", {}).get("enum") or []
    return [w for w in some if w is not None]


def field(path, node):
    name, meant = definition(node)
    text = node.get("description") or meant.get("description")
    if not text:
        missing.append(path)
        return
    print(".TP\n.B " + roff(path))
    print(roff(text[0].upper() + text[1:]) + ".")
    if words(node):
        print(roff("One of " + ", ".join(words(node)) + "."))
    if name and name in known:
        return
    known.add(name)
    below(path, {**meant, **node})


def below(path, node):
    for name, child in node.get("properties", {}).items():
        field(path + "." + name if path else name, child)
    for key, mark in (("items", "[]"), ("additionalProperties", ".NAME")):
        inner = node.get(key)
        if isinstance(inner, dict):
            below(path + mark, {**definition(inner)[1], **inner})


below("", schema)
for path in missing:
    print(sys.argv[1] + ": " + path + " has no description", file=sys.stderr)
sys.exit(1 if missing else 0)
