# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the tests of --out with real receivers share; behind lib.sh. A receiver is
# a process of the test's own, on ports that were free, and asked afterwards for
# its totals.

work=${work:?which lib.sh makes}
receiver_pid=

end_receiver() {
    if [ -n "$receiver_pid" ]; then
        kill "$receiver_pid" 2>/dev/null || true
        wait "$receiver_pid" 2>/dev/null || true
        receiver_pid=
    fi
}
trap 'end_receiver; cleanup' EXIT

# npm_package NAME VERSION: a package of npm's, kept beside the build; sets
# npm_dir, where it lies. Without npm, or without its registry, the test is
# skipped.
npm_package() {
    needs node npm
    npm_dir=$BUILDDIR/tests/npm/$1-$2
    if [ ! -e "$npm_dir/whole" ]; then
        mkdir -p "$npm_dir"
        npm install --prefix "$npm_dir" --ignore-scripts --omit=optional --no-audit --no-fund \
            --fetch-retries=1 --fetch-timeout=20000 "$1@$2" >"$work/npm" 2>&1 </dev/null || {
            cat "$work/npm" >&2
            echo "npm cannot install $1 $2 here" >&2
            exit 77
        }
        touch "$npm_dir/whole"
    fi
}

# fetch_deb NAME DIR: the package's file into DIR. The system's own lists may be
# missing, or too old for what the mirror has.
fetch_deb() {
    local apt=(apt-get -q -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
    (cd "$2" && "${apt[@]}" download "$1") && return
    echo "fetching the lists of packages, aside from the system's own"
    rm -f "$2/$1"_*
    mkdir -p "$2/apt/lists/partial" "$2/apt/archives/partial"
    apt+=(-o Dir::State="$2/apt" -o Dir::State::status=/dev/null -o Dir::Cache="$2/apt")
    "${apt[@]}" update && (cd "$2" && "${apt[@]}" download "$1")
}

# deb_package NAME: a package of Debian's, fetched and unpacked beside the build,
# not installed: nothing of it is started. Sets deb_dir, its root. Without apt,
# or without its mirror, the test is skipped.
deb_package() {
    deb_dir=$BUILDDIR/tests/deb/$1
    [ ! -e "$deb_dir/whole" ] || return 0
    if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
        echo "needs what is in Debian's package $1, and there is no apt-get to fetch it with" >&2
        exit 77
    fi
    rm -rf "$deb_dir"
    mkdir -p "$deb_dir" "$work/deb"
    fetch_deb "$1" "$work/deb" >"$work/apt" 2>&1 </dev/null || {
        cat "$work/apt" >&2
        echo "apt-get cannot fetch Debian's package $1 here" >&2
        exit 77
    }
    dpkg-deb -x "$work/deb/$1"_*.deb "$deb_dir"
    touch "$deb_dir/whole"
}

# free_port udp|tcp: one of 127.0.0.1 that nobody has now.
free_port() {
    python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])' "$1"
}

# agree FILTER FILE: awaits that what the receiver says ($t) is what the results
# say ($m, their metrics; $r): FILTER is an array of true. The receiver is asked
# by `totals`, which writes FILE.
agree() {
    local tries=0 got
    until
        totals && got=$(jq -c -n --slurpfile rs "$work/r.json" --slurpfile ts "$2" \
            "\$rs[0] as \$r | \$r.metrics as \$m | \$ts[0] as \$t |
            def near(a; b): (a - b | fabs) <= 1e-9 + 1e-6 * (b | fabs);
            def trend(\$name): \$m[\$name].values | {count, sum: (.avg * .count), min, max};
            $1" 2>"$work/jq") &&
            ! grep -q false <<<"$got"
    do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "does not agree: ${got:-} $(cat "$work/jq" "$2") results: $(jq -c .metrics "$work/r.json")"
        kill -0 "$receiver_pid" || fail "the receiver is gone"
        sleep 0.1
    done
}

# The plan that is run: requests of two names, odd ones, some of them failing,
# with a check and metrics of its own.
receiver_plan() {
    cat <<'P'
{ "name": "t", "env": { "BASE_URL": "" }, "tags": { "team": "a, b=c" },
  "flow": [ { "get": "${BASE_URL}/v1/health", "name": "Health: \"all\", é=1 \\",
              "checks": { "is up, really": { "status": 200 } },
              "metrics": { "took": "duration", "broken": "failed" } },
            { "get": "${BASE_URL}/nothing", "name": "Missing", "checks": { "is up, really": { "status": 200 } } },
            { "think": "20ms" } ],
  "scenarios": { "s": { "executor": "shared-iterations", "vus": 3, "iterations": 120 } } }
P
}
