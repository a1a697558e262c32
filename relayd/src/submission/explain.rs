//! What would the door say to this mail? Its own judgements, one after the other and each by itself,
//! over a mail that nobody sends. Nothing is counted, kept or written down.

mod header;
mod limits;
mod remedy;

use std::{collections::HashSet, net::IpAddr, sync::Arc};

use super::{
    door::{Door, unavailable},
    judgement::{self, AtMail, under_ceiling},
};
use crate::{
    accounts::{Explained, ExplainedStep, MailQuestion, StepVerdict},
    model::{Bound, Reason, Refusal, ReversePath, RouteId},
    policy::{Allowance, Grounds, Proof, SenderRule},
    smtp::{Encryption, Entrance, MailParameters, read_recipient, read_sender, reply_to},
    store::Login,
};

/// Bytes of a mail whose size nobody said.
const SMALL: u64 = 4096;

/// The way of one mail through the door.
struct Walk<'a> {
    door: &'a Door,
    question: &'a MailQuestion,
    client: IpAddr,
    steps: Vec<ExplainedStep>,
}

impl Door {
    /// Says what would come of a mail.
    pub(super) async fn explain_mail(&self, question: &MailQuestion) -> Result<Explained, Refusal> {
        let entrance = self.entrance_for(question)?;
        let encrypts = question
            .encrypts
            .unwrap_or(entrance.encryption != Encryption::None);
        let mut walk = Walk {
            door: self,
            question,
            client: question.client.to_canonical(),
            steps: Vec::new(),
        };
        let known = walk.known().await?;
        let login = known.as_ref().map(|(login, _)| login);
        walk.connect(entrance, login);
        walk.encryption(entrance, encrypts);
        let is_international = |text: &String| !text.is_ascii();
        let smtputf8 =
            question.recipients.iter().any(is_international) || is_international(&question.sender);
        let size = question.size.unwrap_or(SMALL);
        let mail = read_sender(&question.sender, size, smtputf8);
        if question.username.is_some() {
            walk.sign_in(entrance, encrypts, login);
            walk.sender_address(&mail);
        } else {
            walk.sender_address(&mail);
            walk.by_address(entrance, encrypts, login.is_some());
        }
        let mut explained = Explained {
            listener: entrance.name.to_string(),
            is_encrypted: encrypts && entrance.encryption != Encryption::None,
            username: None,
            system: None,
            route: None,
            sender: None,
            steps: Vec::new(),
        };
        if let Some((login, proof)) = &known {
            let found = walk.mail(login, *proof, mail.ok(), smtputf8).await?;
            explained.username = Some(login.standing.user.username.clone());
            (explained.system, explained.route, explained.sender) = found;
        }
        explained.steps = walk.steps;
        Ok(explained)
    }

    /// The listener that was named, or the first that takes such a device.
    fn entrance_for(&self, question: &MailQuestion) -> Result<&Entrance, Refusal> {
        let entrances = &self.settings().entrances;
        if let Some(name) = &question.listener {
            let found = entrances.iter().find(|entrance| *entrance.name == **name);
            return found.ok_or_else(|| {
                let names: Vec<&str> = entrances.iter().map(|it| &*it.name).collect();
                let detail = format!("listener {name}; there are {}", names.join(", "));
                Refusal::new(Reason::NotFound, detail)
            });
        }
        let is_fit = |entrance: &&Entrance| {
            let encrypts = question
                .encrypts
                .unwrap_or(entrance.encryption != Encryption::None);
            let takes = match question.username {
                Some(_) => entrance.offer(question.client, encrypts).sign_in,
                None => entrance.address_auth,
            };
            takes && entrance.refuse_encryption(encrypts).is_ok()
        };
        let fitting = entrances.iter().find(is_fit).or(entrances.first());
        fitting.ok_or_else(|| Refusal::new(Reason::NotFound, "there is no listener"))
    }
}

impl Walk<'_> {
    /// Whom the mail would be from, if it is one of the account.
    async fn known(&self) -> Result<Option<(Arc<Login>, Proof)>, Refusal> {
        let directory = self.door.directory();
        let found = if let Some(name) = &self.question.username {
            let found = directory.find(name).await.map_err(unavailable)?;
            found.map(|login| (login, Proof::Password))
        } else {
            let found = directory
                .look_up_at(self.client)
                .await
                .map_err(unavailable)?;
            found.map(|(system, login)| (login, Proof::Address(system)))
        };
        let account = self.question.account;
        Ok(found.filter(|(login, _)| login.standing.user.account_id == account))
    }

    /// Whether the address may connect. An owner is told of addresses of its own only.
    fn connect(&mut self, entrance: &Entrance, login: Option<&Arc<Login>>) {
        const STEP: (&str, &str) = ("Address", "connect");
        let client = self.client;
        let is_own = login.is_some_and(|login| login.is_at(client));
        if !is_own && !self.question.knows_bans {
            let detail = format!("{client} is no system of this relay user");
            return self.note(STEP, StepVerdict::Skipped, detail);
        }
        let welcome = self.door.guesses().check(client, self.door.now());
        let is_refused = welcome.is_err();
        self.judge(STEP, welcome.map(|()| format!("{client} is not banned")));
        if is_refused && entrance.encryption == Encryption::Implicit {
            // It costs a handshake to say anything there: the connection is just closed.
            let last = self.steps.last_mut();
            if let Some(step) = last {
                step.reply = None;
            }
        }
    }

    fn encryption(&mut self, entrance: &Entrance, encrypts: bool) {
        let name = &entrance.name;
        let how = match (entrance.encryption, encrypts) {
            (Encryption::Implicit, _) => "TLS from the first byte",
            (Encryption::StartTls, true) => "STARTTLS",
            (Encryption::StartTls, false) | (Encryption::None, _) => "without encryption",
        };
        let judged = entrance.refuse_encryption(encrypts);
        let judged = judged.map(|()| format!("{name}, {how}"));
        self.judge(("Listener", "connect"), judged);
    }

    /// AUTH, as far as it is known before the password.
    fn sign_in(&mut self, entrance: &Entrance, encrypts: bool, login: Option<&Arc<Login>>) {
        let judged = self.judge_sign_in(entrance, encrypts, login);
        self.judge(("Sign-in", "AUTH"), judged);
    }

    fn judge_sign_in(
        &self,
        entrance: &Entrance,
        encrypts: bool,
        login: Option<&Arc<Login>>,
    ) -> Result<String, Refusal> {
        let username = self.question.username.as_deref().unwrap_or_default();
        let client = self.client;
        entrance.offer(client, encrypts).admit_sign_in()?;
        let guesses = self.door.guesses();
        let now = self.door.now();
        let is_registered = login.is_some_and(|login| login.is_at(client));
        let is_under_attack = if is_registered || self.question.knows_bans {
            match guesses.foresee(client, username, now) {
                Ok(is_under_attack) => is_under_attack,
                // Told by the step before.
                Err(refusal) if refusal.reason == Reason::AddressBanned => false,
                Err(refusal) => return Err(refusal),
            }
        } else {
            // Neither the address nor another's name is an owner's to ask about.
            login.is_some() && guesses.is_under_attack(username, now)
        };
        if is_under_attack && !is_registered {
            return Err(Reason::AuthThrottled.into());
        }
        match login.map_or(0, |login| login.hashes.len()) {
            0 => Err(Refusal::new(
                Reason::CredentialsRejected,
                format!("{username} has no password"),
            )),
            1 => Ok(format!("{username} has a password; it is not tried here")),
            several => Ok(format!(
                "{username} has {several} passwords; none is tried here"
            )),
        }
    }

    /// MAIL without AUTH.
    fn by_address(&mut self, entrance: &Entrance, encrypts: bool, is_known: bool) {
        let client = self.client;
        let offer = entrance.offer(client, encrypts);
        let judged = match (offer.by_address, is_known) {
            (true, true) => Ok(format!("{client} is known by its address")),
            (true, false) => Err(offer.unrecognized(client)),
            (false, true) => {
                let explained = self.door.explain_known(&entrance.name, client);
                Err(offer.stranger(Some(explained)))
            }
            (false, false) => Err(offer.stranger(None)),
        };
        self.judge(("Sign-in", "MAIL"), judged);
    }

    /// An address that is none is refused before anything else is looked at.
    fn sender_address(&mut self, mail: &Result<MailParameters, Refusal>) {
        if let Err(refusal) = mail {
            self.judge(("Sender", "MAIL"), Err(refusal.clone()));
        }
    }

    /// Everything from MAIL on: by which system, which way, and from whom it would go.
    async fn mail(
        &mut self,
        login: &Arc<Login>,
        proof: Proof,
        mail: Option<MailParameters>,
        smtputf8: bool,
    ) -> Result<(Option<String>, Option<RouteId>, Option<ReversePath>), Refusal> {
        let standing = &login.standing;
        let grounds = Grounds::of(standing, self.client, proof);
        let system = grounds
            .system
            .as_ref()
            .ok()
            .map(|system| system.name.clone());
        let route = grounds.route.as_ref().ok().map(|route| route.id);
        let of_plan = grounds.plan.as_ref().ok().map(|plan| {
            let system = grounds.system.as_ref().ok().map(|system| system.id);
            let allowance = Allowance::of(standing, *plan, system);
            under_ceiling(allowance, self.door.settings().message_size)
        });
        self.grounds(login, grounds);
        let is_readable = mail.is_some();
        let size = self.question.size.unwrap_or(SMALL);
        let mail = match mail {
            Some(mail) => mail,
            None => read_sender("", size, smtputf8)?,
        };
        let sender = is_readable.then(|| self.at_mail(login, &mail)).flatten();
        self.size(of_plan.as_ref().map(|allowance| allowance.size), size);
        let recipients = self.recipients(login, &mail, of_plan.as_ref());
        let condition = self.door.journal().condition().check();
        let condition = condition.map(|()| "mail can be made safe on disk".to_owned());
        self.judge(("Store", "DATA"), condition);
        self.header(login, size, smtputf8);
        self.limits(of_plan.as_ref(), recipients).await?;
        Ok((system, route, sender))
    }

    fn grounds(&mut self, login: &Login, grounds: Grounds<'_>) {
        let at = |name| (name, "MAIL");
        let user = &login.standing.user.username;
        let account = &self.question.account_name;
        let account = grounds.account.map(|()| format!("{account} is active"));
        self.judge_of(login, at("Account"), account);
        let user = grounds.user.map(|()| format!("{user} is active"));
        self.judge_of(login, at("Relay user"), user);
        let plan = grounds.plan.map(|_| "in force".to_owned());
        self.judge_of(login, at("Subscription"), plan);
        let route = grounds.route.map(|route| match route.checked_at {
            Some(checked) => format!("checked at {checked:.0}"),
            None => String::new(),
        });
        self.judge_of(login, at("Route"), route);
        let system = grounds.system;
        let system = system.map(|system| format!("{} at {}", system.name, system.network));
        self.judge_of(login, at("System"), system);
    }

    /// The sender that goes on.
    fn at_mail(&mut self, login: &Login, mail: &MailParameters) -> Option<ReversePath> {
        const STEP: (&str, &str) = ("Sender", "MAIL");
        let judged = AtMail::judge(&login.standing, mail);
        let user = &login.standing.user;
        let given = &mail.reverse_path;
        let sender = match judged.sender {
            Ok(SenderRule::Keep) => {
                let detail = match given.address() {
                    Some(address) => format!("{} may send as {address}", user.username),
                    None => "none, as notifications have it".to_owned(),
                };
                self.note(STEP, StepVerdict::Ok, detail);
                Some(given.clone())
            }
            Ok(SenderRule::Rewrite) => {
                let own = ReversePath::Address(user.sender.clone());
                let detail = format!("{given} is replaced by {own} (other_sender is rewrite)");
                self.note(STEP, StepVerdict::Warning, detail);
                Some(own)
            }
            Err(refusal) => {
                self.judge_of(login, STEP, Err(refusal));
                None
            }
        };
        if let Err(refusal) = judged.content {
            self.judge_of(login, ("Content", "MAIL"), Err(refusal));
        }
        sender
    }

    fn size(&mut self, bound: Option<Bound<u64>>, size: u64) {
        const STEP: (&str, &str) = ("Size", "MAIL");
        let Some(bound) = bound else {
            return self.without_plan(STEP);
        };
        let judged = bound.admit_size(size).map(|()| {
            let (size, limit) = (in_words(size), in_words(bound.limit));
            format!("{size} of at most {limit} {}", bound.origin)
        });
        self.judge(STEP, judged);
    }

    /// How many recipients are taken.
    fn recipients(
        &mut self,
        login: &Login,
        mail: &MailParameters,
        allowance: Option<&Allowance>,
    ) -> usize {
        let stage = "RCPT";
        let mut known = HashSet::new();
        for text in &self.question.recipients {
            let judged = read_recipient(text).and_then(|recipient| {
                judgement::fits(&login.standing, mail, &recipient)?;
                let count = known.len() + usize::from(!known.contains(&recipient.address));
                if let Some(allowance) = allowance {
                    allowance.recipients.admit_recipients(count)?;
                }
                Ok(recipient)
            });
            match judged {
                Ok(recipient) => {
                    known.insert(recipient.address);
                }
                Err(refusal) => {
                    let is_full = refusal.reason == Reason::TooManyRecipients;
                    self.judge_of(login, ("Recipient", stage), Err(refusal));
                    if let Some(step) = self.steps.last_mut() {
                        step.detail = format!("{text}: {}", step.detail);
                    }
                    if is_full {
                        break;
                    }
                }
            }
        }
        let count = known.len();
        if count > 0 {
            let s = if count == 1 { "" } else { "s" };
            let most = allowance.map(|allowance| {
                let bound = allowance.recipients;
                format!(" of at most {} {}", bound.limit, bound.origin)
            });
            let detail = format!("{count} recipient{s}{}", most.unwrap_or_default());
            self.note(("Recipients", stage), StepVerdict::Ok, detail);
        }
        count
    }

    fn without_plan(&mut self, step: (&'static str, &'static str)) {
        let detail = "not known without a subscription".to_owned();
        self.note(step, StepVerdict::Skipped, detail);
    }

    fn note(
        &mut self,
        (name, stage): (&'static str, &'static str),
        verdict: StepVerdict,
        detail: String,
    ) {
        self.steps.push(ExplainedStep {
            name,
            stage,
            verdict,
            detail,
            reason: None,
            remedy: String::new(),
            reply: None,
        });
    }

    fn judge(&mut self, step: (&'static str, &'static str), judged: Result<String, Refusal>) {
        self.judge_with(None, step, judged);
    }

    fn judge_of(
        &mut self,
        login: &Login,
        step: (&'static str, &'static str),
        judged: Result<String, Refusal>,
    ) {
        self.judge_with(Some(login), step, judged);
    }

    fn judge_with(
        &mut self,
        login: Option<&Login>,
        (name, stage): (&'static str, &'static str),
        judged: Result<String, Refusal>,
    ) {
        let refusal = match judged {
            Ok(detail) => return self.note((name, stage), StepVerdict::Ok, detail),
            Err(refusal) => refusal,
        };
        let sentence = refusal.reason.sentence();
        self.steps.push(ExplainedStep {
            name,
            stage,
            verdict: StepVerdict::Refused,
            detail: match refusal.detail.as_str() {
                "" => sentence.to_owned(),
                detail => format!("{sentence} ({detail})"),
            },
            reason: Some(refusal.reason),
            remedy: remedy::of(&refusal, self.question, login),
            reply: Some(reply_to(&refusal)),
        });
    }
}

/// A size as people read it, rounded up.
fn in_words(bytes: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = KIB * KIB;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..MIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => format!("{} MiB", bytes.div_ceil(MIB)),
    }
}
