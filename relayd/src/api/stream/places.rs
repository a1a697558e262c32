//! How many streams there may be: in all, of the accounts together, and of one account.
//!
//! When the accounts have all places that they may have, a newcomer takes one from the account with
//! the most streams: that of its newest, so that whoever has followed for long goes on. But only
//! when it has fewer even then. So no few accounts keep the others out, whoever lost a place cannot
//! take it back, and two accounts never push each other out in turns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use tokio_util::sync::CancellationToken;

use super::super::failure::Failure;
use crate::{
    accounts::Scope,
    model::{AccountId, Reason},
};

/// Streams at a time, and those of them that only the operator may have.
const MOST: usize = 64;
const FOR_OPERATOR: usize = 16;
/// Streams of one account at a time.
const MOST_OF_ACCOUNT: usize = 8;

/// The streams that have a place.
#[derive(Debug, Default)]
pub(in crate::api) struct Streams(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    /// The oldest is the first.
    places: Vec<Place>,
    next: u64,
}

#[derive(Debug)]
struct Place {
    number: u64,
    /// The account, or the operator.
    whose: Option<AccountId>,
    evicted: CancellationToken,
}

/// The place of one stream, until this is dropped or another has taken it.
#[derive(Debug)]
pub(in crate::api) struct Slot {
    streams: Arc<Streams>,
    number: u64,
    evicted: CancellationToken,
}

/// What comes of one more stream.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Room,
    /// Takes the place of this one.
    InPlaceOf(usize),
    /// The account has as many as it may have.
    EnoughOfAccount,
    Full,
}

impl Streams {
    /// Takes a place for one more stream. One that is pushed out for it still has its connection;
    /// those are bounded, too.
    pub(in crate::api) fn open(self: &Arc<Self>, scope: &Scope) -> Result<Slot, Failure> {
        let whose = match scope {
            Scope::Only(account) => Some(account.id),
            Scope::All | Scope::Nothing => None,
        };
        let mut open = self.lock();
        let owners: Vec<_> = open.places.iter().map(|place| place.whose).collect();
        match judge(&owners, whose) {
            Verdict::Room => {}
            Verdict::InPlaceOf(index) => {
                let loser = open.places.remove(index);
                tracing::debug!(account = ?loser.whose, "a stream of the log loses its place");
                loser.evicted.cancel();
            }
            Verdict::EnoughOfAccount => {
                return Err(Failure::with_status(
                    StatusCode::TOO_MANY_REQUESTS,
                    Reason::RequestsThrottled,
                    "an account may have eight streams open at a time",
                    "end another one first",
                ));
            }
            Verdict::Full => {
                return Err(Failure::with_status(
                    StatusCode::SERVICE_UNAVAILABLE,
                    Reason::TooManyConnections,
                    "as many streams are open as relayd serves at a time",
                    "try again in a minute",
                ));
            }
        }
        let (number, evicted) = (open.next, CancellationToken::new());
        open.next += 1;
        open.places.push(Place {
            number,
            whose,
            evicted: evicted.clone(),
        });
        drop(open);
        Ok(Slot {
            streams: Arc::clone(self),
            number,
            evicted,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Cancelled when another has the place.
    pub(super) fn evicted(&self) -> CancellationToken {
        self.evicted.clone()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        open.places.retain(|place| place.number != self.number);
    }
}

/// What comes of one more stream of `whose`, where those of `open` have their places, the oldest
/// first. `None` is the operator.
fn judge<A: Copy + Eq>(open: &[Option<A>], whose: Option<A>) -> Verdict {
    let count = |whose| open.iter().filter(|other| **other == whose).count();
    if whose.is_none() {
        return if open.len() < MOST {
            Verdict::Room
        } else {
            Verdict::Full
        };
    }
    let own = count(whose);
    if own >= MOST_OF_ACCOUNT {
        return Verdict::EnoughOfAccount;
    }
    let others = open.iter().enumerate();
    let of_accounts = others.filter(|(_, other)| other.is_some());
    if of_accounts.clone().count() < MOST - FOR_OPERATOR && open.len() < MOST {
        return Verdict::Room;
    }
    // Among accounts with as many, the one that came last.
    let counted = of_accounts.map(|(index, other)| (count(*other), index));
    match counted.max() {
        Some((most, newest)) if own + 1 < most => Verdict::InPlaceOf(newest),
        _ => Verdict::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Streams by their owners, the oldest first: a letter an account, a point the operator.
    fn owners(text: &str) -> Vec<Option<char>> {
        let letters = text.chars().filter(|letter| !letter.is_whitespace());
        letters
            .map(|letter| Some(letter).filter(|letter| *letter != '.'))
            .collect()
    }

    #[test]
    fn a_newcomer_takes_a_place_from_whoever_has_the_most() {
        use Verdict::{EnoughOfAccount, Full, InPlaceOf, Room};
        let six = "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff";
        let in_turns = "abcdef".repeat(8);
        let fair = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV";
        let pairs: String = "abcdefghijklmnopqrstuvwx".repeat(2);
        let operator = ".".repeat(16);
        for (open, newcomer, verdict) in [
            (String::new(), Some('a'), Room),
            (String::new(), None, Room),
            ("a".repeat(8), Some('a'), EnoughOfAccount),
            ("a".repeat(8), Some('b'), Room),
            (six[1..].to_owned(), Some('a'), Room),
            (six.to_owned(), Some('a'), EnoughOfAccount),
            // The newest of all that belong to the largest.
            (six.to_owned(), Some('g'), InPlaceOf(47)),
            (in_turns, Some('g'), InPlaceOf(47)),
            (format!("{}g", &six[..47]), Some('g'), InPlaceOf(39)),
            (format!("{}gggggg", &six[..42]), Some('g'), InPlaceOf(39)),
            // As many as the largest would then have, and no more.
            (format!("{}ggggggg", &six[..41]), Some('g'), Full),
            (format!("{}ggggggg", &six[..41]), Some('f'), InPlaceOf(39)),
            (format!("{}ab", &pairs[..46]), Some('y'), InPlaceOf(47)),
            (pairs, Some('a'), Full),
            (fair.to_owned(), Some('W'), Full),
            // The operator has room of its own; what it has beyond that is not taken from it.
            (six.to_owned(), None, Room),
            (format!("{six}{operator}"), None, Full),
            (format!("{operator}{six}"), Some('g'), InPlaceOf(63)),
            // As long as there is room, nobody is pushed out.
            (format!("{operator}{}", &six[..32]), Some('e'), Room),
            (format!("{operator}{}", &six[..47]), Some('f'), Room),
            (
                format!("{operator}{operator}{}", &six[..32]),
                Some('e'),
                InPlaceOf(63),
            ),
            (".".repeat(48), Some('a'), Room),
            (".".repeat(64), Some('a'), Full),
        ] {
            assert_eq!(
                judge(&owners(&open), newcomer),
                verdict,
                "{open} {newcomer:?}"
            );
        }
    }

    /// However those that lose their places come back, it ends, and nobody has two more than another
    /// that wants one.
    #[test]
    fn whoever_loses_a_place_does_not_get_it_back_from_another() {
        for accounts in [2, 7, 13, 47, 48, 60] {
            let mut open: Vec<Option<usize>> = Vec::new();
            let mut pushed = 0;
            for newcomer in (0..MOST_OF_ACCOUNT * accounts).map(|number| number / MOST_OF_ACCOUNT) {
                let mut waiting = vec![newcomer];
                while let Some(account) = waiting.pop() {
                    match judge(&open, Some(account)) {
                        Verdict::Room => open.push(Some(account)),
                        Verdict::InPlaceOf(index) => {
                            waiting.extend(open.remove(index));
                            open.push(Some(account));
                            pushed += 1;
                            assert!(pushed < 1000, "{accounts}: it does not end");
                        }
                        Verdict::EnoughOfAccount | Verdict::Full => {}
                    }
                }
            }
            let counts = |account| open.iter().filter(|other| **other == Some(account)).count();
            let counts: Vec<_> = (0..accounts).map(counts).collect();
            let (least, most) = (counts.iter().min(), counts.iter().max());
            assert!(
                most.unwrap() - least.unwrap() <= 1,
                "{accounts}: {counts:?}"
            );
        }
    }
}
