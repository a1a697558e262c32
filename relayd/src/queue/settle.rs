//! From the outcomes of one delivery to what is written about it. Pure.

use std::time::Duration;

use jiff::Timestamp;

use super::{Schedule, schedule::later};
use crate::{
    model::{Event, EventKind, Reason, Recipient, RecipientState, RemoteReply, UnknownOutcome},
    store::{NoticeKind, QueuedMessage, RecipientOutcome, Settlement},
    upstream::{Advice, Outcome, Setback, Verdict},
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
    /// Cause and remedy, where they are known.
    pub(super) advice: Option<Box<Advice>>,
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
    /// What an unknown outcome leads to.
    pub(super) unknown_outcome: UnknownOutcome,
    /// When the hold of its sender ends, if it is held.
    pub(super) sender_until: Option<Timestamp>,
}

impl Terms<'_> {
    /// When the message is due again: by the schedule after an attempt, else when that ends which
    /// keeps it back.
    fn due_at(&self, message: &QueuedMessage, outcomes: &[Outcome]) -> Timestamp {
        let verdicts = || outcomes.iter().filter_map(verdict);
        let is_retried = |it| {
            matches!(
                it,
                Verdict::Retry | Verdict::RetryElsewhere | Verdict::Unknown
            )
        };
        if verdicts().any(is_retried) || self.has_unheld_sender(outcomes) {
            return later(self.now, self.schedule.delay(message.attempts, self.random));
        }
        let is_sender = |it| matches!(it, Verdict::HoldSender);
        let of_recipient = |it| match it {
            Verdict::HoldRecipient(length) => Some(length),
            _ => None,
        };
        let recipients = verdicts().filter_map(of_recipient).min();
        let waits_for_lane =
            verdicts().any(|it| !is_sender(it) && of_recipient(it).is_none() && !is_final(it));
        match recipients {
            Some(length) if !waits_for_lane => later(self.now, length),
            _ if !waits_for_lane && verdicts().any(is_sender) => self.sender_due_at(message),
            _ => later(self.now, self.pause),
        }
    }

    /// Whether the sender should wait and does not: it has no address, or somebody has changed the
    /// lane meanwhile. Then nobody would release it.
    fn has_unheld_sender(&self, outcomes: &[Outcome]) -> bool {
        let is_refused = |it| verdict(it) == Some(Verdict::HoldSender);
        self.sender_until.is_none() && outcomes.iter().any(is_refused)
    }

    /// Mail of a sender that waits comes up when the sender is to be told of the delay, when the
    /// hold ends, or when its time is over; a release makes it due before.
    fn sender_due_at(&self, message: &QueuedMessage) -> Timestamp {
        let end = later(message.accepted_at, self.schedule.lifetime);
        let end = self.sender_until.map_or(end, |until| until.min(end));
        let late = later(message.accepted_at, self.schedule.delay_notice);
        let wants_notice = !message.delay_told && late > self.now;
        let due = if wants_notice { late.min(end) } else { end };
        due.max(later(self.now, Duration::from_secs(1)))
    }
}

const fn is_final(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::FailRecipient | Verdict::FailMessage)
}

/// Judges the outcomes, one for each recipient of the message, in order.
pub(super) fn settle(message: &QueuedMessage, outcomes: &[Outcome], terms: Terms<'_>) -> Settled {
    let is_expired = terms.schedule.is_expired(message.accepted_at, terms.now);
    let is_attempt = outcomes.iter().any(counts_as_attempt) || terms.has_unheld_sender(outcomes);
    let due_at = terms.due_at(message, outcomes);
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
        let detail = [&setback.detail, &told(setback)];
        let detail = detail.map(String::as_str).join("; ");
        let fate = |kind, reason| Fate {
            kind,
            recipient: recipient.clone(),
            reason: Some(reason),
            reply: setback.reply.clone(),
            text: text.clone(),
            advice: setback.advice.clone(),
        };
        if self.is_left_to_a_person(setback) {
            let reason = Some(Reason::OutcomeUnknown);
            let detail = format!("{detail}; waits for a person{}", remedy(setback));
            self.story
                .tell(EventKind::Held, reason, &reply, &detail, recipient);
            return (RecipientState::Queued, text, reason);
        }
        if let Some(reason) = gives_up(setback, self.is_expired) {
            let detail = format!("{detail}; given up{}", remedy(setback));
            self.story
                .tell(EventKind::Failed, Some(reason), &reply, &detail, recipient);
            self.fates.push(fate(NoticeKind::Failed, reason));
            return (RecipientState::Failed, text, Some(reason));
        }
        if self.is_late {
            self.fates.push(fate(NoticeKind::Delayed, setback.reason));
        }
        let detail = format!(
            "{detail}; {}{}",
            self.story.next_attempt(setback),
            remedy(setback)
        );
        let reason = Some(setback.reason);
        self.story
            .tell(EventKind::Deferred, reason, &reply, &detail, recipient);
        self.remains = true;
        (RecipientState::Queued, text, reason)
    }

    /// Nobody can tell whether it left, and the route leaves that to a person.
    fn is_left_to_a_person(&self, setback: &Setback) -> bool {
        setback.verdict == Verdict::Unknown
            && self.story.terms.unknown_outcome == UnknownOutcome::Hold
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
                advice: None,
            });
        }
        (RecipientState::Delivered, text, None)
    }
}

/// Verdict and cause, for the history.
fn told(setback: &Setback) -> String {
    let verdict = format!("verdict {}", setback.verdict.name());
    match &setback.advice {
        Some(advice) => format!("{verdict}; cause: {}", advice.cause),
        None if setback.is_unknown_reply() => format!("{verdict}, by the first digit of the reply"),
        None => verdict,
    }
}

fn remedy(setback: &Setback) -> String {
    let advice = setback.advice.as_ref();
    advice.map_or_else(String::new, |advice| format!("; remedy: {}", advice.remedy))
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
        // The sender is not let go by then: that says more than that the time is over.
        Verdict::HoldSender if is_expired => Some(setback.reason),
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
            Verdict::HoldCredentials => "next attempt when the lane is released".to_owned(),
            Verdict::HoldQuota(_) => "next attempt when the hold of the lane ends".to_owned(),
            Verdict::HoldSender => format!(
                "next attempt when its sender is released (relayctl queue release --lane); given up at {}",
                time(later(
                    self.message.accepted_at,
                    self.terms.schedule.lifetime
                )),
            ),
            Verdict::Unknown => format!("outcome unknown, sent again at {}", time(self.due_at)),
            _ => format!("next attempt {}", time(self.due_at)),
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

fn time(at: Timestamp) -> String {
    at.strftime("%FT%TZ").to_string()
}
