# The world that the examples in help and man pages are about: acme with its relay users, systems,
# tokens and a mail that waits. Runs once, in the home folder, beside a new relayd.

for file in acme old relay hve new; do
    printf 'Correct-Horse-7-Battery\n' >$file.pw
done
printf 'Correct-Horse-8-Battery\n' >new.pw
printf 'a-secret-of-microsoft\n' >relay.secret
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=relay.acme.example -days 30 \
    -keyout relay.key -out relay.pem 2>/dev/null
printf 'name = "bolt"\nkind = "company"\ncompany = "Bolt AG"\nemail = "ops@bolt.example"\n' >acme.toml
printf '{"name":"dent","kind":"company","company":"Dent Ltd","email":"ops@dent.example"}\n' \
    >account.json

relayctl account create acme --kind company --company 'Acme GmbH' --email ops@acme.example \
    --sign-in-password-file acme.pw
relayctl account verify acme --yes
relayctl account activate acme
relayctl subscription start --plan business
relayctl route set --kind capture --yes
relayctl route set --kind capture --connections 2 --yes
relayctl route set --kind capture --connections 3 --yes
relayctl user create scanner --sender scanner@acme.example --generate --password-out scanner-1.pw
relayctl user credential add scanner floor-3 --generate --password-out scanner-2.pw
relayctl user create erp --sender erp@acme.example --allow-sender invoices@acme.example \
    --generate --password-out erp-1.pw
cp erp-1.pw erp-2.pw
relayctl system add erp-prod --address 203.0.113.10 --user erp
relayctl system add scanner-floor-3 --address 192.0.2.17 --user scanner
relayctl domain add acme.example
relayctl webhook create tickets --to https://tickets.example.com/relayd --secret-out hook-1.secret
relayctl token create erp --account acme --token-out acme.token
relayctl token create deploy --operator --token-out deploy-1.token
relayctl account invite --email ops@acme.example -o json >invitation.json
relayctl context add lab --socket "$RELAYCTL_SOCKET"
relayctl context add prod --socket "$RELAYCTL_SOCKET" --account acme
relayctl context use prod
relayctl queue hold --lane --account acme --reason test --yes
# It waits, which a test mail is told as a check that failed.
relayctl test send --user scanner --to bob@example.net --timeout 5s || test $? -eq 9
relayctl audit verify -o json | jq -r .hash >audit.hash

# For examples that only the owner gives: who is at another desk, and signs in there.
cat >owner.sh <<'OWNER'
unset RELAYCTL_SOCKET
relayctl context add desk --url "http://$(jq -r .api.tcp "$RELAYD_STATE/listeners.json")"
relayctl context use desk
relayctl auth login --email ops@acme.example --password-file acme.pw --store file
OWNER
