#!/usr/bin/env bash
# The life of a customer as a script sees it: relayctl with -o json, nothing asked, every exit code
# heeded. Run by tests/tests/it/walk, which gives a running relayd and its stand-in for Exchange
# Online by these variables:
#
#   RELAYCTL         the program
#   RELAY_SOCKET     the operator's door
#   RELAY_URL        everybody else's
#   RELAY_SMTP       where devices connect, HOST:PORT
#   EXCHANGE_PORT    of the stand-in, on localhost
#   EXCHANGE_FOLDER  what it took in: journal.jsonl and bodies/, beside its ca.pem
#   DNS_ZONE         a file; the name and the TXT record of each line are published
#   WORK             an empty folder
set -euo pipefail
cd "$WORK"
mkdir operator customer

step() { printf '\n== %s\n' "$1"; }
die() { printf 'walk.sh: %s\n' "$1" >&2; exit 1; }

operator() { HOME="$WORK/operator" RELAYCTL_SOCKET="$RELAY_SOCKET" "$RELAYCTL" --quiet "$@" -o json; }
customer() { HOME="$WORK/customer" "$RELAYCTL" --quiet "$@" -o json; }

# fails EXIT CODE COMMAND…: it ends with this exit code, and its problem has this code.
fails() {
    local exit="$1" code="$2" got=0
    shift 2
    "$@" >out.json 2>problem.json || got=$?
    [ "$got" = "$exit" ] || die "$* ended with $got, not $exit: $(cat problem.json)"
    jq -e --arg code "$code" --argjson exit "$exit" '.code == $code and .exit_code == $exit' \
        problem.json >/dev/null || die "$*: not $code: $(cat problem.json)"
}

# is FILTER COMMAND…: what it prints fulfils the filter.
is() {
    local filter="$1" json
    shift
    json="$("$@")"
    jq -e "$filter" <<<"$json" >/dev/null || die "$*: not $filter: $json"
}

# soon COMMAND…: it succeeds within a minute.
soon() {
    local tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "not within a minute: $*"
        sleep 0.2
    done
}

# The file of the latest mail to ADDRESS with TEXT in it that the stand-in took in.
mail_to() {
    local number file
    for number in $(jq -r --arg to "$1" 'select(.recipients | index($to)) | .number' \
        "$EXCHANGE_FOLDER/journal.jsonl" | tac); do
        printf -v file '%s/bodies/%06d.eml' "$EXCHANGE_FOLDER" "$number"
        if grep -q -- "$2" "$file"; then
            echo "$file"
            return
        fi
    done
    return 1
}

# code_for ADDRESS SUBJECT: the code in that mail.
code_for() {
    local file
    file="$(soon mail_to "$1" "^Subject: $2")"
    sed -n 's/.*Code: \([0-9]\{8\}\).*/\1/p' "$file" | head -n 1
}

# send USER PASSWORD SENDER SUBJECT [OPTION…]: a device hands in a mail.
send() {
    printf 'From: %s\r\nTo: archive@example.net\r\nSubject: %s\r\n\r\nfloor 3\r\n' "$3" "$4" >mail.eml
    curl --silent --show-error --ssl-reqd --insecure --url "smtp://$RELAY_SMTP/floor-3" \
        "${@:5}" --user "$1:$2" --mail-from "$3" --mail-rcpt archive@example.net --upload-file mail.eml
}

secret() { (umask 077; printf '%s\n' "$2" >"$1"); }
secret provider.pw 'provider mailbox secret'
secret relay.pw 'acme mailbox secret'
secret wrong.pw 'not the secret'
secret signin.pw 'correct horse battery staple'
secret signin-2.pw 'another staple of many horses'
secret weak.pw 'password1'

step 'The provider: through this route go codes and notices'
is '.state == "registered"' operator account create provider --kind company --company 'Relay Provider' \
    --email desk@provider.example --email-vouched
is '.state == "active"' operator account activate provider
is '.applied' operator route set --account provider --kind smarthost --server localhost \
    --port "$EXCHANGE_PORT" --mailbox relay@provider.example --password-file provider.pw \
    --server-ca "$EXCHANGE_FOLDER/ca.pem"

step '1 The customer registers'
customer context add relay --url "$RELAY_URL" >/dev/null
fails 2 missing-values customer account create acme --kind company
fails 7 weak-password customer account create acme --kind company --company 'Acme GmbH' \
    --email ada@acme.example --sign-in-password-file weak.pw
route=(--server localhost --port "$EXCHANGE_PORT" --mailbox relay@acme.example
    --server-ca "$EXCHANGE_FOLDER/ca.pem")
fails 9 route-credentials-rejected customer account create acme --kind company --company 'Acme GmbH' \
    --email ada@acme.example --sign-in-password-file signin.pw \
    --route smtp-auth "${route[@]}" --password-file wrong.pw
is '[.items[].name] == ["provider"]' operator account list
is '.state == "registered" and .verified_at == null and all(.steps[]; .ok)' \
    customer account create acme --kind company --company 'Acme GmbH' --email ada@acme.example \
    --city Graz --country AT --sign-in-password-file signin.pw \
    --route smtp-auth "${route[@]}" --password-file relay.pw

step '2 Submitted: who knows the password hears what the account waits for'
fails 8 account-not-active customer auth login --email ada@acme.example --password-file signin.pw
fails 4 sign-in-rejected customer auth login --email ada@acme.example --password-file wrong.pw

step '3 The e-mail is confirmed by its code'
code="$(code_for ada@acme.example Confirm)"
fails 7 code-rejected customer account verify acme --code 00000000
customer account verify acme --code "$code" >/dev/null

step '4 The operator activates; only then sign-in works'
fails 8 account-not-active customer auth login --email ada@acme.example --password-file signin.pw
is '[.items[].name] == ["acme"]' operator account list --state waiting
soon mail_to desk@provider.example acme >/dev/null
is '.state == "active"' operator account activate acme
soon mail_to ada@acme.example 'is active now' >/dev/null

step '5 The owner signs in, and changes and forgets the password'
customer auth login --email ada@acme.example --password-file signin.pw >/dev/null
is '.account == "acme" and .role == "owner"' customer auth status
customer auth password --current-password-file signin.pw --password-file signin-2.pw >/dev/null
fails 4 sign-in-rejected customer auth login --email ada@acme.example --password-file signin.pw
customer auth reset-password --email ada@acme.example >/dev/null
code="$(code_for ada@acme.example 'Code for a new password')"
customer auth reset-password --email ada@acme.example --code "$code" --password-file signin.pw >/dev/null
fails 4 not-signed-in customer auth status
customer auth login --email ada@acme.example --password-file signin.pw >/dev/null

customer auth totp enable --password-file signin.pw >totp.json
is 'has("secret") | not' customer auth totp show
fails 2 usage customer token create '' --read-only
customer token create erp --read-only >token.json
(umask 077; jq -er .secret token.json >token)
reader() { HOME="$WORK/operator" RELAYCTL_URL="$RELAY_URL" RELAYCTL_TOKEN_FILE="$WORK/token" \
    "$RELAYCTL" --quiet "$@" -o json; }
is '[.items[].name] == ["acme"]' reader account list
fails 4 forbidden reader account edit acme --city Linz

step 'Webhooks: the secret is shown once'
customer webhook create tickets --to https://hooks.acme.example/relay >webhook.json
jq -er .secret webhook.json >/dev/null
is '[.items[] | [.name, has("secret")]] == [["tickets", false]]' customer webhook list
customer webhook delete tickets --confirm tickets >/dev/null

step '6 The account books a plan'
is '.state == "offered"' operator plan create trial --relay-users 2 --messages-per-minute 10 \
    --messages-per-day 100
is '.relay_users == 1' operator plan edit trial --relay-users 1 --yes
is '[.items[].relay_users] | sort == [1, 3, 5, 10]' customer plan list
is '.state == "retired"' operator plan retire trial
is '[.items[].relay_users] | sort == [3, 5, 10]' customer plan list
operator plan delete trial --confirm trial >/dev/null
fails 3 not-found operator plan show trial
is '.plan.name == "starter"' customer subscription start --plan starter

step '9 The domain of its senders is proven'
fails 8 domain-not-verified customer user create scanner --sender scanner@acme.example --generate
record="$(customer domain add acme.example)"
! customer domain verify acme.example >check.json || die 'proven by nothing'
is '[.items[].state] == ["pending"]' customer domain list
jq -er '.record | "\(.name) \(.value)"' <<<"$record" >>"$DNS_ZONE"
is '.proven' customer domain verify acme.example --wait
is '[.items[].state] == ["verified"]' customer domain list

step '7 Relay users: the password is shown once'
customer user create scanner --sender scanner@acme.example --generate >scanner.json
scanner="$(jq -er .password scanner.json)"
is 'has("password") | not' customer user show scanner
fails 7 weak-password customer user create erp --sender erp@acme.example --password-file weak.pw
customer user create erp --sender erp@acme.example --allow-sender invoices@acme.example \
    --generate --password-out erp.pw >/dev/null
customer user create copier --sender copier@acme.example --other-sender rewrite \
    --generate --password-out copier.pw >/dev/null
fails 7 plan-limit customer user create plotter --sender plotter@acme.example --generate
is '.relay_users_used == 3' customer subscription show
is '.plan.name == "business"' customer subscription change --plan business
customer user create plotter --sender plotter@acme.example --generate --password-out plotter.pw >/dev/null
fails 7 plan-limit customer subscription change --plan starter --yes
is '[.items[] | [.plan, .state]] == [["business", "active"], ["starter", "replaced"]]' \
    customer subscription history
customer user credential add scanner new-firmware --generate --password-out firmware.pw >/dev/null
is '.items | length == 2' customer user credential list scanner

step '11 The route: staged, probed, swapped, put back'
is '.ready and .has_password' customer route show
fails 9 route-credentials-rejected customer route set --password-file wrong.pw --yes
is '.ready and .connections != 2' customer route show
is '.applied' customer route set --connections 2 --yes
is '[.items[].in_force] == [true, false]' customer route history
is '.applied and .route.connections != 2' customer route rollback --yes

step '8 Systems'
is '.user == "scanner"' customer system add floor-3 --address 127.0.0.1 --user scanner
is '.ok' customer system test floor-3
is '.state == "suspended"' customer user suspend scanner --yes
! customer system test floor-3 >test.json || die 'a system of a suspended relay user may send'
jq -e '[.steps[] | select(.ok | not)][0].reason == "user-suspended"' test.json >/dev/null
is '.state == "active"' customer user resume scanner
is '[.items[] | [.name, .address, .user, .state]] == [["floor-3", "127.0.0.1/32", "scanner", "active"]]' \
    customer system list

step 'Mail'
send scanner "$scanner" scanner@acme.example 'First scan'
soon mail_to archive@example.net 'First scan' >/dev/null
delivered() { [ "$(customer log search --status delivered | jq '.items | length')" = "$1" ]; }
soon delivered 1
send scanner "$(cat firmware.pw)" scanner@acme.example 'Second scan'
soon delivered 2
is '[.items[] | select(.name == "new-firmware")][0].last_used_from == "127.0.0.1"' \
    customer user credential list scanner
first="$(customer user credential list scanner |
    jq -er '.items[] | select(.name != "new-firmware") | .name')"
customer user credential remove scanner "$first" --yes >/dev/null
! send scanner "$scanner" scanner@acme.example Refused 2>refused.txt || die 'a removed password was taken'
scanner="$(cat firmware.pw)"
! send scanner wrong scanner@acme.example Refused 2>refused.txt || die 'a wrong password was taken'
! send scanner "$scanner" boss@acme.example Refused 2>refused.txt || die 'a wrong sender was taken'

step '10 Statistics: as the log has it'
is '.counts.accepted == 2 and .counts.delivered == 2 and .refused == 3' customer stats summary
is '[.items[] | [.user, .counts.accepted]] | index([["scanner", 2]])' customer stats users
is '[.items[] | [.system, .counts.accepted]] == [["floor-3", 2]]' customer stats systems
is '[.items[].reason] | unique == ["credentials-rejected", "sender-not-allowed"]' customer stats errors
is '[.items[] | [.domain, .counts.delivered]] | index([["acme.example", 2]])' customer stats domains
is '.delivery_time.p95_ms >= .delivery_time.p50_ms and .today.messages == 2' customer stats summary
logged="$(customer log search | jq '.items | length')"
is ".counts.accepted == $logged" customer stats summary

step '11 Data: another contact e-mail is proved again'
is '.city == "Wien" and .email == "ada@acme.example" and .new_email == "post@acme.example"' \
    customer account edit acme --city Wien --email post@acme.example \
    --sign-in-password-file signin.pw
code="$(code_for post@acme.example Confirm)"
customer account verify acme --code "$code" >/dev/null
is '.email == "post@acme.example"' customer account show acme

step '12 Suspended with a reason, resumed'
is '.state == "suspended" and .suspended_for == "invoice 17 is open"' \
    operator account suspend acme --reason 'invoice 17 is open' --yes
! send scanner "$scanner" scanner@acme.example Refused --verbose 2>refused.txt ||
    die 'taken while suspended'
grep -q 'invoice 17 is open' refused.txt || die "the reason is not told: $(cat refused.txt)"
is '.state == "active"' operator account resume acme
customer auth login --email post@acme.example --password-file signin.pw >/dev/null

step '12 Exported, closed'
customer account export acme >export.json
jq -e '.format == "relayd-account" and .account.name == "acme" and (.messages | length) == 2' \
    export.json >/dev/null || die 'the export lacks something'
fails 2 confirmation-missing customer account close acme --drain --yes
is '.state | IN("closing", "closed")' customer account close acme --drain --confirm acme
fails 4 sign-in-rejected customer auth login --email post@acme.example --password-file signin.pw
! send scanner "$scanner" scanner@acme.example Refused 2>refused.txt || die 'taken by a closed account'
closed() { [ "$(operator account show acme | jq -r .state)" = closed ]; }
soon closed
fails 3 not-found operator route show --account acme
is '.items | length == 2' operator log search --account acme --status delivered

step 'The audit log is whole'
is '.ok' operator audit verify
printf '\nwalk.sh: every step done\n'
