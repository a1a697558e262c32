//! The sandbox: a whole relay in one folder, with a demo account whose mail ends in a folder too.
//!
//! `--once` is a smoke test: one mail goes through the relay's own door, with STARTTLS and AUTH,
//! through queue and capture, and its trace is printed.

mod demo;
mod report;
mod smoke;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    accounts::AdminError,
    app::{AppError, Relay},
    config::{Config, ConfigError},
    telemetry::{self, TelemetryError},
};

/// What a sandbox is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Send one mail through it, print the trace, and end
    #[arg(long)]
    once: bool,

    /// Folder of its state; made when it does not exist
    #[arg(long, value_name = "FOLDER", default_value = ".relayd-dev")]
    dir: PathBuf,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum DevError {
    /// The folder.
    #[error("{path}", path = path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The configuration in the folder.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Logs.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The relay itself.
    #[error(transparent)]
    App(#[from] AppError),
    /// The demo account.
    #[error("the demo account cannot be made")]
    Demo(#[from] AdminError),
    /// The mail of the smoke test.
    #[error("the mail did not get through: {0}")]
    Smoke(String),
    /// Standard output.
    #[error("the report cannot be written")]
    Output(#[source] std::io::Error),
}

/// Runs a sandbox until a signal, or for one mail.
pub async fn run(arguments: Arguments) -> Result<(), DevError> {
    if !arguments.once {
        return run_until_signal(&arguments.dir).await;
    }
    // Apart from a sandbox that may be running in the folder, and gone afterwards.
    let folder = arguments.dir.join(format!("once-{}", std::process::id()));
    let outcome = run_once(&folder).await;
    let removed = fs::remove_dir_all(&folder);
    outcome?;
    removed.map_err(|source| DevError::Folder {
        path: folder,
        source,
    })
}

async fn run_until_signal(folder: &Path) -> Result<(), DevError> {
    let config = configure(folder, "127.0.0.1:2587", "127.0.0.1:2465", "info")?;
    telemetry::start_logs(&config.log)?;
    let relay = Relay::start(config).await?;
    let demo = demo::prepare(relay.accounts(), folder).await?;
    report::introduce(&demo, &relay, folder).map_err(DevError::Output)?;
    relay.run(None).await?;
    Ok(())
}

async fn run_once(folder: &Path) -> Result<(), DevError> {
    let config = configure(folder, "127.0.0.1:0", "127.0.0.1:0", "warn")?;
    telemetry::start_logs(&config.log)?;
    let relay = Relay::start(config).await?;
    let outcome = smoke::send_one(&relay, folder).await;
    relay.stop().await;
    let trace = outcome?;
    report::tell(&trace).map_err(DevError::Output)
}

/// Writes the configuration of a new sandbox, and reads that of an old one.
fn configure(
    folder: &Path,
    starttls: &str,
    implicit: &str,
    level: &str,
) -> Result<Config, DevError> {
    let in_folder = |source| DevError::Folder {
        path: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(in_folder)?;
    let path = folder.join("relayd.toml");
    if !path.exists() {
        let text = format!(
            "# A sandbox made by `relayd dev`.\n\
             hostname = \"localhost\"\n\
             state_dir = \".\"\n\n\
             [[listener]]\nname = \"submission\"\naddress = \"{starttls}\"\ntls = \"starttls\"\n\n\
             [[listener]]\nname = \"submissions\"\naddress = \"{implicit}\"\ntls = \"implicit\"\n\n\
             # Nobody proves a domain to a sandbox.\n\
             [accounts]\ndomain_proof = \"waived\"\n\n\
             [api]\nsocket = \"admin.sock\"\n\n\
             [log]\nlevel = \"{level}\"\n"
        );
        fs::write(&path, text).map_err(in_folder)?;
    }
    Ok(Config::load(&path)?)
}
