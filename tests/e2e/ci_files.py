# SPDX-License-Identifier: MIT
# FILE FOLDER: the shell that a workflow of GitHub Actions, or jobs of GitLab CI,
# run, each script in a file of its own.
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as f:
    root = yaml.safe_load(f)

scripts = []
if "jobs" in root:
    # YAML 1.1 reads "on" as true.
    assert root.get("on", root.get(True)), "no trigger"
    for job in root["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step
            if "run" in step:
                scripts.append(step["run"])
else:
    for name, job in root.items():
        if name != "stages":
            assert job["stage"] in root["stages"], name
            scripts.append("\n".join(job["script"]))

for i, script in enumerate(scripts):
    with open("%s/%d.sh" % (sys.argv[2], i + 1), "w", encoding="utf-8") as f:
        f.write("#!/bin/bash\nset -e\n" + script + "\n")
