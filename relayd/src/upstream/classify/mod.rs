//! Judges replies: one table from stage, basic code, enhanced code and text to what to do.
//!
//! The first digit of a code is not enough for Exchange Online: a missing mailbox permission is a
//! 430, a used-up daily limit a 554, and `5.2.252` is a throttle or a denied sender depending on
//! its text. What no row knows is judged by RFC 5321 §4.2.1: 4yz may succeed later, 5yz will not.
//! Such a setback has a reply and no advice, and is listed for the operator
//! ([`Setback::is_unknown_reply`]).

mod table;
#[cfg(test)]
mod tests;
mod words;

use table::RULES;

use super::{
    Advice, Setback,
    Verdict::{self, FailMessage, FailRecipient, HoldCredentials, Retry},
};
use crate::model::{Reason, RemoteReply};

/// Where in the dialogue a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The greeting, EHLO or STARTTLS.
    Connect,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Recipient,
    /// DATA.
    Data,
    /// The end of the body.
    EndOfData,
}

impl Stage {
    /// The verb or event, for details.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Connect => "the greeting",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::EndOfData => "the end of the message",
        }
    }
}

/// Judges a reply that is not the hoped-for one.
pub(super) fn judge(stage: Stage, reply: RemoteReply) -> Setback {
    let enhanced = enhanced_code(&reply.text);
    let text = own_words(&reply.text);
    // No mail is at stake yet: what speaks of a sender or recipient is meant for this machine.
    let is_opening = matches!(stage, Stage::Connect | Stage::Auth);
    let known = RULES.iter().find(|rule| {
        !(is_opening
            && matches!(
                rule.verdict,
                FailRecipient | FailMessage | Verdict::HoldSender | Verdict::HoldRecipient(_)
            ))
            && (rule.basic == 0 || rule.basic == reply.code)
            && (rule.enhanced.is_empty()
                || enhanced.is_some_and(|code| lies_in(code, rule.enhanced)))
            && text.contains(rule.text)
    });
    let (verdict, reason) = known.map_or_else(
        || by_first_digit(stage, reply.code),
        |rule| (rule.verdict, rule.reason),
    );
    let advice = known.map(|rule| {
        Box::new(Advice {
            cause: rule.words.cause.to_owned(),
            remedy: rule.words.remedy.to_owned(),
        })
    });
    Setback {
        verdict,
        reason,
        detail: format!("in answer to {}", stage.name()),
        reply: Some(reply),
        advice,
    }
}

/// The text in lower case without what the other side may have echoed, `<…>` and words that hold
/// `@`: a recipient can be called as an error is.
fn own_words(text: &str) -> String {
    let mut parts = text.split('<');
    let mut own = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        let behind = part.split_once('>').map_or(part, |(_, behind)| behind);
        own.push(' ');
        own.push_str(&behind.to_ascii_lowercase());
    }
    let words = own.split_whitespace().filter(|word| !word.contains('@'));
    words.collect::<Vec<_>>().join(" ")
}

/// A connection that could not be made, or ended or went silent without a reply.
pub(super) fn lost(stage: Stage, detail: impl Into<String>) -> Setback {
    let reason = match stage {
        Stage::Connect | Stage::Auth => Reason::RouteUnreachable,
        Stage::Mail | Stage::Recipient | Stage::Data | Stage::EndOfData => Reason::RemoteTemporary,
    };
    Setback::new(Retry, reason, detail.into())
}

/// RFC 5321 §4.2.1, except that a route that does not open must never fail the mail behind it.
fn by_first_digit(stage: Stage, code: u16) -> (Verdict, Reason) {
    match (stage, code / 100) {
        (Stage::Auth, 5) => (HoldCredentials, Reason::RouteCredentialsRejected),
        (Stage::Connect, 5) => (Retry, Reason::RouteUnreachable),
        (Stage::Recipient, 5) => (FailRecipient, Reason::RecipientRefused),
        (Stage::Mail | Stage::Data | Stage::EndOfData, 5) => (FailMessage, Reason::RemoteRefused),
        _ => (Retry, Reason::RemoteTemporary),
    }
}

impl Setback {
    /// Whether no row of the table knows the reply: it was judged by its first digit.
    pub fn is_unknown_reply(&self) -> bool {
        self.reply.is_some() && self.advice.is_none()
    }

    /// Whether the server takes no further recipient in this transaction (RFC 5321 §4.5.3.1.10);
    /// the rest may come in the next.
    pub(crate) fn ends_recipients(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| {
            matches!(reply.code, 452 | 552)
                && (enhanced_code(&reply.text).is_some_and(|code| code.1 == 5 && code.2 == 3)
                    || own_words(&reply.text).contains("too many recipients"))
        })
    }
}

/// A mail whose end was written and never answered: it may have been taken, or not.
pub(super) fn unanswered(detail: impl Into<String>) -> Setback {
    Setback {
        advice: Some(Box::new(Advice {
            cause: words::UNKNOWN_OUTCOME.cause.to_owned(),
            remedy: words::UNKNOWN_OUTCOME.remedy.to_owned(),
        })),
        ..Setback::new(Verdict::Unknown, Reason::OutcomeUnknown, detail)
    }
}

type EnhancedCode = (u16, u16, u16);

/// The enhanced code at the start of a reply's text (RFC 2034 §4).
pub(crate) fn enhanced_code(text: &str) -> Option<EnhancedCode> {
    let word = text.split([' ', ';']).next()?;
    let mut parts = word.split('.').map(|part| {
        let short = (1..=3).contains(&part.len());
        short.then(|| part.parse::<u16>().ok()).flatten()
    });
    let code = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

fn lies_in(code: EnhancedCode, pattern: &str) -> bool {
    let Some((head, detail)) = pattern.rsplit_once('.') else {
        return false;
    };
    let (first, last) = detail.split_once('-').unwrap_or((detail, detail));
    head == format!("{}.{}", code.0, code.1)
        && first.parse().is_ok_and(|first: u16| first <= code.2)
        && last.parse().is_ok_and(|last: u16| code.2 <= last)
}
