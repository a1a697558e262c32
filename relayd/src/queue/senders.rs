//! Senders and recipients of a lane whose mail waits while that of others goes on. Pure.
//!
//! Microsoft bars a whole mailbox for continuous errors. So refusals of one kind in a row, with
//! nothing accepted between them, stop the sender before that: the breaker.

use std::{collections::HashMap, time::Duration};

use jiff::Timestamp;

use super::schedule::later;
use crate::{
    model::{Reason, Recipient, ReversePath, SenderHold},
    store::QueuedMessage,
    upstream::{Setback, Trouble, Verdict},
};

/// Refusals in a row count for this long.
const STREAK: Duration = Duration::from_hours(1);
/// Senders and recipients that are remembered; beyond, the ones whose time is over go, then none
/// is added.
const MOST: usize = 10_000;

/// Refusals of a sender, one after the other.
#[derive(Debug, Clone, Copy)]
struct Streak {
    trouble: Trouble,
    count: u32,
    since: Timestamp,
}

/// Who waits in a lane.
#[derive(Debug, Default)]
pub(super) struct Senders {
    holds: HashMap<String, SenderHold>,
    streaks: HashMap<String, Streak>,
    recipients: HashMap<String, (Timestamp, Setback)>,
}

impl Senders {
    /// Takes up the holds that the store knows, in place of all.
    pub(super) fn install(&mut self, holds: Vec<SenderHold>) {
        let named = holds.into_iter().map(|hold| (hold.sender.clone(), hold));
        self.holds = named.collect();
    }

    /// Forgets everything: the lane was changed.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Those that wait, in the order of their names.
    pub(super) fn holds(&self, now: Timestamp) -> Vec<SenderHold> {
        let standing = self.holds.values().filter(|hold| hold.until > now);
        let mut holds: Vec<_> = standing.cloned().collect();
        holds.sort_by(|one, other| one.sender.cmp(&other.sender));
        holds
    }

    /// The hold of a sender, by address or domain.
    pub(super) fn held(&self, sender: &ReversePath, now: Timestamp) -> Option<&SenderHold> {
        if self.holds.is_empty() {
            return None;
        }
        let address = sender.address()?;
        let by_domain = || self.holds.get(&format!("@{}", lower(address.domain())));
        let hold = self
            .holds
            .get(&lower(address.as_str()))
            .or_else(by_domain)?;
        (hold.until > now).then_some(hold)
    }

    /// Holds the sender of a message for what was answered. Gives the hold to write down.
    pub(super) fn hold(
        &mut self,
        sender: &ReversePath,
        setback: &Setback,
        lifetime: Duration,
        now: Timestamp,
    ) -> Option<SenderHold> {
        let address = sender.address()?;
        let sender = if setback.reason == Reason::SenderDomainNotAccepted {
            format!("@{}", lower(address.domain()))
        } else {
            lower(address.as_str())
        };
        self.insert(sender, setback.reason, setback.story(), lifetime, now)
    }

    fn insert(
        &mut self,
        sender: String,
        reason: Reason,
        detail: String,
        lifetime: Duration,
        now: Timestamp,
    ) -> Option<SenderHold> {
        if self.holds.len() >= MOST {
            self.holds.retain(|_, hold| hold.until > now);
        }
        if self.holds.len() >= MOST {
            return None;
        }
        let hold = SenderHold {
            sender: sender.clone(),
            reason,
            detail,
            since: now,
            until: later(now, lifetime),
        };
        self.holds.insert(sender, hold.clone());
        Some(hold)
    }

    /// Counts a mail of a sender that was refused for good. Gives the hold to write down when it
    /// was one too many.
    pub(super) fn refused(
        &mut self,
        sender: &ReversePath,
        setback: &Setback,
        (most, lifetime): (u32, Duration),
        now: Timestamp,
    ) -> Option<SenderHold> {
        let trouble = setback.trouble().filter(|_| most > 0)?;
        let address = lower(sender.address()?.as_str());
        if self.streaks.len() >= MOST {
            let live = |streak: &Streak| later(streak.since, STREAK) > now;
            self.streaks.retain(|_, streak| live(streak));
        }
        if self.streaks.len() >= MOST {
            return None;
        }
        let fresh = Streak {
            trouble,
            count: 0,
            since: now,
        };
        let streak = self.streaks.entry(address.clone()).or_insert(fresh);
        if streak.trouble != trouble || later(streak.since, STREAK) <= now {
            *streak = fresh;
        }
        streak.count += 1;
        if streak.count < most {
            return None;
        }
        self.streaks.remove(&address);
        let detail = format!(
            "{most} mails in a row were refused ({trouble}); the last: {}",
            setback.story()
        );
        self.insert(address, Reason::SenderBreaker, detail, lifetime, now)
    }

    /// A mail of the sender was taken.
    pub(super) fn succeeded(&mut self, sender: &ReversePath) {
        if let Some(address) = sender.address().filter(|_| !self.streaks.is_empty()) {
            self.streaks.remove(&lower(address.as_str()));
        }
    }

    /// A recipient takes no more until then.
    pub(super) fn put_off(
        &mut self,
        recipient: &Recipient,
        until: Timestamp,
        setback: &Setback,
        now: Timestamp,
    ) {
        if self.recipients.len() >= MOST {
            self.recipients.retain(|_, (until, _)| *until > now);
        }
        if self.recipients.len() < MOST {
            let address = lower(recipient.address.as_str());
            self.recipients.insert(address, (until, setback.clone()));
        }
    }

    /// What a recipient that takes no more would answer.
    pub(super) fn waits(&self, recipient: &Recipient, now: Timestamp) -> Option<Setback> {
        if self.recipients.is_empty() {
            return None;
        }
        let (until, setback) = self.recipients.get(&lower(recipient.address.as_str()))?;
        let left = Duration::try_from(until.duration_since(now)).ok()?;
        (!left.is_zero()).then(|| Setback {
            verdict: Verdict::HoldRecipient(left),
            ..setback.clone()
        })
    }

    /// What to say of a message that must not be tried now, for each recipient.
    pub(super) fn refusal(&self, message: &QueuedMessage, now: Timestamp) -> Option<Vec<Setback>> {
        let recipients = &message.envelope.recipients;
        if let Some(hold) = self.held(&message.envelope.reverse_path, now) {
            let detail = format!("mail of {} waits: {}", hold.sender, hold.detail);
            let setback = Setback::new(Verdict::HoldSender, hold.reason, detail);
            return Some(vec![setback; recipients.len()]);
        }
        if self.recipients.is_empty() {
            return None;
        }
        let waits = recipients
            .iter()
            .map(|recipient| self.waits(recipient, now));
        waits.collect()
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RemoteReply;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn refused(reason: Reason, text: &str) -> Setback {
        Setback {
            reply: Some(RemoteReply {
                code: 554,
                text: text.to_owned(),
            }),
            ..Setback::new(Verdict::FailMessage, reason, "")
        }
    }

    #[test]
    fn refusals_of_one_kind_in_a_row_trip_the_breaker() {
        let denied = refused(Reason::SendAsDenied, "5.2.252 SendAsDenied");
        let unknown = refused(Reason::RecipientRefused, "5.1.1 unknown");
        let other = refused(Reason::RemoteRefused, "5.7.1 spam");
        let sender: ReversePath = "Scanner@acme.example".parse().unwrap();
        let terms = (3, Duration::from_hours(48));
        for (story, trips) in [
            (
                vec![Some((&denied, 0)), Some((&denied, 1)), Some((&denied, 2))],
                true,
            ),
            (
                vec![Some((&denied, 0)), Some((&unknown, 1)), Some((&denied, 2))],
                false,
            ),
            (
                vec![
                    Some((&denied, 0)),
                    Some((&denied, 1)),
                    None,
                    Some((&denied, 2)),
                ],
                false,
            ),
            (
                vec![
                    Some((&denied, 0)),
                    Some((&denied, 1)),
                    Some((&denied, 3601)),
                ],
                false,
            ),
            (
                vec![Some((&other, 0)), Some((&other, 1)), Some((&other, 2))],
                false,
            ),
        ] {
            let mut senders = Senders::default();
            let mut hold = None;
            for event in story {
                match event {
                    Some((setback, second)) => {
                        hold = senders.refused(&sender, setback, terms, at(second));
                    }
                    None => senders.succeeded(&sender),
                }
            }
            assert_eq!(hold.is_some(), trips, "{hold:?}");
            assert_eq!(senders.held(&sender, at(4000)).is_some(), trips);
            if let Some(hold) = hold {
                assert_eq!(hold.reason, Reason::SenderBreaker);
                assert_eq!(hold.sender, "scanner@acme.example");
                assert!(hold.detail.contains("(send-as-denied)"), "{}", hold.detail);
            }
        }
        let mut off = Senders::default();
        assert_eq!(off.refused(&sender, &denied, (0, terms.1), at(0)), None);
    }

    #[test]
    fn a_domain_that_is_not_accepted_holds_all_of_it_and_nobody_else() {
        let mut senders = Senders::default();
        let one: ReversePath = "a@acme.example".parse().unwrap();
        let setback = refused(Reason::SenderDomainNotAccepted, "5.7.64 ATTR36");
        let hold = senders
            .hold(&one, &setback, Duration::from_hours(2), at(0))
            .unwrap();
        assert_eq!(hold.sender, "@acme.example");
        for (sender, second, held) in [
            ("b@Acme.Example", 1, true),
            ("b@sub.acme.example", 1, false),
            ("a@other.example", 1, false),
            ("", 1, false),
            ("a@acme.example", 7200, false),
        ] {
            let sender: ReversePath = sender.parse().unwrap();
            assert_eq!(
                senders.held(&sender, at(second)).is_some(),
                held,
                "{sender:?}"
            );
        }
    }
}
