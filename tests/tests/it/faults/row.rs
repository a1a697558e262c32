//! The words that a row of the table is written in.

use std::time::Duration;

use relay_tests::sim::{Shown, Stage, entra::Trouble as TokenTrouble, graph::Then, named_reply};

use super::way::Way;

/// What goes wrong.
#[derive(Debug, Clone)]
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
    /// The token endpoint does this.
    Token(TokenTrouble),
    /// Graph does this to `sendMail`.
    Graph(Then),
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
    pub(super) says: Vec<&'static str>,
    /// Bytes of the mail.
    pub(super) size: usize,
    /// Who cannot know what became of a mail leaves it to a person.
    pub(super) leaves_to_person: bool,
    /// Where it happens.
    pub(super) ways: &'static [Way],
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
            says: Vec::new(),
            size: 2000,
            leaves_to_person: false,
            ways: Way::SMTP,
        }
    }

    /// Only these ways.
    pub(super) fn only(mut self, ways: &'static [Way]) -> Self {
        self.ways = ways;
        self
    }

    /// With a mail that no buffer of a connection holds.
    pub(super) fn large(mut self) -> Self {
        self.size = 16 * 1024 * 1024;
        self
    }

    /// The history must say this.
    pub(super) fn telling(mut self, text: &'static str) -> Self {
        self.says.push(text);
        self
    }

    /// By a route that leaves unknown outcomes to a person.
    pub(super) fn left_to_a_person(mut self) -> Self {
        self.name.push_str(", left to a person");
        self.leaves_to_person = true;
        self
    }

    /// The reply that the history must show word by word, if the server gives any.
    pub(super) fn reply(&self) -> Option<&'static str> {
        match &self.trouble {
            Trouble::Says(_, reply) | Trouble::SaysAndCuts(_, reply) => {
                Some(named_reply(reply).unwrap_or(*reply))
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

    /// How long the first access tokens are good: where the token endpoint fails, the one of the
    /// check must not last.
    pub(super) const fn token_lifetime(&self) -> Duration {
        match self.trouble {
            Trouble::Token(_) => Duration::from_secs(1),
            _ => Duration::from_hours(1),
        }
    }

    /// Whether the mail ends with a notice to its sender.
    pub(super) const fn is_given_up(&self) -> bool {
        matches!(self.verdict, Verdict::FailRecipient | Verdict::FailMessage)
    }

    /// Whether the mail has arrived in spite of the trouble.
    pub(super) const fn takes_mail(&self) -> bool {
        matches!(
            self.trouble,
            Trouble::Cuts(Stage::TakenIn)
                | Trouble::Graph(Then::DoAndRefuse { .. } | Then::CutDone)
        )
    }

    /// How often the mail has arrived in the end. Who cannot know sends it again.
    pub(super) const fn arrivals(&self) -> usize {
        match self.verdict {
            Verdict::FailRecipient | Verdict::FailMessage => 0,
            Verdict::Unknown if self.takes_mail() && !self.leaves_to_person => 2,
            _ => 1,
        }
    }

    /// Whether the trouble passes by itself.
    pub(super) fn is_scripted(&self) -> bool {
        !matches!(
            self.trouble,
            Trouble::Shows(_)
                | Trouble::Lacks(_)
                | Trouble::IsDown
                | Trouble::HasNoName
                | Trouble::Token(_)
        )
    }
}
