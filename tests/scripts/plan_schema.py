# SPDX-License-Identifier: MIT
"""Holds data/plan.schema.json against the cases of the parser and its keys."""
import json
import os
import re
import sys

import jsonschema

# What a schema cannot say: cases that it takes and the parser refuses.
PARSER_ONLY = {
    "array-name-twice": "names that others of the array have",
    "arrival-all-zero": "over all stages",
    "arrival-max-vus": "one number against another",
    "auth-and-header": "depends on another member",
    "auth-basic-at-run-time": "what a ${...} means",
    "baseline-scenario": "refers to scenarios",
    "body-number-too-large": "any depth of a body",
    "check-sse-without-sse": "depends on the request around it",
    "check-value-at-run-time": "what a ${...} means",
    "data-column": "reads a file",
    "data-in-a-file-name": "what a ${...} means",
    "duration-range": "the value of a duration",
    "exec-unknown": "refers to flows",
    "cookies-and-header": "depends on another member",
    "body-larger-than-allowed": "one member against another",
    "compression-and-lane": "one member against another",
    "multipart-and-type": "depends on another member",
    "http-auth": "depends on another member",
    "header-line-break": "what a ${...} means",
    "header-twice": "names that differ in case only",
    "http1-and-http2": "one member against another",
    "iterations-fewer-than-vus": "one number against another",
    "key-twice": "lost when JSON is read",
    "limit-too-large": "the value of a limit",
    "metric-built-in": "the table of metrics",
    "metric-two-types": "refers to other requests",
    "repeat-too-often": "over all repeats around",
    "scenario-env-url": "refers to env",
    "stages-of-no-load": "over all stages",
    "stages-of-no-time": "over all stages",
    "threshold-intended": "refers to scenarios",
    "threshold-intended-scenario": "refers to scenarios",
    "threshold-metric": "refers to metrics",
    "threshold-own-tag": "refers to tags",
    "threshold-recovery-limit": "the value of a duration",
    "threshold-rate-over-one": "refers to a metric's type",
    "threshold-tag": "refers to a metric's tags",
    "threshold-tag-not-carried": "refers to a metric's tags",
    "threshold-tag-value": "refers to requests and scenarios",
    "timeout": "the value of a duration",
    "url-from-env": "refers to env",
    "url-with-space": "what a ${...} means",
    "vu-setup": "refers to other steps",
    "value-data-unknown": "refers to data",
    "value-empty": "what a ${...} means",
    "value-later": "refers to other steps",
    "value-number": "refers to env and data",
    "value-random": "what a ${...} means",
    "value-unclosed": "what a ${...} means",
    "value-unknown": "refers to env",
}

# Where the schema describes the objects of key.def's places.
PLACES = {
    "PLAN": [[]],
    "HTTP": [["properties", "http"]],
    "PART": [["definitions", "part", "anyOf", 1]],
    "COOKIE": [["definitions", "request", "properties", "cookies",
                "additionalProperties", "anyOf", 1]],
    "TLS": [["properties", "http", "properties", "tls"]],
    "DNS": [["properties", "http", "properties", "dns"]],
    "REQUEST": [["definitions", "request"]],
    "THINK": [["definitions", "think"]],
    "EVERY": [["definitions", "every"]],
    "GROUP": [["definitions", "group"]],
    "RANDOM": [["definitions", "random"]],
    "BRANCH": [["definitions", "random", "properties", "random", "items"]],
    "REPEAT": [["definitions", "repeat"]],
    "TIMES": [["definitions", "repeat", "properties", "repeat", "anyOf", 1]],
    "PAUSE": [["definitions", "think", "properties", "think", "anyOf", 1]],
    "AUTH": [["definitions", "auth"]],
    "BASIC": [["definitions", "auth", "properties", "basic"]],
    "SSE": [["definitions", "request", "properties", "sse", "anyOf", 1]],
    "CHECK": [["definitions", "check"]],
    "EXTRACT": [["definitions", "request", "properties", "extract",
                 "additionalProperties"]],
    "FEED": [["definitions", "request", "properties", "metrics",
              "additionalProperties", "anyOf", 1]],
    "DATA": [["properties", "data", "additionalProperties", "anyOf", 1]],
    "SCENARIO": [["definitions", "element", "oneOf", i] for i in range(6)],
    "STAGE": [["definitions", "scenario", "oneOf", 1, "properties", "stages",
               "items"]],
    "LIMIT": [["definitions", "limit", "anyOf", 1]],
    "VERDICT": [["properties", "verdict"]],
    "RULE": [["definitions", "verdict_" + kind, "anyOf", 2]
             for kind in ("time", "share", "errors", "count")],
}


def fail(text):
    global failed
    failed = True
    print("FAIL: " + text)


def check_keys(root, schema):
    """Each object of the schema has the keys that the parser knows, no more."""
    with open(os.path.join(root, "src/plan/key.def"), encoding="utf-8") as f:
        rows = re.findall(r'^KEY\((\w+), "([^"]+)", ([01]),', f.read(), re.M)
    for place, paths in PLACES.items():
        want = {name for p, name, now in rows if p == place and now == "1"}
        have = set()
        for path in paths:
            node = schema
            for step in path:
                node = node[step]
            have |= set(node["properties"])
        if want != have:
            fail("%s: schema %s, parser %s" % (place, sorted(have - want),
                                               sorted(want - have)))


def check_cases(root, validator):
    cases = os.path.join(root, "tests/cases/plan")
    valid = [os.path.join(cases, "valid", name)
             for name in sorted(os.listdir(os.path.join(cases, "valid")))]
    plans = os.path.join(root, "data/plans")
    valid += [os.path.join(plans, name) for name in sorted(os.listdir(plans))]
    for path in valid:
        with open(path, encoding="utf-8") as f:
            for e in validator.iter_errors(json.load(f)):
                fail("%s: %s: %s" % (path, list(e.path), e.message[:200]))
    seen = 0
    for name in sorted(os.listdir(os.path.join(cases, "invalid"))):
        path = os.path.join(cases, "invalid", name, "input.json")
        try:
            with open(path, encoding="utf-8") as f:
                doc = json.load(f)
        except ValueError:
            continue
        seen += 1
        taken = validator.is_valid(doc)
        if taken and name not in PARSER_ONLY:
            fail(name + ": the schema takes what the parser refuses")
        if not taken and name in PARSER_ONLY:
            fail(name + ": the schema refuses this, it is not parser only")
    for name in PARSER_ONLY:
        if not os.path.isdir(os.path.join(cases, "invalid", name)):
            fail(name + ": no such case")
    if seen < 40:
        fail("only %d cases found" % seen)
    print("%d valid plans, %d invalid ones" % (len(valid), seen))


failed = False
root = sys.argv[1]
with open(os.path.join(root, "data/plan.schema.json"), encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
check_keys(root, schema)
check_cases(root, jsonschema.Draft7Validator(schema))
sys.exit(1 if failed else 0)
