# bash completion for brunt; made from its tables
_brunt()
{
    local cur=${COMP_WORDS[COMP_CWORD]} words=''
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='run list check demo target hunt replay compare report runs ctl attach --help --version'
    else
        case ${COMP_WORDS[1]} in
        run) words='--env --vus --duration --iterations --stage --rps --max-vus --workers --results --summary-export --record --no-record --junit --metrics-port --out --baseline --headless --quiet --wait --no-thresholds --no-setup --insecure-skip-tls-verify --http1 --cacert --cert --key --proxy --noproxy --resolve --local-ips --no-connection-reuse --no-vu-connection-reuse --server-pid --server-metrics --server-series --server-limit --time-scale --seed --socket --ascii --theme --no-color --help ' ;;
        list) words='--env --ascii --help ' ;;
        check) words='--env --help ' ;;
        demo) words='--env --rps --max-vus --workers --results --summary-export --record --no-record --junit --metrics-port --out --baseline --headless --quiet --wait --no-thresholds --no-setup --time-scale --seed --socket --ascii --theme --no-color --model --help ' ;;
        target) words='--port --model --help ' ;;
        hunt) words='--env --vus --duration --max-vus --rate --limit --quick --workers --results --summary-export --record --no-record --metrics-port --out --headless --quiet --wait --no-setup --insecure-skip-tls-verify --http1 --cacert --cert --key --proxy --noproxy --resolve --local-ips --no-connection-reuse --no-vu-connection-reuse --server-pid --server-metrics --server-series --server-limit --seed --socket --ascii --theme --no-color --help ' ;;
        replay) words='--results --summary-export --baseline --headless --quiet --speed --from --ascii --theme --no-color --help ' ;;
        compare) words='--json --markdown --fail-on --strict --ascii --help ' ;;
        report) words='--markdown --output --force --help ' ;;
        runs) words='--json --help ' ;;
        ctl) words='--socket --json --scenario --yes --help ' ;;
        attach) words='--baseline --socket --steer --ascii --theme --no-color --help ' ;;
        esac
    fi
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _brunt brunt
