//! Sender domains, and how an account proves that one is its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountPath, FindingLevel, Nothing, Page, PageQuery, endpoint::endpoints, words::words,
};

words! {
    /// How far the proof of a domain has come.
    DomainState {
        /// Its record was not seen yet.
        Pending = "pending",
        /// Its record was there at the last look.
        Verified = "verified",
        /// Its record is missing, which is forgiven for seven days.
        Failing = "failing",
        /// Its record was missing for too long: its senders are refused.
        Lapsed = "lapsed",
    }
}

words! {
    /// Whether the senders of an account must lie in domains that it has proven.
    DomainProof {
        /// They must.
        Required = "required",
        /// The operator answers for them.
        Waived = "waived",
    }
}

/// A record to publish in DNS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DnsRecord {
    /// Its name, whole.
    pub name: String,
    /// Its type: `TXT`.
    pub r#type: String,
    /// Its value, without quotes.
    pub value: String,
}

/// A sender domain of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Domain {
    /// Identifier.
    pub id: String,
    /// Name of the account.
    pub account: String,
    /// Its name, in A-labels. It stands for the domains below it, too.
    pub name: String,
    /// How far its proof has come.
    pub state: DomainState,
    /// The record that proves it.
    pub record: DnsRecord,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When its record was seen last.
    pub verified_at: Option<Timestamp>,
    /// When it was looked at last.
    pub checked_at: Option<Timestamp>,
    /// Since when its record is missing, after it was there.
    pub failing_since: Option<Timestamp>,
    /// When its senders are refused, unless the record comes back.
    pub lapses_at: Option<Timestamp>,
    /// What the last look found; empty before the first.
    pub found: String,
    /// Counts changes and looks.
    pub version: i64,
}

/// A new domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// Its name; international ones in either form.
    pub name: String,
}

/// What a look at the record of a domain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DomainCheck {
    /// The domain as it stands now.
    pub domain: Domain,
    /// Whether the record is there.
    pub proven: bool,
    /// Whether DNS answered. Without an answer the state of the domain stays.
    pub answered: bool,
    /// The TXT records at the name of the record, the first of them.
    pub texts: Vec<String>,
    /// The servers that answered.
    pub asked: Vec<String>,
}

/// What SPF or DMARC of a domain means for mail that leaves through the account's route. Nothing
/// is refused by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DomainHint {
    /// `spf` or `dmarc`.
    pub check: String,
    /// How much it matters.
    pub level: FindingLevel,
    /// What was found.
    pub sentence: String,
    /// What mends it; empty when nothing has to be.
    pub remedy: String,
    /// The record, when there is one.
    pub record: Option<String>,
}

/// Hints on a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DomainHints {
    /// One for SPF, one for DMARC.
    pub hints: Vec<DomainHint>,
}

/// Names a domain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DomainPath {
    /// Name or id of the account.
    pub account: String,
    /// Name or id of the domain.
    pub domain: String,
}

endpoints! {
    /// Registers a sender domain; the reply holds the TXT record that proves it.
    AddDomain: Owner Post "/v1/accounts/{account}/domains" (AccountPath, Nothing, NewDomain) -> 201 Domain;
    /// Lists an account's domains.
    ListDomains: Owner Get "/v1/accounts/{account}/domains" (AccountPath, PageQuery, Nothing) -> 200 Page<Domain>;
    /// Shows a domain.
    ShowDomain: Owner Get "/v1/accounts/{account}/domains/{domain}" (DomainPath, Nothing, Nothing) -> 200 Domain;
    /// Looks at the TXT record of a domain now, at the servers of its zone.
    VerifyDomain: Owner Post "/v1/accounts/{account}/domains/{domain}/verify" (DomainPath, Nothing, Nothing) -> 200 DomainCheck;
    /// Looks at SPF and DMARC of a domain and explains them.
    ShowDomainHints: Owner Get "/v1/accounts/{account}/domains/{domain}/hints" (DomainPath, Nothing, Nothing) -> 200 DomainHints;
    /// Removes a domain: its senders are refused, unless the proof is waived.
    RemoveDomain: Owner Delete "/v1/accounts/{account}/domains/{domain}" (DomainPath, Nothing, Nothing) -> 204 Nothing;
}
