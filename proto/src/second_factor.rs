//! The second factor of a sign-in: time-based codes (RFC 6238) of an app, and recovery codes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountPath, Nothing, endpoint::endpoints};

/// Whether the owner of an account signs in with a second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Whether a code is asked for at sign-in.
    pub enabled: bool,
    /// Since when; `null` when it is not.
    pub enabled_at: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u64,
}

/// Asks for a secret for the app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTotp {
    /// The present sign-in password of the owner.
    pub current_password: String,
}

/// The secret for the app, shown this once. It counts once a first code proved it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TotpSecret {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as `otpauth://` URI, to be shown as QR code.
    pub uri: String,
}

/// A code of the app, or a recovery code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits that the app shows now. Where the factor is enabled already, a recovery code
    /// does as well.
    pub code: String,
}

/// Switches the second factor off.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpEnd {
    /// A code of the app, or a recovery code. The operator needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Recovery codes, shown this once. Each is good once, in place of a code of the app.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes. Those from before are void.
    pub recovery_codes: Vec<String>,
}

macro_rules! silent {
    ($($name:ident)+) => {$(
        /// What is secret in it never prints.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}

silent! { NewTotp TotpSecret TotpCode TotpEnd RecoveryCodes }

endpoints! {
    /// Tells whether the owner of an account signs in with a second factor.
    ShowSecondFactor: Owner Get "/v1/accounts/{account}/totp" (AccountPath, Nothing, Nothing) -> 200 SecondFactor;
    /// Makes a secret for the app. The one before it, if it was never enabled, is void.
    PrepareTotp: Owner Post "/v1/accounts/{account}/totp" (AccountPath, Nothing, NewTotp) -> 201 TotpSecret;
    /// Enables the second factor by a first code of the app, and gives recovery codes.
    EnableTotp: Owner Post "/v1/accounts/{account}/totp/enable" (AccountPath, Nothing, TotpCode) -> 200 RecoveryCodes;
    /// Switches the second factor off.
    DisableTotp: Owner Post "/v1/accounts/{account}/totp/disable" (AccountPath, Nothing, TotpEnd) -> 204 Nothing;
    /// Gives new recovery codes; those from before are void.
    RenewRecoveryCodes: Owner Post "/v1/accounts/{account}/totp/recovery-codes" (AccountPath, Nothing, TotpCode) -> 200 RecoveryCodes;
}
