//! The words of the product as types. A value that exists is valid; nothing here does I/O.

mod account;
mod address;
mod ban;
mod credential;
mod date;
mod domain;
mod finding;
mod histogram;
mod id;
mod limits;
mod message;
mod network;
mod notification;
mod plan;
mod powershell;
mod reason;
mod relay_user;
mod route;
mod secret;
mod server;
mod standing;
mod system;
mod webhook;
mod xtext;

pub use account::{Account, AccountKind, AccountState, BouncesTo, Contact, Suspension};
pub(crate) use address::is_printable;
pub use address::{Address, AddressError, ReversePath};
pub use ban::Ban;
pub use credential::{Credential, LastUse};
pub use date::rfc5322_date;
pub use domain::{
    Domain, DomainName, DomainNameError, DomainProof, DomainState, SenderDomains, Sight,
};
pub use finding::{Finding, FindingArea, FindingLevel};
pub use histogram::Histogram;
pub use id::{
    AccountId, CredentialId, DeliveryId, DomainId, IdError, IdSource, InvitationId, MessageId,
    NotificationId, PlanId, RouteId, SessionId, SubscriptionId, SystemId, TokenId, UserId,
    WebhookId, is_id,
};
pub use limits::{
    Authority, Bound, LimitName, LimitOrigin, LimitScope, LimitSet, Override, Quota, Subject,
};
pub use message::{
    BodyEncoding, DsnNotify, DsnReturn, Envelope, Event, EventKind, MessageState, Protocol,
    Recipient, RecipientState, RemoteReply, TlsSummary,
};
pub use network::{Network, NetworkError};
pub use notification::{Notification, NotificationKind, Occasion, QuotaUse};
pub use plan::{Limits, Plan, PlanState};
pub use powershell::{powershell_escaped, powershell_literal};
pub use reason::{Reason, Refusal, SmtpCode};
pub use relay_user::{OtherSender, RelayUser, UserState};
pub use route::{
    CertificateError, CertificateFacts, ClientCertificate, Cloud, Grant, Handling, Hold, HoldKind,
    NoTenant, OAuth, Pace, Perishing, Preset, Route, RouteEnd, RouteKind, RouteOffer, RouteRole,
    Security, SenderHold, Tenant, UnknownOutcome, is_guid,
};
pub use secret::Secret;
pub use server::{MailServer, NoMailServer, is_host};
pub use standing::{Overrides, Standing, WayOut};
pub use system::{Priority, System, SystemAuth, SystemState};
pub use webhook::{
    DeliveryState, Reach, Webhook, WebhookDelivery, WebhookState, WebhookUrl, WebhookUrlError,
};
pub use xtext::{ascii_original, decode_xtext};

/// Declares an enum with a stable text form, used by the store, the API and the logs alike.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    $crate::model::UnknownName {
                        what: stringify!($name),
                        given: text.to_owned(),
                        known: Self::ALL.iter().map(|value| value.as_str()).collect(),
                    }
                })
            }
        }
    };
}
pub(crate) use text_enum;

/// A text that names none of the values of an enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not known; valid are {}", known.join(", "))]
pub struct UnknownName {
    /// The type that was asked for.
    pub what: &'static str,
    /// What was given.
    pub given: String,
    /// The valid names.
    pub known: Vec<&'static str>,
}
