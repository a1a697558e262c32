//! What a worker tells its lane of a delivery: whether the lane stops, rests or goes on, and whether
//! the sender or a recipient waits from now on.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    keeper,
    recorder::{self, Record},
    schedule::later,
    senders::Senders,
    settle::{self, Terms},
    underway::Underway,
    window::Ready,
    worker::Worker,
};
use crate::{
    model::{Hold, HoldKind, Reason, SenderHold},
    store::QueuedMessage,
    upstream::{Outcome, Setback, Verdict},
};

/// What a delivery leads to, beside its settlement.
#[derive(Default)]
pub(super) struct Holds {
    pub(super) lane: Option<Hold>,
    pub(super) sender: Option<SenderHold>,
}

impl Worker {
    /// Tells the lane how it went. Gives the holds to write down, if this stopped lane or sender. A
    /// lane that was changed meanwhile is not judged by an answer to its old credentials.
    pub(super) fn react(
        &self,
        message: &QueuedMessage,
        outcomes: &[Outcome],
        lost: bool,
        asked_at: Timestamp,
    ) -> Holds {
        let mut lane = self.handle.lock();
        if lane.epoch != self.open.epoch {
            return Holds::default();
        }
        let sender = self.judge_sender(&mut lane.senders, message, outcomes, asked_at);
        if outcomes
            .iter()
            .any(|outcome| settle::verdict(outcome).is_none())
        {
            lane.succeeded();
        }
        drop(lane);
        if let Some(hold) = &sender {
            tracing::warn!(route = %self.handle.id, sender = hold.sender, reason = %hold.reason, detail = hold.detail.as_str(), "the mail of a sender waits");
        }
        Holds {
            lane: self.judge_lane(outcomes, lost),
            sender,
        }
    }

    /// Whether the sender or recipients of the message have to wait from now on. What a recipient
    /// waits for counts from when the other side was asked: one that was left out, since it waits
    /// already, waits no longer for that.
    fn judge_sender(
        &self,
        senders: &mut Senders,
        message: &QueuedMessage,
        outcomes: &[Outcome],
        asked_at: Timestamp,
    ) -> Option<SenderHold> {
        let now = self.context.clock.now();
        let settings = &self.context.settings;
        let sender = &message.envelope.reverse_path;
        let lifetime = settings.schedule.lifetime;
        let is_delivered = |outcome: &Outcome| matches!(outcome, Outcome::Delivered(_));
        if outcomes.iter().any(is_delivered) {
            senders.succeeded(sender);
        }
        let mut refused = None;
        for (recipient, outcome) in message.envelope.recipients.iter().zip(outcomes) {
            let Outcome::Setback(setback) = outcome else {
                continue;
            };
            match setback.verdict {
                Verdict::HoldSender => return senders.hold(sender, setback, lifetime, now),
                Verdict::HoldRecipient(length) => {
                    senders.put_off(recipient, later(asked_at, length), setback, now);
                }
                Verdict::FailRecipient | Verdict::FailMessage => refused = Some(setback),
                _ => {}
            }
        }
        // One mail counts once, and not when somebody got it.
        let refused = refused.filter(|_| !outcomes.iter().any(is_delivered))?;
        senders.refused(sender, refused, (settings.breaker_failures, lifetime), now)
    }

    /// What the outcomes say about the lane. Gives the hold to write down.
    fn judge_lane(&self, outcomes: &[Outcome], lost: bool) -> Option<Hold> {
        let (now, random) = (self.context.now(), (self.context.random)());
        let settings = &self.context.settings;
        let gravest = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Setback(setback) => Some(setback),
                Outcome::Delivered(_) => None,
            })
            .max_by_key(|setback| gravity(setback.verdict))?;
        let mut lane = self.handle.lock();
        if lane.epoch != self.open.epoch {
            return None;
        }
        let (kind, until) = match gravest.verdict {
            Verdict::HoldCredentials => (HoldKind::Credentials, None),
            Verdict::HoldQuota(length) => (HoldKind::Quota, Some(later(now.wall, length))),
            Verdict::SlowDown => {
                lane.slow_down(gravest.to_string(), settings, random, now);
                return None;
            }
            Verdict::Wait(length) => {
                lane.wait(gravest.to_string(), length, now);
                return None;
            }
            Verdict::RetryElsewhere => {
                lane.unreachable(gravest.to_string(), settings, random, now);
                lane.diversion.elsewhere(now);
                drop(lane);
                self.expire(gravest);
                return None;
            }
            Verdict::Retry | Verdict::Unknown if lost => {
                lane.unreachable(gravest.to_string(), settings, random, now);
                drop(lane);
                self.expire(gravest);
                return None;
            }
            _ => return None,
        };
        if !lane.outranks(kind) {
            return None;
        }
        let hold = Hold {
            kind,
            reason: gravest.reason,
            detail: gravest.story(),
            since: now.wall,
            until,
        };
        self.context.count_hold(lane.hold().is_some(), true);
        lane.set_hold(Some(hold.clone()));
        tracing::warn!(route = %self.handle.id, reason = %hold.reason, detail = hold.detail.as_str(), "the lane is held");
        Some(hold)
    }

    /// While a server is out of reach only one message in a pause is tried. Those whose time is
    /// over do not wait for their turn.
    fn expire(&self, cause: &Setback) {
        // Of those that were not tried, more is known than of the one that was.
        let cause = if cause.verdict == Verdict::Unknown {
            let detail = cause.detail.clone();
            Setback::new(Verdict::Retry, Reason::RemoteTemporary, detail)
        } else {
            cause.clone()
        };
        let now = self.context.now();
        let schedule = self.context.settings.schedule;
        let expired = self.handle.lock().take_expired(&schedule, now);
        let expired = expired.into_iter().map(|Ready { message, .. }| {
            let underway = Underway::new(&self.handle, &self.context, &message);
            (message, underway)
        });
        for (message, underway) in expired.collect::<Vec<_>>() {
            let outcome = Outcome::Setback(cause.clone());
            let outcomes = vec![outcome; message.envelope.recipients.len()];
            let terms = Terms {
                schedule: &schedule,
                random: 0.5,
                ..self.terms(&message)
            };
            let settled = settle::settle(&message, &outcomes, terms);
            let record = Record {
                message,
                settled,
                hold: None,
                sender_hold: None,
                open: Arc::clone(&self.open),
                underway,
            };
            let (handle, context) = (Arc::clone(&self.handle), Arc::clone(&self.context));
            self.context.spawn(async move {
                recorder::record(&handle, &context, record).await;
                keeper::ensure(&handle, &context);
            });
        }
    }
}

/// Which verdict decides about the lane when recipients fared differently.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::FailRecipient | Verdict::FailMessage => 0,
        Verdict::HoldRecipient(_) | Verdict::HoldSender | Verdict::Unknown => 1,
        Verdict::Retry | Verdict::RetryElsewhere => 2,
        Verdict::SlowDown | Verdict::Wait(_) => 3,
        Verdict::HoldQuota(_) => 4,
        Verdict::HoldCredentials => 5,
    }
}
