//! From the outcomes of one delivery to what is written about it. Pure.

use std::time::Duration;

use jiff::Timestamp;

use super::{Schedule, schedule::later};
use crate::{
    model::{Event, EventKind, Reason, Recipient, RecipientState, RemoteReply},
    store::{NoticeKind, QueuedMessage, RecipientOutcome, Settlement},
    upstream::{Outcome, Setback, Verdict},
};

/// What became of one recipient, for its sender to be told.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub(super) kind: NoticeKind,
    pub(super) recipient: Recipient,
    /// Why, where something went wrong.
    pub(super) reason: Option<Reason>,
    /// The literal reply, where there was one.
    pub(super) reply: Option<RemoteReply>,
    /// The literal reply, or what happened where there was none.
    pub(super) text: String,
}

/// What came of a delivery.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) settlement: Settlement,
    /// What the sender may want to be told.
    pub(super) fates: Vec<Fate>,
    /// Recipients handed over.
    pub(super) delivered: u64,
    /// When the message is due again; `None` when nothing of it remains.
    pub(super) due: Option<Timestamp>,
}

/// What the judgement of a delivery depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) schedule: &'a Schedule,
    pub(super) now: Timestamp,
    /// Of `0..1`, for jitter.
    pub(super) random: f64,
    /// How long the lane pauses because of this delivery.
    pub(super) pause: Duration,
    /// Name of the server, for the history.
    pub(super) server: &'a str,
    /// Whether the server sends the notifications that were asked for.
    pub(super) forwards_notifications: bool,
}

/// Judges the outcomes, one for each recipient of the message, in order.
pub(super) fn settle(message: &QueuedMessage, outcomes: &[Outcome], terms: Terms<'_>) -> Settled {
    let is_expired = terms.schedule.is_expired(message.accepted_at, terms.now);
    let is_attempt = outcomes.iter().any(counts_as_attempt);
    let wait = if outcomes
        .iter()
        .any(|outcome| verdict(outcome) == Some(Verdict::Retry))
    {
        terms.schedule.delay(message.attempts, terms.random)
    } else {
        terms.pause
    };
    let due_at = later(terms.now, wait);
    let mut judgement = Judgement {
        is_expired,
        is_late: terms.schedule.is_late(message.accepted_at, terms.now) && !message.delay_told,
        story: Story {
            message,
            terms,
            due_at,
            events: Vec::with_capacity(1),
        },
        fates: Vec::new(),
        delivered: 0,
        remains: false,
    };
    let places = message.envelope.recipients.iter().zip(&message.positions);
    let recipients = places
        .zip(outcomes)
        .map(|((recipient, position), outcome)| {
            let (state, reply, reason) = judgement.judge(recipient, outcome);
            RecipientOutcome {
                position: *position,
                state,
                reply,
                reason,
            }
        })
        .collect();
    Settled {
        settlement: Settlement {
            message_id: message.id,
            account_id: message.account_id,
            user_id: message.user_id,
            system_id: message.system_id,
            reverse_path: message.envelope.reverse_path.clone(),
            accepted_at: message.accepted_at,
            recipients,
            due_at,
            is_attempt,
            events: judgement.story.events,
            at: terms.now,
            notices: Vec::new(),
        },
        fates: judgement.fates,
        delivered: judgement.delivered,
        due: judgement.remains.then_some(due_at),
    }
}

/// Gathers what the outcomes of the recipients sum up to.
struct Judgement<'a> {
    is_expired: bool,
    /// It waits for so long that the sender may want to know, and does not yet.
    is_late: bool,
    story: Story<'a>,
    fates: Vec<Fate>,
    delivered: u64,
    remains: bool,
}

impl Judgement<'_> {
    /// The new state of one recipient, with the reply or what happened, and why.
    fn judge(
        &mut self,
        recipient: &Recipient,
        outcome: &Outcome,
    ) -> (RecipientState, String, Option<Reason>) {
        let setback = match outcome {
            Outcome::Delivered(reply) => return self.handed_over(recipient, reply),
            Outcome::Setback(setback) => setback,
        };
        let reply = setback.reply.as_ref().map(ToString::to_string);
        let text = reply.clone().unwrap_or_else(|| setback.detail.clone());
        let reply = reply.unwrap_or_default();
        let detail = &setback.detail;
        let fate = |kind, reason| Fate {
            kind,
            recipient: recipient.clone(),
            reason: Some(reason),
            reply: setback.reply.clone(),
            text: text.clone(),
        };
        if let Some(reason) = gives_up(setback, self.is_expired) {
            self.story
                .tell(EventKind::Failed, Some(reason), &reply, detail, recipient);
            self.fates.push(fate(NoticeKind::Failed, reason));
            return (RecipientState::Failed, text, Some(reason));
        }
        if self.is_late {
            self.fates.push(fate(NoticeKind::Delayed, setback.reason));
        }
        let detail = format!(
            "{detail}; next attempt {}",
            self.story.next_attempt(setback)
        );
        let reason = Some(setback.reason);
        self.story
            .tell(EventKind::Deferred, reason, &reply, &detail, recipient);
        self.remains = true;
        (RecipientState::Queued, text, reason)
    }

    fn handed_over(
        &mut self,
        recipient: &Recipient,
        reply: &RemoteReply,
    ) -> (RecipientState, String, Option<Reason>) {
        self.delivered += 1;
        let text = reply.to_string();
        self.story
            .tell(EventKind::Delivered, None, &text, "", recipient);
        if !self.story.terms.forwards_notifications {
            self.fates.push(Fate {
                kind: NoticeKind::Relayed,
                recipient: recipient.clone(),
                reason: None,
                reply: Some(reply.clone()),
                text: text.clone(),
            });
        }
        (RecipientState::Delivered, text, None)
    }
}

/// The verdict of a setback; none for a delivery.
pub(super) fn verdict(outcome: &Outcome) -> Option<Verdict> {
    match outcome {
        Outcome::Delivered(_) => None,
        Outcome::Setback(setback) => Some(setback.verdict),
    }
}

/// Waiting for the other side's limits, or for a person, is no attempt.
fn counts_as_attempt(outcome: &Outcome) -> bool {
    matches!(
        verdict(outcome),
        None | Some(
            Verdict::Retry
                | Verdict::RetryElsewhere
                | Verdict::FailRecipient
                | Verdict::FailMessage
                | Verdict::Unknown
        )
    )
}

/// The reason for which a recipient is given up now, if it is. Behind a hold nothing expires: the
/// mail waits for the person who mends the route.
fn gives_up(setback: &Setback, is_expired: bool) -> Option<Reason> {
    match setback.verdict {
        Verdict::FailRecipient | Verdict::FailMessage => Some(setback.reason),
        Verdict::Retry
        | Verdict::RetryElsewhere
        | Verdict::SlowDown
        | Verdict::Wait(_)
        | Verdict::HoldRecipient(_)
        | Verdict::Unknown
            if is_expired =>
        {
            Some(Reason::Expired)
        }
        Verdict::Retry
        | Verdict::RetryElsewhere
        | Verdict::SlowDown
        | Verdict::Wait(_)
        | Verdict::HoldQuota(_)
        | Verdict::HoldCredentials
        | Verdict::HoldSender
        | Verdict::HoldRecipient(_)
        | Verdict::Unknown => None,
    }
}

/// Gathers events: recipients that fared alike share one.
struct Story<'a> {
    message: &'a QueuedMessage,
    terms: Terms<'a>,
    due_at: Timestamp,
    events: Vec<Event>,
}

impl Story<'_> {
    /// When the next attempt follows, in words: behind a hold that is not for the schedule to say.
    fn next_attempt(&self, setback: &Setback) -> String {
        match setback.verdict {
            Verdict::HoldCredentials => "when the lane is released".to_owned(),
            Verdict::HoldQuota(_) => "when the hold of the lane ends".to_owned(),
            _ => self.due_at.strftime("%FT%TZ").to_string(),
        }
    }

    fn tell(
        &mut self,
        kind: EventKind,
        reason: Option<Reason>,
        reply: &str,
        detail: &str,
        recipient: &Recipient,
    ) {
        let address = recipient.address.to_string();
        let alike = self
            .events
            .iter_mut()
            .find(|event| event.kind == kind && event.reason == reason && event.reply == reply);
        if let Some(event) = alike {
            event.recipients.push(address);
            return;
        }
        let mut words = Vec::with_capacity(2);
        if !self.terms.server.is_empty() {
            words.push(format!("server {}", self.terms.server));
        }
        if !detail.is_empty() {
            words.push(detail.to_owned());
        }
        self.events.push(Event {
            at: self.terms.now,
            message_id: self.message.id,
            kind,
            recipients: vec![address],
            reason,
            reply: reply.to_owned(),
            detail: words.join("; "),
            client: None,
        });
    }
}
