//! The words that a row of the table is written in.

use relay_tests::sim::{Shown, Stage, named_reply};

use super::way::Way;

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Trouble {
    /// The server says this instead: literal, or a name of the stand-in's table.
    Says(Stage, &'static str),
    /// It cuts the connection; at `Stage::TakenIn` the mail has arrived by then.
    Cuts(Stage),
    /// It says this and cuts the connection.
    SaysAndCuts(Stage, &'static str),
    /// It is slow.
    Waits(Stage),
    /// It shows another certificate.
    Shows(Shown),
    /// It does not offer this any more.
    Lacks(&'static str),
    /// Nothing listens on its port.
    IsDown,
    /// Its name is not known any more.
    HasNoName,
}

/// What relayd must make of it; see `Verdict` of relayd's `upstream`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing is wrong: one attempt.
    Delivered,
    /// Each time is an attempt.
    Retry,
    /// Tried again, and none of the times is an attempt.
    SlowDown,
    /// The lane waits until a time.
    HoldQuota,
    /// The lane waits for a person.
    HoldCredentials,
    /// Given up; its sender is told.
    FailRecipient,
    /// The same, whoever it is for.
    FailMessage,
    /// It may have been taken: the one case that may arrive twice.
    Unknown,
}

/// One fault, and what must come of it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) trouble: Trouble,
    /// How often it strikes; `None` is until it is mended.
    pub(super) times: Option<u32>,
    pub(super) verdict: Verdict,
    /// Code of the reason in the history; empty where nothing is wrong.
    pub(super) reason: &'static str,
    /// What the history says, beside the literal reply.
    pub(super) says: &'static [&'static str],
    /// Where it happens; all ways when empty.
    only: &'static [Way],
}

impl Row {
    /// The trouble strikes as often as the verdict needs: what passes does so after some times.
    pub(super) fn new(trouble: Trouble, verdict: Verdict, reason: &'static str) -> Self {
        let times = match verdict {
            Verdict::Retry => Some(2),
            Verdict::SlowDown | Verdict::Unknown | Verdict::Delivered => Some(1),
            _ => None,
        };
        Self {
            name: format!("{trouble:?}"),
            trouble,
            times,
            verdict,
            reason,
            says: &[],
            only: &[],
        }
    }

    /// Only these ways.
    pub(super) fn only(mut self, ways: &'static [Way]) -> Self {
        self.only = ways;
        self
    }

    /// The history must say this.
    pub(super) fn says(mut self, texts: &'static [&'static str]) -> Self {
        self.says = texts;
        self
    }

    /// The ways that this row is run for.
    pub(super) fn ways(&self) -> &'static [Way] {
        if self.only.is_empty() {
            Way::ALL
        } else {
            self.only
        }
    }

    /// The reply that the history must show word by word, if the server gives any.
    pub(super) fn reply(&self) -> Option<&'static str> {
        match self.trouble {
            Trouble::Says(_, reply) | Trouble::SaysAndCuts(_, reply) => {
                Some(named_reply(reply).unwrap_or(reply))
            }
            _ => None,
        }
    }

    /// How many attempts the mail has behind it when it is done with; `None` when that depends on
    /// when the trouble is mended.
    pub(super) fn attempts(&self) -> Option<u64> {
        match self.verdict {
            Verdict::Retry => self
                .times
                .filter(|_| self.is_scripted())
                .map(|it| u64::from(it) + 1),
            Verdict::Unknown => None,
            _ => Some(1),
        }
    }

    /// Whether the trouble passes by itself.
    pub(super) fn is_scripted(&self) -> bool {
        !matches!(
            self.trouble,
            Trouble::Shows(_) | Trouble::Lacks(_) | Trouble::IsDown | Trouble::HasNoName
        )
    }
}
