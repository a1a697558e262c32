//! Customers, and what may be done with one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{DomainProof, Nothing, Page, endpoint::endpoints, words::words};

words! {
    /// Who is told that mail of an account failed or is late.
    BouncesTo {
        /// The envelope sender.
        Sender = "sender",
        /// The contact of the account.
        Contact = "contact",
        /// Nobody.
        None = "none",
    }
}

words! {
    /// The life of an account.
    AccountState {
        /// Waits for the e-mail to be verified, the operator, or both.
        Registered = "registered",
        /// May sign in and send.
        Active = "active",
        /// Stopped; can be resumed.
        Suspended = "suspended",
        /// Ended; what it still has in the queue goes out, or is being cancelled.
        Closing = "closing",
        /// Ended for good.
        Closed = "closed",
    }
}

words! {
    /// Whom an account belongs to.
    AccountKind {
        /// A company.
        Company = "company",
        /// A person.
        Person = "person",
    }
}

words! {
    /// Who suspended an account.
    SuspendedBy {
        /// Who runs relayd.
        Operator = "operator",
        /// Who owns the account.
        Owner = "owner",
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// Identifier.
    pub id: String,
    /// Short name for commands, unique.
    pub name: String,
    /// Where in its life it is.
    pub state: AccountState,
    /// Company or person.
    pub kind: AccountKind,
    /// Name of the company.
    pub company: String,
    /// VAT identification number.
    pub vat_id: String,
    /// First name of the person or contact.
    pub first_name: String,
    /// Last name of the person or contact.
    pub last_name: String,
    /// Contact e-mail.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Country, two letters of ISO 3166.
    pub country: String,
    /// When the contact e-mail was confirmed or vouched for.
    pub verified_at: Option<Timestamp>,
    /// When the operator activated it.
    pub activated_at: Option<Timestamp>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Whether its senders must lie in domains that it has proven.
    pub domain_proof: DomainProof,
    /// Who is told that its mail failed or is late.
    pub bounces_to: BouncesTo,
    /// A contact e-mail that waits for its code; until then the old one counts.
    pub new_email: Option<String>,
    /// Why it was rejected; empty when it was not.
    pub note: String,
    /// Who suspended it; `null` unless it is suspended. The owner cannot resume what the operator
    /// suspended.
    #[serde(default)]
    pub suspended_by: Option<SuspendedBy>,
    /// Why it is suspended, as its devices are told; empty when nothing was said.
    #[serde(default)]
    pub suspended_for: String,
    /// When an account that is closing gives up what is still in its queue.
    #[serde(default)]
    pub drain_until: Option<Timestamp>,
    /// When it was closed.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// Messages in its queue, held ones included.
    #[serde(default)]
    pub queued: u64,
    /// Name of the plan it is subscribed to.
    pub plan: Option<String>,
    /// Whether mail is taken for it now.
    pub sends: bool,
    /// Codes of the reasons why not, in the order in which to mend them.
    pub missing: Vec<String>,
    /// Counts changes.
    pub version: i64,
}

/// Changes of an account; fields that are not given stay.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
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
    /// Contact e-mail. Changed by the owner it takes the present sign-in password, and counts once
    /// its code was given; the present one takes back what was asked for. The operator vouches for
    /// it, which ends the sessions of the account.
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
    /// Whether its senders must lie in domains that it has proven. The operator's alone to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_proof: Option<DomainProof>,
    /// Who is told that its mail failed or is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounces_to: Option<BouncesTo>,
    /// The present sign-in password: another contact e-mail takes it, of a session and of a token
    /// alike. The operator need not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_password: Option<String>,
}

/// The password never prints.
impl std::fmt::Debug for AccountChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountChange")
            .field("company", &self.company)
            .field("email", &self.email)
            .field("domain_proof", &self.domain_proof)
            .finish_non_exhaustive()
    }
}

words! {
    /// What an account of a list is in.
    AccountFilter {
        /// Waits for its e-mail code, the operator, or both.
        Waiting = "waiting",
        /// May sign in and send.
        Active = "active",
        /// Stopped.
        Suspended = "suspended",
        /// Ended, with mail that is still to go out.
        Closing = "closing",
        /// Ended for good.
        Closed = "closed",
    }
}

/// Which accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountQuery {
    /// Those in this state; all when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AccountFilter>,
    /// `next_cursor` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Most objects of a page: 1 to 1000, 100 when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Why an account is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// For the customer, who reads it in a mail.
    pub reason: String,
}

/// Why an account is stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspending {
    /// For the customer, and for the log of its devices, which are refused with it: one line, 160
    /// characters at most.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

words! {
    /// What becomes of the queue of an account that is closed.
    QueueEnd {
        /// It goes out, as long as mail may wait at all; what is left then is cancelled.
        Drain = "drain",
        /// It is cancelled at once.
        Cancel = "cancel",
    }
}

/// How an account ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// What becomes of its queue.
    pub queue: QueueEnd,
}

/// Names an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountPath {
    /// Its name or id.
    pub account: String,
}

endpoints! {
    /// Lists the accounts; for an owner that is the own one.
    ListAccounts: Owner Get "/v1/accounts" (Nothing, AccountQuery, Nothing) -> 200 Page<Account>;
    /// Shows an account and what it still lacks before it can send. Answers with `ETag`.
    ShowAccount: Owner Get "/v1/accounts/{account}" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Changes the data of an account. Takes `If-Match`.
    EditAccount: Owner Patch "/v1/accounts/{account}" (AccountPath, Nothing, AccountChange) -> 200 Account;
    /// Lets the operator vouch for the contact e-mail.
    VerifyAccount: Operator Post "/v1/accounts/{account}/verify" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Activates an account; it becomes active as soon as its e-mail is verified, too.
    ActivateAccount: Operator Post "/v1/accounts/{account}/activate" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Rejects an account that waits for activation, for good; the customer is told why.
    RejectAccount: Operator Post "/v1/accounts/{account}/reject" (AccountPath, Nothing, Rejection) -> 200 Account;
    /// Stops an account: its mail is refused and its queue waits until it is resumed.
    SuspendAccount: Owner Post "/v1/accounts/{account}/suspend" (AccountPath, Nothing, Suspending) -> 200 Account;
    /// Lets a suspended account go on. The owner cannot end what the operator began.
    ResumeAccount: Owner Post "/v1/accounts/{account}/resume" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Closes an account for good: no mail and no sign-in from now on; its queue goes out or is cancelled, then its secrets are wiped.
    CloseAccount: Owner Post "/v1/accounts/{account}/close" (AccountPath, Nothing, Closing) -> 200 Account;
}
