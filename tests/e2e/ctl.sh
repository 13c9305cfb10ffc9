#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: the control socket and brunt ctl, with real runs: every
# command and its exit code, who is named in events, the end through the socket,
# what is refused and how, permissions, and what a dead run left behind.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

python=/usr/bin/python3
export XDG_RUNTIME_DIR="$work/run"
mkdir -m 700 "$XDG_RUNTIME_DIR"
dir=$XDG_RUNTIME_DIR/brunt
trap 'kill $(jobs -p) 2>/dev/null || true; cleanup' EXIT

cat >"$work/plan.json" <<'P'
{ "name": "t", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "20ms" } ],
  "scenarios": {
    "s": { "executor": "ramping-vus", "startVUs": 2, "gracefulStop": "1s", "stages": [
      { "duration": "60s", "target": 2, "name": "one" },
      { "duration": "60s", "target": 4, "name": "two" },
      { "duration": "600s", "target": 4, "name": "three" } ] },
    "pair": [
      { "name": "a", "executor": "constant-vus", "vus": 1, "duration": "600s", "gracefulStop": "1s" },
      { "name": "b", "executor": "constant-vus", "vus": 1, "duration": "600s", "gracefulStop": "1s" } ] },
  "thresholds": { "http_req_failed": ["rate<0.9"] } }
P

# scenario NAME [OPTION...]: a run in the background; ready when its own socket
# says so, as others may run beside it.
scenario() {
    begin run "$work/plan.json" "$1" -e "BASE_URL=$base" --headless -q --max-vus 50 \
        --results "$work/r.json" "${@:2}"
    local own=("${socket[@]}")
    [ ${#own[@]} -gt 0 ] || own=(--socket "$dir/$pid.sock")
    until_status "$pid" '.state == "running" and .vus == 2' "${own[@]}"
}

# ctl CODE TEXT WORD...: the command's exit code, and what it says on either
# stream.
ctl() {
    local want=$1 text=$2 got=0
    shift 2
    "$BRUNT" ctl "$@" "${socket[@]}" >"$work/said" 2>&1 || got=$?
    [ "$want" = "$got" ] || fail "ctl $*: exit code $got, not $want: $(cat "$work/said")"
    grep -qF -- "$text" "$work/said" || fail "ctl $*: no '$text' in: $(cat "$work/said")"
}

socket=()
start_target
ctl 106 "no brunt of this user is running" status
ctl 104 "what is to be done" --json
ctl 104 "did you mean 'next'" nxt
ctl 104 "vus needs a number" vus
ctl 104 "takes on or off" hold maybe
ctl 104 "quote what has blanks" mark deploy 42
ctl 104 "--json goes with status" next --json

scenario s
same "mode of the folder" 700 "$(stat -c %a "$dir")"
same "mode of the socket" 600 "$(stat -c %a "$dir/$pid.sock")"

ctl 0 "stage 1/3 one" status
ctl 0 "(asked 2, plan 2)" status
ctl 0 "8 VUs by hand" vus 8
ctl 0 "10 VUs by hand" +2
ctl 0 "9 VUs by hand" -1
ctl 0 "18 VUs by hand" x2
ctl 0 "20 VUs by hand" 20
ctl 0 "23 VUs by hand" add 3
ctl 2 "applied 50: --max-vus" vus 20000
ctl 0 "MANUAL" status
ctl 0 " of 1 pass" status
ctl 0 "undone" undo
ctl 0 "the plan's 2 VUs" plan
ctl 0 "mark: deploy 42" mark "deploy 42"
ctl 0 "held" hold on
ctl 0 "hold is on already" hold on
ctl 0 "HELD" status
ctl 0 "go" hold off
ctl 0 "paus" pause
ctl 0 "paused at" status
ctl 0 "on" pause off
ctl 0 "spike" spike
ctl 0 "stage 2/3" next
ctl 0 "stage 1/3" previous
ctl 0 "stage 3/3" jump 3
ctl 1 "" jump 9
ctl 1 "is not a level" vus eighty
ctl 1 "no scenario 'nosuch' runs; there are: s" next --scenario nosuch
(cd "$work" && ctl 0 "wrote $work/now.json" write now.json)
same "status of what was written" running "$(jq -r .outcome.status "$work/now.json")"
ctl 1 "not written" write /nonexistent/x.json
same "status --json" 3 "$("$BRUNT" ctl status --json | jq '.scenarios[0].stage')"
same "three lines of watch" 3 "$("$BRUNT" ctl watch | head -n 3 | jq -s 'map(select(.state == "running")) | length')"

# Two at once are both heard, and both named.
"$BRUNT" ctl mark first >"$work/first" & one=$!
"$BRUNT" ctl mark second >"$work/second" & two=$!
wait "$one"
wait "$two"

# Hostile lines: each is refused by name, and none of them does the run any
# harm. At most sixteen at a time; who is stopped is no hindrance.
"$python" - "$dir/$pid.sock" <<'P'
import json, socket, sys, time
path = sys.argv[1]

def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect(path)
    return s, s.makefile("rb")

def ask(line):
    while True:
        s, f = connect()
        try:
            s.sendall(line + b"\n")
        except BrokenPipeError:
            pass
        answer = json.loads(f.readline())
        f.close()
        s.close()
        if "connected already" not in answer.get("error", ""):
            return answer

for line, word in [
    (b"nonsense", "not a JSON object"),
    (b"[]", "not a JSON object"),
    (b"{}", 'no "do"'),
    (b'{"do":7}', '"do" is not a string'),
    (b'{"do":"vuss","number":1}', "did you mean 'vus'"),
    (b'{"do":"vus"}', 'needs a "number"'),
    (b'{"do":"vus","number":1.5}', "not a whole number"),
    (b'{"do":"vus","number":1e300}', "not a whole number"),
    (b'{"do":"next","number":1}', "takes neither"),
    (b'{"do":"mark","text":"' + b"x" * 300 + b'"}', "longer than 255"),
    (b'{"do":"mark","txt":"x"}', 'did you mean "text"'),
    (b'{"do":"mark","do":"stop"}', "not a JSON object"),
    (b'{"do":"mark","text":"\xff\xfe"}', "not a JSON object"),
    (b"[" * 3000, "not a JSON object"),
    (b"x" * 5000, "longer than 4096"),
]:
    a = ask(line)
    assert a["ok"] is False and word in a["error"], (line[:60], a)

a = ask(b'{"id":7,"do":"mark","text":"\\u001b[31mred\\u202e"}')
assert a["ok"] and a["id"] == 7 and "\x1b" not in a["text"], a

# Many in one write, answered one by one and in order.
s, f = connect()
s.sendall(b"".join(b'{"id":%d,"do":"mark","text":"m%d"}\n' % (i, i) for i in range(200)))
got = [json.loads(f.readline())["id"] for _ in range(200)]
assert sorted(got) == list(range(200)), got
s.close()

# One that never reads, and a lot of asking.
s, f = connect()
s.setblocking(False)
try:
    for _ in range(100000):
        s.send(b'{"do":"status"}\n')
except BlockingIOError:
    pass
deaf, _ = connect()
deaf.sendall(b'{"do":"watch"}\n')
others = [connect() for _ in range(14)]
t, g = connect()
assert "16 clients are connected already" in json.loads(g.readline())["error"]
t.close()
for x, y in others:
    y.close()
    x.close()
before = ask(b'{"do":"status"}')["status"]["t"]
# The run goes on meanwhile, and who listens again is told what was missed.
while ask(b'{"do":"status"}')["status"]["t"] < before + 9:
    time.sleep(0.2)
lines, told = deaf.makefile("rb"), 0
deaf.settimeout(30)
for line in lines:
    told = json.loads(line).get("skipped", 0)
    if told:
        break
print("skipped", told)
P

ctl 0 "ending" stop
ended 103
[ -z "$(ls "$dir")" ] || fail "the socket is still there"
same "status" interrupted "$(query .outcome.status)"
me="socket $(id -un)"
query .outcome.stopped_by | grep -q "^$me [0-9]" || fail "who stopped it is not named: $(query .outcome.stopped_by)"
same "both marks" 2 "$(query '[.events[] | select(.value == "first" or .value == "second") | .by] | unique | length')"
same "all commands by the socket" 0 "$(query '[.events[] | select(.type == "mark" and (.by | startswith("socket ") | not))] | length')"

# Cut off; one of several; the one that is meant.
scenario pair
ctl 1 "for which scenario?" vus 3
ctl 0 "b: 3 VUs by hand" vus 3 --scenario b
ctl 0 "cut" cut
ended 103

# A path of one's own; two runs at once.
socket=(--socket "$work/my.sock")
scenario s --socket "$work/my.sock"
same "mode of the socket" 600 "$(stat -c %a "$work/my.sock")"
run 106 run "$work/plan.json" s -e "BASE_URL=$base" --headless --socket "$work/my.sock"
grep -q "another run listens there" "$work/err" || fail "no word of the other run"
echo keep >"$work/file"
run 106 run "$work/plan.json" s -e "BASE_URL=$base" --headless --socket "$work/file"
same "a file in the way" keep "$(cat "$work/file")"
run 106 run "$work/plan.json" s -e "BASE_URL=$base" --headless --socket "$work/no/such"
first=$pid
socket=()
scenario s
second=$pid
scenario s
ctl 106 "2 runs; which one?" next
ctl 106 "$dir/$second.sock   t, s, running" next
socket=(--socket "$dir/$second.sock")
ctl 0 "ending" stop
wait "$second" || same "exit code" 103 $?

# A run that is killed leaves its socket; the next one removes it.
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
dead=$pid
pid=
[ -S "$dir/$dead.sock" ] || fail "nothing was left to be removed"
socket=()
scenario s
[ ! -e "$dir/$dead.sock" ] || fail "a dead run's socket is still there"
ctl 0 "ending" stop
ended 103
socket=(--socket "$work/my.sock")
pid=$first
ctl 0 "ending" stop
ended 103

# Where the load goes to a host that is not this machine (by its name: it is
# loopback all the same), the first that raises it is told where.
socket=()
name=example.test:${base##*:}
begin run "http://$name/v1/health" -d 60s --headless -q --max-vus 5 --resolve "$name:127.0.0.1"
until_status "$pid" '.vus == 1'
ctl 1 "the load goes to $name, which is not this machine" +1
ctl 1 "is not this machine" spike
ctl 0 "0 VUs by hand" vus 0
ctl 0 "1 VU by hand" vus 1 --yes
ctl 0 "3 VUs by hand" vus 3
ctl 0 "cut" cut
ended 103

# A folder that others may enter is not used; the run goes on without.
socket=()
chmod 755 "$dir"
run 0 run "$base/v1/health" --headless -i 3
grep -q "is open to others (mode 0755" "$work/err" || fail "no word of the folder's mode"
grep -q "going on without a control socket" "$work/err" || fail "no word that there is none"
rmdir "$dir"
ln -s "$work" "$dir"
run 0 run "$base/v1/health" --headless -i 3
grep -q "no folder for control sockets" "$work/err" || fail "a link is followed"
rm "$dir"
