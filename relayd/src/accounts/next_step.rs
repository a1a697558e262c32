//! What happens next to a message that waits: when, or what keeps it and which command ends that.

use jiff::Timestamp;

use super::{Accounts, AdminError};
use crate::{
    model::{AccountState, Hold, HoldKind, MessageState},
    store::LogEntry,
};

/// What happens next to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// In words, as one sentence without its full stop.
    pub sentence: String,
    /// When, where that is known.
    pub at: Option<Timestamp>,
    /// Whether a hold keeps it.
    pub held: bool,
    /// The command that ends the wait, or brings it forward.
    pub command: Option<String>,
}

impl NextStep {
    fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            at: None,
            held: false,
            command: None,
        }
    }

    fn held(self) -> Self {
        Self { held: true, ..self }
    }

    fn at(self, at: Timestamp) -> Self {
        Self {
            at: Some(at),
            ..self
        }
    }

    fn by(self, command: String) -> Self {
        Self {
            command: Some(command),
            ..self
        }
    }
}

impl Accounts {
    /// What happens next; nothing to a message that is done with. The lane knows better than the
    /// message's own due time.
    pub(super) async fn next_step(
        &self,
        message: &LogEntry,
    ) -> Result<Option<NextStep>, AdminError> {
        let id = message.id;
        match message.state {
            MessageState::Queued => {}
            MessageState::Held => {
                let next = NextStep::new("it is held, and waits until somebody releases it");
                return Ok(Some(next.held().by(format!("relayctl queue release {id}"))));
            }
            _ => return Ok(None),
        }
        let account = message.account.as_deref().unwrap_or("NAME");
        let Some(route) = self.store.route_of(message.account_id).await? else {
            let next = NextStep::new("the account has no route");
            let command = format!("relayctl route set --account {account}");
            return Ok(Some(next.held().by(command)));
        };
        if let Some(next) = self.stopped_account(message, account).await? {
            return Ok(Some(next));
        }
        let now = self.clock.now();
        let hold = self.store.hold(route.id).await?;
        if let Some(hold) = hold.filter(|hold| hold.until.is_none_or(|until| until > now)) {
            return Ok(Some(behind(&hold, account)));
        }
        for hold in self.store.sender_holds(route.id, now).await? {
            if is_meant(&hold.sender, &message.sender) {
                let told = format!(
                    "mail of {} waits since {:.0} until {:.0}: {}",
                    hold.sender, hold.since, hold.until, hold.detail
                );
                let command = format!("relayctl queue release --lane --account {account}");
                let next = NextStep::new(told).held().at(hold.until).by(command);
                return Ok(Some(next));
            }
        }
        if message.due_at > now {
            let next = NextStep::new(format!("next attempt at {:.0}", message.due_at));
            let command = format!("relayctl queue retry {id}");
            return Ok(Some(next.at(message.due_at).by(command)));
        }
        if self.queue.under_way().contains(&id) {
            return Ok(Some(NextStep::new("it is being handed over")));
        }
        let lanes = self.queue.lanes().into_iter();
        let why = lanes
            .filter(|lane| lane.route_id == route.id)
            .map(|lane| lane.why)
            .find(|why| !why.is_empty());
        Ok(Some(NextStep::new(
            why.unwrap_or_else(|| "its turn".to_owned()),
        )))
    }

    /// Mail of an account that may not send waits for the account.
    async fn stopped_account(
        &self,
        message: &LogEntry,
        name: &str,
    ) -> Result<Option<NextStep>, AdminError> {
        let Some(account) = self.store.account(message.account_id).await? else {
            return Ok(None);
        };
        Ok(match account.state {
            AccountState::Suspended => {
                let next = NextStep::new("the account is suspended");
                Some(next.held().by(format!("relayctl account resume {name}")))
            }
            _ => None,
        })
    }
}

/// Whether a hold of `held`, an address or `@domain`, concerns a sender.
fn is_meant(held: &str, sender: &str) -> bool {
    let sender = sender.to_lowercase();
    let held = held.to_lowercase();
    held == sender || (held.starts_with('@') && sender.ends_with(&held))
}

/// What ends a hold of a lane.
fn behind(hold: &Hold, account: &str) -> NextStep {
    let until = hold
        .until
        .map_or_else(String::new, |until| format!(" until {until:.0}"));
    let why = if hold.detail.is_empty() {
        hold.reason.sentence()
    } else {
        &hold.detail
    };
    let sentence = format!("lane held since {:.0}{until}: {why}", hold.since);
    let command = match hold.kind {
        // A check that succeeds ends the hold, and one that fails says what is wrong.
        HoldKind::Credentials => format!("relayctl route check --account {account}"),
        HoldKind::Quota | HoldKind::Manual => {
            format!("relayctl queue release --lane --account {account}")
        }
    };
    NextStep {
        at: hold.until,
        ..NextStep::new(sentence).held().by(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;

    #[test]
    fn each_kind_of_hold_names_the_command_that_ends_it() {
        let since: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        let until: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        for (kind, until, command, sentence) in [
            (
                HoldKind::Credentials,
                None,
                "relayctl route check --account acme",
                "lane held since 2026-11-22T09:00:00Z: 535 no",
            ),
            (
                HoldKind::Quota,
                Some(until),
                "relayctl queue release --lane --account acme",
                "lane held since 2026-11-22T09:00:00Z until 2026-11-22T10:00:00Z: 535 no",
            ),
            (
                HoldKind::Manual,
                None,
                "relayctl queue release --lane --account acme",
                "lane held since 2026-11-22T09:00:00Z: 535 no",
            ),
        ] {
            let hold = Hold {
                kind,
                reason: Reason::HeldByOperator,
                detail: "535 no".to_owned(),
                since,
                until,
            };
            let next = behind(&hold, "acme");
            assert_eq!(next.command.as_deref(), Some(command));
            assert_eq!((next.sentence.as_str(), next.at), (sentence, until));
        }
    }
}
