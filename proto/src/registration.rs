//! How an account comes to be: its registration, and the code that confirms its e-mail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Account, AccountKind, AccountPath, CheckStep, DomainProof, Nothing, RouteSettings,
    endpoint::endpoints,
};

/// A new account. Texts that are not given are empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
    /// What the owner signs in with, beside the e-mail. Required of whoever registers; the
    /// operator may leave it away, and the owner sets one by a code then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The code of an invitation, where one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    /// Whether its senders must lie in domains that it has proven. The operator's alone to say; by
    /// `[accounts]` of relayd.toml when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain_proof: Option<DomainProof>,
    /// Its way out. It is checked first; when that fails, neither account nor route is made. Whoever
    /// registers may name only those servers that the operator allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteSettings>,
}

/// An account that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreatedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// What the check of its route tried; empty without one.
    #[serde(default)]
    pub steps: Vec<CheckStep>,
}

/// The password and the invitation never print.
impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

/// A code that came by mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailCode {
    /// Eight digits.
    pub code: String,
}

/// The code never prints.
impl std::fmt::Debug for EmailCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmailCode").finish_non_exhaustive()
    }
}

endpoints! {
    /// Registers an account, with its route if one is given; whether anybody may is set by the operator.
    CreateAccount: Anyone Post "/v1/accounts" (Nothing, Nothing, NewAccount) -> 201 CreatedAccount;
    /// Confirms the contact e-mail by the code that was sent to it.
    ConfirmEmail: Anyone Post "/v1/accounts/{account}/email/confirm" (AccountPath, Nothing, EmailCode) -> 204 Nothing;
    /// Sends another code to the contact e-mail. Answers alike whether there is such an account.
    ResendCode: Anyone Post "/v1/accounts/{account}/email/code" (AccountPath, Nothing, Nothing) -> 202 Nothing;
}
