//! exchange-sim: a stand-in for the SMTP client submission of Exchange Online, to try a relay on.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use relay_tests::sim::{Limits, Rule, Settings, Simulator, graph};
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
    /// Where to listen as Microsoft Graph, over HTTPS; mails go to graph.jsonl and graph/.
    #[arg(long, value_name = "ADDRESS")]
    graph: Option<SocketAddr>,
    /// A token that Graph takes, and its permissions with commas between; without any, every token
    /// may send and write.
    #[arg(long, value_name = "TOKEN:PERMISSIONS", value_parser = pair)]
    graph_token: Vec<(String, String)>,
    /// An address that a mailbox may send as by Graph; without any, it may as every address.
    #[arg(long, value_name = "ADDRESS")]
    graph_send_as: Vec<String>,
    /// Scripted behaviour of Graph: a TOML file with tables called rule.
    #[arg(long, value_name = "FILE")]
    graph_rules: Option<PathBuf>,
    /// A further name that its certificate is good for, such as smtp.office365.us.
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script<R> {
    #[serde(default = "Vec::new")]
    rule: Vec<R>,
}

/// The rules of a file, if one is named.
fn script<R: DeserializeOwned>(file: Option<&Path>) -> Result<Vec<R>> {
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let text =
        std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(toml::from_str::<Script<R>>(&text)?.rule)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, secret) = text.split_once(':').ok_or("write it as NAME:SECRET")?;
    Ok((name.to_owned(), secret.to_owned()))
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let rules = script::<Rule>(arguments.rules.as_deref())?;
    let graph = graph_settings(&arguments)?;
    let unless_zero = |limit: usize| (limit > 0).then_some(limit);
    let usual = Settings::in_folder(&arguments.folder);
    let simulator = Simulator::start(Settings {
        names: [usual.names, arguments.name].concat(),
        listen: arguments.listen,
        folder: arguments.folder,
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
    })
    .await?;
    announce(&simulator);
    let _graph = match graph {
        Some(settings) => Some(start_graph(settings, &simulator).await?),
        None => None,
    };
    if tokio::signal::ctrl_c().await.is_err() {
        bail!("cannot wait for Ctrl-C");
    }
    simulator.down().await;
    Ok(())
}

fn graph_settings(arguments: &Arguments) -> Result<Option<graph::Settings>> {
    let Some(listen) = arguments.graph else {
        return Ok(None);
    };
    let tokens = arguments.graph_token.clone();
    let bearer: Arc<graph::Bearer> = if tokens.is_empty() {
        graph::any_token()
    } else {
        Arc::new(move |token| {
            let (_, permissions) = tokens.iter().find(|(known, _)| known == token)?;
            Some(permissions.split(',').map(str::to_owned).collect())
        })
    };
    let send_as = &arguments.graph_send_as;
    Ok(Some(graph::Settings {
        listen,
        bearer,
        mailboxes: arguments
            .mailbox
            .iter()
            .map(|(mailbox, _)| mailbox.clone())
            .collect(),
        send_as: (!send_as.is_empty()).then(|| send_as.clone()),
        rules: script(arguments.graph_rules.as_deref())?,
        ..graph::Settings::in_folder(&arguments.folder)
    }))
}

#[expect(clippy::print_stdout, reason = "tells where to connect")]
async fn start_graph(settings: graph::Settings, simulator: &Simulator) -> Result<graph::Graph> {
    let graph = graph::Graph::start(settings, simulator.authority()).await?;
    println!("its Graph listens on {}", graph.address());
    Ok(graph)
}

#[expect(clippy::print_stdout, reason = "tells where to connect")]
fn announce(simulator: &Simulator) {
    println!("exchange-sim listens on {}", simulator.address());
    println!("clients must trust {}", simulator.ca_file().display());
}
