//! The kinds of routes, each with the other side that it needs.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use relay_tests::{
    harness::{Mail, PATIENCE},
    sim::{
        Connector, Settings, Simulator,
        entra::{self, Application},
        graph::{self, Graph},
        sha256,
    },
    tls::{Authority, Certificate},
};
use serde_json::{Value, json};

const PASSWORD: &str = "mailbox-secret";
const TENANT: &str = "tenant.example";
const CLIENT: &str = "4b1d7c20-0000-4000-8000-000000000000";
const CLIENT_SECRET: &str = "client-secret";
const CERTIFICATE_NAME: &str = "relay.tenant.example";

/// A kind of route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// `smtp-auth`.
    SmtpAuth,
    /// `smtp-oauth`, by client secret.
    SmtpOauth,
    /// `connector`, by client certificate.
    Connector,
    /// `graph`, by client secret.
    Graph,
    /// `smarthost`.
    Smarthost,
}

impl Way {
    /// Those that speak SMTP.
    pub(super) const SMTP: &[Self] = &[
        Self::SmtpAuth,
        Self::SmtpOauth,
        Self::Connector,
        Self::Smarthost,
    ];
    /// Those of them that sign in.
    pub(super) const SIGNED_IN: &[Self] = &[Self::SmtpAuth, Self::SmtpOauth, Self::Smarthost];
    /// Those that need a token.
    pub(super) const TOKEN: &[Self] = &[Self::SmtpOauth, Self::Graph];

    const fn kind(self) -> &'static str {
        match self {
            Self::SmtpAuth => "smtp-auth",
            Self::SmtpOauth => "smtp-oauth",
            Self::Connector => "connector",
            Self::Graph => "graph",
            Self::Smarthost => "smarthost",
        }
    }
}

/// The other side of one case.
pub(super) struct Other {
    way: Way,
    mailbox: String,
    pub(super) simulator: Simulator,
    pub(super) graph: Option<Graph>,
    /// What the connector knows relayd by.
    identity: Certificate,
}

impl Other {
    pub(super) async fn start(
        way: Way,
        folder: &Path,
        mailbox: &str,
        token_lifetime: Duration,
    ) -> Result<Self> {
        let mut settings = Settings::in_folder(folder);
        settings.mailboxes = vec![(mailbox.to_owned(), PASSWORD.to_owned())];
        let clients = Authority::new("clients")?;
        let mut identity = clients.issue(&[CERTIFICATE_NAME])?;
        // With its chain.
        identity.certificate_pem.push_str(clients.pem());
        match way {
            Way::SmtpOauth | Way::Graph => {
                settings.entra = Some(entra::Settings {
                    lifetime: token_lifetime,
                    ..entra::Settings::of(vec![application(way)])
                });
            }
            Way::Connector => {
                settings.connector = Some(Connector {
                    certificate_name: CERTIFICATE_NAME.to_owned(),
                    authorities: clients.pem().to_owned(),
                });
            }
            Way::SmtpAuth | Way::Smarthost => {}
        }
        let simulator = Simulator::start(settings).await?;
        let graph = match simulator.entra().filter(|_| way == Way::Graph) {
            Some(entra) => {
                let entra = entra.clone();
                let settings = graph::Settings {
                    bearer: Arc::new(move |token| entra.permissions(token, "graph")),
                    ..graph::Settings::in_folder(folder.join("graph"))
                };
                Some(Graph::start(settings, simulator.authority()).await?)
            }
            None => None,
        };
        Ok(Self {
            way,
            mailbox: mailbox.to_owned(),
            simulator,
            graph,
            identity,
        })
    }

    /// What the route is set to.
    pub(super) fn route(&self) -> Result<Value> {
        let address = self.graph.as_ref().map(Graph::address);
        let port = address.unwrap_or(self.simulator.address()).port();
        let mut route = json!({
            "kind": self.way.kind(),
            "server": "localhost",
            "port": port,
            "ca_pem": std::fs::read_to_string(self.simulator.ca_file())?,
        });
        let own = match self.way {
            Way::SmtpAuth | Way::Smarthost => {
                json!({ "mailbox": self.mailbox, "password": PASSWORD })
            }
            Way::SmtpOauth | Way::Graph => json!({
                "mailbox": self.mailbox,
                "tenant": TENANT,
                "client_id": CLIENT,
                "client_secret": CLIENT_SECRET,
                "authority": self.simulator.entra().context("no token endpoint")?.authority(),
            }),
            Way::Connector => json!({
                "certificate_pem": self.identity.certificate_pem,
                "key_pem": self.identity.key_pem,
            }),
        };
        if let (Value::Object(all), Value::Object(own)) = (&mut route, own) {
            all.extend(own);
        }
        Ok(route)
    }

    /// For each time that the mail came: whether it is what was sent.
    pub(super) fn copies(&self, mail: &Mail) -> Vec<bool> {
        let Some(graph) = &self.graph else {
            let entries = self.simulator.messages();
            let own = entries.iter().filter(|it| it.message_id == mail.message_id);
            return own.map(|it| it.content_sha256 == mail.sha256).collect();
        };
        let body = sha256(body_of(&mail.bytes));
        let mails = graph.mails();
        let own = mails.iter().filter(|it| it.message_id == mail.message_id);
        own.map(|it| it.body_sha256 == body).collect()
    }

    /// The first mail that goes to this address alone.
    pub(super) async fn mail_to(&self, recipient: &str) -> Result<String> {
        let mail = match &self.graph {
            None => {
                let entries = self.simulator.wait_for(1, PATIENCE).await?;
                let mut entries = entries.iter();
                let to_it = entries.find(|it| it.recipients == [recipient]);
                self.simulator.body(to_it.context("no mail to it")?)?
            }
            Some(graph) => {
                let mails = graph.wait_for(1, PATIENCE).await?;
                let to_it = mails.iter().find(|it| it.recipients() == [recipient]);
                graph.mime(to_it.context("no mail to it")?)?
            }
        };
        Ok(String::from_utf8(mail)?)
    }
}

fn application(way: Way) -> Application {
    let role = match way {
        Way::Graph => "Mail.Send",
        _ => "SMTP.SendAsApp",
    };
    Application {
        tenant: TENANT.to_owned(),
        client_id: CLIENT.to_owned(),
        secrets: vec![CLIENT_SECRET.to_owned()],
        roles: vec![role.to_owned()],
        ..Application::default()
    }
}

fn body_of(mail: &[u8]) -> &[u8] {
    let end = mail.windows(4).position(|it| it == b"\r\n\r\n");
    end.map_or(&[], |end| &mail[end + 4..])
}
