//! What becomes of the header, and of the size that the server of the route gets.

use std::sync::Arc;

use jiff::Timestamp;

use super::Walk;
use crate::{
    accounts::StepVerdict,
    model::{MessageId, Protocol, Refusal, rfc5322_date},
    policy::Senders,
    smtp::Peer,
    store::Login,
    submission::{
        header::HeaderCollector,
        judgement,
        repair::{self, Arrival},
    },
};

impl Walk<'_> {
    /// From, judged and repaired as it would be, and the size that the server of the route would
    /// get.
    pub(super) fn header(&mut self, login: &Login, size: u64, smtputf8: bool) {
        const STEP: (&str, &str) = ("From", "DATA");
        let (now, text) = (self.door.now(), self.header_text());
        let given = text.len() as u64;
        let judged = self.repaired(login, &text, smtputf8, now);
        let repaired = match judged {
            Ok(repaired) => repaired,
            Err(refusal) => return self.judge_of(login, STEP, Err(refusal)),
        };
        let from = &repaired.from;
        let (verdict, detail) = match (&self.question.from, repaired.done.as_str()) {
            (None, _) => (
                StepVerdict::Ok,
                format!("{from} is added, since there is none"),
            ),
            (Some(_), "") => (StepVerdict::Ok, format!("{from} stays")),
            (Some(_), done) => (
                StepVerdict::Warning,
                format!("goes out from {from}: {done}"),
            ),
        };
        self.note(STEP, verdict, detail);
        let mut written = Vec::new();
        repaired.header.write_to(&mut written);
        let size = (size + written.len() as u64).saturating_sub(given);
        let limit = login.standing.route.and_then(|route| route.offer?.size);
        if let Err(refusal) = judgement::fits_route(limit, size) {
            self.judge_of(login, ("Size", "DATA"), Err(refusal));
        }
    }

    /// A header as a device would send it: nothing is missing but what the question leaves out.
    fn header_text(&self) -> String {
        let from = self.question.from.as_deref();
        let from = from.map(|from| format!("From: {from}\r\n"));
        let to = self.question.recipients.first().map_or("", String::as_str);
        let date = rfc5322_date(self.door.now());
        format!(
            "{}To: <{to}>\r\nDate: {date}\r\nMessage-ID: <question@relay.invalid>\r\n\r\n",
            from.unwrap_or_default()
        )
    }

    fn repaired(
        &self,
        login: &Login,
        text: &str,
        smtputf8: bool,
        now: Timestamp,
    ) -> Result<repair::Repaired, Refusal> {
        let mut collector = HeaderCollector::default();
        let split = match collector.push(text.as_bytes())? {
            Some(split) => split,
            None => collector.finish(),
        };
        let peer = Peer {
            remote: (self.client, 0).into(),
            listener: Arc::from("question"),
            helo: String::new(),
            tls: None,
            protocol: Protocol::Esmtp,
        };
        let arrival = Arrival {
            hostname: &self.door.settings().hostname,
            peer: &peer,
            id: MessageId::new(self.door.ids(), now),
            at: now,
            smtputf8,
        };
        repair::repair(split.header, Senders::of(&login.standing), arrival)
    }
}
