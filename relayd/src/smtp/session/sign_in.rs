//! The verb AUTH, and the responses that follow it.

use super::{Greeting, Identity, Session, Step};
use crate::model::{Reason, Secret};
use crate::smtp::{
    Backend, Quirk, Stage,
    body::answer,
    reply::Reply,
    sasl::{Exchange, Outcome},
};

impl<B: Backend> Session<B> {
    pub(super) async fn sign_in(&mut self, mechanism: &str, initial: Option<Secret>) -> Step {
        if !self.is_greeted() || self.identity.user().is_some() || self.transaction.is_some() {
            return self.refuse(Stage::Auth, &Reason::BadSequence.into(), None, "");
        }
        if let Err(refusal) = self.offer.admit_sign_in() {
            return self.refuse(Stage::Auth, &refusal, None, "");
        }
        let Some(exchange) = Exchange::of(mechanism) else {
            return self.refuse(Stage::Auth, &Reason::UnsupportedMechanism.into(), None, "");
        };
        if self.greeting == Greeting::Helo {
            self.note_one(Quirk::HeloThenAuth);
        }
        if let Some(response) = initial {
            return self.exchange(exchange, response.expose().as_bytes()).await;
        }
        let challenge = Reply::challenge(exchange.challenge());
        self.exchange = Some(exchange);
        Step::Prompt(challenge)
    }

    /// A SASL response.
    pub(in crate::smtp) async fn response(&mut self, line: &[u8]) -> Step {
        match self.exchange.take() {
            Some(exchange) => self.exchange(exchange, line).await,
            None => self.refuse(Stage::Auth, &Reason::BadSequence.into(), None, ""),
        }
    }

    async fn exchange(&mut self, exchange: Exchange, line: &[u8]) -> Step {
        let response = exchange.respond(line);
        if response.is_ok() && !line.trim_ascii_end().len().is_multiple_of(4) {
            self.note_one(Quirk::UnpaddedBase64);
        }
        let credentials = match response {
            Err(refusal) => return self.refuse(Stage::Auth, &refusal, None, ""),
            Ok((next, Outcome::Challenge(challenge))) => {
                self.exchange = next;
                return Step::Prompt(Reply::challenge(challenge));
            }
            Ok((_, Outcome::Done(credentials))) => credentials,
        };
        self.username.clone_from(&credentials.username);
        let patience = self.door.timeouts.backend;
        let attempt = self.door.backend.authenticate(&self.peer, credentials);
        match answer(patience, attempt).await {
            Ok(principal) => {
                self.identity = Identity::User(principal);
                self.has_news = true;
                self.errors = 0;
                self.commands = 0;
                self.update_protocol();
                Step::Say(Reply::signed_in())
            }
            Err(refusal) => {
                self.failed_sign_ins += 1;
                self.refuse(Stage::Auth, &refusal, None, "")
            }
        }
    }
}
