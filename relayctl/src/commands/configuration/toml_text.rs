//! A configuration as TOML, with comments: the same text for the same configuration.

use std::fmt::Write as _;

use relay_proto::{
    Configuration, ConfiguredAccount, ConfiguredDomain, DomainState, LimitAuthority, LimitSettings,
    RouteGrant, RouteKind, RouteSettings,
};

use crate::output::cell::harmless;

/// The text under construction.
#[derive(Default)]
struct Text(String);

/// The whole file.
pub(super) fn written(configuration: &Configuration, account: &str) -> String {
    let mut text = Text::default();
    text.head(account);
    text.plan(configuration.plan.as_deref());
    text.domains(&configuration.domains);
    text.account(&configuration.account);
    if let Some(route) = &configuration.route {
        text.route("route", "How mail leaves.", route);
    }
    if let Some(route) = &configuration.fallback {
        let what = "The way that is used only while the first one is held or out of reach.";
        text.route("fallback", what, route);
    }
    if let Some(limits) = &configuration.limits {
        text.comment(&[
            "",
            "Limits of the account as a whole, beside those of the plan.",
        ]);
        text.limits("limits", limits, configuration.limits_set_by);
    }
    text.users(configuration);
    text.systems(configuration);
    text.0
}

impl Text {
    fn head(&mut self, account: &str) {
        self.comment(&[
            &format!("Configuration of account {account}."),
            "",
            "relayctl apply FILE --dry-run   shows what would change",
            "relayctl apply FILE             shows it, asks, and changes all or nothing",
            "",
            "There are no secrets in this file. Passwords of relay users and the secrets",
            "of routes stay in relayd as they are; another secret of a route comes by",
            "--password-file, --client-secret-file, or --certificate and --key.",
            "What is not in this file is left alone, unless apply is given --prune.",
        ]);
    }

    fn plan(&mut self, plan: Option<&str>) {
        self.comment(&["", "The plan; relayctl plan list shows those there are."]);
        match plan {
            Some(plan) => self.value("plan", &quoted(plan)),
            None => self.comment(&["plan = \"NAME\""]),
        }
    }

    fn domains(&mut self, domains: &[ConfiguredDomain]) {
        self.comment(&[
            "",
            "Sender domains. A new one waits for its proof: relayctl domain verify NAME",
        ]);
        if domains.is_empty() {
            self.value("domains", "[]");
            return;
        }
        self.line("domains = [");
        for domain in domains {
            let state = match domain.state {
                None | Some(DomainState::Verified) => String::new(),
                Some(state) => format!("  # {state}"),
            };
            self.line(&format!("    {},{state}", quoted(&domain.name)));
        }
        self.line("]");
    }

    fn account(&mut self, it: &ConfiguredAccount) {
        self.comment(&[
            "",
            "Who the customer is; a key that is not here stays. Without its name this",
            "file can be applied to any account. bounces_to: sender, contact or none are",
            "told that mail failed. E-mail and domain_proof are the operator's to change.",
        ]);
        self.line("[account]");
        self.text("name", it.name.as_deref());
        self.text("kind", it.kind.map(relay_proto::AccountKind::as_str));
        self.text("company", it.company.as_deref());
        self.text("vat_id", it.vat_id.as_deref());
        self.text("first_name", it.first_name.as_deref());
        self.text("last_name", it.last_name.as_deref());
        self.text("email", it.email.as_deref());
        self.text("phone", it.phone.as_deref());
        self.text("street", it.street.as_deref());
        self.text("postal_code", it.postal_code.as_deref());
        self.text("city", it.city.as_deref());
        self.text("country", it.country.as_deref());
        self.text(
            "bounces_to",
            it.bounces_to.map(relay_proto::BouncesTo::as_str),
        );
        self.text(
            "domain_proof",
            it.domain_proof.map(relay_proto::DomainProof::as_str),
        );
    }

    fn route(&mut self, name: &str, what: &str, it: &RouteSettings) {
        self.comment(&["", what]);
        let secret = match (it.kind, it.grant) {
            (RouteKind::SmtpAuth, _) => "Its password is not shown.",
            (RouteKind::Smarthost, _) if it.mailbox.is_some() => "Its password is not shown.",
            (_, Some(RouteGrant::ClientSecret)) => "Its client secret is not shown.",
            (_, Some(RouteGrant::Certificate)) => "Its certificate and key are not shown.",
            (_, Some(RouteGrant::DeviceCode)) => {
                "Somebody signed in for it: relayctl route authorize"
            }
            _ => "",
        };
        if !secret.is_empty() {
            self.comment(&[secret]);
        }
        self.comment(&["A change is checked against the server first, as by relayctl route set."]);
        self.line(&format!("[{name}]"));
        self.text("kind", Some(it.kind.as_str()));
        self.text("server", it.server.as_deref());
        self.text("mx_of", it.mx_of.as_deref());
        self.number("port", it.port);
        self.text(
            "security",
            it.security.map(relay_proto::RouteSecurity::as_str),
        );
        self.text("mailbox", it.mailbox.as_deref());
        self.text("cloud", it.cloud.map(relay_proto::Cloud::as_str));
        self.text("tenant", it.tenant.as_deref());
        self.text("client_id", it.client_id.as_deref());
        self.text("grant", it.grant.map(RouteGrant::as_str));
        let ends = it.client_secret_expires_at.map(|at| at.to_string());
        let ends = ends.map(|at| {
            at.strip_suffix("T00:00:00Z")
                .map_or(at.clone(), str::to_owned)
        });
        self.text("client_secret_expires", ends.as_deref());
        self.text("authority", it.authority.as_deref());
        self.text("scope", it.scope.as_deref());
        self.text("folder", it.folder.as_deref());
        self.number("connections", it.connections);
        self.limit("per_minute", it.per_minute);
        self.limit("per_day", it.recipients_per_day);
        self.number("recipients_per_mail", it.recipients_per_mail);
        let keep_open = it.keep_open.map(|seconds| format!("{seconds}s"));
        self.text("keep_open", keep_open.as_deref());
        self.text(
            "unknown_outcome",
            it.unknown_outcome.map(relay_proto::UnknownOutcome::as_str),
        );
        if let Some(pem) = &it.ca_pem {
            self.comment(&["The certificates that the server is trusted by."]);
            self.value("server_ca", &long(pem));
        }
    }

    fn users(&mut self, all: &Configuration) {
        self.comment(&[
            "",
            "Relay users: what devices sign in as. A new one gets a password from",
            "relayctl apply, shown once. Another name is another relay user.",
            "other_sender: reject or rewrite. state: active or suspended.",
        ]);
        for user in &all.users {
            let table = format!("users.{}", key(&user.username));
            self.line("");
            self.line(&format!("[{table}]"));
            self.text("sender", Some(&user.sender));
            if !user.allowed_senders.is_empty() {
                let senders: Vec<_> = user.allowed_senders.iter().map(|it| quoted(it)).collect();
                let one_line = format!("[{}]", senders.join(", "));
                if one_line.len() <= 60 {
                    self.value("allowed_senders", &one_line);
                } else {
                    let lines = format!("[\n    {},\n]", senders.join(",\n    "));
                    self.value("allowed_senders", &lines);
                }
            }
            self.text(
                "other_sender",
                user.other_sender.map(relay_proto::OtherSender::as_str),
            );
            self.text("state", user.state.map(relay_proto::UserState::as_str));
            if let Some(limits) = &user.limits {
                self.limits(&format!("{table}.limits"), limits, user.limits_set_by);
            }
        }
    }

    fn systems(&mut self, all: &Configuration) {
        self.comment(&[
            "",
            "Systems: the devices and their addresses. auth: password or address.",
            "priority: high or normal. state: active or suspended.",
        ]);
        for system in &all.systems {
            let table = format!("systems.{}", key(&system.name));
            self.line("");
            self.line(&format!("[{table}]"));
            self.text("address", Some(&system.address));
            self.text("user", Some(&system.user));
            self.text("auth", system.auth.map(relay_proto::SystemAuth::as_str));
            self.text(
                "priority",
                system.priority.map(relay_proto::Priority::as_str),
            );
            self.text("state", system.state.map(relay_proto::SystemState::as_str));
            if let Some(limits) = &system.limits {
                self.limits(&format!("{table}.limits"), limits, system.limits_set_by);
            }
        }
    }

    fn limits(&mut self, table: &str, it: &LimitSettings, set_by: Option<LimitAuthority>) {
        if let Some(set_by) = set_by {
            self.comment(&[&format!("Set by the {set_by}.")]);
        }
        self.line(&format!("[{table}]"));
        self.number("messages_per_minute", it.messages_per_minute);
        self.number("messages_per_day", it.messages_per_day);
        self.number("recipients_per_day", it.recipients_per_day);
        self.number("recipients_per_message", it.recipients_per_message);
        self.number("message_size", it.message_size);
    }

    /// Comment lines; an empty one at the beginning parts it from what stands above.
    fn comment(&mut self, lines: &[&str]) {
        for (number, line) in lines.iter().enumerate() {
            if !line.is_empty() {
                self.line(&format!("# {}", harmless(line)));
            } else if number == 0 {
                self.line("");
            } else {
                self.line("#");
            }
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.value(name, &quoted(text));
        }
    }

    fn number(&mut self, name: &str, number: Option<impl ToString>) {
        if let Some(number) = number {
            self.value(name, &number.to_string());
        }
    }

    /// A limit of a route, where 0 is none.
    fn limit(&mut self, name: &str, limit: Option<u32>) {
        match limit {
            Some(0) => self.value(name, "0  # no limit"),
            limit => self.number(name, limit),
        }
    }

    fn value(&mut self, name: &str, value: &str) {
        self.line(&format!("{name} = {value}"));
    }

    fn line(&mut self, line: &str) {
        // Writing to a String does not fail.
        let _ = writeln!(self.0, "{line}");
    }
}

/// A name as the key of a table.
fn key(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A string of TOML. What could do harm in a terminal is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let is_harmful = harmless(c.encode_utf8(&mut [0; 4])) != c.to_string();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_harmful || c == '\u{fffd}' => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text of several lines, as it stands.
fn long(text: &str) -> String {
    let is_plain = |c: char| c == '\n' || (c.is_ascii() && !c.is_control());
    if text.contains(['"', '\\']) || !text.chars().all(is_plain) {
        return quoted(text);
    }
    format!("\"\"\"\n{text}\"\"\"")
}
