//! The devices: many connections that sign in and send mail as fast as they are served.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use clap::ValueEnum;
use rustls::{ClientConfig, pki_types::ServerName};
use serde::Serialize;
use tokio::{net::TcpStream, task::JoinSet};

use super::{message::MessageMaker, timing::Percentiles};
use crate::wire::Wire;

/// How many mails go over one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PerConnection {
    /// One, as printers do: connect, STARTTLS, sign in, send, quit.
    One,
    /// As many as there are.
    Many,
}

/// When encryption begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// STARTTLS.
    Starttls,
    /// From the first byte.
    Implicit,
    /// Never.
    None,
}

/// What to send, where, how.
pub struct Plan {
    /// The relay.
    pub server: SocketAddr,
    /// When encryption begins.
    pub encryption: Encryption,
    /// TLS settings.
    pub tls: Arc<ClientConfig>,
    /// What the relay's certificate must be for.
    pub name: ServerName<'static>,
    /// User name and password for AUTH PLAIN; `None` sends without signing in.
    pub credentials: Option<(String, String)>,
    /// Connections at one time.
    pub connections: usize,
    /// Mails in all.
    pub count: usize,
    /// Mails a connection.
    pub per_connection: PerConnection,
    /// Send MAIL, RCPT and DATA in one write. Devices hardly ever do.
    pub pipeline: bool,
    /// The mails.
    pub messages: MessageMaker,
}

/// What came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Mails that got their 250.
    pub accepted: usize,
    /// Mails that did not; see `first_failure`.
    pub failed: usize,
    /// What the first of those met.
    pub first_failure: Option<String>,
    /// From the first connection to the last 250.
    pub seconds: f64,
    /// Accepted mails a second.
    pub per_second: f64,
    /// From the end of data to its 250: how long the relay took to make a mail safe.
    pub to_250: Percentiles,
    /// From connecting (or from MAIL, with many mails a connection) to the 250.
    pub whole: Percentiles,
}

/// Times of one mail.
struct Sample {
    to_250: Duration,
    whole: Duration,
}

#[derive(Default)]
struct Tally {
    samples: Vec<Sample>,
    failures: Vec<String>,
}

/// Carries a plan out.
pub async fn send(plan: Plan) -> Result<Report> {
    let plan = Arc::new(plan);
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut devices = JoinSet::new();
    for _ in 0..plan.connections {
        devices.spawn(device(Arc::clone(&plan), Arc::clone(&next)));
    }
    let mut tally = Tally::default();
    for done in devices.join_all().await {
        tally.samples.extend(done.samples);
        tally.failures.extend(done.failures);
    }
    let seconds = start.elapsed().as_secs_f64();
    let accepted = tally.samples.len();
    if accepted == 0 && plan.count > 0 {
        let failure = tally
            .failures
            .first()
            .map_or("no reason known", String::as_str);
        bail!("not one mail was accepted: {failure}");
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let per_second = accepted as f64 / seconds;
    Ok(Report {
        accepted,
        failed: tally.failures.len(),
        first_failure: tally.failures.into_iter().next(),
        seconds,
        per_second,
        to_250: Percentiles::of(tally.samples.iter().map(|sample| sample.to_250).collect()),
        whole: Percentiles::of(tally.samples.iter().map(|sample| sample.whole).collect()),
    })
}

/// One device: takes numbers until there are none left.
async fn device(plan: Arc<Plan>, next: Arc<AtomicUsize>) -> Tally {
    let mut tally = Tally::default();
    let mut open: Option<Wire> = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= plan.count {
            break;
        }
        match one_mail(&plan, &mut open, number).await {
            Ok(sample) => tally.samples.push(sample),
            Err(failure) => {
                open = None;
                tally.failures.push(failure.to_string());
            }
        }
    }
    if let Some(mut wire) = open {
        // All mails are accounted for; a relay that hangs up first does no harm.
        let _ended = quit(&mut wire).await;
    }
    tally
}

async fn one_mail(plan: &Plan, open: &mut Option<Wire>, number: usize) -> io::Result<Sample> {
    let start = Instant::now();
    let mut wire = match open.take() {
        Some(wire) => wire,
        None => connect(plan).await?,
    };
    let to_250 = transaction(&mut wire, plan, number).await?;
    let whole = start.elapsed();
    match plan.per_connection {
        PerConnection::One => quit(&mut wire).await?,
        PerConnection::Many => *open = Some(wire),
    }
    Ok(Sample { to_250, whole })
}

pub(super) async fn connect(plan: &Plan) -> io::Result<Wire> {
    let mut wire = Wire::new(TcpStream::connect(plan.server).await?)?;
    if plan.encryption == Encryption::Implicit {
        wire.connect_tls(&plan.tls, plan.name.clone()).await?;
    }
    expect(&mut wire, 220).await?;
    command(&mut wire, "EHLO device.example", 250).await?;
    if plan.encryption == Encryption::Starttls {
        command(&mut wire, "STARTTLS", 220).await?;
        wire.connect_tls(&plan.tls, plan.name.clone()).await?;
        command(&mut wire, "EHLO device.example", 250).await?;
    }
    if let Some((user, password)) = &plan.credentials {
        let initial = BASE64.encode(format!("\0{user}\0{password}"));
        command(&mut wire, &format!("AUTH PLAIN {initial}"), 235).await?;
    }
    Ok(wire)
}

/// Sends one mail; the time from the end of data to its 250.
async fn transaction(wire: &mut Wire, plan: &Plan, number: usize) -> io::Result<Duration> {
    let mail = format!("MAIL FROM:<{}>", plan.messages.sender());
    let rcpt = format!("RCPT TO:<{}>", plan.messages.recipient());
    if plan.pipeline {
        for line in [&mail, &rcpt, "DATA"] {
            wire.say(line);
        }
        for code in [250, 250, 354] {
            expect(wire, code).await?;
        }
    } else {
        command(wire, &mail, 250).await?;
        command(wire, &rcpt, 250).await?;
        command(wire, "DATA", 354).await?;
    }
    let mut body = Vec::new();
    plan.messages.append(number, &mut body);
    wire.say_bytes(&body);
    wire.flush().await?;
    let sent = Instant::now();
    expect(wire, 250).await?;
    Ok(sent.elapsed())
}

async fn quit(wire: &mut Wire) -> io::Result<()> {
    command(wire, "QUIT", 221).await?;
    wire.shutdown().await
}

async fn command(wire: &mut Wire, line: &str, wanted: u16) -> io::Result<()> {
    wire.say(line);
    expect(wire, wanted).await
}

async fn expect(wire: &mut Wire, wanted: u16) -> io::Result<()> {
    let (code, line) = wire.reply().await?;
    if code == wanted {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{wanted} was expected, not {line}"
    )))
}
