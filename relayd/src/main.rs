//! relayd: arguments → configuration → run.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use relayd::{
    app,
    config::{self, Config},
    dev, telemetry,
};

/// SMTP submission relay for Exchange Online.
#[derive(Debug, Parser)]
#[command(version, about, disable_help_subcommand = true)]
struct Arguments {
    /// Configuration file
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        env = "RELAYD_CONFIG",
        default_value = config::DEFAULT_PATH
    )]
    config: PathBuf,

    #[command(subcommand)]
    mode: Option<Mode>,
}

/// What to do; `serve` when nothing is named.
#[derive(Debug, Subcommand)]
enum Mode {
    /// Take mail and deliver it (default)
    Serve,
    /// Run a sandbox: demo account, self-signed certificate, mail ends in a folder
    Dev(dev::Arguments),
    /// Read the configuration and say everything that is wrong with it
    CheckConfig,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    match arguments.mode.unwrap_or(Mode::Serve) {
        Mode::Serve => runtime.block_on(serve(&arguments.config)),
        Mode::Dev(arguments) => runtime.block_on(dev::run(arguments)).map_err(Into::into),
        Mode::CheckConfig => check_config(&arguments.config),
    }
}

async fn serve(path: &Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    telemetry::start_logs(&config.log)?;
    app::Relay::start(config).await?.run().await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn check_config(path: &Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    app::check_files(&config)?;
    println!("{}: fine", path.display());
    Ok(())
}
