//! The configuration of an account as a whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountKind, AccountPath, BouncesTo, CheckStep, DomainProof, DomainState, LimitAuthority,
    LimitSettings, Nothing, OtherSender, Priority, RouteSettings, SystemAuth, SystemState,
    UserState, endpoint::endpoints, words::words,
};

/// The configuration of an account: what is shown, and what is wanted. It has no secrets when it is
/// shown; those of a route, and the passwords of new relay users, may stand in what is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Who the customer is.
    #[serde(default)]
    pub account: ConfiguredAccount,
    /// Name of the plan; when not given, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The first route, all of its settings; when not given, it stays. A setting that is not given
    /// takes its default. Stored secrets stay like those of `SetRoute`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteSettings>,
    /// The route beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<RouteSettings>,
    /// All limits that are set for the account as a whole; when not given, they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitSettings>,
    /// Who set them; what is given here is of no meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits_set_by: Option<LimitAuthority>,
    /// The sender domains.
    #[serde(default)]
    pub domains: Vec<ConfiguredDomain>,
    /// The relay users.
    #[serde(default)]
    pub users: Vec<ConfiguredUser>,
    /// The systems.
    #[serde(default)]
    pub systems: Vec<ConfiguredSystem>,
    /// Tells this configuration apart from any other of the account, also told as `ETag`; what is
    /// given here is of no meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Who the customer is; fields that are not given stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredAccount {
    /// Name of the account; another than that of the account in question is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Company or person; cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccountKind>,
    /// Name of the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// VAT identification number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
    /// First name of the person or contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name of the person or contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Contact e-mail; the operator's alone to change here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Country, two letters of ISO 3166.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Who is told that its mail failed or is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounces_to: Option<BouncesTo>,
    /// Whether its senders must lie in domains that it has proven; the operator's alone to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_proof: Option<DomainProof>,
}

/// A sender domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredDomain {
    /// Its name.
    pub name: String,
    /// How far its proof has come; what is given here is of no meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DomainState>,
}

/// A relay user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredUser {
    /// User name. Another name is another relay user.
    pub username: String,
    /// The address it sends as.
    pub sender: String,
    /// Further addresses it may send as.
    #[serde(default)]
    pub allowed_senders: Vec<String>,
    /// What to do with any other sender; `reject` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_sender: Option<OtherSender>,
    /// Whether it may sign in; `active` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<UserState>,
    /// All limits that are set for it; when not given, they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitSettings>,
    /// Who set them; what is given here is of no meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits_set_by: Option<LimitAuthority>,
    /// Its password, required where there is no such relay user yet, and of no meaning where there
    /// is. Never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for ConfiguredUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfiguredUser")
            .field("username", &self.username)
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// A system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfiguredSystem {
    /// Name. Another name is another system.
    pub name: String,
    /// IP address or network it connects from.
    pub address: String,
    /// Name or id of the relay user it sends as.
    pub user: String,
    /// How it proves who it is; `password` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<SystemAuth>,
    /// Whether its mail goes first; `normal` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Whether it may send; `active` when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<SystemState>,
    /// All limits that are set for it; when not given, they stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitSettings>,
    /// Who set them; what is given here is of no meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits_set_by: Option<LimitAuthority>,
}

/// What an account's configuration shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedConfiguration {
    /// What it shall be. What is not in it is left alone.
    pub configuration: Configuration,
    /// Remove domains, relay users, systems, limits and a fallback that are not in it.
    #[serde(default)]
    pub prune: bool,
    /// Compare only; change nothing, and try no route. A read-only token may do that.
    #[serde(default)]
    pub dry_run: bool,
}

words! {
    /// What is to be done with a part of a configuration.
    ConfigurationAction {
        /// It is new.
        Add = "add",
        /// Some of its values change.
        Change = "change",
        /// It goes.
        Remove = "remove",
    }
}

words! {
    /// A part of a configuration.
    ConfigurationPart {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationValue {
    /// Its name.
    pub name: String,
    /// What it was; `null` for nothing. A secret is told to be there, never shown.
    pub before: Option<String>,
    /// What it will be.
    pub after: Option<String>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationChange {
    /// What is to be done.
    pub action: ConfigurationAction,
    /// With what.
    pub part: ConfigurationPart,
    /// Its name; empty where there is one of its kind.
    pub name: String,
    /// Its values: those that change, and of what comes or goes all.
    pub values: Vec<ConfigurationValue>,
}

/// Something that is there and was not named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationLeftover {
    /// What it is.
    pub part: ConfigurationPart,
    /// Its name; empty where there is one of its kind.
    pub name: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConfigurationResult {
    /// Whether it was done; not so in a dry run, and where nothing differs.
    pub applied: bool,
    /// What differs, or did.
    pub changes: Vec<ConfigurationChange>,
    /// What was left alone, since it is not in the configuration that was given.
    pub left: Vec<ConfigurationLeftover>,
    /// What the checks of changed routes tried.
    pub steps: Vec<CheckStep>,
    /// Messages that wait in the queue of the account.
    pub queued: u64,
    /// The version of the configuration as it is now.
    pub version: i64,
}

endpoints! {
    /// Shows the configuration of an account, without secrets.
    ShowConfiguration: Owner Get "/v1/accounts/{account}/configuration" (AccountPath, Nothing, Nothing) -> 200 Configuration;
    /// Makes the configuration of an account what is given: all of it, or nothing.
    ApplyConfiguration: Owner Put "/v1/accounts/{account}/configuration" (AccountPath, Nothing, WantedConfiguration) -> 200 ConfigurationResult;
}
