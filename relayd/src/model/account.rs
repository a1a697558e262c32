//! Customers.

use jiff::Timestamp;

use super::{AccountId, Address, Authority, DomainProof, text_enum};

text_enum! {
    /// The life of an account.
    AccountState {
        /// Data given; waits for the e-mail code, the operator, or both.
        Registered = "registered",
        /// May sign in and send.
        Active = "active",
        /// Stopped by the operator or its owner; can be resumed.
        Suspended = "suspended",
        /// Ended: takes no mail; what it still has in the queue goes out, or is cancelled.
        Closing = "closing",
        /// Ended for good.
        Closed = "closed",
    }
}

impl AccountState {
    /// Whether the account has ended, for good.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Closing | Self::Closed)
    }
}

text_enum! {
    /// Whom an account belongs to.
    AccountKind {
        /// A company.
        Company = "company",
        /// A person.
        Person = "person",
    }
}

text_enum! {
    /// Who is told that mail of an account failed or is late.
    BouncesTo {
        /// The envelope sender, as RFC 3461 says.
        Sender = "sender",
        /// The contact of the account: devices read no mail.
        Contact = "contact",
        /// Nobody; the log tells.
        None = "none",
    }
}

/// Who the customer is and how to reach them. Fields that were not given are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
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
    /// Where codes and notifications go.
    pub email: Address,
    /// Telephone number.
    pub phone: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// Country, as two letters of ISO 3166.
    pub country: String,
}

/// Who stopped an account, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// Who: what the operator stopped, its owner cannot resume.
    pub by: Authority,
    /// Why, as devices and the owner read it; empty when nothing was said.
    pub reason: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Short name for commands, unique: lower-case letters, digits and hyphens.
    pub name: String,
    /// Who the customer is.
    pub contact: Contact,
    /// Where in its life the account is.
    pub state: AccountState,
    /// When the contact e-mail was confirmed by code, or vouched for by the operator.
    pub verified_at: Option<Timestamp>,
    /// When the operator activated it.
    pub activated_at: Option<Timestamp>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Whether its owner registered it, not the operator.
    pub self_registered: bool,
    /// Whether its senders must lie in domains that it has proven.
    pub domain_proof: DomainProof,
    /// Who is told that its mail failed or is late.
    pub bounces_to: BouncesTo,
    /// Why it was rejected; empty when it was not.
    pub note: String,
    /// Who stopped it, while it is suspended.
    pub suspension: Option<Suspension>,
    /// When a closing account gives up what is still in its queue.
    pub drain_until: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Counts changes; for optimistic locking.
    pub version: i64,
}
