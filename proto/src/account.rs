//! Customers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, PageQuery, endpoint::endpoints, words::words};

words! {
    /// The life of an account.
    AccountState {
        /// Waits for the e-mail to be verified, the operator, or both.
        Registered = "registered",
        /// May sign in and send.
        Active = "active",
        /// Stopped; can be resumed.
        Suspended = "suspended",
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
    /// Name of the plan it is subscribed to.
    pub plan: Option<String>,
    /// Whether mail is taken for it now.
    pub sends: bool,
    /// Codes of the reasons why not, in the order in which to mend them.
    pub missing: Vec<String>,
    /// Counts changes.
    pub version: i64,
}

/// A new account. Texts that are not given are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Short name: lower-case letters, digits and hyphens, 2 to 40. Made from the company or the
    /// person's name when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Company or person.
    pub kind: AccountKind,
    /// Name of the company; required of a company.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// VAT identification number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vat_id: String,
    /// First name of the person or contact; required of a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// Last name of the person or contact; required of a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// Contact e-mail.
    pub email: String,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Street and number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// Postal code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// City.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// Country, two letters of ISO 3166.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// The operator vouches that the contact e-mail is the customer's; no code is asked for.
    #[serde(default)]
    pub email_vouched: bool,
}

/// Names an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountPath {
    /// Its name or id.
    pub account: String,
}

endpoints! {
    /// Registers an account.
    CreateAccount: Post "/v1/accounts" (Nothing, Nothing, NewAccount) -> 201 Account;
    /// Lists the accounts.
    ListAccounts: Get "/v1/accounts" (Nothing, PageQuery, Nothing) -> 200 Page<Account>;
    /// Shows an account and what it still lacks before it can send.
    ShowAccount: Get "/v1/accounts/{account}" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Lets the operator vouch for the contact e-mail.
    VerifyAccount: Post "/v1/accounts/{account}/verify" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Activates an account; it becomes active as soon as its e-mail is verified, too.
    ActivateAccount: Post "/v1/accounts/{account}/activate" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Stops an account: no sign-in, no mail, until it is resumed.
    SuspendAccount: Post "/v1/accounts/{account}/suspend" (AccountPath, Nothing, Nothing) -> 200 Account;
    /// Lets a suspended account go on.
    ResumeAccount: Post "/v1/accounts/{account}/resume" (AccountPath, Nothing, Nothing) -> 200 Account;
}
