//! What would the door say to this mail? Its own judgements, one after the other and each by itself,
//! over a mail that nobody sends. Nothing is counted, kept or written down.

mod entrance;
mod envelope;
mod header;
mod limits;
mod remedy;

use std::{net::IpAddr, sync::Arc};

use super::{
    door::{Door, unavailable},
    judgement::under_ceiling,
};
use crate::{
    accounts::{Explained, ExplainedStep, MailQuestion, StepVerdict},
    model::{Reason, Refusal, ReversePath, RouteId},
    policy::{Allowance, Grounds, Proof},
    smtp::{Encryption, Entrance, MailParameters, read_sender, reply_to},
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
