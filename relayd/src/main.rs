//! relayd: arguments → configuration → run.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::{Parser, Subcommand};
use relayd::{
    app,
    clock::{Clock, SystemClock},
    config::{self, Config},
    dev, machine,
    model::{Finding, FindingLevel},
    telemetry,
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
    CheckConfig {
        /// Configuration file, instead of --config
        file: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the last words of a command")]
fn complain(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
    let remedy = error.downcast_ref().and_then(app::AppError::remedy);
    if let Some(remedy) = remedy {
        eprintln!("  try:   {remedy}");
    }
}

#[expect(clippy::print_stderr, reason = "said beside the answer of a command")]
fn warn(finding: &Finding) {
    eprintln!("{}: {}", finding.level, finding.sentence);
    eprintln!("  try:   {}", finding.remedy);
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    machine::hide_memory().context("core dumps cannot be switched off")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?;
    match arguments.mode.unwrap_or(Mode::Serve) {
        Mode::Serve => runtime.block_on(serve(&arguments.config)),
        Mode::Dev(arguments) => runtime.block_on(dev::run(arguments)).map_err(Into::into),
        Mode::CheckConfig { file } => check_config(&file.unwrap_or(arguments.config)),
    }
}

async fn serve(path: &Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    telemetry::start_logs(&config.log)?;
    app::Relay::start(config).await?.run(Some(path)).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer of a command")]
fn check_config(path: &Path) -> anyhow::Result<()> {
    let config = Config::load(path)?;
    let (wrong, findings) = app::check_files(&config, SystemClock.now());
    for finding in &findings {
        warn(finding);
    }
    let count = wrong.len();
    for error in wrong {
        complain(&error.into());
    }
    anyhow::ensure!(
        count == 0,
        "{}: {count} of what it names cannot be used",
        path.display()
    );
    // relayd starts with it all the same, so the unit must not be kept from starting by this.
    println!("{}: {}", path.display(), verdict(&findings));
    Ok(())
}

/// `fine, with 2 warnings`; an error is something that does not work for those who rely on it.
fn verdict(findings: &[Finding]) -> String {
    let is_error = |finding: &&Finding| finding.level == FindingLevel::Error;
    let errors = findings.iter().filter(is_error).count();
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let warnings = counted(findings.len() - errors, "warning");
    match (errors, findings.len()) {
        (0, 0) => "fine".to_owned(),
        (0, _) => format!("fine, with {warnings}"),
        (_, all) if all == errors => {
            format!(
                "relayd starts with it, but see {}",
                counted(errors, "error")
            )
        }
        _ => format!(
            "relayd starts with it, but see {} and {warnings}",
            counted(errors, "error")
        ),
    }
}
