//! What the sender is told, and what it is not (RFC 3461).

use std::time::Duration;

use bytes::Bytes;

use super::{
    FAST,
    world::{BODY, World, delivered, setback},
};
use crate::{
    model::{BodyEncoding, DsnNotify, DsnReturn, Reason, RecipientState},
    queue::Settings,
    store::{NewMessage, QueuedMessage},
    upstream::{Outcome, Outgoing, Verdict},
};

/// `never`, `success`, `failure`, `delay`.
fn notify(wishes: &str) -> DsnNotify {
    let has = |wish| wishes.split(',').any(|given| given == wish);
    DsnNotify {
        never: has("never"),
        success: has("success"),
        failure: has("failure"),
        delay: has("delay"),
    }
}

fn refused() -> Outcome {
    Outcome::Setback(setback(
        Verdict::FailRecipient,
        Reason::RecipientRefused,
        "550 5.1.10 Recipient not found",
    ))
}

fn busy() -> Outcome {
    Outcome::Setback(setback(
        Verdict::Retry,
        Reason::RemoteTemporary,
        "451 4.3.2 Try later",
    ))
}

/// Runs one message to its end against a server that answers so; gives the notices.
async fn notices(
    forwards: bool,
    change: impl FnOnce(&mut QueuedMessage),
    answer: impl FnMut(&Outgoing<'_>) -> Outcome + Send + 'static,
) -> Vec<NewMessage> {
    let world = World::new();
    world.server().forwards_notifications = forwards;
    world.answer(answer);
    let queue = world.queue(Settings::default());
    let route = world.route(FAST);
    let mut message = world.message(route, "scanner@acme.example");
    change(&mut message);
    let id = message.id;
    {
        let mut books = world.books();
        books.entries.get_mut(&id).unwrap().message = message.clone();
    }
    queue.offer(message);
    world
        .until("the end", |world| world.count(RecipientState::Queued) == 0)
        .await;
    std::mem::take(&mut world.books().bounces)
}

fn text(mail: &NewMessage) -> String {
    assert_eq!(mail.envelope.reverse_path.as_str(), "");
    let [recipient] = mail.envelope.recipients.as_slice() else {
        panic!("{:?}", mail.envelope)
    };
    assert_eq!(recipient.address.as_str(), "scanner@acme.example");
    assert!(recipient.notify.unwrap().never);
    String::from_utf8(mail.tail.to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn failures_are_told_unless_notify_excludes_them() {
    for (wishes, told) in [
        (None, 1),
        (Some(notify("failure")), 1),
        (Some(notify("success,failure,delay")), 1),
        (Some(notify("success")), 0),
        (Some(notify("delay")), 0),
        (Some(notify("never")), 0),
    ] {
        let change = |message: &mut QueuedMessage| message.envelope.recipients[0].notify = wishes;
        let found = notices(false, change, |_| refused()).await;
        assert_eq!(found.len(), told, "{wishes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_is_told_when_the_server_does_not_tell_it_itself() {
    for (wishes, forwards, told) in [
        (Some(notify("success")), false, 1),
        (Some(notify("success,failure")), false, 1),
        (Some(notify("success")), true, 0),
        (Some(notify("failure")), false, 0),
        (Some(notify("never")), false, 0),
        (None, false, 0),
    ] {
        let change = |message: &mut QueuedMessage| message.envelope.recipients[0].notify = wishes;
        let found = notices(forwards, change, |_| delivered()).await;
        assert_eq!(found.len(), told, "{wishes:?} {forwards}");
        for mail in &found {
            let text = text(mail);
            for part in [
                "Subject: Mail handed over",
                "Action: relayed\r\nStatus: 2.0.0\r\n",
                "Diagnostic-Code: smtp; 250 2.0.0 ok",
                "Content-Type: text/rfc822-headers",
            ] {
                assert!(text.contains(part), "{part} is missing in\n{text}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_is_told_once_to_who_wants_to_know() {
    for (wishes, subjects) in [
        (
            Some(notify("failure,delay")),
            &[
                "Delayed mail, still being tried",
                "Undelivered mail returned to sender",
            ][..],
        ),
        (Some(notify("delay")), &["Delayed mail, still being tried"]),
        (None, &["Undelivered mail returned to sender"]),
        (Some(notify("never")), &[]),
    ] {
        let change = |message: &mut QueuedMessage| message.envelope.recipients[0].notify = wishes;
        let found = notices(false, change, |_| busy()).await;
        let seen: Vec<_> = found.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(seen, subjects, "{wishes:?}");
        let Some(delay) = found
            .iter()
            .find(|mail| mail.subject.starts_with("Delayed"))
        else {
            continue;
        };
        let text = text(delay);
        for part in [
            "Action: delayed\r\nStatus: 4.3.2\r\n",
            "Diagnostic-Code: smtp; 451 4.3.2 Try later",
            "Will-Retry-Until: Mon, 23 Nov 2026 12:00:00 +0000",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        // Four hours after 12:00, at the first attempt from then on.
        let begun = "2026-11-21T16:00:00Z".parse().unwrap();
        let late = delay.accepted_at.duration_since(begun);
        let late = Duration::try_from(late).unwrap();
        assert!(late <= Duration::from_mins(140), "{late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_null_path_is_told_nothing() {
    let all = || Some(notify("success,failure,delay"));
    for answer in [refused as fn() -> Outcome, delivered, busy] {
        let change = |message: &mut QueuedMessage| {
            message.envelope.reverse_path = "".parse().unwrap();
            message.envelope.recipients[0].notify = all();
        };
        let found = notices(false, change, move |_| answer()).await;
        assert!(found.is_empty(), "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_names_what_the_device_called_things() {
    let change = |message: &mut QueuedMessage| {
        message.envelope.envelope_id = "scan+2B7+20of+209".to_owned();
        let recipient = &mut message.envelope.recipients[0];
        "RFC822;a+2Bb@c.example".clone_into(&mut recipient.original);
    };
    let found = notices(false, change, |_| refused()).await;
    let text = text(&found[0]);
    for part in [
        "Original-Envelope-Id: scan+7 of 9\r\n",
        "Original-Recipient: rfc822; a+b@c.example\r\nFinal-Recipient: rfc822; a@b.example\r\n",
        "Action: failed\r\nStatus: 5.1.10\r\nRemote-MTA: dns; upstream.example\r\n",
        "Reporting-MTA: dns; localhost\r\n",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }

    let change = |message: &mut QueuedMessage| {
        message.envelope.smtputf8 = true;
        let recipient = &mut message.envelope.recipients[0];
        recipient.address = "j\u{fc}rgen@b.example".parse().unwrap();
        "utf-8;\u{fc}@c.example".clone_into(&mut recipient.original);
    };
    let found = notices(false, change, |_| refused()).await;
    let text = String::from_utf8(found[0].tail.to_vec()).unwrap();
    for part in [
        "Original-Recipient: utf-8; \\x{FC}@c.example\r\n",
        "Final-Recipient: utf-8; j\\x{FC}rgen@b.example\r\n",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn ret_decides_how_much_is_returned() {
    for (wish, encoding, whole) in [
        (None, BodyEncoding::SevenBit, false),
        (Some(DsnReturn::Headers), BodyEncoding::SevenBit, false),
        (Some(DsnReturn::Full), BodyEncoding::SevenBit, true),
        (Some(DsnReturn::Full), BodyEncoding::EightBit, true),
        // Its bytes could not stand in a report of lines.
        (Some(DsnReturn::Full), BodyEncoding::Binary, false),
    ] {
        let change = |message: &mut QueuedMessage| {
            message.envelope.dsn_return = wish;
            message.envelope.encoding = encoding;
            message.body = Some(Bytes::from_static(BODY));
        };
        let found = notices(false, change, |_| refused()).await;
        let text = text(&found[0]);
        assert!(text.contains("Subject: x\r\n"), "{text}");
        assert_eq!(
            text.contains("\r\n\r\nhello\r\n"),
            whole,
            "{wish:?}: {text}"
        );
        let kind = if whole {
            "message/rfc822"
        } else {
            "text/rfc822-headers"
        };
        assert!(
            text.contains(&format!("Content-Type: {kind}\r\n")),
            "{text}"
        );
    }
}

/// A mail that is too old fails with the code for that, whatever the server said last.
#[tokio::test(start_paused = true)]
async fn an_expired_mail_has_its_own_status() {
    let found = notices(false, |_| {}, |_| busy()).await;
    let text = text(&found[0]);
    assert!(
        text.contains("Action: failed\r\nStatus: 4.4.7\r\n"),
        "{text}"
    );
}
