//! Errors by reason: what was refused at the door, and what of accepted mail failed or was put off.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::{
    RefusalRecord, StoreError,
    rows::Rows,
    tally::{Place, hour},
};
use crate::model::{AccountId, Reason, SystemId, UserId};

/// What an error came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// Not taken at the door.
    Refused,
    /// A recipient failed.
    Failed,
    /// A message was put off.
    Deferred,
}

impl ErrorKind {
    /// The name, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Deferred => "deferred",
        }
    }
}

impl std::str::FromStr for ErrorKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Refused, Self::Failed, Self::Deferred]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no kind of error"))
    }
}

/// The row of an error. What is not known of a client is stored as an empty id, before all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    hour: i64,
    account: Option<AccountId>,
    user: Option<UserId>,
    system: Option<SystemId>,
    domain: String,
    kind: &'static str,
    reason: &'static str,
}

/// What a batch adds to the counts.
#[derive(Debug, Default)]
pub(super) struct Errors(BTreeMap<Key, i64>);

impl Errors {
    /// Counts an error of accepted mail.
    pub(super) fn add(&mut self, place: &Place, kind: ErrorKind, reason: Reason) {
        let key = Key {
            hour: place.hour,
            account: Some(place.account),
            user: Some(place.user),
            system: Some(place.system),
            domain: place.domain.clone(),
            kind: kind.as_str(),
            reason: reason.code(),
        };
        *self.0.entry(key).or_default() += 1;
    }

    /// Counts a refusal.
    pub(super) fn add_refusal(&mut self, refusal: &RefusalRecord) {
        let key = Key {
            hour: hour(refusal.at),
            account: refusal.account_id,
            user: refusal.user_id,
            system: refusal.system_id,
            domain: refusal.sender_domain.clone(),
            kind: ErrorKind::Refused.as_str(),
            reason: refusal.reason.code(),
        };
        *self.0.entry(key).or_default() += 1;
    }

    /// The hours that are counted in.
    pub(super) fn hours(&self) -> impl Iterator<Item = i64> {
        self.0.keys().map(|key| key.hour)
    }

    /// Adds everything to the stored counts.
    pub(super) async fn write(&self, tx: &mut AnyConnection) -> Result<(), StoreError> {
        static COUNT: Rows = Rows::of(
            "INSERT INTO error_counts (hour, account_id, user_id, system_id, domain, kind, reason,
                                       count) VALUES ",
            8,
            " ON CONFLICT (hour, account_id, user_id, system_id, domain, kind, reason)
              DO UPDATE SET count = error_counts.count + excluded.count",
        );
        let counts: Vec<_> = self.0.iter().collect();
        COUNT
            .execute(tx, &counts, |(key, count), values| {
                values
                    .number(key.hour)
                    .bytes(id(key.account.as_ref().map(AccountId::as_bytes)))
                    .bytes(id(key.user.as_ref().map(UserId::as_bytes)))
                    .bytes(id(key.system.as_ref().map(SystemId::as_bytes)))
                    .text(&key.domain)
                    .text(key.kind)
                    .text(key.reason)
                    .number(**count);
            })
            .await
    }
}

/// An id as it is stored in a key: empty for none.
pub(super) fn id(bytes: Option<&[u8; 12]>) -> &[u8] {
    bytes.map_or(&[], <[u8; 12]>::as_slice)
}
