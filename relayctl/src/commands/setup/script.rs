//! The same as commands, ready to paste into a script: from what relayd has now, without secrets.

use std::path::Path;

use jiff::Timestamp;
use relay_proto::{
    Account, AccountKind, DomainProof, OtherSender, Route, RouteGrant, RouteKind, RouteSecurity,
    System,
};

use super::Desk;
use super::user::Known;
use crate::commands::route::{Which, current};
use crate::context::{DEFAULT_SOCKET, Endpoint};
use crate::error::Failure;
use crate::output::cell::harmless;

/// Longer commands are broken between their flags, and earlier in a narrow terminal.
const WIDTH: usize = 78;

/// Shows it, and ends the dialogue.
pub(super) fn tell(
    desk: &Desk,
    user: &Known,
    system: &System,
    recipient: &str,
) -> Result<(), Failure> {
    let account = desk.account()?;
    let route = current(&desk.session, &desk.account, Which::default())?;
    let mut script = Script {
        text: String::new(),
        width: desk.screen.columns().saturating_sub(2).min(WIDTH),
    };
    script.begin(desk)?;
    script.account(desk, &account);
    if let Some(route) = route {
        script.route(&route.value);
    }
    script.sender(&account, user);
    script.device(system, user, recipient);
    desk.screen.gap();
    let endings = if script.text.contains(" --key ") {
        ".pw, .secret or .key"
    } else {
        ".pw or .secret"
    };
    desk.screen.say(&format!(
        "All is set up. The same as commands for a script; files ending in {endings} hold one \
         secret each:"
    ));
    desk.session.out.block(&format!("\n{}", script.text))
}

/// Commands, one a line.
struct Script {
    text: String,
    width: usize,
}

impl Script {
    fn begin(&mut self, desk: &Desk) -> Result<(), Failure> {
        self.text += "set -e\n";
        let target = desk.session.target()?;
        match (&target.endpoint, &target.context) {
            (Endpoint::Url(url), Some(context)) => {
                let mut words = words(&["relayctl", "context", "add", context, "--url", url]);
                if let Some(file) = &target.ca_file {
                    words.extend([String::from("--ca-file"), file.display().to_string()]);
                }
                self.run(&words);
            }
            (Endpoint::Socket(path), None) if path != Path::new(DEFAULT_SOCKET) => {
                let path = quoted(&path.display().to_string());
                self.line(&["export RELAYCTL_SOCKET=", &path]);
            }
            _ => {}
        }
        Ok(())
    }

    fn account(&mut self, desk: &Desk, account: &Account) {
        let name = account.name.as_str();
        let mut create = words(&["relayctl", "account", "create", name]);
        create.extend(words(&["--kind", account.kind.as_str()]));
        let is_company = account.kind == AccountKind::Company;
        for (flag, value) in [
            (
                "--company",
                if is_company {
                    account.company.as_str()
                } else {
                    ""
                },
            ),
            ("--first-name", &account.first_name),
            ("--last-name", &account.last_name),
            ("--email", &account.email),
            ("--vat-id", &account.vat_id),
            ("--phone", &account.phone),
            ("--street", &account.street),
            ("--postal-code", &account.postal_code),
            ("--city", &account.city),
            ("--country", &account.country),
        ] {
            if !value.is_empty() {
                create.extend(words(&[flag, value]));
            }
        }
        if desk.is_operator {
            create.push("--email-vouched".to_owned());
            if account.domain_proof == DomainProof::Waived {
                create.extend(words(&["--domain-proof", "waived"]));
            }
            self.run(&create);
            self.run(&words(&["relayctl", "account", "activate", name]));
        } else {
            create.extend(words(&["--sign-in-password-file", "sign-in.pw"]));
            self.run(&create);
            let name = quoted(name);
            self.line(&[
                "relayctl account verify ",
                &name,
                " --code CODE  # from the mail",
            ]);
            self.line(&["# the operator activates the account; then:"]);
            let login = ["relayctl", "auth", "login", "--email", &account.email];
            let mut login = words(&login);
            login.extend(words(&["--password-file", "sign-in.pw"]));
            self.run(&login);
        }
        self.line(&["export RELAYCTL_ACCOUNT=", &quoted(name)]);
        if let Some(plan) = &account.plan {
            self.run(&words(&[
                "relayctl",
                "subscription",
                "start",
                "--plan",
                plan,
            ]));
        }
    }

    fn route(&mut self, route: &Route) {
        let grant = route.oauth.as_ref().map(|oauth| oauth.grant);
        let verb = match grant {
            Some(RouteGrant::DeviceCode) => "authorize",
            _ => "set",
        };
        let mut set = words(&["relayctl", "route", verb, "--kind", route.kind.as_str()]);
        if verb == "set" {
            set.push("--yes".to_owned());
        } else {
            self.line(&["# somebody signs in with the code that is shown:"]);
        }
        set.extend(place(route));
        if !route.mailbox.is_empty() {
            set.extend(words(&["--mailbox", &route.mailbox]));
        }
        if let Some(oauth) = &route.oauth {
            set.extend(words(&[
                "--tenant",
                &oauth.tenant,
                "--client-id",
                &oauth.client_id,
            ]));
            if oauth.cloud != relay_proto::Cloud::World {
                set.extend(words(&["--cloud", oauth.cloud.as_str()]));
            }
            for (flag, value) in [("--authority", &oauth.authority), ("--scope", &oauth.scope)] {
                if let Some(value) = value {
                    set.extend(words(&[flag, value]));
                }
            }
        }
        if route.has_password {
            set.extend(words(&["--password-file", "route.pw"]));
        }
        if grant == Some(RouteGrant::ClientSecret) {
            set.extend(words(&["--client-secret-file", "route.secret"]));
            if let Some(end) = route.oauth.as_ref().and_then(|oauth| oauth.expires_at) {
                set.extend(words(&["--client-secret-expires", &day(end)]));
            }
        }
        if route.certificate.is_some() {
            set.extend(words(&["--certificate", "route.pem", "--key", "route.key"]));
        }
        if route.has_ca {
            set.extend(words(&["--server-ca", "route-ca.pem"]));
        }
        // Without the flag it is a folder of that name.
        let is_own = |folder: &&String| folder.ends_with(&format!("/{}", route.account));
        if let Some(folder) = route.folder.as_ref().filter(|it| !is_own(it)) {
            set.extend(words(&["--folder", folder]));
        }
        self.run(&set);
    }

    fn sender(&mut self, account: &Account, user: &Known) {
        let domain = super::domain_of(&user.sender);
        if account.domain_proof == DomainProof::Required {
            self.run(&words(&["relayctl", "domain", "add", domain]));
            self.run(&words(&["relayctl", "domain", "verify", domain, "--wait"]));
        }
        let file = format!("{}.pw", user.username);
        let mut create = words(&["relayctl", "user", "create", &user.username]);
        create.extend(words(&["--sender", &user.sender]));
        for address in &user.allowed_senders {
            create.extend(words(&["--allow-sender", address]));
        }
        if user.other_sender != OtherSender::Reject {
            create.extend(words(&["--other-sender", user.other_sender.as_str()]));
        }
        create.extend(words(&["--generate", "--password-out", &file]));
        self.run(&create);
    }

    fn device(&mut self, system: &System, user: &Known, recipient: &str) {
        let mut add = words(&["relayctl", "system", "add", &system.name]);
        add.extend(words(&[
            "--address",
            &system.address,
            "--user",
            &user.username,
        ]));
        if system.auth != relay_proto::SystemAuth::Password {
            add.extend(words(&["--auth", system.auth.as_str()]));
        }
        self.run(&add);
        let send = [
            "relayctl",
            "test",
            "send",
            "--user",
            &user.username,
            "--to",
            recipient,
        ];
        self.run(&words(&send));
    }

    /// Appends a line as it is.
    fn line(&mut self, parts: &[&str]) {
        self.text.extend(parts.iter().copied());
        self.text.push('\n');
    }

    /// Appends a command. A flag stays with its value.
    fn run(&mut self, words: &[String]) {
        let mut line = String::new();
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            let mut part = quoted(word);
            if word.starts_with("--")
                && let Some(value) = words.next_if(|next| !next.starts_with("--"))
            {
                part = format!("{part} {}", quoted(value));
            }
            if line.is_empty() {
                line = part;
            } else if line.chars().count() + 3 + part.chars().count() <= self.width {
                line.extend([" ", &part]);
            } else {
                self.text.extend([&line, " \\\n"]);
                line = format!("    {part}");
            }
        }
        self.text.extend([&line, "\n"]);
    }
}

/// A day, as it was given.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Where a route leads to, as far as relayd would not know it by itself.
fn place(route: &Route) -> Vec<String> {
    let mut flags = Vec::new();
    let is_usual = match route.kind {
        RouteKind::SmtpAuth | RouteKind::SmtpOauth => route.server == "smtp.office365.com",
        RouteKind::Graph => route.server == "graph.microsoft.com",
        RouteKind::Connector | RouteKind::Smarthost => false,
        RouteKind::Capture => true,
    };
    if let Some(domain) = &route.mx_of {
        flags.extend(words(&["--mx-of", domain]));
    } else if !is_usual {
        flags.extend(words(&["--server", &route.server]));
    }
    let usual_security = match route.kind {
        RouteKind::Graph => RouteSecurity::Implicit,
        RouteKind::Capture => return flags,
        _ => RouteSecurity::StartTls,
    };
    let usual_port = match (route.kind, route.security) {
        (RouteKind::Graph, _) => 443,
        (RouteKind::Connector, _) => 25,
        (_, RouteSecurity::Implicit) => 465,
        _ => 587,
    };
    if route.port != usual_port {
        flags.extend(words(&["--port", &route.port.to_string()]));
    }
    if route.security != usual_security {
        flags.extend(words(&["--security", route.security.as_str()]));
    }
    flags
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A word as a shell takes it, and a terminal.
fn quoted(word: &str) -> String {
    let word = harmless(word);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, expected) in [
            ("acme", "acme"),
            ("2001:db8::/64", "2001:db8::/64"),
            ("Acme GmbH", "'Acme GmbH'"),
            ("O'Neil", "'O'\\''Neil'"),
            ("$(rm)", "'$(rm)'"),
            ("a\u{1b}[2J", "'a\u{fffd}[2J'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn long_commands_are_broken_between_flags() {
        let mut script = Script {
            text: String::new(),
            width: WIDTH,
        };
        let mut command = words(&["relayctl", "route", "set", "--kind", "smtp-auth"]);
        command.extend(words(&["--mailbox", "relay@acme.example", "--yes"]));
        command.extend(words(&["--password-file", "route.pw"]));
        script.run(&command);
        assert_eq!(
            script.text,
            "relayctl route set --kind smtp-auth --mailbox relay@acme.example --yes \\\n    \
             --password-file route.pw\n"
        );
    }
}
