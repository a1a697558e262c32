//! exchange-sim: a stand-in for the SMTP client submission of Exchange Online, to try a relay on.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser};
use relay_tests::sim::{
    Connector, Limits, Rule, Settings, Simulator,
    entra::{self, Application, Trouble},
    graph::{self, Graph},
};
use serde::{Deserialize, de::DeserializeOwned};

/// Takes mail as smtp.office365.com would: STARTTLS, AUTH LOGIN and XOAUTH2, its limits and its
/// literal replies. Writes ca.pem, journal.jsonl and bodies into a folder.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:5870")]
    listen: SocketAddr,
    /// Where ca.pem, journal.jsonl and bodies/ are written.
    #[arg(long, default_value = "exchange-sim")]
    folder: PathBuf,
    /// A mailbox and its password; without any, every sign-in is good.
    #[arg(long, value_name = "MAILBOX:PASSWORD", value_parser = pair)]
    mailbox: Vec<(String, String)>,
    /// A mailbox and a token that XOAUTH2 takes for it.
    #[arg(long, value_name = "MAILBOX:TOKEN", value_parser = pair)]
    token: Vec<(String, String)>,
    /// Scripted behaviour: a TOML file with tables called rule.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Connections a mailbox; 0 for no limit.
    #[arg(long, default_value_t = 3)]
    connections: usize,
    /// Messages a minute; 0 for no limit.
    #[arg(long, default_value_t = 30)]
    per_minute: usize,
    /// Recipients a day; 0 for no limit.
    #[arg(long, default_value_t = 10_000)]
    per_day: usize,
    /// Errors of one kind in a row that bar a mailbox; 0 bars none.
    #[arg(long, default_value_t = 0)]
    bar_after: usize,
    /// Recipients of one message in one domain; 0 for no limit. The way by MX allows 200.
    #[arg(long, default_value_t = 0)]
    per_domain: usize,
    /// Largest message in bytes.
    #[arg(long, default_value_t = 157_286_400)]
    size: u64,
    /// Do not write bodies.
    #[arg(long)]
    discard: bool,
    /// An extension that EHLO does not offer, such as BINARYMIME or DSN.
    #[arg(long, value_name = "KEYWORD")]
    without: Vec<String>,
    /// TLS from the first byte.
    #[arg(long)]
    implicit_tls: bool,
    /// A name in the certificate of the server, beside localhost.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// Answer a token that is not good with a challenge in JSON first.
    #[arg(long)]
    challenge: bool,
    #[command(flatten)]
    tokens: TokenArguments,
    #[command(flatten)]
    connector: ConnectorArguments,
    #[command(flatten)]
    graph: GraphArguments,
}

/// The token endpoint: client credentials by secret and certificate, device code, refresh.
#[derive(Debug, Args)]
#[command(next_help_heading = "Token endpoint")]
struct TokenArguments {
    /// Where the token endpoint listens; XOAUTH2 then takes the tokens that it issues.
    #[arg(long, value_name = "ADDRESS")]
    entra: Option<SocketAddr>,
    /// An application: tenant, client id, and the value of a client secret (may be empty).
    #[arg(long, value_name = "TENANT/CLIENT-ID[:SECRET]", requires = "entra")]
    application: Vec<String>,
    /// A certificate of the applications, PEM, for signed assertions.
    #[arg(long, value_name = "FILE", requires = "entra")]
    application_certificate: Vec<PathBuf>,
    /// A mailbox that the applications' tokens open; without any, all.
    #[arg(long, value_name = "MAILBOX", requires = "entra")]
    application_mailbox: Vec<String>,
    /// A role in the applications' tokens.
    #[arg(long, value_name = "ROLE", default_values = ["SMTP.SendAsApp", "Mail.Send", "Mail.ReadWrite"])]
    application_role: Vec<String>,
    /// How many seconds tokens are good.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    token_lifetime: u64,
    /// Somebody who allows every device code at once; without, codes stay open until they end.
    #[arg(long, value_name = "USERNAME", requires = "entra")]
    approve_as: Option<String>,
    /// What every request gets instead: AADSTS7000215, 503, 429:SECONDS, redirect:URL, slow:SECONDS.
    #[arg(long, value_name = "TROUBLE", requires = "entra")]
    trouble: Option<Trouble>,
}

/// Instead of client submission: an inbound connector that knows senders by a client certificate.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connector")]
struct ConnectorArguments {
    /// The name that the certificate must hold (`TlsSenderCertificateName`), `*` for any label.
    #[arg(long, value_name = "NAME", requires = "connector_ca")]
    connector: Option<String>,
    /// The authorities that it trusts for that, PEM.
    #[arg(long, value_name = "FILE", requires = "connector")]
    connector_ca: Option<PathBuf>,
}

impl TokenArguments {
    fn settings(self) -> Result<Option<entra::Settings>> {
        let Some(listen) = self.entra else {
            return Ok(None);
        };
        let certificates = self.application_certificate.iter().map(read);
        let certificates = certificates.collect::<Result<Vec<_>>>()?;
        let application = |text: &String| {
            let (ids, secret) = text.split_once(':').unwrap_or((text, ""));
            let (tenant, client_id) = ids
                .split_once('/')
                .context("write an application as TENANT/CLIENT-ID:SECRET")?;
            Ok(Application {
                tenant: tenant.to_owned(),
                client_id: client_id.to_owned(),
                secrets: Some(secret.to_owned())
                    .filter(|secret| !secret.is_empty())
                    .into_iter()
                    .collect(),
                certificates: certificates.clone(),
                roles: self.application_role.clone(),
                mailboxes: self.application_mailbox.clone(),
            })
        };
        let applications = self.application.iter().map(application);
        Ok(Some(entra::Settings {
            listen,
            lifetime: Duration::from_secs(self.token_lifetime),
            trouble: self.trouble,
            approve_as: self.approve_as,
            ..entra::Settings::of(applications.collect::<Result<_>>()?)
        }))
    }
}

impl ConnectorArguments {
    fn settings(self) -> Result<Option<Connector>> {
        let (Some(certificate_name), Some(file)) = (self.connector, self.connector_ca) else {
            return Ok(None);
        };
        let authorities = read(&file)?;
        Ok(Some(Connector {
            certificate_name,
            authorities,
        }))
    }
}

/// Microsoft Graph, over HTTPS; mails go to graph.jsonl and graph/.
#[derive(Debug, Args)]
#[command(next_help_heading = "Graph")]
struct GraphArguments {
    /// Where Graph listens. It takes the tokens of the token endpoint, or any where there is none.
    #[arg(long, value_name = "ADDRESS")]
    graph: Option<SocketAddr>,
    /// An address that a mailbox may send as by Graph; without any, it may as every address.
    #[arg(long, value_name = "ADDRESS", requires = "graph")]
    graph_send_as: Vec<String>,
    /// Scripted behaviour of Graph: a TOML file with tables called rule.
    #[arg(long, value_name = "FILE", requires = "graph")]
    graph_rules: Option<PathBuf>,
}

impl GraphArguments {
    /// Starts it beside a simulator, whose authority signs its certificate.
    async fn start(&self, folder: PathBuf, simulator: &Simulator) -> Result<Option<Graph>> {
        let Some(listen) = self.graph else {
            return Ok(None);
        };
        let bearer: Arc<graph::Bearer> = match simulator.entra().cloned() {
            Some(entra) => Arc::new(move |token| entra.permissions(token, "graph")),
            None => graph::any_token(),
        };
        let settings = graph::Settings {
            listen,
            bearer,
            send_as: Some(self.graph_send_as.clone()).filter(|it| !it.is_empty()),
            rules: script(self.graph_rules.as_ref())?,
            ..graph::Settings::in_folder(folder)
        };
        Ok(Some(Graph::start(settings, simulator.authority()).await?))
    }
}

fn read(file: &PathBuf) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script<R> {
    #[serde(default = "Vec::new")]
    rule: Vec<R>,
}

/// The rules of a file, if one is named.
fn script<R: DeserializeOwned>(file: Option<&PathBuf>) -> Result<Vec<R>> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    Ok(toml::from_str::<Script<R>>(&read(file)?)?.rule)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, secret) = text.split_once(':').ok_or("write it as NAME:SECRET")?;
    Ok((name.to_owned(), secret.to_owned()))
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let rules = script::<Rule>(arguments.rules.as_ref())?;
    let unless_zero = |limit: usize| (limit > 0).then_some(limit);
    let simulator = Simulator::start(Settings {
        listen: arguments.listen,
        folder: arguments.folder.clone(),
        mailboxes: arguments.mailbox,
        tokens: arguments.token,
        limits: Limits {
            connections: unless_zero(arguments.connections),
            messages_per_minute: unless_zero(arguments.per_minute),
            recipients_per_day: unless_zero(arguments.per_day),
            recipients_per_domain: unless_zero(arguments.per_domain),
            message_size: arguments.size,
            continuous_errors: unless_zero(arguments.bar_after),
            ..Limits::documented()
        },
        rules,
        keep_bodies: !arguments.discard,
        without: arguments.without,
        implicit_tls: arguments.implicit_tls,
        names: arguments.name,
        entra: arguments.tokens.settings()?,
        challenge: arguments.challenge,
        connector: arguments.connector.settings()?,
    })
    .await?;
    let graph = arguments.graph.start(arguments.folder, &simulator).await?;
    announce(&simulator, graph.as_ref());
    if tokio::signal::ctrl_c().await.is_err() {
        bail!("cannot wait for Ctrl-C");
    }
    simulator.down().await;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "tells where to connect")]
fn announce(simulator: &Simulator, graph: Option<&Graph>) {
    println!("exchange-sim listens on {}", simulator.address());
    println!("clients must trust {}", simulator.ca_file().display());
    if let Some(entra) = simulator.entra() {
        println!("the authority of its tokens is {}", entra.authority());
    }
    if let Some(graph) = graph {
        println!("its Graph listens on {}", graph.address());
    }
}
