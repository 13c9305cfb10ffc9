#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: recordings. What a run was is listed as its results have it;
# names, notes, removal; no more than fifty are kept; a run that is killed, at
# any moment, is read up to its last second, and leaves no rubbish; a disk that
# is full, or a file that may not grow, is told and the run goes on; files from
# elsewhere are refused by name. KILLS: how many are killed, LATE: by how many
# seconds a killed one may be behind. tests/trial/recording.sh has it of more.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=8,service_ms=5
cat >"$work/plan.json" <<'P'
{ "name": "shop", "env": { "BASE_URL": "" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health" }, { "think": "20ms" } ],
  "scenarios": { "short": { "executor": "constant-vus", "vus": 2, "duration": "1200ms" },
                 "once": { "executor": "shared-iterations", "vus": 1, "iterations": 3 },
                 "long": { "executor": "constant-vus", "vus": 2, "duration": "60s" } } }
P
runs=$XDG_STATE_HOME/brunt/runs

# shop SCENARIO [OPTION...]: the arguments of a run.
shop=()
shop() {
    shop=(run "$work/plan.json" "$1" -e "BASE_URL=$base" --headless "${@:2}")
}

# of FILTER: of the list as JSON.
of() {
    run 0 runs --json
    jq -r "$1" "$work/out"
}

# --- A run as its results have it
run 0 runs
grep -q '^no run has been recorded yet' "$work/out" || fail "$(cat "$work/out")"
shop short --results "$work/r.json"
run 0 "${shop[@]}"
same "one run" "1 whole shop short 2 passed 0" \
    "$(of '.runs | "\(length) \(.[0] | "\(.state) \(.plan) \(.scenario) \(.vus_peak) \(.status) \(.exit_code)")"')"
same "its figures" "$(query '[.started, .target, .duration_s, .metrics.http_reqs.values.count,
    .metrics.http_req_duration.values["p(95)"]] | map(tostring) | join(" ")')" \
    "$(of '.runs[0] | [.started, .target, .duration_s, .requests, .p95_ms] | map(tostring) | join(" ")')"
same "nobody else's" "700 600" "$(stat -c %a "$runs" "$runs"/*.brunt | tr '\n' ' ' | sed 's/ $//')"
shop once --no-record
run 0 "${shop[@]}"
same "not recorded" 1 "$(of '.runs | length')"
shop once --record "$work/own.brunt"
run 0 "${shop[@]}"
same "somewhere else" 1 "$(of '.runs | length')"
run 104 "${shop[@]}"
grep -q "is there already: give another name, or remove it" "$work/err" || fail "$(cat "$work/err")"
shop once --record "$work/both.json" --results "$work/both.json"
run 104 "${shop[@]}"
grep -q -- "--record and --results: both are" "$work/err" || fail "$(cat "$work/err")"
shop once --record "$work/other.brunt" --no-record
run 104 "${shop[@]}"
shop once
# Somebody else's folder, and a place where there can be none.
: >"$work/file"
XDG_STATE_HOME=$work/file run 0 "${shop[@]}"
grep -q '^brunt: going on without a recording$' "$work/err" || fail "$(cat "$work/err")"
HOME='' XDG_STATE_HOME='' run 0 "${shop[@]}"
grep -q 'neither XDG_STATE_HOME nor HOME is a full path' "$work/err" || fail "$(cat "$work/err")"

# --- Two of the same second, names, notes, removal
"$BRUNT" "${shop[@]}" >"$work/one" 2>&1 </dev/null &
one=$!
run 0 "${shop[@]}"
wait "$one"
same "both" "3 whole" "$(of '.runs | "\(length) \([.[].state] | unique | join(" "))"')"
run 0 runs name 3 before-fix
run 0 runs note before-fix $'half of the\ncaches cold'
same "named" 'before-fix half of the\ncaches cold' "$(of '.runs[2] | "\(.name) \(.note)"')"
run 104 runs name 1 before-fix
grep -q "another run has the name 'before-fix'" "$work/err" || fail "$(cat "$work/err")"
run 104 runs name 1 7
grep -q "is no name for a run" "$work/err" || fail "$(cat "$work/err")"
run 0 runs
grep -Eq '^ +3 +[0-9-]+ [0-9:]+ +shop, short +http://127.* passed' "$work/out" || fail "$(cat "$work/out")"
grep -q '^ *before-fix: half of the' "$work/out" || fail "$(cat "$work/out")"
echo precious >"$work/plan.txt"
run 104 runs rm "$work/plan.txt"
grep -q "is not a recording, and stays" "$work/err" || fail "$(cat "$work/err")"
[ -s "$work/plan.txt" ] || fail "a file that is no recording was removed"
run 104 runs rm ''
run 0 runs rm 1 2 1
same "the named one stays" before-fix "$(of '[.runs[].name] | join(" ")')"
run 104 runs rm before-fox
grep -q "did you mean 'before-fix'" "$work/err" || fail "$(cat "$work/err")"

# --- Fifty are kept, and what somebody gave a name to
# A folder that cannot be read is not one without runs, and none is none.
: >"$work/plain"
XDG_STATE_HOME=$work/plain run 104 runs
grep -q "plain/brunt/runs: cannot be read: Not a directory" "$work/err" || fail "$(cat "$work/err")"
(unset HOME XDG_STATE_HOME && run 104 runs) || exit 1
grep -q "neither XDG_STATE_HOME nor HOME is a full path" "$work/err" || fail "$(cat "$work/err")"
# A file is one without a slash in its name, too.
cp "$work/own.brunt" "$work/mine"
(cd "$work" && run 0 report mine --markdown) || exit 1

cp "$work/own.brunt" "$runs/copy-1.brunt"
for i in $(seq 2 55); do
    cp "$runs/copy-1.brunt" "$runs/copy-$i.brunt"
done
head -c 100 "$work/own.brunt" >"$runs/.new-0123456789abcdef" # of one that was killed
head -c 600 "$work/own.brunt" >"$runs/half.brunt"
run 0 "${shop[@]}"
same "fifty, and one" "51 50" "$(of '.runs | "\(length) \([.[] | select(.name == null)] | length)"')"
same "no rubbish" "" "$(find "$runs" -name '.*' -type f; find "$runs" -name 'half*')"

# --- Killed
rm -rf "$runs"
for i in $(seq "${KILLS:-6}"); do
    shop long --socket "$work/s$i"
    begin "${shop[@]}"
    until_status "$pid" '.t >= 0.2' --socket "$work/s$i"
    : >"$work/ticks" # what the one before saw is not taken for this one's
    "$BRUNT" ctl watch --socket "$work/s$i" >"$work/ticks" 2>/dev/null &
    watch=$!
    # At any moment; at least a tick has been seen.
    until [ "$(wc -l <"$work/ticks")" -ge 1 ]; do
        sleep 0.02
    done
    sleep "$((RANDOM % 3)).$((RANDOM % 10))"
    kill -9 "$pid"
    ended 137
    wait "$watch" || true
    # Of whole lines the last.
    while IFS= read -r line; do
        seen=$line
    done <"$work/ticks"
    seen=$(jq .t <<<"$seen")
    of '.runs[0]' >"$work/run.json"
    jq -e --argjson seen "$seen" --argjson late "${LATE:-5}" '
        .state == "cut off" and .duration_s >= $seen - $late and
        (.duration_s < 1 or .requests > 0)' "$work/run.json" >/dev/null ||
        fail "killed after $seen: $(cat "$work/run.json")"
    [ -z "${KILLED:-}" ] || echo "$seen $(jq .duration_s "$work/run.json")" >>"$KILLED"
done
kept=$((${KILLS:-6} < 50 ? ${KILLS:-6} : 50))
same "all of them, or the last 50" "$kept cut off" "$(of '.runs | "\(length) \([.[].state] | unique | join(" "))"')"
shop once
run 0 "${shop[@]}"
same "and no rubbish" "" "$(find "$runs" -type f ! -name '*.brunt')"

# --- A file that may not grow, and a disk that is full: room for the header and
# some seconds. The run goes on, until it is ended.
size=$(stat -c %s "$work/own.brunt")
sed 's/"20ms"/"2ms"/; s/"vus": 2/"vus": 8/' "$work/plan.json" >"$work/busy.json"
busy=("$BRUNT" run "$work/busy.json" long -e "BASE_URL=$base" --headless)
cat >"$work/narrow" <<'P'
#!/bin/bash
ulimit -f "$1"
shift
exec "$@"
P
cat >"$work/disk" <<'P'
#!/bin/bash
set -eu
mount -t tmpfs -o "size=$1" none "$2"
shift 2
# A shell hears of signals only while it waits.
"$@" &
trap 'kill "$!"' TERM
rc=0
wait "$!" || rc=$?
[ "$rc" -lt 128 ] || { rc=0; wait "$!" || rc=$?; }
"$BRUNT" runs --json >"$LISTED"
exit "$rc"
P
chmod +x "$work/narrow" "$work/disk"

# stopped WHY COMMAND...: the recording of that run ends so, and the run does not.
stopped() {
    local why=$1
    shift
    : >"$work/err"
    "$@" >"$work/out" 2>"$work/err" </dev/null &
    pid=$!
    until_line "the recording ends here: .*cannot be written any more: $why" "$work/err"
    lines=$(wc -l <"$work/err")
    until [ "$(wc -l <"$work/err")" -gt $((lines + 1)) ]; do
        sleep 0.1
    done
    kill "$pid"
    ended 105
    grep -q '^    http_reqs\.' "$work/out" || fail "$(cat "$work/out")"
}
rm -rf "$runs"
stopped "File too large" "$work/narrow" $((size / 1024 + 12)) "${busy[@]}"
same "what there was" "cut off true" "$(of '.runs[0] | "\(.state) \(.duration_s >= 1 and .requests > 0)"')"
export LISTED=$work/listed BRUNT
mkdir "$work/small"
if unshare -rm mount -t tmpfs none "$work/small" 2>/dev/null; then
    page=$(getconf PAGESIZE) # which is the least that a disk of memory gives
    XDG_STATE_HOME=$work/small stopped "No space left on device" \
        unshare -rm "$work/disk" $(((size / page + 3) * page)) "$work/small" "${busy[@]}"
    same "what there was" "cut off true" \
        "$(jq -r '.runs[0] | "\(.state) \(.duration_s >= 1 and .requests > 0)"' "$work/listed")"
else
    echo "no disk of our own can be mounted here: not tried" >&2
fi

# --- Files from elsewhere
rm -rf "$runs"
mkdir -p "$runs"
# bent NAME AT BYTES: a copy with other bytes there.
bent() {
    cp "$work/own.brunt" "$runs/$1.brunt"
    # shellcheck disable=SC2059
    printf "$3" | dd of="$runs/$1.brunt" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
# one WHAT TEXT: what the list says of the only one.
one() {
    run 0 runs
    grep -q -- "$2" "$work/out" || fail "$1: $(cat "$work/out")"
    run 0 runs --json
    same "$1" 1 "$(jq '.runs | length' "$work/out")"
    rm "$runs"/*
}
cp "$work/own.brunt" "$runs/a.brunt"
one whole passed
head -c $((size - 20)) "$work/own.brunt" >"$runs/a.brunt"
one "cut off" "cut off"
bent a $((size - 20)) '\xff\x00\xff'
one damaged damaged
bent a 1060 '\xff\x00\xff'
one "its header" "is damaged at byte 1040, in its header: nothing can be read"
bent a 8 '\x02'
one "the future" "is a recording of format 2; this is brunt .* which knows format 1: use a newer one"
truncate -s 1G "$runs/a.brunt"
one zeros "is not a recording: it begins with other bytes than one"
cp "$work/r.json" "$runs/a.brunt"
one results "is not a recording: it begins with other bytes than one"
: >"$runs/a.brunt"
one empty "ends after 0 bytes, before its header does"
mkfifo "$runs/a.brunt"
one "a pipe" "is no file with a recording"
run 104 runs note "$work/nowhere/x.brunt" x
grep -q 'cannot be opened: No such file' "$work/err" || fail "$(cat "$work/err")"
