//! Replies that no row of the table knows, without what makes each of them different. Pure.

use jiff::Timestamp;

use crate::{
    model::MessageId,
    store::UnknownReply,
    upstream::{Outcome, Setback},
};

/// Longest text that is kept.
const LONGEST: usize = 200;

/// The different unknown replies of a delivery.
pub(super) fn of(id: MessageId, outcomes: &[Outcome], now: Timestamp) -> Vec<UnknownReply> {
    let mut found: Vec<UnknownReply> = Vec::new();
    for outcome in outcomes {
        let Outcome::Setback(setback) = outcome else {
            continue;
        };
        let Some(reply) = normal(setback) else {
            continue;
        };
        if found.iter().any(|known| known.reply == reply) {
            continue;
        }
        found.push(UnknownReply {
            reply,
            verdict: setback.verdict.name().to_owned(),
            count: 1,
            first_at: now,
            last_at: now,
            message_id: id,
        });
    }
    found
}

fn normal(setback: &Setback) -> Option<String> {
    let reply = setback
        .reply
        .as_ref()
        .filter(|_| setback.is_unknown_reply())?;
    let mut text = format!("{}", reply.code);
    for (place, word) in reply.text.split_whitespace().enumerate() {
        let is_code = place == 0 && word.chars().all(|c| c.is_ascii_digit() || c == '.');
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let shown = if is_code {
            word
        } else if word.contains('@') {
            "<address>"
        } else if digits >= 3 || (digits > 0 && word.len() >= 12) {
            "#"
        } else {
            word
        };
        if text.len() + shown.len() >= LONGEST {
            break;
        }
        text.push(' ');
        // As the store keeps it: two that differ in a NUL only are one there.
        text.push_str(&shown.replace('\0', "\u{fffd}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Reason, RemoteReply},
        upstream::Verdict,
    };

    #[test]
    fn what_makes_replies_different_is_left_out() {
        for (text, shown) in [
            (
                "5.7.1 no mail for <a@b.example> today",
                "550 5.7.1 no mail for <address> today",
            ),
            (
                "5.7.1 [192.0.2.1] id 7f3a9c21d4e5 x2",
                "550 5.7.1 # id # x2",
            ),
            ("", "550"),
        ] {
            let setback = Setback {
                reply: Some(RemoteReply {
                    code: 550,
                    text: text.to_owned(),
                }),
                ..Setback::new(Verdict::FailMessage, Reason::RemoteRefused, "")
            };
            assert_eq!(normal(&setback).unwrap(), shown);
        }
        let long = "word ".repeat(100);
        let setback = Setback {
            reply: Some(RemoteReply {
                code: 550,
                text: long,
            }),
            ..Setback::new(Verdict::FailMessage, Reason::RemoteRefused, "")
        };
        assert!(normal(&setback).unwrap().len() <= LONGEST);
    }
}
