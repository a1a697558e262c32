//! What differs between what is and what is wanted, in words.

use crate::model::{Account, Address, LimitSet, RelayUser, Route, System, text_enum};

text_enum! {
    /// What is to be done.
    Action {
        /// It is new.
        Add = "add",
        /// Some of its values change.
        Change = "change",
        /// It goes.
        Remove = "remove",
    }
}

text_enum! {
    /// What a difference is about.
    Part {
        /// Who the customer is.
        Account = "account",
        /// The plan.
        Plan = "plan",
        /// The first route.
        Route = "route",
        /// The route beside it.
        Fallback = "fallback",
        /// A domain.
        Domain = "domain",
        /// A relay user.
        User = "user",
        /// A system.
        System = "system",
        /// Limits of the account.
        Limits = "limits",
        /// Limits of a relay user.
        UserLimits = "user-limits",
        /// Limits of a system.
        SystemLimits = "system-limits",
    }
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// Its name as the API has it.
    pub name: &'static str,
    /// What it was; `None` for nothing. A secret is told to be there, never shown.
    pub before: Option<String>,
    /// What it will be.
    pub after: Option<String>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is to be done.
    pub action: Action,
    /// With what.
    pub part: Part,
    /// Its name; empty where there is one of its kind.
    pub name: String,
    /// Its values.
    pub values: Vec<ChangedValue>,
}

/// The values of something, by name.
pub(super) type Values = Vec<(&'static str, Option<String>)>;

/// What changes from one list of values to another of the same names.
pub(super) fn changed(before: Values, after: Values) -> Vec<ChangedValue> {
    let pairs = before.into_iter().zip(after);
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((name, before), (_, after))| ChangedValue {
            name,
            before,
            after,
        })
        .collect()
}

/// The values of something new.
pub(super) fn fresh(values: Values) -> Vec<ChangedValue> {
    changed(none_of(&values), values)
}

/// The same where it goes.
pub(super) fn gone(values: Values) -> Vec<ChangedValue> {
    let nothing = none_of(&values);
    changed(values, nothing)
}

fn none_of(values: &[(&'static str, Option<String>)]) -> Values {
    values.iter().map(|(name, _)| (*name, None)).collect()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "stands in a list beside values that may be missing"
)]
fn shown(value: &impl ToString) -> Option<String> {
    Some(value.to_string())
}

pub(super) fn of_account(account: &Account) -> Values {
    let it = &account.contact;
    vec![
        ("company", text(&it.company)),
        ("vat_id", text(&it.vat_id)),
        ("first_name", text(&it.first_name)),
        ("last_name", text(&it.last_name)),
        ("email", shown(&it.email)),
        ("phone", text(&it.phone)),
        ("street", text(&it.street)),
        ("postal_code", text(&it.postal_code)),
        ("city", text(&it.city)),
        ("country", text(&it.country)),
        ("bounces_to", shown(&account.bounces_to)),
        ("domain_proof", shown(&account.domain_proof)),
    ]
}

pub(super) fn of_user(user: &RelayUser) -> Values {
    let mut allowed: Vec<_> = user.allowed_senders.iter().map(Address::as_str).collect();
    allowed.sort_unstable();
    vec![
        ("sender", shown(&user.sender)),
        ("allowed_senders", text(&allowed.join(", "))),
        ("other_sender", shown(&user.other_sender)),
        ("state", shown(&user.state)),
    ]
}

pub(super) fn of_system(system: &System, user: &str) -> Values {
    vec![
        ("address", shown(&system.network)),
        ("user", text(user)),
        ("auth", shown(&system.auth)),
        ("priority", shown(&system.priority)),
        ("state", shown(&system.state)),
    ]
}

pub(super) fn of_limits(limits: &LimitSet) -> Values {
    vec![
        (
            "messages_per_minute",
            limits.messages_per_minute.map(|it| it.to_string()),
        ),
        (
            "messages_per_day",
            limits.messages_per_day.map(|it| it.to_string()),
        ),
        (
            "recipients_per_day",
            limits.recipients_per_day.map(|it| it.to_string()),
        ),
        (
            "recipients_per_message",
            limits.recipients_per_message.map(|it| it.to_string()),
        ),
        ("message_size", limits.message_size.map(|it| it.to_string())),
    ]
}

/// The values of a route that may be seen.
pub(super) fn of_route(route: &Route) -> Values {
    let oauth = route.oauth.as_ref();
    let ends = oauth.and_then(|it| it.grant.expires_at());
    let has_server = !route.server.is_empty() || route.mx_of.is_some();
    let pem = |pem: &String| {
        let count = pem.matches("-----BEGIN CERTIFICATE-----").count();
        let s = if count == 1 { "" } else { "s" };
        format!("{count} certificate{s}")
    };
    vec![
        ("kind", shown(&route.kind)),
        ("server", text(&route.server)),
        ("mx_of", route.mx_of.as_ref().map(ToString::to_string)),
        ("port", has_server.then(|| route.port.to_string())),
        ("security", has_server.then(|| route.security.to_string())),
        ("mailbox", text(&route.mailbox)),
        ("cloud", oauth.map(|it| it.cloud.to_string())),
        ("tenant", oauth.map(|it| it.tenant.to_string())),
        ("client_id", oauth.map(|it| it.client_id.clone())),
        ("grant", oauth.map(|it| it.grant.as_str().to_owned())),
        ("client_secret_expires_at", ends.map(|it| it.to_string())),
        ("authority", oauth.and_then(|it| it.authority.clone())),
        ("scope", oauth.and_then(|it| it.scope.clone())),
        ("ca_pem", route.ca_pem.as_ref().map(pem)),
        (
            "folder",
            route.folder.as_ref().map(|it| it.display().to_string()),
        ),
        ("connections", shown(&route.pace.connections)),
        ("per_minute", shown(&route.pace.per_minute.unwrap_or(0))),
        (
            "recipients_per_day",
            shown(&route.pace.recipients_per_day.unwrap_or(0)),
        ),
        ("recipients_per_mail", shown(&route.handling.recipients)),
        ("keep_open", shown(&route.handling.keep_open.as_secs())),
        ("unknown_outcome", shown(&route.handling.unknown_outcome)),
    ]
}

/// The secrets of a route, as differences name them.
pub(super) const SECRETS: [&str; 3] = ["password", "client_secret", "certificate"];

/// Which secrets of a route were given.
#[derive(Clone, Copy)]
pub(super) struct GivenSecrets {
    pub(super) password: bool,
    pub(super) client_secret: bool,
    pub(super) key: bool,
}

impl GivenSecrets {
    /// Whether one is compared with a secret that this route has.
    pub(super) fn meets_stored(self, old: &Route) -> bool {
        (self.password && old.password.is_some())
            || (self.client_secret && old.client_secret().is_some())
            || (self.key && old.certificate().is_some())
    }
}

/// What changes of a route, secrets included, which are not shown. With `hidden`, what was given of
/// them is told as a change, and not whether it is one.
pub(super) fn of_routes(
    before: &Route,
    after: &Route,
    hidden: Option<GivenSecrets>,
) -> Vec<ChangedValue> {
    let mut values = changed(of_route(before), of_route(after));
    let secrets = [
        (
            "password",
            before.password.is_some(),
            after.password.is_some(),
        ),
        (
            "client_secret",
            before.client_secret().is_some(),
            after.client_secret().is_some(),
        ),
        (
            "certificate",
            before.certificate().is_some(),
            after.certificate().is_some(),
        ),
        ("ca_pem", before.ca_pem.is_some(), after.ca_pem.is_some()),
    ];
    let differences = after.differences(before);
    for (name, had, has) in secrets {
        let is_given = hidden.is_some_and(|given| match name {
            "password" => given.password,
            "client_secret" => given.client_secret,
            "certificate" => given.key,
            _ => false,
        });
        let is_told = values.iter().any(|value| value.name == name);
        if (is_given || differences.contains(&name)) && !is_told {
            let after = match (is_given, had) {
                (true, _) => "(given)",
                (false, true) => "(another)",
                (false, false) => "(set)",
            };
            values.push(ChangedValue {
                name,
                before: had.then(|| "(set)".to_owned()),
                after: has.then(|| after.to_owned()),
            });
        }
    }
    values
}
