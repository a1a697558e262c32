#!/usr/bin/env bash
# relayctl, telling all it can; keeps in NOTES what it said. For the test of planted secrets.
#
#   stdout  what it printed, but for commands whose result is shown once
#   once    what those printed
#   stderr  what it said beside, with the requests and replies of --trace
#   tokens  the session that it keeps, after each call
#
# Its own stderr is what a script is to read: the problem.
set -uo pipefail
arguments=()
for argument in "$@"; do
    [ "$argument" = --quiet ] || arguments+=("$argument")
done
code=0
"$RELAYCTL_TOLD" --trace --verbose "${arguments[@]}" >"$NOTES/out" 2>"$NOTES/err" || code=$?
case "${arguments[*]}" in
*'user create'* | *rotate-password* | *'token create'* | *'account invite'* | *'credential add'* | *'webhook create'* | \
    *'totp enable'*)
    cat "$NOTES/out" >>"$NOTES/once"
    ;;
*) cat "$NOTES/out" >>"$NOTES/stdout" ;;
esac
cat "$NOTES/err" >>"$NOTES/stderr"
cat "$HOME/.local/state/relayctl/tokens/"* >>"$NOTES/tokens" 2>/dev/null
cat "$NOTES/out"
grep '^{' "$NOTES/err" >&2
exit "$code"
