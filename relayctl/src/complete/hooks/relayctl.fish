# Completion of relayctl for fish: asks relayctl itself.

function __relayctl_ask --argument-names what
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    RELAYCTL_COMPLETE=$what command relayctl -- $words[2..-1] "$current" 2>/dev/null </dev/null
end

function __relayctl_names
    set -l answer (__relayctl_ask fish)
    if test (count $answer) -gt 1
        printf '%s\n' $answer[2..-1]
    end
end

function __relayctl_wants_files
    string match --quiet 'files*' -- (__relayctl_ask fish-files)
end

complete --command relayctl --erase
complete --command relayctl --no-files --keep-order --arguments '(__relayctl_names)'
complete --command relayctl --condition __relayctl_wants_files --force-files
