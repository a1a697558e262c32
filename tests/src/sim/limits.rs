//! The limits of SMTP client submission, and who has used how much of them.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::time::Instant;

use super::replies;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Limits for each mailbox; `None` switches one off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time.
    pub connections: Option<usize>,
    /// Messages in any minute.
    pub messages_per_minute: Option<usize>,
    /// Recipients in any 24 hours.
    pub recipients_per_day: Option<usize>,
    /// Recipients of one message.
    pub recipients_per_message: usize,
    /// Recipients of one message in one domain, as the way by MX has it.
    pub recipients_per_domain: Option<usize>,
    /// Bytes of one message; what EHLO announces.
    pub message_size: u64,
    /// Errors of one kind, with no mail taken in between, that bar a mailbox.
    pub continuous_errors: Option<usize>,
}

impl Limits {
    /// What Microsoft documents.
    pub const fn documented() -> Self {
        Self {
            connections: Some(3),
            messages_per_minute: Some(30),
            recipients_per_day: Some(10_000),
            ..Self::unlimited()
        }
    }

    /// Only the size and the recipients of one message are bounded.
    pub const fn unlimited() -> Self {
        Self {
            connections: None,
            messages_per_minute: None,
            recipients_per_day: None,
            recipients_per_message: 500,
            recipients_per_domain: None,
            message_size: 157_286_400,
            continuous_errors: None,
        }
    }

    /// What holds for mail that comes by the MX of a tenant: no mailbox, so none of its limits.
    pub const fn by_mx() -> Self {
        Self {
            recipients_per_domain: Some(200),
            ..Self::unlimited()
        }
    }
}

/// What the mailboxes have used.
pub(super) struct Ledger {
    pub(super) limits: Limits,
    mailboxes: HashMap<String, Use>,
}

#[derive(Default)]
struct Use {
    /// Signed-in sessions, oldest first.
    sessions: Vec<u64>,
    peak_sessions: usize,
    messages: VecDeque<Instant>,
    recipients: VecDeque<(Instant, usize)>,
    recipients_per_message: Option<usize>,
}

impl Ledger {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            mailboxes: HashMap::new(),
        }
    }

    pub(super) fn peak_connections(&self) -> usize {
        let peaks = self.mailboxes.values().map(|used| used.peak_sessions);
        peaks.max().unwrap_or(0)
    }

    pub(super) fn limit_recipients(&mut self, mailbox: &str, recipients: usize) {
        let used = self.mailboxes.entry(mailbox.to_owned()).or_default();
        used.recipients_per_message = Some(recipients);
    }

    /// Whether a message of this mailbox to these recipients may have this one, too.
    pub(super) fn admits_recipient(&self, mailbox: &str, others: &[String], next: &str) -> bool {
        let own = self.mailboxes.get(mailbox);
        let limit = own.and_then(|used| used.recipients_per_message);
        let domain = domain_of(next);
        let neighbours = others
            .iter()
            .filter(|other| domain_of(other).eq_ignore_ascii_case(domain));
        others.len() < limit.unwrap_or(self.limits.recipients_per_message)
            && self
                .limits
                .recipients_per_domain
                .is_none_or(|limit| neighbours.count() < limit)
    }

    pub(super) fn signed_in(&mut self, mailbox: &str, session: u64) {
        let used = self.mailboxes.entry(mailbox.to_owned()).or_default();
        used.sessions.push(session);
        used.peak_sessions = used.peak_sessions.max(used.sessions.len());
    }

    pub(super) fn signed_out(&mut self, mailbox: &str, session: u64) {
        if let Some(used) = self.mailboxes.get_mut(mailbox) {
            used.sessions.retain(|other| *other != session);
        }
    }

    /// Counts one message, or says the reply that refuses it.
    ///
    /// All three limits answer at the end of data: that is where clients report the replies.
    pub(super) fn submit(
        &mut self,
        mailbox: &str,
        session: u64,
        recipients: usize,
        now: Instant,
    ) -> Result<(), &'static str> {
        let limits = self.limits;
        let used = self.mailboxes.entry(mailbox.to_owned()).or_default();
        while used.messages.front().is_some_and(|at| now - *at >= MINUTE) {
            used.messages.pop_front();
        }
        while used
            .recipients
            .front()
            .is_some_and(|(at, _)| now - *at >= DAY)
        {
            used.recipients.pop_front();
        }

        let position = used.sessions.iter().position(|other| *other == session);
        if limits
            .connections
            .is_some_and(|limit| position >= Some(limit))
        {
            return Err(replies::TOO_MANY_CONNECTIONS);
        }
        if limits
            .messages_per_minute
            .is_some_and(|limit| used.messages.len() >= limit)
        {
            return Err(replies::TOO_MANY_MESSAGES);
        }
        let today: usize = used.recipients.iter().map(|(_, count)| count).sum();
        if limits
            .recipients_per_day
            .is_some_and(|limit| today + recipients > limit)
        {
            return Err(replies::TOO_MANY_RECIPIENTS_TODAY);
        }
        used.messages.push_back(now);
        used.recipients.push_back((now, recipients));
        Ok(())
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_counted_for_each_mailbox_and_domain() {
        let mut ledger = Ledger::new(Limits {
            recipients_per_message: 4,
            recipients_per_domain: Some(2),
            ..Limits::unlimited()
        });
        ledger.limit_recipients("small", 1);
        let others = ["a@one.example", "b@One.example", "c@two.example"].map(str::to_owned);
        for (mailbox, count, next, admitted) in [
            ("m", 1, "x@one.example", true),
            ("m", 2, "x@one.example", false),
            ("m", 3, "x@two.example", true),
            ("small", 0, "x@one.example", true),
            ("small", 1, "x@two.example", false),
        ] {
            let fits = ledger.admits_recipient(mailbox, &others[..count], next);
            assert_eq!(fits, admitted, "{mailbox} {count} {next}");
        }
        ledger.limit_recipients("large", 5);
        let others: Vec<_> = (0..4).map(|number| format!("a@{number}.example")).collect();
        assert!(ledger.admits_recipient("large", &others, "x@y.example"));
        assert!(!ledger.admits_recipient("m", &others, "x@y.example"));
    }

    #[test]
    fn each_limit_answers_with_its_own_reply_and_renews_itself() {
        let mut ledger = Ledger::new(Limits {
            connections: Some(1),
            messages_per_minute: Some(2),
            recipients_per_day: Some(5),
            ..Limits::unlimited()
        });
        ledger.signed_in("m", 1);
        ledger.signed_in("m", 2);
        let start = Instant::now();
        let mut submit =
            |session, recipients, after| ledger.submit("m", session, recipients, start + after);

        let at_once = Duration::ZERO;
        assert_eq!(submit(2, 1, at_once), Err(replies::TOO_MANY_CONNECTIONS));
        assert_eq!(submit(1, 2, at_once), Ok(()));
        assert_eq!(submit(1, 2, at_once), Ok(()));
        assert_eq!(submit(1, 1, at_once), Err(replies::TOO_MANY_MESSAGES));
        assert_eq!(
            submit(1, 2, MINUTE),
            Err(replies::TOO_MANY_RECIPIENTS_TODAY)
        );
        assert_eq!(submit(1, 1, MINUTE), Ok(()));
        assert_eq!(submit(1, 5, MINUTE + DAY), Ok(()));

        ledger.signed_out("m", 1);
        assert_eq!(ledger.submit("m", 2, 1, start + MINUTE + DAY * 2), Ok(()));
        assert_eq!(ledger.peak_connections(), 2);
    }
}
