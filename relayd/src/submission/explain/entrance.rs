//! Who the device is: its address, the listener, and what it signs in by.

use std::sync::Arc;

use super::Walk;
use crate::{
    accounts::StepVerdict,
    model::{Reason, Refusal},
    smtp::{Encryption, Entrance},
    store::Login,
};

impl Walk<'_> {
    /// Whether the address may connect. An owner is told of addresses of its own only.
    pub(super) fn connect(&mut self, entrance: &Entrance, login: Option<&Arc<Login>>) {
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

    pub(super) fn encryption(&mut self, entrance: &Entrance, encrypts: bool) {
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
    pub(super) fn sign_in(
        &mut self,
        entrance: &Entrance,
        encrypts: bool,
        login: Option<&Arc<Login>>,
    ) {
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
    pub(super) fn by_address(&mut self, entrance: &Entrance, encrypts: bool, is_known: bool) {
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
}
