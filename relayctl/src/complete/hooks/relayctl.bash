# Completion of relayctl for bash: asks relayctl itself.

_relayctl() {
    local line first=
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $first ]]; then
            first=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <(RELAYCTL_COMPLETE=bash command relayctl -- "${COMP_LINE:0:COMP_POINT}" "$2" \
        2>/dev/null </dev/null)
    case $first in
        files*) compopt -o default 2>/dev/null ;;
        parts) compopt -o nospace 2>/dev/null ;;
    esac
}

if [[ ${BASH_VERSINFO[0]} -gt 4 || ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 ]]; then
    complete -o nosort -F _relayctl relayctl
else
    complete -F _relayctl relayctl
fi
