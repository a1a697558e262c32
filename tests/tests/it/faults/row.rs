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

/// What relayd must make of it, in the words of its histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing is wrong: one attempt.
    Delivered,
    /// Each time is an attempt.
    Retry,
    /// The same, where a fallback would be tried at once.
    RetryElsewhere,
    /// Tried again, and none of the times is an attempt.
    SlowDown,
    /// The lane waits until a time.
    HoldQuota,
    /// The lane waits for a person.
    HoldCredentials,
    /// Mail of this sender or domain waits for a person, and that of others goes on.
    HoldSender,
    /// Mail for this recipient waits until a time.
    HoldRecipient,
    /// Given up; its sender is told.
    FailRecipient,
    /// The same, whoever it is for.
    FailMessage,
    /// It may have been taken: the one case that may arrive twice, if the route says so.
    Unknown,
}

impl Verdict {
    /// The word in a history; none where nothing is wrong.
    pub(super) const fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Delivered => return None,
            Self::Retry => "retry",
            Self::RetryElsewhere => "retry-elsewhere",
            Self::SlowDown => "slow-down",
            Self::HoldQuota => "hold-quota",
            Self::HoldCredentials => "hold-credentials",
            Self::HoldSender => "hold-sender",
            Self::HoldRecipient => "hold-recipient",
            Self::FailRecipient => "fail-recipient",
            Self::FailMessage => "fail-message",
            Self::Unknown => "unknown-outcome",
        })
    }
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
    /// Bytes of the mail.
    pub(super) size: usize,
    /// Where it happens; all ways when empty.
    only: &'static [Way],
}

impl Row {
    /// The trouble strikes as often as the verdict needs: what passes does so after some times.
    pub(super) fn new(trouble: Trouble, verdict: Verdict, reason: &'static str) -> Self {
        let times = match verdict {
            Verdict::Retry | Verdict::RetryElsewhere => Some(2),
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
            size: 2000,
            only: &[],
        }
    }

    /// Only these ways.
    pub(super) fn only(mut self, ways: &'static [Way]) -> Self {
        self.only = ways;
        self
    }

    /// With a mail that no buffer of a connection holds.
    pub(super) fn large(mut self) -> Self {
        self.size = 16 * 1024 * 1024;
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
            Verdict::Retry | Verdict::RetryElsewhere => self
                .times
                .filter(|_| self.is_scripted())
                .map(|it| u64::from(it) + 1),
            Verdict::Unknown => None,
            _ => Some(1),
        }
    }

    /// How often the mail has arrived in the end. Who cannot know sends it again.
    pub(super) fn arrivals(&self) -> usize {
        match (self.verdict, self.trouble) {
            (Verdict::FailRecipient | Verdict::FailMessage, _) => 0,
            (Verdict::Unknown, Trouble::Cuts(Stage::TakenIn)) => 2,
            _ => 1,
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
