#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: --out to files. What is in them adds up to the results, with
# jq as people use it on k6's files; each second is there when it is over; a
# file that may not grow and a pipe that nobody reads any more are told, and the
# run goes on; no file is written by two; what cannot be is an error before the
# run.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"

start_target --model places=8,service_ms=5
cat >"$work/plan.json" <<'P'
{ "name": "shop", "env": { "BASE_URL": "", "TOKEN": "hush42" }, "secrets": ["TOKEN"], "tags": { "zone": "a, \"b\"" },
  "setup": [ { "get": "${BASE_URL}/v1/health", "name": "Up" } ],
  "flow": [ { "get": "${BASE_URL}/v1/health?t=${TOKEN}&i=${iter}", "name": "Health",
              "checks": { "is up": { "status": 200 }, "is not": { "status": 201 } },
              "metrics": { "took": "duration", "broken": "failed" } },
            { "get": "${BASE_URL}/nothing", "name": "Missing" },
            { "get": "http://127.0.0.1:1/", "name": "Refused" }, { "think": "10ms" } ],
  "scenarios": { "short": { "executor": "constant-vus", "vus": 3, "duration": "2300ms" },
                 "long": { "executor": "constant-vus", "vus": 3, "duration": "60s" } },
  "thresholds": { "http_req_duration": ["p(95)<60000"], "http_req_duration{name:Health}": ["p(99)<60000"] } }
P
shop=()
shop() {
    shop=(run "$work/plan.json" "$1" -e "BASE_URL=$base" --headless --no-record "${@:2}")
}

# --- Totals
shop short --results "$work/r.json" --out "json=$work/o.json" --out "csv=$work/o.csv" --out "json=$work/o2.json.gz"
echo "what was there before" >"$work/o.json"
run 0 "${shop[@]}"
gzip -dc "$work/o2.json.gz" >"$work/o2.json"

# point FILTER: of the points of the file, as an array.
point() {
    jq -rs "[.[] | select(.type == \"Point\")] | $1" "$work/o.json"
}
# sum METRIC [FILTER]
sum() {
    point "[.[] | select(.metric == \"$1\") | .data | select(${2:-true}) | .value] | add // 0"
}
# count METRIC [FILTER]
count() {
    point "[.[] | select(.metric == \"$1\") | .data | select(${2:-true}) | .count] | add // 0"
}
for metric in http_reqs iterations data_sent data_received; do
    same "$metric" "$(query ".metrics.$metric.values.count")" "$(sum $metric)"
done
for metric in http_req_duration http_req_waiting iteration_duration took; do
    same "samples of $metric" "$(query ".metrics.$metric.values.count")" "$(count $metric)"
    same "most of $metric" "$(query ".metrics.$metric.values.max")" "$(point "[.[] | select(.metric == \"$metric\").data.value] | max")"
    same "least of $metric" "$(query ".metrics.$metric.values.min")" "$(point "[.[] | select(.metric == \"$metric\").data.value] | min")"
    jq -rse --argjson is "$(query ".metrics.$metric.values.avg")" \
        "[.[] | select(.type == \"Point\" and .metric == \"$metric\").data] | (map(.value * .count) | add) / (map(.count) | add) |
            . > \$is * 0.999999 and . < \$is * 1.000001" "$work/o.json" >/dev/null || fail "mean of $metric"
done
for name in Up Health Missing Refused; do
    same "requests of $name" "$(query ".endpoints[] | select(.name == \"$name\").metrics.http_reqs.values.count")" \
        "$(sum http_reqs ".tags.name == \"$name\"")"
done
all=$(count http_req_failed)
failed=$(count http_req_failed '.value == 1')
same "each request failed or did not" "$(query .metrics.http_reqs.values.count)" "$all"
same "failed" "$failed" "$(query ".metrics.http_req_failed.values.rate * $all | round")"
same "without a response" "$(query '.endpoints[] | select(.name == "Refused").no_response.refused')" \
    "$(sum http_reqs '.tags.error == "refused" and .tags.status == "0"')"
same "status" "$(query '.endpoints[] | select(.name == "Missing").statuses["404"]')" "$(sum http_reqs '.tags.status == "404"')"
for check in "is up" "is not"; do
    same "passes of $check" "$(query ".checks[] | select(.name == \"$check\").passes")" "$(count checks ".value == 1 and .tags.check == \"$check\"")"
    same "fails of $check" "$(query ".checks[] | select(.name == \"$check\").fails")" "$(count checks ".value == 0 and .tags.check == \"$check\"")"
done
same "setup has no scenario" 0 "$(sum http_reqs '.tags.name == "Up" and .tags.scenario != null')"
same "VUs" 3 "$(point '[.[] | select(.metric == "vus").data.value] | max')"
same "own tags" 'a, "b"' "$(point '[.[] | select(.metric == "http_reqs").data.tags.zone] | unique | join("")')"
same "the URL as the plan has it" "$base/v1/health?t=***&i=\${iter}" \
    "$(point '[.[] | select(.metric == "http_reqs" and .data.tags.name == "Health").data.tags.url] | unique | join(" ")')"
grep -q hush42 "$work/o.json" "$work/o.csv" && fail "a secret is streamed"

# A Metric comes before its Points, once, and says its thresholds.
jq -se '[foreach .[] as $x ({}; if $x.type == "Metric" then .[$x.metric] += 1 else . end;
    .[$x.metric] == 1)] | all' "$work/o.json" >/dev/null || fail "a point before its metric"
same "thresholds" 'null ["p(95)<60000"] http_req_duration{name:Health} name:Health {"name":"Health"}' \
    "$(jq -r 'select(.type == "Metric") | if .metric == "http_req_duration" then .data |
        "\(.thresholds) \(.submetrics[0] | "\(.name) \(.suffix) \(.tags)")" elif .metric == "vus" then .data.submetrics else empty end' \
        "$work/o.json" | tr '\n' ' ' | sed 's/ $//')"
# Times are of the run, and rise: of two within a millisecond, by one.
jq -se --slurpfile r "$work/r.json" 'def second: .[:19] + "Z" | fromdate;
    [.[] | select(.type == "Point").data.time] | . == sort and .[0] >= $r[0].started and
    (.[-1] | second) <= ($r[0].ended | second) + 1' "$work/o.json" >/dev/null || fail "times"
same "packed or not" "$(point 'map(.data.value * (.data.count // 1)) | add * 1000 | round')" \
    "$(jq -s '[.[] | select(.type == "Point")] | map(.data.value * (.data.count // 1)) | add * 1000 | round' "$work/o2.json")"

# csv: k6's header, and the same totals, read as CSV is.
same "header" "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata" \
    "$(head -n 1 "$work/o.csv")"
needs python3
python3 - "$work/o.csv" "$work/r.json" <<'P' || fail "csv"
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline='')))
results = json.load(open(sys.argv[2]))
def value(r): return float(r['metric_value'])
def n(r): return int(r['metadata'].partition('count=')[2] or 1)
def of(metric, **tags):
    return [r for r in rows if r['metric_name'] == metric and all(r[k] == v for k, v in tags.items())]
m = results['metrics']
assert sum(map(value, of('http_reqs'))) == m['http_reqs']['values']['count']
assert sum(map(value, of('data_received'))) == m['data_received']['values']['count']
assert sum(map(n, of('http_req_duration'))) == m['http_req_duration']['values']['count']
assert max(map(value, of('http_req_duration'))) == m['http_req_duration']['values']['max']
health = next(e for e in results['endpoints'] if e['name'] == 'Health')
assert sum(map(value, of('http_reqs', name='Health', status='200'))) == health['statuses']['200']
check = next(c for c in results['checks'] if c['name'] == 'is not')
assert sum(map(n, of('checks', check='is not', metric_value='0'))) == check['fails']
assert {r['extra_tags'] for r in of('iterations')} == {'zone=a, "b"'}
assert all(len(r) == 19 and None not in r for r in rows)
P
shop short --out csv
K6_CSV_TIME_FORMAT=rfc3339 K6_CSV_FILENAME=$work/t.csv run 0 "${shop[@]}"
tail -n 1 "$work/t.csv" | grep -Eq '^[a-z_]+,20[0-9-]+T[0-9:.]+Z,' || fail "$(tail -n 1 "$work/t.csv")"
K6_CSV_TIME_FORMAT=days K6_CSV_FILENAME=$work/t.csv run 104 "${shop[@]}"
grep -q "K6_CSV_TIME_FORMAT 'days' is none of unix, " "$work/err" || fail "$(cat "$work/err")"

# K6_OUT stands where no --out is given.
shop short
K6_OUT="json=$work/k6.json,csv=$work/k6.csv" run 0 "${shop[@]}"
for file in k6.json k6.csv; do
    grep -q vus_max "$work/$file" || fail "K6_OUT: nothing in $file"
done
K6_OUT=cloud run 104 "${shop[@]}"
grep -q "no kind 'cloud'; there are" "$work/err" || fail "$(cat "$work/err")"
grep -q "that --out is K6_OUT's, in the environment" "$work/err" || fail "$(cat "$work/err")"
shop short --out "json=$work/k6b.json"
K6_OUT=cloud run 0 "${shop[@]}"

# json-samples: a line for each sample, so what a script for k6 says is right as it is.
shop short --results "$work/r2.json" --out "json-samples=$work/s.json"
run 0 "${shop[@]}"
python3 - "$work/s.json" "$work/r2.json" <<'P' || fail "json-samples"
import json, math, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
results = json.load(open(sys.argv[2]))
points = [l for l in lines if l['type'] == 'Point']
def of(metric, **tags):
    return [p['data']['value'] for p in points if p['metric'] == metric and
            all(p['data']['tags'].get(k) == v for k, v in tags.items())]
for name, m in results['metrics'].items():
    have, is_ = of(name), m['values']
    if '{' in name or name == 'vus':
        continue
    if m['type'] == 'counter':
        assert sum(have) == is_['count'], name
    elif m['type'] == 'rate':
        assert abs(sum(have) / len(have) - is_['rate']) < 1e-12, name
    elif m['type'] == 'trend' and is_.get('count'):
        assert len(have) == is_['count'], name
        assert min(have) == is_['min'] and max(have) == is_['max'], name
        assert math.isclose(sum(have) / len(have), is_['avg'], rel_tol=1e-9), name
        # The value at a rank, of a histogram of three digits.
        p95 = sorted(have)[math.ceil(0.95 * len(have)) - 1]
        assert math.isclose(p95, is_['p(95)'], rel_tol=1e-3, abs_tol=1e-3), name
assert len(of('http_reqs')) == results['metrics']['http_reqs']['values']['count']
assert max(of('vus')) == 3
refused = of('http_reqs', error='refused', status='0', expected_response='false')
assert len(refused) == next(e for e in results['endpoints'] if e['name'] == 'Refused')['no_response']['refused']
for check in results['checks']:
    have = of('checks', check=check['name'], zone='a, "b"', scenario='short')
    assert have.count(1) == check['passes'] and have.count(0) == check['fails']
assert len(of('took', name='Health')) == len(of('http_reqs', name='Health'))
assert not of('http_reqs', name='Up', scenario='short') and of('http_reqs', name='Up')
times = [p['data']['time'] for p in points]
assert all(len(t) == 27 or p['metric'].startswith('vus') for t, p in zip(times, points))
seen = set()
for l in lines:
    assert (l['metric'] in seen) == (l['type'] == 'Point'), l
    seen.add(l['metric'])
out = results['outputs'][0]
assert (out['kind'], out['points'], out['dropped'], out['error']) == ('json-samples', len(points), 0, None), out
assert 'hush42' not in open(sys.argv[1]).read()
P

# --- What is said of them
query '.outputs[] | [.kind, .where, .points, .dropped, .retries, .error] | @tsv' >"$work/outputs"
same "three streams" "json $work/o.json
csv $work/o.csv
json $work/o2.json.gz" "$(cut -f 1,2 "$work/outputs" | tr '\t' ' ')"
same "points of json" "$(grep -c '"type":"Point"' "$work/o.json")" "$(head -n 1 "$work/outputs" | cut -f 3)"
same "points of csv" "$(($(wc -l <"$work/o.csv") - 1))" "$(sed -n 2p "$work/outputs" | cut -f 3)"
shop short --out "json=$work/o.json"
run 0 "${shop[@]}"
grep -q 'STREAMED' "$work/out" || fail "$(cat "$work/out")"
grep -Eq "json to $work/o.json: [0-9,]+ points$" "$work/out" || fail "$(cat "$work/out")"

# --- Each second is there when it is over, and whoever reads may go
mkfifo "$work/pipe"
exec 6<>"$work/pipe" # so that there is a reader when it is opened
cat "$work/pipe" >"$work/piped" 6>&- &
reader=$!
shop long --out "json=$work/pipe" --out "json=$work/live.json.gz" --socket "$work/s"
begin "${shop[@]}" 6>&-
until_line '"vus_max","type":"Point"' "$work/piped"
exec 6>&-
until gzip -dc "$work/live.json.gz" 2>/dev/null | grep -q '"type":"Point"'; do
    kill -0 "$pid" || fail "the run is over"
    sleep 0.1
done
kill "$reader"
wait "$reader" || true
until_line 'ends here: it cannot be written any more: nobody reads the pipe' "$work/err"
until_status "$pid" '.state == "running" and (.outputs | map(.kind) == ["json", "json"]) and
    (.outputs[0] | .state == "ended" and .dropped > 0 and (.error | test("nobody reads the pipe"))) and
    (.outputs[1] | .state == "sending" and .points > 0 and .dropped == 0 and .error == null)' --socket "$work/s"
"$BRUNT" ctl status --socket "$work/s" >"$work/status"
grep -Eq "^streamed    json to $work/pipe: [0-9,]+ points, [0-9,]+ dropped, ended: .*nobody reads the pipe" "$work/status" ||
    fail "$(cat "$work/status")"
grep -Eq "^streamed    json to $work/live.json.gz: [0-9,]+ points$" "$work/status" || fail "$(cat "$work/status")"
kill -TERM "$pid"
ended 105
grep -q "nobody reads the pipe" "$work/out" || fail "$(cat "$work/out")"

# One that does not read is waited for when the run is over, until Ctrl-C.
exec 6<>"$work/pipe"
python3 -c 'import fcntl; fcntl.fcntl(6, 1031, 4096)' # F_SETPIPE_SZ: little fits
shop short --out "json=$work/pipe" --results "$work/r.json"
begin "${shop[@]}" 6>&-
until_line "^brunt: waiting for json to $work/pipe (Ctrl-C: no more)" "$work/err"
same "results are there already" passed "$(query '.outcome.status')"
kill -INT "$pid"
ended 0
exec 6>&-
same "dropped" true "$(query '.outputs[0] | .dropped > 0 and (.error | test("its reader did not take it in time"))')"
grep -Eq "json to $work/pipe: .* dropped, ended: " "$work/out" || fail "$(cat "$work/out")"
grep -q "^brunt: json to $work/pipe ends here: " "$work/err" || fail "$(cat "$work/err")"

# A file that may not grow ends with its last whole line.
cat >"$work/narrow" <<'P'
#!/bin/bash
trap '' XFSZ
ulimit -f 300
exec "$@"
P
chmod +x "$work/narrow"
shop long --out "json=$work/small.json" --results "$work/r.json"
RUN_UNDER=$work/narrow begin "${shop[@]}"
until_line "json to $work/small.json ends here: it cannot be written any more: File too large" "$work/err"
kill -TERM "$pid"
ended 105
jq -e .type "$work/small.json" >/dev/null || fail "not whole lines"
same "dead" true "$(query '.outputs[0] | .dropped > 0 and .points > 0 and (.error | test("File too large"))')"
same "what is there was counted" "$(query '.outputs[0].points')" "$(grep -c '"type":"Point"' "$work/small.json")"

# --- One run to a file: a second one is told before it sends anything, by
# whatever name; what is written goes on. The system takes the lock back.
shop long --out "json=$work/one.json" --out "csv=$work/one.csv.gz"
: >"$work/one.json" # so that it can be looked at
begin "${shop[@]}"
until_line '"type":"Point".*"scenario":"long"' "$work/one.json"
ln -s one.json "$work/link.json"
ln "$work/one.csv.gz" "$work/linked.gz"
for place in "json=$work/one.json" "hdr=$work/link.json" "json-samples=$work/linked.gz"; do
    got=0
    "$BRUNT" run "$base/v1/metrics" -i 5 --headless --no-record --out "$place" >"$work/out2" 2>"$work/err2" </dev/null || got=$?
    same "exit code of a second run to $place" 104 "$got"
    grep -qxF "brunt: --out ${place%%=*}: '${place#*=}' is being written already, by another run or another --out: wait until that is over, or give another name" \
        "$work/err2" || fail "$(cat "$work/err2")"
done
same "requests of the second" "" "$(target_counts | grep metrics || true)"
kill -0 "$pid" || fail "the run is over"
kill -KILL "$pid"
ended 137
# The last line may be half of one.
head -n -1 "$work/one.json" | jq -se '.[0].type == "Metric" and any(.[]; .data.tags.scenario? == "long")' >/dev/null ||
    fail "what the first one wrote is not there"
shop short --out "json=$work/one.json" --out "csv=$work/one.csv.gz"
run 0 "${shop[@]}"
same "of the run after it alone" short "$(jq -r 'select(.data.tags.scenario? != null).data.tags.scenario' "$work/one.json" | sort -u)"

# A device takes what it is given, of as many as there are.
shop short --out json=/dev/null --out csv=/dev/null --out hdr=/dev/null --results /dev/null --junit /dev/null
run 0 "${shop[@]}"
"$BRUNT" "${shop[@]:0:7}" -q --out json=/dev/stdout 2>"$work/err" </dev/null | grep -q '^{.*"type":"Point"' || fail "standard output may be a pipe"

# --- Before the run
no() {
    local text=$1
    shift
    shop short "$@"
    run 104 "${shop[@]}"
    grep -q -e "$text" "$work/err" || fail "no '$text': $(cat "$work/err")"
}
no 'no kind .cvs.; there are json, .*csv.*(did you mean csv?)' --out cvs=x
no 'json-samples may be given once' --out "json-samples=$work/x" --out "json-samples=$work/y"
no '--out json needs a file: --out json=FILE' --out json
no "'$work' cannot be written: Is a directory" --out "json=$work"
no 'cannot be written: No such file or directory' --out "csv=$work/none/x"
no 'it is a pipe that nobody reads' --out "json=$work/pipe"
no 'is the plan that is to run: it would be written over' --out "json=$work/plan.json"
no '--results and --out: both are' --results "$work/x" --out "csv=$work/x"
no 'is the plan that is to run: it would be written over' --out "hdr=$work/plan.json"
K6_CSV_FILENAME=$work/plan.json no 'is the plan that is to run: it would be written over' --out csv
no '--out and --out: both are' --out "json=$work/new" --out "csv=$work/../${work##*/}/./new"
ln -s fresh.json "$work/fresh" # to what is not there yet
no 'is being written already, by another run or another --out' --out "json=$work/fresh.json" --out "csv=$work/fresh"
no '--out and --out: both are' --out "json=$work/one.json" --out "csv=$work/link.json"
no '--out and --out: both are' --out "json=$work/one.csv.gz" --out "csv=$work/linked.gz"
mkfifo "$work/fifo"
no '--out and --out: both are' --out "json=$work/fifo" --out "csv=$work/fifo"
no 'standard output has the summary' --out json=-
no "--out: '/dev/stdout' is where standard output goes: they would write over each other; give another name" --out json=/dev/stdout
no "--results: '$work/err' is where standard error goes" --results "$work/err"
no "no kind 'http'; there are" --out http://me:hush43@127.0.0.1/
grep -q hush43 "$work/err" && fail "a password is shown"
no '--out and --out: both are' --out "json=$work/x" --out "csv=$work/x"
jq -e .flow "$work/plan.json" >/dev/null || fail "the plan was written over"
