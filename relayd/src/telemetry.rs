//! Logs and figures: where `tracing` and `metrics` end up.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Log, LogFormat};

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// A logger or recorder is there already.
    #[error("logs or figures are set up twice")]
    Twice,
    /// The histograms cannot be made.
    #[error("figures cannot be set up: {0}")]
    Figures(#[from] BuildError),
}

/// Seconds of a commit, from an SSD's fsync to a store in trouble.
const COMMIT_SECONDS: [f64; 8] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0];
/// Entries of a journal batch.
const BATCH_SIZES: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0];

/// Sends log lines to standard error, as `log` says. `RELAYD_LOG` overrides its level.
pub fn start_logs(log: &Log) -> Result<(), TelemetryError> {
    let level = std::env::var("RELAYD_LOG").unwrap_or_else(|_| log.level.clone());
    // samotop logs each refused client as an error; refusals are told by the door itself.
    let filter = EnvFilter::new(format!("{level},samotop_core=off"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    let lines = match log.format {
        LogFormat::Text => lines
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .try_init()
        .map_err(|_| TelemetryError::Twice)
}

/// Begins to count; the handle renders what was counted in the text format of Prometheus.
pub fn start_figures() -> Result<PrometheusHandle, TelemetryError> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &COMMIT_SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_batch_size".into()), &BATCH_SIZES)?
        .install_recorder()
        .map_err(|_| TelemetryError::Twice)?;
    Ok(handle)
}
