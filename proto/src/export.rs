//! All data of an account, to take along.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Account, AccountPath, AuditEntry, Counts, Credential, Domain, ErrorKind, LimitAuthority,
    LimitScope, Nothing, Page, PageQuery, Reject, RelayUser, Route, RouteVersion, System, Trace,
    endpoint::endpoints, words::words,
};

words! {
    /// The parts of an export, in their order.
    ExportPart {
        /// The account itself; one.
        Account = "account",
        /// The subscriptions it had, oldest first.
        Subscriptions = "subscriptions",
        /// Its route; at most one.
        Route = "route",
        /// The versions of its route, newest first.
        RouteVersions = "route_versions",
        /// Its relay users, by name.
        RelayUsers = "relay_users",
        /// The passwords of its relay users, without the passwords.
        Credentials = "credentials",
        /// Its systems, by name.
        Systems = "systems",
        /// Its sender domains, by name.
        Domains = "domains",
        /// Limits that are set beside those of the plan.
        Limits = "limits",
        /// What went through, for each hour, relay user and system.
        Usage = "usage",
        /// What was refused, failed or was put off, for each hour and reason.
        Errors = "errors",
        /// Its mail with all that became of it, oldest first; no bodies.
        Messages = "messages",
        /// The refusals that are still listed, newest first.
        Rejects = "rejects",
        /// The entries of the audit log about it, newest first.
        Audit = "audit",
    }
}

/// A subscription that an account has or had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PastSubscription {
    /// Identifier.
    pub id: String,
    /// Name of the plan.
    pub plan: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when; `null` while it runs.
    pub ended_at: Option<Timestamp>,
}

/// What is told of a password of a relay user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CredentialOf {
    /// User name of the relay user.
    pub user: String,
    /// Its name and use.
    #[serde(flatten)]
    pub credential: Credential,
}

/// Limits that are set beside those of the plan. `null` is not set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetLimitsOf {
    /// What they are set for.
    pub scope: LimitScope,
    /// Name of the relay user or system; that of the account for the whole account.
    pub name: String,
    /// Who set them.
    pub set_by: LimitAuthority,
    /// Messages in a minute.
    pub messages_per_minute: Option<u64>,
    /// Messages in a day.
    pub messages_per_day: Option<u64>,
    /// Recipients in a day.
    pub recipients_per_day: Option<u64>,
    /// Recipients of one message.
    pub recipients_per_message: Option<u64>,
    /// Size of one message, in bytes.
    pub message_size: Option<u64>,
}

/// What went through in one hour. Names are `null` when the object is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourOfUse {
    /// When the hour begins.
    pub hour: Timestamp,
    /// User name of the relay user.
    pub user: Option<String>,
    /// Name of the system.
    pub system: Option<String>,
    /// Domain of the sender.
    pub domain: Option<String>,
    /// What it sent.
    pub counts: Counts,
}

/// What was refused, failed or was put off in one hour. Names are `null` when they are not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourOfErrors {
    /// When the hour begins.
    pub hour: Timestamp,
    /// User name of the relay user, where known.
    pub user: Option<String>,
    /// Name of the system, where known.
    pub system: Option<String>,
    /// Domain of the sender, where known.
    pub domain: Option<String>,
    /// What it came to.
    pub kind: ErrorKind,
    /// Code of the reason.
    pub reason: String,
    /// How often.
    pub count: u64,
}

/// One record of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "part", content = "value", rename_all = "snake_case")]
pub enum ExportRecord {
    /// The account.
    Account(Account),
    /// A subscription.
    Subscriptions(PastSubscription),
    /// Its route.
    Route(Route),
    /// A version of its route.
    RouteVersions(RouteVersion),
    /// A relay user.
    RelayUsers(RelayUser),
    /// A password of a relay user.
    Credentials(CredentialOf),
    /// A system.
    Systems(System),
    /// A sender domain.
    Domains(Domain),
    /// Limits.
    Limits(SetLimitsOf),
    /// An hour of use.
    Usage(HourOfUse),
    /// An hour of errors.
    Errors(HourOfErrors),
    /// A message.
    Messages(Trace),
    /// A refusal.
    Rejects(Reject),
    /// An entry of the audit log.
    Audit(AuditEntry),
}

impl ExportRecord {
    /// The part that it belongs to.
    pub const fn part(&self) -> ExportPart {
        match self {
            Self::Account(_) => ExportPart::Account,
            Self::Subscriptions(_) => ExportPart::Subscriptions,
            Self::Route(_) => ExportPart::Route,
            Self::RouteVersions(_) => ExportPart::RouteVersions,
            Self::RelayUsers(_) => ExportPart::RelayUsers,
            Self::Credentials(_) => ExportPart::Credentials,
            Self::Systems(_) => ExportPart::Systems,
            Self::Domains(_) => ExportPart::Domains,
            Self::Limits(_) => ExportPart::Limits,
            Self::Usage(_) => ExportPart::Usage,
            Self::Errors(_) => ExportPart::Errors,
            Self::Messages(_) => ExportPart::Messages,
            Self::Rejects(_) => ExportPart::Rejects,
            Self::Audit(_) => ExportPart::Audit,
        }
    }
}

endpoints! {
    /// Exports all data of an account, part by part; secrets and bodies of mail are not among it. A page may be short, or empty, before the end.
    ExportAccount: Owner Get "/v1/accounts/{account}/export" (AccountPath, PageQuery, Nothing) -> 200 Page<ExportRecord>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_tagged_with_the_word_of_its_part() {
        let record = ExportRecord::Subscriptions(PastSubscription {
            id: "sub_1".to_owned(),
            plan: "starter".to_owned(),
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
        });
        let json = serde_json::to_value(&record).unwrap();
        assert_eq!(json["part"], record.part().as_str());
        assert_eq!(json["value"]["plan"], "starter");
    }
}
