//! Messages, and what the log tells of them.

use relay_proto as proto;

use crate::{
    accounts::Trace,
    model,
    store::{self, LogEntry},
};

pub(in crate::api) fn message(entry: LogEntry) -> proto::Message {
    let is_queued = entry.state == model::MessageState::Queued;
    proto::Message {
        id: entry.id.to_string(),
        account: entry.account,
        user: entry.user,
        system: entry.system,
        state: entry.state.into(),
        sender: entry.sender,
        recipient: entry.recipient,
        recipient_count: entry.recipient_count,
        header_from: entry.header_from,
        subject: entry.subject,
        message_id: entry.header_id,
        size: entry.size,
        client: entry.client,
        helo: entry.helo,
        tls: entry.tls,
        accepted_at: entry.accepted_at,
        due_at: is_queued.then_some(entry.due_at),
        finished_at: entry.finished_at,
        attempts: entry.attempts,
        last_reply: entry.last_reply,
    }
}

pub(in crate::api) fn trace(trace: Trace) -> proto::Trace {
    proto::Trace {
        message: message(trace.message),
        recipients: trace
            .recipients
            .into_iter()
            .map(|recipient| proto::TraceRecipient {
                address: recipient.address,
                state: recipient.state.into(),
                reply: recipient.reply,
            })
            .collect(),
        events: trace
            .events
            .into_iter()
            .map(|event| proto::Event {
                at: event.at,
                kind: event.kind.into(),
                recipients: event.recipients,
                reason: event.reason.map(|reason| reason.to_string()),
                reply: event.reply,
                detail: event.detail,
            })
            .collect(),
        waiting_for: trace.waiting_for,
        next: trace.next.map(|next| proto::NextStep {
            sentence: next.sentence,
            at: next.at,
            held: next.held,
            command: next.command,
        }),
        found_by: Some(trace.found_by.into()),
    }
}

pub(in crate::api) fn log_event(entry: store::TailEntry) -> proto::LogEvent {
    proto::LogEvent {
        id: entry.place.to_string(),
        at: entry.at,
        queue_id: entry.message_id.map(|id| id.to_string()),
        account: entry.account,
        user: entry.user,
        system: entry.system,
        sender: entry.sender,
        recipients: entry.recipients,
        recipient_count: entry.recipient_count,
        kind: match entry.kind {
            store::TailKind::Event(kind) => proto::EventKind::from(kind).into(),
            store::TailKind::Refused => proto::LogEventKind::Refused,
        },
        reason: entry.reason.map(|reason| reason.to_string()),
        reply: entry.reply,
        detail: entry.detail,
        client: entry.client,
    }
}

pub(in crate::api) fn reject(entry: store::RejectEntry) -> proto::Reject {
    proto::Reject {
        at: entry.at,
        account: entry.account,
        system: entry.system,
        username: entry.username,
        client: entry.client,
        listener: entry.listener,
        helo: entry.helo,
        sender: entry.sender,
        recipient: entry.recipient,
        reason: entry.reason.to_string(),
        reply: entry.reply,
    }
}
