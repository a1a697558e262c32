# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_relayctl_global_optspecs
    string join \n c/context= a/account= socket= url= ca-file= o/output= columns= no-header color= q/quiet v/verbose no-input y/yes confirm= timeout= trace h/help V/version
end

function __fish_relayctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_relayctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_relayctl_using_subcommand
    set -l cmd (__fish_relayctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c relayctl -n "__fish_relayctl_needs_command" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_needs_command" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_needs_command" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_needs_command" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_needs_command" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_needs_command" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_needs_command" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_needs_command" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_needs_command" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_needs_command" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_needs_command" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_needs_command" -s V -l version -d 'Print version'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "setup" -d 'Set everything up in one dialogue, from the relay to a delivered test mail'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "auth" -d 'Sign in as the owner of an account, and its password'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "account" -d 'Customers: register, activate, suspend'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "plan" -d 'Plans: what a subscription allows'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "subscription" -d 'The plan of an account'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "route" -d 'How the mail of an account leaves'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "user" -d 'Relay users: what devices sign in as'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "system" -d 'Systems: registered devices and their addresses'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "domain" -d 'Sender domains: show the TXT record that proves one, and look for it'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "limits" -d 'How much may be sent, and how much was'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "queue" -d 'Mail that has not left yet'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "log" -d 'What became of each message, and what was refused'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "explain" -d 'Tell whether a mail would be taken, and if not, why'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "wait" -d 'Wait until an account, a domain, a message or the queue is in a state'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "test" -d 'The whole way of a mail, tried with a real one'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "stats" -d 'Counts of mail, by relay user, system and reason'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "top" -d 'Watch mail go through: counts, lanes and why they wait, last refusals and their remedy'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "token" -d 'Tokens for the API: the operator\'s, and those of an account'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "webhook" -d 'Programs that are told what happens'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "audit" -d 'Who changed what'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "context" -d 'Which relayd to speak to'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "export" -d 'Print the configuration of an account as one file, for relayctl apply'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "apply" -d 'Make the configuration of an account what a file says: all of it, or nothing'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "doctor" -d 'Examine relayd: certificates, listeners, clock, store, and the routes of accounts'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "api" -d 'Send a request to the API and print the answer as it comes'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "completion" -d 'Print what makes a shell complete relayctl, names of objects included'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "man" -d 'Print a man page, or install all of them'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "version" -d 'Print the versions of relayctl and of the relayd it speaks to, with its listeners'
complete -c relayctl -n "__fish_relayctl_needs_command" -f -a "help" -d 'Explain a command, a topic, or the code of an error'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand setup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "login" -d 'Sign in as the owner of an account, and keep the session for the context'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "logout" -d 'End the session of the context, on relayd and here'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "status" -d 'Show as whom relayd is spoken to, for how long, and where the token is kept'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "password" -d 'Set another sign-in password; all other sessions of the account end'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "reset-password" -d 'Set a forgotten sign-in password anew, by a code that is sent to the contact e-mail'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "sessions" -d 'List the sessions of the owner of an account: since when, from where, last used'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "revoke" -d 'End sessions of the owner of an account: one, all others, or all'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and not __fish_seen_subcommand_from login logout status password reset-password sessions revoke totp" -f -a "totp" -d 'The second factor of a sign-in: codes of an app beside the password'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l email -d 'Contact e-mail of the account' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l password-file -d 'Read the password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l totp-code -d 'Code of the second factor, where the account has one: of the app, or a recovery code' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l store -d 'Where to keep the session' -r -f -a "auto\t'In the keyring of the desktop where there is one, else in a file'
keyring\t'In the keyring of the desktop (Secret Service)'
keyutils\t'In the keyring of the Linux kernel, until a restart, or three days without use'
file\t'In a file that only you may read'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l password-stdin -d 'Read the password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l with-token -d 'Keep the token that is read from stdin, instead of signing in'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l current-password-file -d 'Read the present password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l password-file -d 'Read the new password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l password-stdin -d 'Read the new password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l email -d 'Contact e-mail of the account' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l code -d 'The code from the mail' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l password-file -d 'Read the new password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l password-stdin -d 'Read the new password from stdin [env: RELAYCTL_SIGN_IN_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from reset-password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from sessions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l others -d 'All but the one that asks'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l all -d 'All of them'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -f -a "enable" -d 'Ask for a code of an app at each sign-in, beside the password'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -f -a "disable" -d 'Sign in with the password alone from now on'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -f -a "recovery-codes" -d 'Make new recovery codes; those from before are void'
complete -c relayctl -n "__fish_relayctl_using_subcommand auth; and __fish_seen_subcommand_from totp" -f -a "show" -d 'Show whether sign-in asks for a code, and how many recovery codes are left'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "create" -d 'Register an account, with the route that its mail leaves by'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "list" -d 'List the accounts'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "show" -d 'Show an account and what it still lacks before it can send'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "edit" -d 'Change the data of an account; what is not given stays'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "verify" -d 'Confirm the contact e-mail of an account by its code; the operator vouches for it without one'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "resend-code" -d 'Send another code to the contact e-mail; the one before it is void'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "invite" -d 'Make an invitation to register: a code for one account, shown once (operator)'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "invitations" -d 'List the invitations that are good, the newest first (operator)'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "revoke-invitation" -d 'Take an invitation back that was not used; its code is good for nothing (operator)'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "activate" -d 'Activate an account (operator)'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "reject" -d 'Reject an account that waits for activation, for good (operator)'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "suspend" -d 'Stop an account until it is resumed: its mail is refused, its queue waits'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "resume" -d 'Let a suspended account go on; its queue goes out'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "close" -d 'Close an account for good: no mail and no sign-in from now on'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and not __fish_seen_subcommand_from create list show edit verify resend-code invite invitations revoke-invitation activate reject suspend resume close export" -f -a "export" -d 'Print all data of an account as JSON: settings, mail with its history, statistics, audit log'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l kind -d 'Whom the account belongs to' -r -f -a "company\t''
person\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l company -d 'Name of the company' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l vat-id -d 'VAT identification number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l first-name -d 'First name of the person or contact' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l last-name -d 'Last name of the person or contact' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l email -d 'Contact e-mail: codes and notifications go there' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l phone -d 'Telephone number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l street -d 'Street and number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l postal-code -d 'Postal code' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l city -d 'City' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l country -d 'Country, two letters of ISO 3166' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l sign-in-password-file -d 'Read the sign-in password of the owner from this file [env: RELAYCTL_SIGN_IN_PASSWORD]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l invitation -d 'The code of an invitation, where registration takes one' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l domain-proof -d 'Whether its senders must lie in proven domains; the operator decides' -r -f -a "required\t''
waived\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l from-file -d 'Take what is not given by flags from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l route -d 'Set the route, too: its kind' -r -f -a "smtp-auth\t''
smtp-oauth\t''
connector\t''
graph\t''
smarthost\t''
capture\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l preset -d 'Host, port and limits of a known smarthost: Azure Communication Services, High Volume Email' -r -f -a "acs\t''
hve\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l server -d 'Host name of the server [default: that of the cloud, for Exchange Online and Graph]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l mx-of -d 'Domain of the tenant whose MX is the server of a connector' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l port -d 'Port of the server [default: 587, or 465 with implicit TLS; connector 25, graph 443]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l security -d 'How the connection is encrypted [default: starttls, graph implicit]' -r -f -a "starttls\t''
implicit\t''
none\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l mailbox -d 'User name to sign in with: for Exchange Online and Graph the address of the mailbox' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l password-file -d 'Read the mailbox\'s password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l cloud -d 'Cloud of the tenant [default: world]' -r -f -a "world\t''
gcc\t''
gcc-high\t''
dod\t''
21vianet\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l tenant -d 'Tenant, by its id or one of its domains' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l client-id -d 'Application (client) id of the app registration, a GUID' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l client-secret-file -d 'Read the client secret from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l client-secret-expires -d 'Day on which the client secret ends: relayd warns 30, 7 and 1 days before' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l certificate -d 'Certificate with its chain (PEM): to sign with, or what a connector shows to the server; `none` drops that of a connector' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l key -d 'Private key of the certificate (PEM); may stand in the file of the certificate' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l authority -d 'Base of the token endpoints instead of the cloud\'s, with https' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l scope -d 'Scope to ask for instead of the one that the kind needs' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l server-ca -d 'Trust the certificates of this PEM file for the server, instead of the relayd machine\'s; `system` goes back to those of the machine' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l folder -d 'Folder on the relayd machine that a capture route writes to' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l connections -d 'Connections at a time [default: 3 for a mailbox, 4 for graph, 10 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l per-minute -d 'Messages in any minute, 0 for no limit [default: 30 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l per-day -d 'Recipients in any 24 hours, 0 for no limit [default: 10000 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l recipients-per-mail -d 'Recipients in one transaction; mail with more is handed over in several' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l keep-open -d 'How long a connection without work is kept, such as 30s [default: 5s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l unknown-outcome -d 'What becomes of a mail of which nobody can tell whether it was taken [default: retry, graph hold]' -r -f -a "retry\t''
hold\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l email-vouched -d 'The operator vouches for the e-mail address; no code is needed'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the mailbox\'s password from stdin [env: RELAYCTL_ROUTE_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l client-secret-stdin -d 'Read the client secret from stdin [env: RELAYCTL_CLIENT_SECRET]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l device-code -d 'A person signs in once, by a code, instead of a secret: see relayctl route authorize'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l state -d 'Only those in this state; waiting ones need a code, the operator, or both' -r -f -a "waiting\t''
active\t''
suspended\t''
closing\t''
closed\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l company -d 'Name of the company' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l vat-id -d 'VAT identification number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l first-name -d 'First name of the person or contact' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l last-name -d 'Last name of the person or contact' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l email -d 'Contact e-mail: codes and notifications go there' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l phone -d 'Telephone number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l street -d 'Street and number' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l postal-code -d 'Postal code' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l city -d 'City' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l country -d 'Country, two letters of ISO 3166' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l domain-proof -d 'Whether its senders must lie in proven domains' -r -f -a "required\t''
waived\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l bounces-to -d 'Who is told that its mail failed or is late' -r -f -a "sender\t''
contact\t''
none\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l sign-in-password-file -d 'Read the present sign-in password from this file [env: RELAYCTL_SIGN_IN_PASSWORD]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l code -d 'The code from the mail' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resend-code" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l email -d 'Good for this contact e-mail only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l expires -d 'When it ends: 24h, 30d, 2027-01-01 or a full time [default: in seven days]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invite" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l all -d 'Also those that were used or have ended'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from invitations" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from revoke-invitation" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from activate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l reason -d 'Why, for the customer' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from reject" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l reason -d 'Why: one line for the customer and for the devices, 160 characters at most' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l drain -d 'Let the queue go out first'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l cancel -d 'Cancel the queue'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand account; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "list" -d 'List the plans'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "show" -d 'Show a plan'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "create" -d 'Make a plan'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "edit" -d 'Change what a plan allows, for all who have it, at once'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "retire" -d 'Offer a plan no longer'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "offer" -d 'Offer a retired plan again'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and not __fish_seen_subcommand_from list show create edit retire offer delete" -f -a "delete" -d 'Delete a plan that no account has or ever had'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l relay-users -d 'Relay users an account may have' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l messages-per-minute -d 'Messages of a relay user in any minute; a burst of as many at once is fine' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l messages-per-day -d 'Messages of a relay user in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l recipients-per-day -d 'Recipients of a relay user in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l recipients-per-message -d 'Recipients of one message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l message-size -d 'Size of one message: 25MiB, 500KiB or a number of bytes' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l relay-users -d 'Relay users an account may have' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l messages-per-minute -d 'Messages of a relay user in any minute; a burst of as many at once is fine' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l messages-per-day -d 'Messages of a relay user in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l recipients-per-day -d 'Recipients of a relay user in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l recipients-per-message -d 'Recipients of one message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l message-size -d 'Size of one message: 25MiB, 500KiB or a number of bytes' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from offer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand plan; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -f -a "start" -d 'Start the subscription of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -f -a "show" -d 'Show the subscription of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -f -a "change" -d 'Move an account to another plan, at once'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -f -a "cancel" -d 'Cancel the subscription of an account: its mail is refused from now on'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and not __fish_seen_subcommand_from start show change cancel history" -f -a "history" -d 'List the plans that an account has had, newest first, and by whom each began and ended'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l plan -d 'Name or id of the plan' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l plan -d 'Name or id of the plan' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from change" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand subscription; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "set" -d 'Set the route of an account: check the new settings against the server, then swap them in'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "show" -d 'Show the route of an account, what ends soon, and what makes it work in Exchange Online'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "authorize" -d 'Let a person sign in for a route, by a code in a browser'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "check" -d 'Check the route of an account against its server, step by step'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "history" -d 'List the versions of an account\'s route: who set what, and when'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "rollback" -d 'Put an earlier version of the route back in force: check it against the server first'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and not __fish_seen_subcommand_from set show authorize check history rollback remove" -f -a "remove" -d 'Remove the fallback of an account, with its history and secrets'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l kind -d 'What kind of way [default: the kind it has]' -r -f -a "smtp-auth\t''
smtp-oauth\t''
connector\t''
graph\t''
smarthost\t''
capture\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l preset -d 'Host, port and limits of a known smarthost: Azure Communication Services, High Volume Email' -r -f -a "acs\t''
hve\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l server -d 'Host name of the server [default: that of the cloud, for Exchange Online and Graph]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l mx-of -d 'Domain of the tenant whose MX is the server of a connector' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l port -d 'Port of the server [default: 587, or 465 with implicit TLS; connector 25, graph 443]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l security -d 'How the connection is encrypted [default: starttls, graph implicit]' -r -f -a "starttls\t''
implicit\t''
none\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l mailbox -d 'User name to sign in with: for Exchange Online and Graph the address of the mailbox' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l password-file -d 'Read the mailbox\'s password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l cloud -d 'Cloud of the tenant [default: world]' -r -f -a "world\t''
gcc\t''
gcc-high\t''
dod\t''
21vianet\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l tenant -d 'Tenant, by its id or one of its domains' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l client-id -d 'Application (client) id of the app registration, a GUID' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l client-secret-file -d 'Read the client secret from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l client-secret-expires -d 'Day on which the client secret ends: relayd warns 30, 7 and 1 days before' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l certificate -d 'Certificate with its chain (PEM): to sign with, or what a connector shows to the server; `none` drops that of a connector' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l key -d 'Private key of the certificate (PEM); may stand in the file of the certificate' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l authority -d 'Base of the token endpoints instead of the cloud\'s, with https' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l scope -d 'Scope to ask for instead of the one that the kind needs' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l server-ca -d 'Trust the certificates of this PEM file for the server, instead of the relayd machine\'s; `system` goes back to those of the machine' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l folder -d 'Folder on the relayd machine that a capture route writes to' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l connections -d 'Connections at a time [default: 3 for a mailbox, 4 for graph, 10 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l per-minute -d 'Messages in any minute, 0 for no limit [default: 30 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l per-day -d 'Recipients in any 24 hours, 0 for no limit [default: 10000 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l recipients-per-mail -d 'Recipients in one transaction; mail with more is handed over in several' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l keep-open -d 'How long a connection without work is kept, such as 30s [default: 5s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l unknown-outcome -d 'What becomes of a mail of which nobody can tell whether it was taken [default: retry, graph hold]' -r -f -a "retry\t''
hold\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l password-stdin -d 'Read the mailbox\'s password from stdin [env: RELAYCTL_ROUTE_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l client-secret-stdin -d 'Read the client secret from stdin [env: RELAYCTL_CLIENT_SECRET]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l device-code -d 'A person signs in once, by a code, instead of a secret: see relayctl route authorize'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l dry-run -d 'Check only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l setup -d 'Print only what an administrator of the tenant runs once'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l kind -d 'What kind of way: smtp-oauth or graph [default: the kind it has, or smtp-oauth]' -r -f -a "smtp-auth\t''
smtp-oauth\t''
connector\t''
graph\t''
smarthost\t''
capture\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l preset -d 'Host, port and limits of a known smarthost: Azure Communication Services, High Volume Email' -r -f -a "acs\t''
hve\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l server -d 'Host name of the server [default: that of the cloud, for Exchange Online and Graph]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l mx-of -d 'Domain of the tenant whose MX is the server of a connector' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l port -d 'Port of the server [default: 587, or 465 with implicit TLS; connector 25, graph 443]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l security -d 'How the connection is encrypted [default: starttls, graph implicit]' -r -f -a "starttls\t''
implicit\t''
none\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l mailbox -d 'User name to sign in with: for Exchange Online and Graph the address of the mailbox' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l password-file -d 'Read the mailbox\'s password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l cloud -d 'Cloud of the tenant [default: world]' -r -f -a "world\t''
gcc\t''
gcc-high\t''
dod\t''
21vianet\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l tenant -d 'Tenant, by its id or one of its domains' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l client-id -d 'Application (client) id of the app registration, a GUID' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l client-secret-file -d 'Read the client secret from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l client-secret-expires -d 'Day on which the client secret ends: relayd warns 30, 7 and 1 days before' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l certificate -d 'Certificate with its chain (PEM): to sign with, or what a connector shows to the server; `none` drops that of a connector' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l key -d 'Private key of the certificate (PEM); may stand in the file of the certificate' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l authority -d 'Base of the token endpoints instead of the cloud\'s, with https' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l scope -d 'Scope to ask for instead of the one that the kind needs' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l server-ca -d 'Trust the certificates of this PEM file for the server, instead of the relayd machine\'s; `system` goes back to those of the machine' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l folder -d 'Folder on the relayd machine that a capture route writes to' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l connections -d 'Connections at a time [default: 3 for a mailbox, 4 for graph, 10 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l per-minute -d 'Messages in any minute, 0 for no limit [default: 30 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l per-day -d 'Recipients in any 24 hours, 0 for no limit [default: 10000 for a mailbox, 0 else]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l recipients-per-mail -d 'Recipients in one transaction; mail with more is handed over in several' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l keep-open -d 'How long a connection without work is kept, such as 30s [default: 5s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l unknown-outcome -d 'What becomes of a mail of which nobody can tell whether it was taken [default: retry, graph hold]' -r -f -a "retry\t''
hold\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l password-stdin -d 'Read the mailbox\'s password from stdin [env: RELAYCTL_ROUTE_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l client-secret-stdin -d 'Read the client secret from stdin [env: RELAYCTL_CLIENT_SECRET]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l device-code -d 'A person signs in once, by a code, instead of a secret: see relayctl route authorize'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from authorize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l fallback -d 'The fallback, instead of the first route'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l dry-run -d 'Check only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l fallback -d 'The fallback: nothing else can be removed'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand route; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "create" -d 'Create a relay user: what a device signs in as'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "list" -d 'List the relay users of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "show" -d 'Show a relay user'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "edit" -d 'Change the senders of a relay user'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "rotate-password" -d 'Replace the passwords of a relay user; the old ones end at once'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "credential" -d 'The passwords of a relay user, so that devices are changed over one by one'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "suspend" -d 'Stop a relay user: no sign-in until it is resumed'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "resume" -d 'Let a suspended relay user go on'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and not __fish_seen_subcommand_from create list show edit rotate-password credential suspend resume delete" -f -a "delete" -d 'Delete a relay user for good; its systems must be removed before'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l username -d 'The same, as a flag' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l sender -d 'The address it sends as' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l allow-sender -d 'Also let it send as this address; may be repeated' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l other-sender -d 'What to do with mail from any other sender [default: reject]' -r -f -a "reject\t''
rewrite\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l password-file -d 'Read the password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l password-out -d 'Write the made password to this new file (mode 0600) instead of showing it' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l generate -d 'Make a strong password and show it once'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from stdin [env: RELAYCTL_USER_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l sender -d 'The address it sends as' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l allow-sender -d 'Also let it send as this address; may be repeated' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l deny-sender -d 'No longer let it send as this address; may be repeated' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l other-sender -d 'What to do with mail from any other sender' -r -f -a "reject\t''
rewrite\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l credential -d 'Replace this password only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l password-file -d 'Read the password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l password-out -d 'Write the made password to this new file (mode 0600) instead of showing it' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l generate -d 'Make a strong password and show it once'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l password-stdin -d 'Read the password from stdin [env: RELAYCTL_USER_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from rotate-password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -f -a "add" -d 'Add a password to a relay user; those it has go on'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -f -a "list" -d 'List the passwords of a relay user, and when and from where each was last used'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from credential" -f -a "remove" -d 'Remove a password of a relay user; it ends at once'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand user; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "add" -d 'Register a system: a device, its address, and the relay user it sends as'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "list" -d 'List the systems of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "show" -d 'Show a system'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "edit" -d 'Change a system'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "remove" -d 'Remove a system: its address is no longer registered'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and not __fish_seen_subcommand_from add list show edit remove test" -f -a "test" -d 'Tell whether a system could send now, and if not, why'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l address -d 'IP address or network it connects from' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l user -d 'The relay user it sends as' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l auth -d 'How it proves who it is [default: password]' -r -f -a "password\t''
address\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l priority -d 'Whether its mail goes before that of other systems, as alarms should [default: normal]' -r -f -a "high\t''
normal\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l address -d 'IP address or network it connects from' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l user -d 'The relay user it sends as' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l auth -d 'How it proves who it is' -r -f -a "password\t''
address\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l state -d 'Whether it may send' -r -f -a "active\t''
suspended\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l priority -d 'Whether its mail goes before that of other systems' -r -f -a "high\t''
normal\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand system; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -f -a "add" -d 'Register a sender domain, and show the TXT record that proves it'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -f -a "list" -d 'List the sender domains of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -f -a "show" -d 'Show a domain, its record, and what SPF and DMARC say of its mail'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -f -a "verify" -d 'Look for the TXT record of a domain now, at the servers of its zone'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and not __fish_seen_subcommand_from add list show verify remove" -f -a "remove" -d 'Remove a domain: its senders are refused from now on'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l wait -d 'Look again until the record is there'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand domain; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -f -a "show" -d 'Show limits, and how much of them is used'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -f -a "set" -d 'Set limits of an account, a relay user or a system'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and not __fish_seen_subcommand_from show set reset" -f -a "reset" -d 'Go back to the limits of the plan, or lift the ban of an address'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l scope -d 'Whose limits' -r -f -a "account\t'All mail of an account'
user\t'The mail of one relay user, wherever it signs in'
system\t'The mail that comes from one system'
ip\t'Addresses that are banned, for guessing passwords'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l scope -d 'Whose limits' -r -f -a "account\t'All mail of an account'
user\t'The mail of one relay user, wherever it signs in'
system\t'The mail that comes from one system'
ip\t'Addresses that are banned, for guessing passwords'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l messages-per-minute -d 'Messages in any minute; a burst of as many at once is fine' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l messages-per-day -d 'Messages in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l recipients-per-day -d 'Recipients in a day (UTC)' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l recipients-per-message -d 'Recipients of one message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l message-size -d 'Size of one message: 25MiB, 500KiB or a number of bytes' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l scope -d 'Whose limits' -r -f -a "account\t'All mail of an account'
user\t'The mail of one relay user, wherever it signs in'
system\t'The mail that comes from one system'
ip\t'Addresses that are banned, for guessing passwords'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand limits; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "summary" -d 'Sum up the queue by lane: state, why mail waits, depth, age'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "list" -d 'List the messages that have not left, oldest first'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "show" -d 'Show a message with its history'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "retry" -d 'Make the next attempt of waiting messages due now'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "hold" -d 'Stop waiting messages, or the whole lane of an account, until they are released'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "release" -d 'Let stopped messages go, or the lane of an account, whatever stopped it'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "delete" -d 'Take messages out of the queue for good; nobody is told'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and not __fish_seen_subcommand_from summary list show retry hold release delete cancel" -f -a "cancel" -d 'Take messages out of the queue for good; nobody is told'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from summary" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l system -d 'Those of this system' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l state -d 'Waiting for an attempt, or stopped by a person' -r -f -a "queued\t''
held\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l system -d 'Those of this system; the operator names its --account, too' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l max -d 'Change nothing when more than this many would be touched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l reason -d 'Why; kept in the history of each message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l all -d 'Every message; with --account, every message of that account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l dry-run -d 'Count only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l system -d 'Those of this system; the operator names its --account, too' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l max -d 'Change nothing when more than this many would be touched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l reason -d 'Why; kept in the history of each message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l all -d 'Every message; with --account, every message of that account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l dry-run -d 'Count only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l lane -d 'Stop the lane of the account: nothing leaves, new mail is taken and waits'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from hold" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l system -d 'Those of this system; the operator names its --account, too' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l max -d 'Change nothing when more than this many would be touched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l reason -d 'Why; kept in the history of each message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l all -d 'Every message; with --account, every message of that account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l dry-run -d 'Count only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l lane -d 'Release the lane of the account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from release" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l system -d 'Those of this system; the operator names its --account, too' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l max -d 'Change nothing when more than this many would be touched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l reason -d 'Why; kept in the history of each message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l all -d 'Every message; with --account, every message of that account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l dry-run -d 'Count only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l user -d 'Those of this relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l system -d 'Those of this system; the operator names its --account, too' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l from-domain -d 'Those with an envelope sender in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l to-domain -d 'Those with a recipient in this domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l older-than -d 'Those accepted longer ago than this: 30m, 2h, 3d' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l max -d 'Change nothing when more than this many would be touched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l reason -d 'Why; kept in the history of each message' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l all -d 'Every message; with --account, every message of that account'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l dry-run -d 'Count only; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand queue; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "search" -d 'Search the log of messages, newest first'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "tail" -d 'Follow the log live: what happens to mail, and what is refused at the door'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "export" -d 'Write everything that a search finds, to stdout or into a file'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "trace" -d 'Tell the story of a mail, from the device\'s EHLO to the last word of the other side'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "rejects" -d 'List what was refused at the door, newest first: a printer shows its owner nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and not __fish_seen_subcommand_from search tail export trace rejects unknown-replies" -f -a "unknown-replies" -d 'List replies of other servers that relayd does not know and judged by their first digit'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l from -d 'Envelope sender: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l to -d 'An envelope recipient: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l user -d 'Relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l system -d 'System' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l status -d 'Where the message stands' -r -f -a "queued\t''
held\t''
delivered\t''
partial\t''
failed\t''
cancelled\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l since -d 'From this time on: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l until -d 'Before this time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l from -d 'Envelope sender: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l to -d 'An envelope recipient: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l user -d 'Relay user; of refusals the user name that was tried' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l system -d 'System' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l kind -d 'What happened; several with commas between' -r -f -a "accepted\t''
deferred\t''
delivered\t''
failed\t''
bounced\t''
notified\t''
held\t''
released\t''
retried\t''
rerouted\t''
cancelled\t''
refused\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l reason -d 'Code of the reason; relayctl help error CODE explains it' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l since -d 'Begin with what happened since then: 1h, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l lines -d 'Begin with so many of the latest events' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l no-refusals -d 'Leave out what was refused at the door'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from tail" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l from -d 'Envelope sender: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l to -d 'An envelope recipient: an address, or @domain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l user -d 'Relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l system -d 'System' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l status -d 'Where the message stands' -r -f -a "queued\t''
held\t''
delivered\t''
partial\t''
failed\t''
cancelled\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l since -d 'From this time on: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l until -d 'Before this time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l to-file -d 'Write into this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l follow -d 'Go on until it is delivered, given up or held, or until --timeout is over'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from trace" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l user -d 'The user name that was tried' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l system -d 'System; needs an account' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l reason -d 'Code of the reason; relayctl help error CODE explains it' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l since -d 'From this time on: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l until -d 'Before this time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from rejects" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand log; and __fish_seen_subcommand_from unknown-replies" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l user -d 'Relay user that signs in; without it the device is known by its address alone' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l from -d 'Sender of the envelope (MAIL FROM); an empty text for none' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l header-from -d 'Header From of the mail, if it is another; an empty text for a mail without one' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l to -d 'Recipient; may be repeated' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l address -d 'IP address that the device connects from' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l size -d 'Size of the mail, such as 500000 or 20MiB [default: 4KiB]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l listener -d 'Listener that it connects to [default: the first that takes such a device]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l tls -d 'The device encrypts [default: as the listener does]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l plaintext -d 'The device does not encrypt'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -f -a "account" -d 'Wait until an account is in a state'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -f -a "domain" -d 'Wait until a domain is in a state'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -f -a "message" -d 'Wait until a message is in a state, or has come to its end'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and not __fish_seen_subcommand_from account domain message queue-empty" -f -a "queue-empty" -d 'Wait until no mail waits for an attempt any more'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l for -d 'The state' -r -f -a "registered\t''
active\t''
suspended\t''
closing\t''
closed\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from account" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l for -d 'The state' -r -f -a "pending\t''
verified\t''
failing\t''
lapsed\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from domain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l for -d 'The state; `finished` is delivered, partial, failed or cancelled' -r -f -a "queued\t''
held\t''
delivered\t''
partial\t''
failed\t''
cancelled\t''
finished\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from message" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand wait; and __fish_seen_subcommand_from queue-empty" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -f -a "send" -d 'Send one mail through the whole way, and follow it live'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and not __fish_seen_subcommand_from send auth" -f -a "auth" -d 'Sign in at relayd\'s door as a device would, from this machine, and show what is said'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l user -d 'Relay user to send as' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l to -d 'Who gets the mail' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l from -d 'Whom it is from; the sender of the relay user when not given' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l subject -d 'Subject' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l system -d 'System that it counts for; the one that was seen last when not given' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l user -d 'Relay user' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l password-file -d 'Read the password from this file' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l listener -d 'Listener to sign in at [default: the first that encrypts]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l server -d 'Sign in at this door instead of asking relayd for one; port 465 is TLS from the first byte' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l password-stdin -d 'Read the password from stdin [env: RELAYCTL_USER_PASSWORD]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l plaintext -d 'Do not encrypt'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand test; and __fish_seen_subcommand_from auth" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -f -a "summary" -d 'Sum up what went through, against the time before and the limits'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -f -a "users" -d 'What each relay user sent, most first'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -f -a "systems" -d 'What each system sent, most first'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -f -a "domains" -d 'What was sent from each domain of senders, or to each of recipients'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and not __fish_seen_subcommand_from summary users systems domains errors" -f -a "errors" -d 'What was refused, failed or was put off, by reason, most first'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l since -d 'Beginning: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l until -d 'End [default: now]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l by -d 'One line for each hour, day or month (UTC) in which there is something' -r -f -a "hour\t''
day\t''
month\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l user -d 'Mail of this relay user only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l system -d 'Mail from this system only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l domain -d 'Mail of senders in this domain only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l watch -d 'Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l chart -d 'Draw it: bars and lines that fit the terminal'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from summary" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l since -d 'Beginning: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l until -d 'End [default: now]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l by -d 'One line for each hour, day or month (UTC) in which there is something' -r -f -a "hour\t''
day\t''
month\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l user -d 'Mail of this relay user only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l system -d 'Mail from this system only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l domain -d 'Mail of senders in this domain only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l watch -d 'Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l chart -d 'Draw it: bars and lines that fit the terminal'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from users" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l since -d 'Beginning: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l until -d 'End [default: now]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l by -d 'One line for each hour, day or month (UTC) in which there is something' -r -f -a "hour\t''
day\t''
month\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l user -d 'Mail of this relay user only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l system -d 'Mail from this system only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l domain -d 'Mail of senders in this domain only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l watch -d 'Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l chart -d 'Draw it: bars and lines that fit the terminal'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from systems" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l since -d 'Beginning: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l until -d 'End [default: now]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l by -d 'One line for each hour, day or month (UTC) in which there is something' -r -f -a "hour\t''
day\t''
month\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l user -d 'Mail of this relay user only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l system -d 'Mail from this system only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l domain -d 'Mail of senders in this domain only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l watch -d 'Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l chart -d 'Draw it: bars and lines that fit the terminal'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l recipients -d 'Domains of recipients instead: counted by account and day (UTC), so that spans are widened to whole days; 200 of an account and day one by one, the rest as `(others)`. --domain is one of these then'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from domains" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l since -d 'Beginning: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l until -d 'End [default: now]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l by -d 'One line for each hour, day or month (UTC) in which there is something' -r -f -a "hour\t''
day\t''
month\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l user -d 'Mail of this relay user only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l system -d 'Mail from this system only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l domain -d 'Mail of senders in this domain only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l watch -d 'Look again every so many seconds, until Ctrl-C; with -o jsonl, one line each time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l chart -d 'Draw it: bars and lines that fit the terminal'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand stats; and __fish_seen_subcommand_from errors" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l interval -d 'Between two looks: seconds, or 10s, 1m' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l ascii -d 'Draw with plain ASCII characters; so does a locale that is not UTF-8'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand top" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "create" -d 'Create a token; its text is shown once'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "list" -d 'List the tokens of an account; without one, or with --operator, those of the operator'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and not __fish_seen_subcommand_from create list revoke" -f -a "revoke" -d 'Revoke a token; it ends at once'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l expires -d 'When it ends: 90d, 2027-01-01 or a full time [default: never]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l token-out -d 'Write the text to this new file (mode 0600) instead of showing it' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l operator -d 'Of the operator, whatever account the context or the environment names'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l read-only -d 'It may only read'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l operator -d 'Of the operator, whatever account the context or the environment names'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l operator -d 'Of the operator, whatever account the context or the environment names'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "create" -d 'Create a webhook; the secret that signs what it gets is shown once'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "list" -d 'List the webhooks: the operator\'s own, with --account those of an account'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "show" -d 'Show a webhook, and since when it has taken nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "edit" -d 'Change a webhook, switch it off or on again'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "test" -d 'Send a webhook a test, once, and tell what came of it'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "delete" -d 'Delete a webhook, its secret, and what is on its way to it'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and not __fish_seen_subcommand_from create list show edit test delete deliveries" -f -a "deliveries" -d 'List what a webhook was told and what is on its way to it, the newest first'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l to -d 'Where it is: https, or http to the relayd machine itself' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l event -d 'Tell it of this; repeat for more [default: everything]' -r -f -a "account.waiting\t''
account.activated\t''
account.rejected\t''
account.suspended\t''
account.resumed\t''
account.closed\t''
lane.held\t''
lane.released\t''
credentials.rejected\t''
quota.warning\t''
quota.reached\t''
certificate.expiring\t''
token.expiring\t''
route.expiring\t''
domain.failing\t''
webhook.disabled\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l secret-out -d 'Write the secret to this new file (mode 0600) instead of showing it' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l to -d 'Where it is: https, or http to the relayd machine itself' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l event -d 'Tell it of this; repeat for more [default: everything]' -r -f -a "account.waiting\t''
account.activated\t''
account.rejected\t''
account.suspended\t''
account.resumed\t''
account.closed\t''
lane.held\t''
lane.released\t''
credentials.rejected\t''
quota.warning\t''
quota.reached\t''
certificate.expiring\t''
token.expiring\t''
route.expiring\t''
domain.failing\t''
webhook.disabled\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l state -d 'Whether it is told anything' -r -f -a "active\t''
disabled\t''"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l all-events -d 'Tell it of everything'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand webhook; and __fish_seen_subcommand_from deliveries" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -f -a "list" -d 'List changes, newest first: who, when, from where, and what was before and after'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and not __fish_seen_subcommand_from list verify" -f -a "verify" -d 'Follow the chain of the audit log and tell whether an entry was altered or removed'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l since -d 'From this time on: 24h, 7d, 2026-11-21 or a full time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l until -d 'Before this time' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l actor -d 'Who: operator, or the name of a token' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l limit -d 'Print at most so many; without it, all pages are fetched' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l cursor -d 'Begin where an earlier list ended: its `next_cursor`' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l expect -d 'A hash that was noted earlier; it must still be in the chain' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -f -a "add" -d 'Add a context: a relayd, and the account to act for there'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -f -a "list" -d 'List the contexts'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -f -a "use" -d 'Use a context from now on'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -f -a "show" -d 'Show a context; the one in use when none is named'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and not __fish_seen_subcommand_from add list use show remove" -f -a "remove" -d 'Remove a context, and forget its token; relayd itself is not touched'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand context; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l password-out -d 'Write the passwords of new relay users to this new file (mode 0600) instead of showing them' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l password-file -d 'Read the password of the route\'s mailbox from this file [env: RELAYCTL_ROUTE_PASSWORD]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l client-secret-file -d 'Read the client secret of the route from this file [env: RELAYCTL_CLIENT_SECRET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l certificate -d 'Certificate of the route with its chain (PEM); `none` drops that of a connector' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l key -d 'Private key of the certificate (PEM); may stand in the file of the certificate' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l fallback-password-file -d 'The same for the fallback' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l fallback-client-secret-file -d 'The same for the fallback' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l fallback-certificate -d 'The same for the fallback' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l fallback-key -d 'The same for the fallback' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l dry-run -d 'Show what differs; change nothing'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l check -d 'The same, and end with code 9 when something differs'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l prune -d 'Remove what is not in the file'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l password-stdin -d 'Read it from stdin'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l client-secret-stdin -d 'Read it from stdin'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l bundle -d 'Write everything that whoever helps needs into this new file (mode 0600), without secrets' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l fix-hints -d 'Print what mends each finding and nothing else, one a line'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l body -d 'JSON to send: the text itself, @FILE, or - for stdin' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l paginate -d 'Follow a list to its end: all its pages as one'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand completion" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l install -d 'Write all pages into man1 and man7 of this folder, over those of an earlier version' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l client -d 'That of relayctl only; no connection is made'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s c -l context -d 'Use this context of the configuration file [env: RELAYCTL_CONTEXT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s a -l account -d 'Act for this account [env: RELAYCTL_ACCOUNT]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l socket -d 'Speak to the relayd at this Unix socket [env: RELAYCTL_SOCKET]' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l url -d 'Speak to the relayd at this address [env: RELAYCTL_URL]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l ca-file -d 'Trust the certificates of this PEM file instead of the machine\'s' -r -F
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s o -l output -d 'How to print results [env: RELAYCTL_OUTPUT]' -r -f -a "table\t'For people; fits the terminal'
wide\t'Every column, as wide as it needs'
json\t'What the API sent'
jsonl\t'One JSON object a line'
tsv\t'Tab-separated, escaped, whole numbers, RFC 3339 times'
name\t'Names only, one a line'"
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l columns -d 'Print these columns only' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l confirm -d 'Confirm what cannot be undone, by name or count [env: RELAYCTL_CONFIRM]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l timeout -d 'Wait so long for each answer: 500ms, 30s, 2m [env: RELAYCTL_TIMEOUT] [default: 60s]' -r -f
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l no-header -d 'Print no column titles'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s q -l quiet -d 'Print results only, no hints [env: RELAYCTL_LOG=quiet]'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s v -l verbose -d 'Say more about what is done [env: RELAYCTL_LOG=verbose]'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l no-input -d 'Never ask; fail when a value is missing [env: RELAYCTL_NO_INPUT]'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s y -l yes -d 'Confirm what affects live mail [env: RELAYCTL_YES]'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -l trace -d 'Print requests and answers to stderr, without secrets [env: RELAYCTL_LOG=trace]'
complete -c relayctl -n "__fish_relayctl_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
