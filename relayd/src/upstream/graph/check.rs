//! Probes a Graph route: the way to the server, the token and what it allows, and the mailbox.

use reqwest::Method;
use serde::Deserialize;

use super::{
    Graph, Shared,
    claims::{Claims, Writing},
    errors::{self, Weight},
    http, offer,
};
use crate::{
    model::RouteOffer,
    upstream::{
        Check, Setback, Step,
        dial::{Dial, note},
        oauth,
    },
};

/// As far as a mail could be handed over, without sending one.
pub(in crate::upstream) async fn check(graph: &Graph) -> Check {
    let mut steps = Vec::new();
    let probed = graph.0.probe(&mut steps).await;
    let (offer, setback) = match probed {
        Ok(offer) => (Some(offer), None),
        Err(setback) => (None, Some(setback)),
    };
    Check {
        steps,
        setback,
        offer,
    }
}

#[derive(Deserialize)]
struct User {
    mail: Option<String>,
}

impl Shared {
    async fn probe(&self, steps: &mut Vec<Step>) -> Result<RouteOffer, Setback> {
        let dial = Dial {
            route: &self.route,
            settings: &self.settings,
            way: &self.way,
        };
        dial.reach_encrypted(steps).await?;
        let writing = note(steps, "token", self.read_token()).await?;
        note(steps, "mailbox", self.find_mailbox()).await?;
        Ok(offer(writing))
    }

    async fn read_token(&self) -> Result<(Writing, String), Setback> {
        let token = self.tokens.token().await?;
        let text = token.token.expose();
        let writing = Claims::of(text).writing();
        let mut words = oauth::describe(&self.route, text, token.expires_at);
        if writing == Writing::Refused {
            words.push_str(", without Mail.ReadWrite mails are limited to 3 MB");
        }
        Ok((writing, words))
    }

    /// Whether the mailbox is there. An application that may only send may not look, and need not.
    async fn find_mailbox(&self) -> Result<((), String), Setback> {
        let token = self.tokens.token().await?;
        let mut request = self.request(Method::GET, &[]);
        request = request.query(&[("$select", "mail")]);
        let request = request.bearer_auth(token.token.expose());
        let reply = http::exchange(request, self.settings.command).await;
        let reply =
            reply.map_err(|silence| errors::lost(&silence, &self.route.server, Weight::Light))?;
        let mailbox = &self.route.mailbox;
        match reply.status {
            200 => {
                let user = serde_json::from_slice::<User>(&reply.body);
                let mail = user.ok().and_then(|user| user.mail);
                let mail = mail.unwrap_or_else(|| "no address".to_owned());
                Ok(((), format!("{mailbox} is there, with {mail}")))
            }
            403 => Ok((
                (),
                format!(
                    "{mailbox} may not be looked at ({}); sending is what counts",
                    reply.literal()
                ),
            )),
            401 => {
                self.tokens.reject(&token);
                Err(errors::judge(&reply, Weight::Light))
            }
            _ => Err(errors::judge(&reply, Weight::Light)),
        }
    }
}
