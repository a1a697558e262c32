//! Scripted behaviour: who gets which reply, when.

use std::time::Duration;

use serde::Deserialize;

use super::{glob, replies};

/// Where in a session a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Instead of the greeting.
    Connect,
    /// EHLO.
    Ehlo,
    /// STARTTLS.
    Starttls,
    /// When the sign-in is complete.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA, or the first BDAT.
    Data,
    /// After the first piece of the body: only a delay or a drop makes sense here.
    Body,
    /// The body is complete, nothing is taken in yet.
    EndOfData,
    /// The message is taken in, its reply is not sent yet.
    TakenIn,
}

/// One line of the script: what it matches, and what happens then.
///
/// Patterns know `*`; one that is not given matches everything.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Where it applies.
    pub stage: Stage,
    /// Pattern of the mailbox that signs in.
    pub mailbox: Option<String>,
    /// Pattern of the envelope sender.
    pub from: Option<String>,
    /// Pattern of the recipient at hand; at later stages, of any recipient.
    pub rcpt: Option<String>,
    /// Lets this many matches pass first.
    #[serde(default)]
    pub skip: u32,
    /// Applies to this many matches, then no more.
    pub times: Option<u32>,
    /// Waits this long first.
    #[serde(default)]
    pub delay_ms: u64,
    /// Says this instead of what would have been said: literal, or a name of the table of replies.
    pub reply: Option<String>,
    /// Cuts the connection, after the reply if there is one.
    #[serde(default)]
    pub drop: bool,
}

impl Rule {
    /// A rule that does nothing yet.
    pub fn at(stage: Stage) -> Self {
        Self {
            stage,
            mailbox: None,
            from: None,
            rcpt: None,
            skip: 0,
            times: None,
            delay_ms: 0,
            reply: None,
            drop: false,
        }
    }

    /// Only for this mailbox.
    #[must_use]
    pub fn mailbox(mut self, pattern: &str) -> Self {
        self.mailbox = Some(pattern.to_owned());
        self
    }

    /// Only for this sender.
    #[must_use]
    pub fn from(mut self, pattern: &str) -> Self {
        self.from = Some(pattern.to_owned());
        self
    }

    /// Only for this recipient.
    #[must_use]
    pub fn rcpt(mut self, pattern: &str) -> Self {
        self.rcpt = Some(pattern.to_owned());
        self
    }

    /// Lets the first matches pass.
    #[must_use]
    pub fn skip(mut self, count: u32) -> Self {
        self.skip = count;
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.times = Some(count);
        self
    }

    /// Waits first.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Says this; see [`Rule::reply`].
    #[must_use]
    pub fn reply(mut self, reply: &str) -> Self {
        self.reply = Some(reply.to_owned());
        self
    }

    /// Cuts the connection.
    #[must_use]
    pub fn drop(mut self) -> Self {
        self.drop = true;
        self
    }

    fn matches(&self, event: &Event<'_>) -> bool {
        let fits = |pattern: &Option<String>, text: &str| {
            pattern
                .as_ref()
                .is_none_or(|pattern| glob::matches(pattern, text))
        };
        let rcpt_fits = self.rcpt.as_ref().is_none_or(|pattern| {
            event
                .recipients
                .iter()
                .any(|rcpt| glob::matches(pattern, rcpt))
        });
        self.stage == event.stage
            && fits(&self.mailbox, event.mailbox)
            && fits(&self.from, event.from)
            && rcpt_fits
    }
}

/// What a session is about to do.
pub(super) struct Event<'a> {
    pub(super) stage: Stage,
    pub(super) mailbox: &'a str,
    pub(super) from: &'a str,
    /// At RCPT, the one at hand.
    pub(super) recipients: &'a [String],
}

/// What a session has to do first or instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interference {
    pub(super) delay: Duration,
    pub(super) reply: Option<String>,
    pub(super) drop: bool,
}

/// The rules in force, with how often each one matched.
#[derive(Default)]
pub(super) struct Rules(Vec<(Rule, u32)>);

impl Rules {
    pub(super) fn new(rules: Vec<Rule>) -> Self {
        Self(rules.into_iter().map(|rule| (rule, 0)).collect())
    }

    pub(super) fn push(&mut self, rule: Rule) {
        self.0.push((rule, 0));
    }

    /// The first rule that matches and is neither still skipping nor used up.
    pub(super) fn apply(&mut self, event: &Event<'_>) -> Option<Interference> {
        self.0.iter_mut().find_map(|(rule, matched)| {
            if !rule.matches(event) {
                return None;
            }
            *matched = matched.saturating_add(1);
            let count = matched.checked_sub(rule.skip).filter(|count| *count > 0)?;
            if rule.times.is_some_and(|times| count > times) {
                return None;
            }
            let literal = |reply: &String| replies::named(reply).unwrap_or(reply).to_owned();
            Some(Interference {
                delay: Duration::from_millis(rule.delay_ms),
                reply: rule.reply.as_ref().map(literal),
                drop: rule.drop,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies_at(rules: &mut Rules, stage: Stage, from: &str, rcpt: &str) -> Option<String> {
        let recipients = [rcpt.to_owned()];
        let event = Event {
            stage,
            mailbox: "m@a",
            from,
            recipients: &recipients,
        };
        rules
            .apply(&event)
            .and_then(|interference| interference.reply)
    }

    #[test]
    fn rules_count_their_own_matches() {
        let mut rules = Rules::new(vec![
            Rule::at(Stage::Rcpt)
                .rcpt("x@*")
                .skip(1)
                .times(2)
                .reply("451 a"),
            Rule::at(Stage::Rcpt).from("s@a").reply("550 b"),
        ]);
        let mut at = |from, rcpt| replies_at(&mut rules, Stage::Rcpt, from, rcpt);
        assert_eq!(at("t@a", "x@b"), None, "skipped");
        assert_eq!(at("t@a", "y@b"), None, "another recipient");
        assert_eq!(at("t@a", "x@b").as_deref(), Some("451 a"));
        assert_eq!(
            at("s@a", "x@b").as_deref(),
            Some("451 a"),
            "the first one decides"
        );
        assert_eq!(at("t@a", "x@b"), None, "used up");
        assert_eq!(at("s@a", "x@b").as_deref(), Some("550 b"));
        assert_eq!(replies_at(&mut rules, Stage::Mail, "s@a", "x@b"), None);
    }

    #[test]
    fn a_reply_can_be_named() {
        let mut rules = Rules::new(vec![Rule::at(Stage::Auth).reply("credentials")]);
        let reply = replies_at(&mut rules, Stage::Auth, "", "");
        assert_eq!(
            reply.as_deref(),
            Some("535 5.7.3 Authentication unsuccessful")
        );
    }
}
