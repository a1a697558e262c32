//! Identifiers: 12 bytes, ordered by time, unique across nodes.
//!
//! 48 bits of milliseconds and 48 random bits; within a process ids of one millisecond count
//! upwards, so they never collide and sort in the order they were made. As text they are 20
//! characters of Crockford's base32, in lower case.

use std::sync::Mutex;

use jiff::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LEN: usize = 20;

/// A text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 20 letters and digits, as printed by relayctl")]
pub struct IdError;

/// Makes identifiers. One per process; shared by reference.
#[derive(Debug)]
pub struct IdSource {
    last: Mutex<(u64, u64)>,
}

const MASK_48: u64 = (1 << 48) - 1;

impl Default for IdSource {
    fn default() -> Self {
        Self::new()
    }
}

impl IdSource {
    /// A source that has made no id yet.
    pub const fn new() -> Self {
        Self {
            last: Mutex::new((0, 0)),
        }
    }

    /// Twelve fresh bytes for the time `now`.
    pub fn next(&self, now: Timestamp) -> [u8; 12] {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0) & MASK_48;
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (time, count) = if millis > last.0 {
            (millis, rand::random::<u64>() & (MASK_48 >> 1))
        } else {
            // The same millisecond, or a clock that went back: count on from the last id.
            (last.0, (last.1 + 1) & MASK_48)
        };
        *last = (time, count);
        drop(last);
        let mut bytes = [0; 12];
        let (head, tail) = bytes.split_at_mut(6);
        head.copy_from_slice(&time.to_be_bytes()[2..]);
        tail.copy_from_slice(&count.to_be_bytes()[2..]);
        bytes
    }
}

fn encode(bytes: [u8; 12], f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let mut value = [0; 16];
    value[4..].copy_from_slice(&bytes);
    let value = u128::from_be_bytes(value);
    let mut text = [0; TEXT_LEN];
    for (place, slot) in text.iter_mut().rev().enumerate() {
        let digit = usize::try_from((value >> (5 * place)) & 31).unwrap_or(0);
        *slot = ALPHABET[digit];
    }
    f.pad(std::str::from_utf8(&text).unwrap_or_default())
}

fn decode(text: &str) -> Result<[u8; 12], IdError> {
    if text.len() != TEXT_LEN {
        return Err(IdError);
    }
    let mut value: u128 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET
            .iter()
            .position(|known| *known == byte.to_ascii_lowercase())
            .ok_or(IdError)?;
        value = (value << 5) | digit as u128;
    }
    if value >> 96 != 0 {
        return Err(IdError);
    }
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&value.to_be_bytes()[4..]);
    Ok(bytes)
}

/// Whether a text could be an identifier, whatever it identifies. No object is named like that, or
/// it could be taken for another.
pub fn is_id(text: &str) -> bool {
    decode(text).is_ok()
}

macro_rules! id_type {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 12]);

        impl $name {
            /// Stands for none, where a column must have a value.
            pub const NONE: Self = Self([0; 12]);

            /// A new identifier made at `now`.
            pub fn new(source: &IdSource, now: Timestamp) -> Self {
                Self(source.next(now))
            }

            /// The least that can have been made at a time.
            pub fn first_at(time: Timestamp) -> Self {
                let millis = u64::try_from(time.as_millisecond()).unwrap_or(0) & MASK_48;
                let mut bytes = [0; 12];
                bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
                Self(bytes)
            }

            /// When it was made, to the millisecond.
            pub fn time(&self) -> Timestamp {
                let mut millis = [0; 8];
                millis[2..].copy_from_slice(&self.0[..6]);
                let millis = i64::try_from(u64::from_be_bytes(millis)).unwrap_or(i64::MAX);
                Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
            }

            /// The bytes as stored.
            pub const fn as_bytes(&self) -> &[u8; 12] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = IdError;
            fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                encode(self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                encode(self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                decode(text).map(Self)
            }
        }
    )+ };
}

id_type!(
    /// Identifies an account.
    AccountId,
    /// Identifies a sender domain of an account.
    DomainId,
    /// Identifies a plan.
    PlanId,
    /// Identifies a subscription of an account to a plan.
    SubscriptionId,
    /// Identifies a route, and so its lane.
    RouteId,
    /// Identifies a relay user.
    UserId,
    /// Identifies one password of a relay user.
    CredentialId,
    /// Identifies a system.
    SystemId,
    /// Identifies a message; the queue id that devices and logs show.
    MessageId,
    /// Identifies an API token.
    TokenId,
    /// Identifies a session of an owner.
    SessionId,
    /// Identifies an invitation.
    InvitationId,
    /// Identifies a notification; programs that get it twice know it by this.
    NotificationId,
    /// Identifies a webhook.
    WebhookId,
    /// Identifies the delivery of a notification to a webhook.
    DeliveryId,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_sorts_like_the_bytes() {
        let source = IdSource::new();
        let now: Timestamp = "2026-11-21T20:41:07Z".parse().unwrap();
        let ids: Vec<_> = (0..1000).map(|_| MessageId::new(&source, now)).collect();
        let texts: Vec<_> = ids.iter().map(ToString::to_string).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(texts.is_sorted_by(|a, b| a < b));
        for (id, text) in ids.iter().zip(&texts) {
            assert_eq!(text.len(), TEXT_LEN);
            assert_eq!(text.parse::<MessageId>(), Ok(*id));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "4Zk9", "zzzzzzzzzzzzzzzzzzzz", "0123456789abcdefghi!"] {
            assert_eq!(text.parse::<MessageId>(), Err(IdError), "{text}");
        }
    }
}
