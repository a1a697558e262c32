//! Writes down what came of a delivery: notices, hold, settlement; in the log and the figures too.

use std::{sync::Arc, time::Duration};

use bytes::BytesMut;

use super::{
    answers::OpenRoute,
    context::{Context, LaneHandle},
    keeper,
    notice::{self, Content, Returned},
    schedule::later,
    settle::{self, Fate, Settled},
    underway::Underway,
};
use crate::{
    model::{Event, EventKind, Hold, SenderHold},
    store::{Notice, NoticeKind, QueuedMessage},
    upstream::{Outcome, Verdict},
};

/// Everything to be written about one delivery.
pub(super) struct Record {
    pub(super) message: QueuedMessage,
    pub(super) settled: Settled,
    pub(super) hold: Option<Hold>,
    pub(super) sender_hold: Option<SenderHold>,
    pub(super) open: Arc<OpenRoute>,
    pub(super) underway: Underway,
}

/// Writes it and frees the place of the message in its lane.
pub(super) async fn record(handle: &Arc<LaneHandle>, context: &Arc<Context>, record: Record) {
    let Record {
        message,
        mut settled,
        hold,
        sender_hold,
        open,
        underway,
    } = record;
    if let Some(hold) = hold {
        let write = || keeper::write_hold(handle, context, open.epoch, &hold);
        context.insist("holding the lane", write).await;
    }
    // One of the past is not written.
    let sender_hold = sender_hold.filter(|_| handle.is_current(open.epoch));
    if let Some(hold) = &sender_hold {
        let write = || context.ledger.hold_sender(handle.id, hold);
        context.insist("holding a sender", write).await;
    }
    notify_sender(context, &message, &mut settled, &open).await;
    let write = || context.ledger.settle(settled.settlement.clone());
    context.insist("settling a delivery", write).await;
    if let Some(hold) = sender_hold.filter(|_| !handle.is_current(open.epoch)) {
        lift(handle, context, &hold).await;
    }

    let now = context.now();
    let mut lane = handle.lock();
    let recipients = message.envelope.recipients.len();
    lane.settled(message.id, recipients, settled.delivered, settled.due);
    underway.settled();
    let has_news = settled.due.is_some() || lane.workers == 0 || lane.wants_refill(now);
    if has_news || lane.is_draining() {
        handle.keeper.notify_one();
    }
}

/// Takes back the hold of a sender whose lane was changed while it was written. The mail that was
/// put off for it is due when the lane looks again.
async fn lift(handle: &Arc<LaneHandle>, context: &Arc<Context>, hold: &SenderHold) {
    let write = || context.ledger.lift_sender_hold(handle.id, hold);
    if context.insist("letting a sender go on", write).await {
        keeper::look_again(handle, context);
    }
}

/// Adds the notices that the sender wants, each with the event that says so. The store takes them
/// in with the settlement, or not at all.
async fn notify_sender(
    context: &Context,
    message: &QueuedMessage,
    settled: &mut Settled,
    open: &OpenRoute,
) {
    // Most mail is handed over and nobody wants to know: that asks the store for nothing.
    let matters = |fate: &Fate| {
        let wants_success = fate.recipient.notify.is_some_and(|notify| notify.success);
        fate.kind != NoticeKind::Relayed || wants_success
    };
    let has_sender = message.envelope.reverse_path.address().is_some();
    if !has_sender || !settled.fates.iter().any(matters) {
        return;
    }
    let read = || context.ledger.bounces(message.account_id);
    let bounces = context
        .insist("reading who is told of a failure", read)
        .await;
    for kind in [NoticeKind::Failed, NoticeKind::Delayed, NoticeKind::Relayed] {
        let found = notice::addressee(message, kind, &settled.fates, bounces.as_ref());
        let Some((sender, fates)) = found else {
            continue;
        };
        let wanted = notice::returns(message, kind, &fates);
        let mail_or_header = returned(context, message, wanted).await;
        let made = notice::Notification {
            message,
            kind,
            fates: &fates,
            sender,
            route: &open.route,
            reporting_name: &context.settings.reporting_name,
            expires_at: later(message.accepted_at, context.settings.schedule.lifetime),
            content: mail_or_header,
        };
        let mail = match made.build(&context.ids, context.clock.now()) {
            Ok(mail) => Box::new(mail),
            Err(error) => {
                tracing::error!(queue_id = %message.id, %error, "no notice could be made");
                continue;
            }
        };
        let event = Event {
            at: settled.settlement.at,
            message_id: message.id,
            kind: match kind {
                NoticeKind::Failed => EventKind::Bounced,
                NoticeKind::Delayed | NoticeKind::Relayed => EventKind::Notified,
            },
            recipients: fates
                .iter()
                .map(|fate| fate.recipient.address.to_string())
                .collect(),
            reason: None,
            reply: String::new(),
            detail: format!("told {sender} by message {}", mail.id),
            client: None,
        };
        let notice = Notice { kind, mail, event };
        settled.settlement.notices.push(notice);
    }
}

/// The start of the mail, or all of it.
async fn returned(context: &Context, message: &QueuedMessage, wanted: Returned) -> Content {
    let mut bytes = BytesMut::new();
    let mut position = 0;
    loop {
        let read = || context.ledger.body_chunk(message.id, position);
        match context.insist("reading a mail for a notice", read).await {
            Some(chunk) => bytes.extend_from_slice(&chunk),
            None => break,
        }
        if wanted == Returned::Header || bytes.len() as u64 >= message.size {
            break;
        }
        position += 1;
    }
    Content {
        wanted,
        bytes: bytes.freeze(),
    }
}

/// Counts a delivery.
pub(super) fn count(outcomes: &[Outcome], settled: &Settled) {
    // The first recipient stands for the attempt; to tell them apart is for the log.
    let verdict = outcomes.first().map_or("none", |outcome| {
        settle::verdict(outcome).map_or("delivered", Verdict::name)
    });
    metrics::counter!("relayd_attempts_total", "verdict" => verdict).increment(1);
    metrics::counter!("relayd_delivered_total").increment(settled.delivered);
}

/// One line of log for each group of recipients that fared alike.
pub(super) fn tell(message: &QueuedMessage, settled: &Settled, elapsed: Duration) {
    for event in &settled.settlement.events {
        let reason = event.reason.map_or("", crate::model::Reason::code);
        tracing::info!(
            queue_id = %message.id,
            route = %message.route_id,
            recipients = event.recipients.len(),
            reason,
            reply = event.reply.as_str(),
            detail = event.detail.as_str(),
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            "{}", event.kind
        );
    }
}
