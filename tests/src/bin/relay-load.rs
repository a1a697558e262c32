//! relay-load: sends mail to a relay, takes it at the other end, and measures.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use relay_tests::{
    load::{
        idle,
        message::MessageMaker,
        send::{self, Encryption, PerConnection, Plan},
        sink::Sink,
    },
    tls,
};

/// Load for a mail relay.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take every mail and throw it away; prints the totals as JSON at Ctrl-C.
    Sink(SinkArguments),
    /// Send mail and print what was measured as JSON.
    Send(SendArguments),
    /// Open connections, sign in when a user is given, and hold them until Ctrl-C; prints how many
    /// are open as JSON.
    Idle(SendArguments),
}

#[derive(Debug, Args)]
struct SinkArguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:5871")]
    listen: SocketAddr,
    /// TLS from the first byte.
    #[arg(long)]
    implicit: bool,
    /// Where the authority's certificate goes.
    #[arg(long, default_value = "sink-ca.pem")]
    ca_file: PathBuf,
}

#[derive(Debug, Args)]
struct SendArguments {
    /// The relay.
    #[arg(long)]
    server: SocketAddr,
    /// When encryption begins.
    #[arg(long, value_enum, default_value = "starttls")]
    tls: Encryption,
    /// Trust only this certificate; without it, any.
    #[arg(long)]
    ca_file: Option<PathBuf>,
    /// Name in the relay's certificate.
    #[arg(long, default_value = "localhost")]
    name: String,
    /// User name for AUTH PLAIN; the password comes from `RELAY_LOAD_PASSWORD`.
    #[arg(long, requires = "password")]
    user: Option<String>,
    #[arg(long, env = "RELAY_LOAD_PASSWORD", hide = true)]
    password: Option<String>,
    /// Envelope and header sender.
    #[arg(long, default_value = "device@example.com")]
    from: String,
    /// Envelope and header recipient.
    #[arg(long, default_value = "someone@example.com")]
    to: String,
    /// Connections at one time.
    #[arg(long, default_value_t = 10)]
    connections: usize,
    /// Mails in all.
    #[arg(long, default_value_t = 1000)]
    count: usize,
    /// Bytes of a mail.
    #[arg(long, default_value_t = 4096)]
    size: usize,
    /// Mails a connection.
    #[arg(long, value_enum, default_value = "one")]
    per_connection: PerConnection,
    /// Send MAIL, RCPT and DATA in one write.
    #[arg(long)]
    pipeline: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Sink(arguments) => sink(arguments).await,
        Command::Send(arguments) => send(arguments).await,
        Command::Idle(arguments) => hold(arguments).await,
    }
}

async fn sink(arguments: SinkArguments) -> Result<()> {
    let sink = Sink::bind(arguments.listen, arguments.implicit, &arguments.ca_file).await?;
    let meter = sink.meter();
    print(&format!("listening on {}", sink.address()?));
    tokio::select! {
        () = sink.serve() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    print(&serde_json::to_string(&meter.totals())?);
    Ok(())
}

async fn send(arguments: SendArguments) -> Result<()> {
    let report = send::send(plan(arguments)?).await?;
    print(&serde_json::to_string(&report)?);
    Ok(())
}

async fn hold(arguments: SendArguments) -> Result<()> {
    let held = idle::hold(plan(arguments)?).await?;
    print(&serde_json::to_string(&held.opened)?);
    tokio::signal::ctrl_c().await?;
    Ok(())
}

fn plan(arguments: SendArguments) -> Result<Plan> {
    let tls = match &arguments.ca_file {
        Some(file) => tls::client_config(file)?,
        None => tls::trusting_client_config()?,
    };
    let run = std::process::id().to_string();
    Ok(Plan {
        server: arguments.server,
        encryption: arguments.tls,
        tls,
        name: arguments
            .name
            .try_into()
            .context("--name is not a host name")?,
        credentials: arguments.user.zip(arguments.password),
        connections: arguments.connections,
        count: arguments.count,
        per_connection: arguments.per_connection,
        pipeline: arguments.pipeline,
        messages: MessageMaker::new(&arguments.from, &arguments.to, &run, arguments.size),
    })
}

#[expect(clippy::print_stdout, reason = "the result goes to stdout")]
fn print(line: &str) {
    println!("{line}");
}
