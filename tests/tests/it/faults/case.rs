//! One fault on one way out: set up, struck, judged, mended.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use relay_tests::{
    harness::{Device, Mail},
    load::send::Encryption,
    sim::{
        Rule, Shown, Stage,
        graph::{self, Operation},
    },
};
use serde_json::Value;

use super::{
    relay::{Relay, Snapshot, story},
    row::{Row, Trouble, Verdict},
    way::{Other, Way},
};
use crate::world::RECIPIENT;

/// How slow a slow server is.
const SLOW: Duration = Duration::from_millis(1500);

/// See the module.
pub(super) struct Case {
    row: Row,
    way: Way,
    account: String,
    sender: String,
    /// Of another domain.
    other_sender: String,
    address: IpAddr,
    mail: Mail,
    other: Other,
}

impl Case {
    /// An account with a route that works.
    pub(super) async fn set_up(relay: &Relay, number: usize, row: Row, way: Way) -> Result<Self> {
        let account = format!("case-{number}");
        let sender = format!("scanner@{account}.example");
        let other_sender = format!("scanner@other-{account}.example");
        let mailbox = format!("relay@{account}.example");
        let [.., high, low] = u16::try_from(number + 1)?.to_be_bytes();
        let address = Ipv4Addr::new(127, 9, high, low).into();
        let folder = relay.folder(&account);
        let other = Other::start(way, &folder, &mailbox, row.token_lifetime()).await?;
        let senders = [sender.as_str(), other_sender.as_str()];
        relay.add_account(&account, senders, address).await?;
        let mut route = other.route()?;
        if row.verdict == Verdict::Unknown {
            let policy = if row.leaves_to_person {
                "hold"
            } else {
                "retry"
            };
            route["unknown_outcome"] = policy.into();
        }
        relay.set_route(&account, &route).await?;
        Ok(Self {
            mail: Mail::new(&sender, RECIPIENT, &account, row.size),
            row,
            way,
            account,
            sender,
            other_sender,
            address,
            other,
        })
    }

    /// Lets the trouble strike, sends a mail, and looks at what comes of it.
    pub(super) async fn run(self, relay: &Relay) -> Result<Self> {
        self.strike(relay).await?;
        self.submit(relay, &self.sender, RECIPIENT, &self.mail)
            .await?;
        match self.row.verdict {
            Verdict::Unknown if self.row.leaves_to_person => {
                return self.left_to_a_person(relay).await;
            }
            Verdict::Delivered | Verdict::SlowDown | Verdict::Unknown => {}
            Verdict::Retry | Verdict::RetryElsewhere if self.row.is_scripted() => {}
            Verdict::Retry | Verdict::RetryElsewhere => self.passes(relay).await?,
            Verdict::HoldQuota => self.held(relay, "quota").await?,
            Verdict::HoldCredentials => self.held(relay, "credentials").await?,
            Verdict::HoldSender | Verdict::HoldRecipient => self.waits_alone(relay).await?,
            Verdict::FailRecipient | Verdict::FailMessage => return self.failed(relay).await,
        }
        let message = self.reaches(relay, "delivered").await?;
        self.judge(relay, &message).await?;
        Ok(self)
    }

    async fn submit(&self, relay: &Relay, from: &str, to: &str, mail: &Mail) -> Result<()> {
        let door = relay.door()?;
        let mut device = Device::connect_from(self.address, door, Encryption::None).await?;
        let reply = device.send(from, &[to], &mail.bytes).await?;
        ensure!(reply.code == 250, "not accepted: {}", reply.line);
        device.quit().await
    }

    async fn strike(&self, relay: &Relay) -> Result<()> {
        let rule = |stage: Stage| {
            let rule = Rule {
                times: self.row.times,
                ..Rule::at(stage)
            };
            // Before MAIL nobody knows whose mail it is; later, the notice about it shall pass.
            match stage {
                Stage::Connect | Stage::Ehlo | Stage::Starttls | Stage::Auth => rule,
                Stage::Mail => rule.from(&self.sender),
                _ => rule.from(&self.sender).rcpt(RECIPIENT),
            }
        };
        let simulator = &self.other.simulator;
        match &self.row.trouble {
            Trouble::Says(stage, reply) => simulator.add_rule(rule(*stage).reply(reply)),
            Trouble::SaysAndCuts(stage, reply) => {
                simulator.add_rule(rule(*stage).reply(reply).drop());
            }
            Trouble::Cuts(stage) => simulator.add_rule(rule(*stage).drop()),
            Trouble::Waits(stage) => simulator.add_rule(rule(*stage).delay(SLOW)),
            Trouble::Shows(shown) => simulator.show(*shown)?,
            Trouble::Lacks(keyword) => simulator.offer_all_but(&[keyword]),
            Trouble::IsDown => simulator.down().await,
            Trouble::HasNoName => relay.rename_server(&self.account, UNKNOWN_NAME).await?,
            Trouble::Token(trouble) => {
                let entra = simulator.entra().context("no token endpoint")?;
                // The token of the check ends first.
                tokio::time::sleep(self.row.token_lifetime()).await;
                entra.set_lifetime(Duration::from_hours(1));
                entra.trouble(trouble.clone(), self.row.times);
            }
            Trouble::Graph(then) => {
                let graph = self.other.graph.as_ref().context("no Graph")?;
                let rule = graph::Rule::on(Operation::SendMail, then.clone());
                graph.add_rule(graph::Rule {
                    // Graph tells no mail from the notice about it.
                    times: self.row.times.or(self.row.is_given_up().then_some(1)),
                    ..rule
                });
            }
        }
        Ok(())
    }

    async fn mend(&self, relay: &Relay) -> Result<()> {
        let simulator = &self.other.simulator;
        simulator.clear_rules();
        match self.row.trouble {
            Trouble::Shows(_) => simulator.show(Shown::Good)?,
            Trouble::Lacks(_) => simulator.offer_all_but(&[]),
            Trouble::IsDown => simulator.up().await?,
            Trouble::HasNoName => relay.rename_server(&self.account, "localhost").await?,
            Trouble::Token(_) => simulator.entra().context("no token endpoint")?.no_trouble(),
            Trouble::Graph(_) => self.other.graph.as_ref().context("no Graph")?.clear_rules(),
            Trouble::Says(..) | Trouble::SaysAndCuts(..) | Trouble::Cuts(_) | Trouble::Waits(_) => {
            }
        }
        Ok(())
    }

    /// The mail waits for somebody who looks whether it has arrived, and cancels it or lets it go.
    async fn left_to_a_person(self, relay: &Relay) -> Result<Self> {
        let message = self.reaches(relay, "held").await?;
        let id = id_of(&message).context("no id")?;
        self.is_told(&relay.trace(&id).await?)?;
        self.arrivals(self.row.takes_mail().into())?;
        let (verb, state) = if self.row.takes_mail() {
            ("cancel", "cancelled")
        } else {
            ("release", "delivered")
        };
        relay.act(verb, &id).await?;
        self.reaches(relay, state).await?;
        Ok(self)
    }

    /// The trouble lasts: the mail is put off with this reason. Then it is mended.
    async fn passes(&self, relay: &Relay) -> Result<()> {
        let id = self.attempted(relay).await?;
        self.is_told(&relay.trace(&id).await?)?;
        self.arrivals(0)?;
        self.mend(relay).await?;
        if let Trouble::Token(_) = self.row.trouble {
            // Or the answer is remembered for half a minute.
            relay.check_route(&self.account).await?;
        }
        relay.act("retry", &id).await
    }

    /// Waits for the first attempt; gives the queue id.
    async fn attempted(&self, relay: &Relay) -> Result<String> {
        let tried = |snapshot: &Snapshot| {
            let message = snapshot.message(&self.mail.message_id)?;
            (message["attempts"].as_u64()? > 0).then(|| id_of(message))?
        };
        relay
            .until("tried", tried, |snapshot| self.now(snapshot))
            .await
    }

    /// The lane stands still, and the mail in it has used up no attempt. Then it is mended.
    async fn held(&self, relay: &Relay, kind: &str) -> Result<()> {
        let stopped = |snapshot: &Snapshot| {
            let hold = &snapshot.lane(&self.account)?["hold"];
            let message = snapshot.message(&self.mail.message_id)?;
            let is_held = hold.is_object();
            is_held.then(|| (hold.clone(), message.clone()))
        };
        let shows = |snapshot: &Snapshot| self.now(snapshot);
        let (hold, message) = relay.until("held", stopped, shows).await?;
        ensure!(hold["kind"] == kind, "held otherwise: {hold}");
        ensure!(hold["reason"] == self.row.reason, "another reason: {hold}");
        ensure!(
            message["state"] == "queued" && message["attempts"] == 0,
            "behind the hold: {message}"
        );
        self.arrivals(0)?;
        self.mend(relay).await?;
        match self.row.verdict {
            Verdict::HoldCredentials => relay.check_route(&self.account).await,
            _ => relay.release(&self.account).await,
        }
    }

    /// The mail waits with no attempt used up, and another of the lane passes it by. Then the
    /// trouble is mended.
    async fn waits_alone(&self, relay: &Relay) -> Result<()> {
        let put_off = |snapshot: &Snapshot| {
            let message = snapshot.message(&self.mail.message_id)?;
            let is_told = message["last_reply"]
                .as_str()
                .is_some_and(|it| !it.is_empty());
            is_told.then(|| message.clone())
        };
        let shows = |snapshot: &Snapshot| self.now(snapshot);
        let message = relay.until("put off", put_off, shows).await?;
        ensure!(
            message["state"] == "queued" && message["attempts"] == 0,
            "put off: {message}"
        );
        let (from, to) = match self.row.verdict {
            Verdict::HoldSender => (self.other_sender.as_str(), RECIPIENT),
            _ => (self.sender.as_str(), "other@customer.example"),
        };
        let other = Mail::new(from, to, &format!("{}-other", self.account), 500);
        self.submit(relay, from, to, &other).await?;
        let passed = |snapshot: &Snapshot| {
            let state = &snapshot.message(&other.message_id)?["state"];
            (state == "delivered").then(|| snapshot.lane(&self.account).cloned())
        };
        let lane = relay.until("passed by", passed, shows).await?;
        let lane = lane.context("no lane")?;
        ensure!(lane["hold"].is_null(), "the whole lane is held: {lane}");
        self.arrivals(0)?;
        self.mend(relay).await?;
        relay.release(&self.account).await?;
        relay.act("retry", &id_of(&message).context("no id")?).await
    }

    /// The mail is given up: its sender is told, with the literal reply, and it never leaves.
    async fn failed(self, relay: &Relay) -> Result<Self> {
        let message = self.reaches(relay, "failed").await?;
        self.judge(relay, &message).await?;
        let notice = self.other.mail_to(&self.sender).await?;
        let code = self.row.reply().and_then(|reply| reply.get(..3));
        let quotes = code.is_none_or(|code| notice.contains(code));
        ensure!(quotes && notice.contains(RECIPIENT), "the notice: {notice}");
        Ok(self)
    }

    async fn reaches(&self, relay: &Relay, state: &str) -> Result<Value> {
        let reached = |snapshot: &Snapshot| {
            let message = snapshot.message(&self.mail.message_id)?;
            (message["state"] == state).then(|| message.clone())
        };
        relay
            .until(state, reached, |snapshot| self.now(snapshot))
            .await
    }

    /// What there is to see of this case.
    fn now(&self, snapshot: &Snapshot) -> String {
        format!(
            "message {}, lane {}",
            snapshot
                .message(&self.mail.message_id)
                .unwrap_or(&Value::Null),
            snapshot.lane(&self.account).unwrap_or(&Value::Null)
        )
    }

    /// Attempts and history of a mail that is done with.
    async fn judge(&self, relay: &Relay, message: &Value) -> Result<()> {
        let id = id_of(message).context("no id")?;
        let trace = relay.trace(&id).await?;
        if let Some(attempts) = self.row.attempts() {
            ensure!(
                trace["message"]["attempts"] == attempts,
                "{attempts} attempts were expected: {}",
                story(&trace)
            );
        }
        self.is_told(&trace)?;
        // What relayctl makes of it is the same for all ways.
        if matches!(self.way, Way::SmtpAuth | Way::Graph) {
            self.is_shown(&relay.told(&id).await?)?;
        }
        Ok(())
    }

    /// The reason, the verdict, the literal reply and what else the row wants stand in the history.
    fn is_told(&self, trace: &Value) -> Result<()> {
        let story = story(trace);
        let reason = format!("[{}]", self.row.reason);
        let has_reason = self.row.reason.is_empty() || story.contains(&reason);
        ensure!(has_reason, "no {reason} in the history:\n{story}");
        let verdict = self.row.verdict.word().map(|it| format!("verdict {it}"));
        let has_verdict = verdict.as_ref().is_none_or(|it| story.contains(it));
        ensure!(has_verdict, "no {verdict:?} in the history:\n{story}");
        for text in self.row.reply().iter().chain(&self.row.says) {
            ensure!(story.contains(text), "no {text:?} in the history:\n{story}");
        }
        Ok(())
    }

    /// relayctl shows what was said.
    fn is_shown(&self, told: &str) -> Result<()> {
        // It may be broken into lines.
        let shown = told.split_whitespace().collect::<Vec<_>>().join(" ");
        for text in self.row.reply().iter().chain(&self.row.says) {
            ensure!(shown.contains(text), "relayctl hides {text:?}:\n{told}");
        }
        Ok(())
    }

    /// The mail itself has come so often, unchanged.
    fn arrivals(&self, expected: usize) -> Result<()> {
        let copies = self.other.copies(&self.mail);
        ensure!(
            copies.len() == expected,
            "arrived {} times, not {expected}",
            copies.len()
        );
        ensure!(copies.iter().all(|is_same| *is_same), "altered");
        Ok(())
    }

    /// What is wrong with what has arrived in the end, if anything is.
    pub(super) fn miscount(&self) -> Option<String> {
        let count = self.arrivals(self.row.arrivals());
        let error = count.err()?;
        Some(format!("{} by {:?}: {error}", self.row.name, self.way))
    }
}

/// A name that nobody has to be asked about: its label is too long for one.
const UNKNOWN_NAME: &str =
    "a-server-whose-name-is-longer-than-any-label-of-a-name-in-the-dns-may-be.example";

fn id_of(message: &Value) -> Option<String> {
    message["id"].as_str().map(str::to_owned)
}
