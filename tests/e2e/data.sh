#!/bin/bash
# SPDX-License-Identifier: MIT
# This exercises: rows of files, values taken from responses, the VU's own
# setup, branches by chance, and secrets, with nginx's log as the witness.
# shellcheck disable=SC2016 # ${…} in plans and nginx's own variables
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$SRCDIR/tests/e2e/lib.sh"
# shellcheck source=tests/e2e/witness.sh
. "$SRCDIR/tests/e2e/witness.sh"

# What the log says of a location: the second word of its lines, sorted.
seen() {
    sed -n "s|^/$1/\([^ ]*\) .*|\1|p" "$work/access.log"
}

# plan NAME MEMBERS: a plan file of these members.
plan() {
    printf '{ "env": { "BASE_URL": "" }, %s }\n' "$2" >"$work/$1.json"
}

start_nginx '$request_uri $http_authorization $status' '
    location /login/ {
        default_type application/json;
        add_header Set-Cookie "sid=c-$arg_name; Path=/";
        return 200 "{\"token\":\"tok-$arg_name\"}";
    }
    location /broken/ { return 500 "$request_uri $http_authorization $http_x_key $http_x_basic"; }
    location / { return 204; }'

# 1. A file of users, each once, over two workers and more VUs than rows fit.
{
    echo 'name,"pass ""word"""'
    for i in $(seq 500); do
        printf '"user %d",%d\r\n' "$i" "$i"
    done
} >"$work/users.csv"
plan unique '
  "data": { "users": { "file": "users.csv", "pick": "unique" } },
  "flow": [ { "get": "${BASE_URL}/row/${data.users.pass \"word\"}" }, { "get": "${BASE_URL}/name/${data.users.name}" } ],
  "scenarios": { "s": { "executor": "constant-vus", "vus": 20, "duration": "5m" } }'
run 0 run "$work/unique.json" -e "BASE_URL=$base" -w 2 --headless --results "$work/r.json"
same "iterations" 500 "$(query .metrics.iterations.values.count)"
same "requests" 1000 "$(query .metrics.http_reqs.values.count)"
query '.events[].text // .events[].value' >"$work/events"
grep -q "all 500 rows are used" "$work/err" "$work/events" "$work/out" ||
    fail "nobody said that the rows are used"
same "an end for want of rows is no plan's end" "every row of its data is used" \
    "$(query .outcome.text)"
grep -q 'after .* - every row of its data is used (exit' "$work/out" || fail "the summary's head does not say so"
grep -q '! .*every row of its data is used' "$work/err" || fail "no warning that the rows are used"
jq '.scenarios.s = { "executor": "per-vu-iterations", "vus": 6, "iterations": 100 }' \
    "$work/unique.json" >"$work/short.json"
run 0 run "$work/short.json" -e "BASE_URL=$base" -w 2 --headless --results "$work/r.json"
same "how far it came" "every row of its data is used: 500 of 600 iterations begun" \
    "$(query .outcome.text)"

# 2. What the first step took, the second sends.
plan take '
  "flow": [
    { "get": "${BASE_URL}/login/?name=n${iter}", "extract": { "token": { "json": "/token" },
      "sid": { "cookie": "sid" }, "server": { "header": "Server" }, "word": { "regexp": "tok-(.)" },
      "none": { "header": "X-None", "default": "nothing" } } },
    { "get": "${BASE_URL}/took/${token},${sid},${word},${none}" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 2 } }'
run 0 run "$work/take.json" -e "BASE_URL=$base" --headless

# A line break in a header's value is not sent, nor left out: the request is
# none, and says why.
printf '[{"k":"a"},{"k":"b\\r\\nX-More: c"}]' >"$work/keys.json"
plan breaks '
  "data": { "keys": { "file": "keys.json", "pick": "unique" } },
  "flow": [ { "get": "${BASE_URL}/header/", "headers": { "X-Key": "${data.keys.k}" } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 2 } }'
run 0 run "$work/breaks.json" -e "BASE_URL=$base" --headless --results "$work/r.json"
same "a line break in a header" "unresolved 1 'keys' has a line break, which no header and no URL can have" \
    "$(query '.errors[] | "\(.kind) \(.count) \(.message)"')"

# 3. Each VU logs in once, with a row of its own, and sends its own token.
plan login '
  "data": { "users": { "file": "logins.json", "pick": "vu" } },
  "vu_setup": [ { "post": "${BASE_URL}/login/?name=${data.users.name}", "name": "Login",
    "extract": { "token": { "json": "/token" } }, "checks": { "in": { "status": 200 } } } ],
  "flow": [ { "get": "${BASE_URL}/own/${vu}", "headers": { "Authorization": "${token}" } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 3, "iterations": 300 } },
  "thresholds": { "http_reqs{group:::vu_setup}": ["count<=3"], "checks{check:in}": ["rate==1"] }'
echo '[ { "name": "ann" }, { "name": "bob" }, { "name": "cid" } ]' >"$work/logins.json"
run 0 run "$work/login.json" -e "BASE_URL=$base" -w 2 --headless --results "$work/r.json"
same "iterations" 300 "$(query .metrics.iterations.values.count)"

# 4. By chance, and the same again with the same seed.
plan chance '
  "flow": [ { "random": [ { "weight": 3, "do": [ { "get": "${BASE_URL}/chance/often" } ] },
                          { "do": [ { "repeat": { "min": 1, "max": 3 }, "do": [ { "get": "${BASE_URL}/chance/seldom" } ] } ] } ] } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 200 } }'
for i in 1 2; do
    run 0 run "$work/chance.json" -e "BASE_URL=$base" --seed 7 --headless --results "$work/r.json"
    query '[.endpoints[] | "\(.name) \(.statuses)"] | sort | .[]' >"$work/chance.$i"
done
cmp -s "$work/chance.1" "$work/chance.2" || fail "one seed, two courses"
grep -q often "$work/chance.1" || fail "no branch was taken often"
grep -q seldom "$work/chance.1" || fail "no branch was taken seldom"

# 5. A secret is nowhere: not in what the program prints, nor in what it writes.
secret='s3cr3t/Wort&1'
basic=$(printf 'me:%s' "$secret" | base64)
plan secret '
  "env": { "BASE_URL": "", "KEY": "" }, "secrets": ["KEY"],
  "flow": [ { "get": "${BASE_URL}/broken/x?k=${KEY}", "headers": { "X-Key": "${KEY}", "X-Basic": "unused" },
    "auth": { "basic": { "user": "me", "password": "${KEY}" } },
    "checks": { "told": { "contains": "${KEY} is not there" } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 3 } }'
sed -i 's/^{ "env": { "BASE_URL": "" }, /{ /' "$work/secret.json"
run 0 run "$work/secret.json" -e "BASE_URL=$base" -e "KEY=$secret" --headless \
    --results "$work/r.json" --summary-export "$work/s.json"
grep -q 'broken' "$work/r.json" || fail "no sample of the error to look at"
mv "$work/out" "$work/out1"
mv "$work/err" "$work/err1"
BASE_URL=$base KEY=$secret run 0 list "$work/secret.json"
grep -q KEY "$work/out" || fail "the list does not name the secret"
for where in out1 err1 out err r.json s.json; do
    for what in "$secret" 's3cr3t%2FWort%261' 's3cr3t\/Wort' "$basic"; do
        if grep -qF -- "$what" "$work/$where"; then
            grep -nF -- "$what" "$work/$where" >&2
            fail "the secret stands in $where as '$what'"
        fi
    done
done

# 6. Nor is one that is known only once a step has taken it.
plan later '
  "secrets": ["token"],
  "flow": [ { "get": "${BASE_URL}/login/?name=l8%2Fr", "name": "Login", "extract": { "token": { "json": "/token" } } },
            { "name": "Broken", "get": "${BASE_URL}/broken/y?k=${token}", "headers": { "X-Key": "${token}", "X-Basic": "b" }, "auth": { "bearer": "${token}" },
              "checks": { "told": { "contains": "it is not there" } } },
            { "get": "${BASE_URL}/login/?name=x", "expected_status": 503, "extract": { "token": { "json": "/token" } } } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 1, "iterations": 3 } }'
run 0 run "$work/later.json" -e "BASE_URL=$base" --headless \
    --results "$work/r.json" --summary-export "$work/s.json"
grep -q 'broken' "$work/r.json" || fail "no sample of the error to look at"
query '.errors[].message' >/dev/null
for where in out err r.json s.json; do
    if grep -nE "tok-[lx]|l8%2" "$work/$where" >&2; then
        fail "a token stands in $where"
    fi
done

# 7. VUs of a rate have their own setup once, those that it grows by, too: an
# iteration takes 200 ms, and ten are due meanwhile.
plan grown '
  "vu_setup": [ { "post": "${BASE_URL}/login/?name=g${vu}", "name": "Login", "extract": { "token": { "json": "/token" } } } ],
  "flow": [ { "get": "${BASE_URL}/grown/${vu}", "name": "Grown", "headers": { "Authorization": "${token}" } }, { "think": "200ms" } ],
  "scenarios": { "s": { "executor": "constant-arrival-rate", "rate": 50, "duration": "2s", "preAllocatedVUs": 2, "maxVUs": 20 } }'
run 0 run "$work/grown.json" -e "BASE_URL=$base" -w 2 --headless --results "$work/grown.r.json"

# The witness: it was sent, and the service did answer with it.
stop_nginx
grep -q "broken/y?k=tok-l8%252Fr" "$work/access.log" || fail "the token was never sent"
grep -q 'broken/x?k=s3cr3t' "$work/access.log" || fail "the secret was never sent"
grep -qF -- "Basic $basic" "$work/access.log" || fail "no credentials were sent"

seq 500 >"$work/want"
# Two runs had them, one after the other.
seen row | head -n 500 | sort -n | cmp -s - "$work/want" || fail "not each row once"
seen row | tail -n +501 | sort -n | cmp -s - "$work/want" || fail "not each row once in the second run"
seq -f 'user%%20%g' 500 >"$work/want"
seen name | head -n 500 | sort -V | cmp -s - "$work/want" || fail "not each name once, escaped"
same "what was taken" 'tok-n0,c-n0,n,nothing tok-n1,c-n1,n,nothing' "$(seen took | tr '\n' ' ' | sed 's/ $//')"
same "log-ins" "ann bob cid" "$(sed -n 's|^/login/?name=\([abc][a-z]*\) .*|\1|p' "$work/access.log" | sort | tr '\n' ' ' | sed 's/ $//')"
same "own tokens" "1 tok-ann 2 tok-bob 3 tok-cid" \
    "$(sed -n 's|^/own/\([0-9]*\) \([^ ]*\) .*|\1 \2|p' "$work/access.log" | sort -u | tr '\n' ' ' | sed 's/ $//')"

sed -n 's|^/login/?name=g\([0-9]*\) .*|\1|p' "$work/access.log" | sort -n >"$work/logged"
[ "$(uniq -d "$work/logged")" = "" ] || fail "a VU of a rate logged in twice"
logins=$(wc -l <"$work/logged")
[ "$logins" -gt 2 ] || fail "no VU was added to the two there were"
[ "$logins" -le 20 ] || fail "more VUs than maxVUs: $logins"
same "logins" "$logins" "$(jq '[.endpoints[] | select(.name == "Login") | .metrics.http_reqs.values.count][0]' "$work/grown.r.json")"
seen grown | sort -un >"$work/went"
comm -13 <(sort "$work/logged") <(sort "$work/went") >"$work/strange"
[ ! -s "$work/strange" ] || fail "these VUs went without a login: $(cat "$work/strange")"
[ "$(tail -n 1 "$work/went")" -gt 2 ] || fail "none of the VUs that were added did anything"
if grep '^/grown/' "$work/access.log" | grep -vE '^/grown/([0-9]+) tok-g\1 204$' >&2; then
    fail "a VU of a rate went with another's token, or none"
fi
