//! What the mail may do: the grounds it is sent on, its sender, its size and its recipients.

use std::collections::HashSet;

use super::Walk;
use crate::{
    accounts::StepVerdict,
    model::{Bound, Reason, Refusal, ReversePath},
    policy::{Allowance, Grounds, SenderRule},
    smtp::{MailParameters, read_recipient},
    store::Login,
    submission::judgement::{self, AtMail},
};

impl Walk<'_> {
    /// An address that is none is refused before anything else is looked at.
    pub(super) fn sender_address(&mut self, mail: &Result<MailParameters, Refusal>) {
        if let Err(refusal) = mail {
            self.judge(("Sender", "MAIL"), Err(refusal.clone()));
        }
    }

    pub(super) fn grounds(&mut self, login: &Login, grounds: Grounds<'_>) {
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
    pub(super) fn at_mail(&mut self, login: &Login, mail: &MailParameters) -> Option<ReversePath> {
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

    pub(super) fn size(&mut self, bound: Option<Bound<u64>>, size: u64) {
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
    pub(super) fn recipients(
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
