//! Why a use case did not do what was asked.

use super::{ProbeStep, configuration::Objection};
use crate::{
    model::{Reason, Refusal},
    store::StoreError,
};

/// A value that is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Name of the field as the API has it.
    pub field: &'static str,
    /// What is wrong. Never holds a secret.
    pub message: String,
}

impl WrongField {
    /// The same field as part of a larger request.
    pub(super) fn in_route(self) -> Self {
        let field = match self.field {
            "server" => "route.server",
            "mx_of" => "route.mx_of",
            "port" => "route.port",
            "security" => "route.security",
            "mailbox" => "route.mailbox",
            "password" => "route.password",
            "preset" => "route.preset",
            "cloud" => "route.cloud",
            "tenant" => "route.tenant",
            "client_id" => "route.client_id",
            "grant" => "route.grant",
            "client_secret" => "route.client_secret",
            "client_secret_expires_at" => "route.client_secret_expires_at",
            "certificate_pem" => "route.certificate_pem",
            "key_pem" => "route.key_pem",
            "authority" => "route.authority",
            "scope" => "route.scope",
            "ca_pem" => "route.ca_pem",
            "folder" => "route.folder",
            "connections" => "route.connections",
            "recipients_per_mail" => "route.recipients_per_mail",
            "keep_open" => "route.keep_open",
            field => field,
        };
        Self { field, ..self }
    }
}

/// What a registration waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// The code from the mail to its contact e-mail.
    EmailCode,
    /// The operator, who activates it.
    Operator,
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Values are not valid; all of them are named.
    #[error("values are not valid: {}", .0.iter().map(|wrong| wrong.field).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<WrongField>),
    /// Parts of a configuration cannot be; all of them are named.
    #[error("the configuration cannot be: {}", .0.iter().map(|it| it.field.as_str()).collect::<Vec<_>>().join(", "))]
    Objections(Vec<Objection>),
    /// There is no such object, or none of this account.
    #[error("no {kind} {name}")]
    NotFound {
        /// What kind of object.
        kind: &'static str,
        /// How it was named.
        name: String,
    },
    /// The state of things does not allow it.
    #[error("{0}")]
    Refused(Refusal),
    /// The owner cannot come in.
    #[error("{refusal}")]
    NotActive {
        /// Why.
        refusal: Refusal,
        /// Who or what has to act first; empty where the account was active once.
        awaits: &'static [Awaited],
    },
    /// The check of a route failed, so nothing was changed.
    #[error("the check of the route failed: {refusal}")]
    CheckFailed {
        /// Why.
        refusal: Refusal,
        /// The literal reply or error; empty when there was none.
        cause: String,
        /// What was tried.
        steps: Vec<ProbeStep>,
        /// What an administrator of the tenant runs once so that it works.
        setup: Vec<String>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// The machine failed: no randomness, a task that ended early.
    #[error("{0}")]
    Internal(String),
}

impl AdminError {
    /// A refusal that says more than its reason.
    pub(super) fn refused(reason: Reason, detail: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(reason, detail))
    }

    /// The same refusal, which says first what it is about.
    pub(super) fn because(self, why: &str) -> Self {
        match self {
            Self::Refused(Refusal { reason, detail }) => {
                Self::refused(reason, format!("{why}; {detail}"))
            }
            other => other,
        }
    }

    /// There is no such object.
    pub(super) fn not_found(kind: &'static str, name: impl Into<String>) -> Self {
        Self::NotFound {
            kind,
            name: name.into(),
        }
    }

    /// A write with optimistic locking found another version, or nothing.
    pub(super) fn on_update(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::Refused(Reason::StaleVersion.into()),
            StoreError::Conflict(columns) if columns.ends_with(".version") => {
                Self::Refused(Reason::StaleVersion.into())
            }
            error => Self::Store(error),
        }
    }

    /// A write of a new object met one of the same name.
    pub(super) fn on_insert(error: StoreError, name: &str) -> Self {
        match error {
            StoreError::Conflict(_) => Self::refused(Reason::NameTaken, name),
            error => Self::Store(error),
        }
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
