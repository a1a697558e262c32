//! The benchmark: drives relayd and Postfix the same way, in the same run, and compares.
//!
//! Devices → relay → sink, all on loopback, STARTTLS and AUTH on both sides. The sink and the
//! devices run in this process, the relay in its own, so its processor time can be told apart.

pub mod handshake;
pub mod postfix;
pub mod process;
pub mod relayd;
pub mod table;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use self::process::Tree;
use crate::{
    load::{
        message::MessageMaker,
        send::{self, Encryption, PerConnection, Plan},
        sink::{Meter, Sink},
        timing::Percentiles,
    },
    tls,
};

/// Envelope sender of every mail.
pub const SENDER: &str = "scanner@bench.example";
/// Envelope recipient of every mail.
pub const RECIPIENT: &str = "archive@customer.example";
/// Connections that either relay may open to the sink; Postfix's own default.
pub const UPSTREAM_CONNECTIONS: u16 = 20;
/// No mail for this long means that the relay is stuck.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running relay.
pub struct Relay {
    /// What the table calls it.
    pub name: &'static str,
    /// Where devices connect.
    pub server: SocketAddr,
    /// What they sign in with.
    pub credentials: (String, String),
    /// All its processes.
    pub tree: Tree,
}

/// One line of the table.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Case {
    /// Connections of devices at one time.
    pub connections: usize,
    /// Bytes of a mail.
    pub size: usize,
    /// Mails a connection.
    pub per_connection: PerConnection,
    /// Mails in all.
    pub count: usize,
}

/// What one relay did in one case.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// Mails that got no 250.
    pub failed: usize,
    /// Accepted mails a second.
    pub accepted_per_second: f64,
    /// Mails a second from the first connection to the last arrival at the sink.
    pub end_to_end_per_second: f64,
    /// From the end of data to its 250.
    pub to_250: Percentiles,
    /// From connecting, or from MAIL, to the 250.
    pub whole: Percentiles,
    /// Processor seconds of all processes of the relay for 1,000 mails.
    pub cpu_per_1000: f64,
    /// Most memory of all its processes together, in MiB.
    pub peak_memory_mib: f64,
}

/// The other end, in a thread of its own.
pub struct Upstream {
    /// Where it listens.
    pub address: SocketAddr,
    /// What came in.
    pub meter: Meter,
    /// What relays must trust.
    pub ca_file: PathBuf,
}

impl Upstream {
    /// Starts a sink; it ends with the process.
    pub fn start(folder: &Path) -> Result<Self> {
        let ca_file = folder.join("sink-ca.pem");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let sink =
            runtime.block_on(Sink::bind((Ipv4Addr::LOCALHOST, 0).into(), false, &ca_file))?;
        let (address, meter) = (sink.address()?, sink.meter());
        thread::Builder::new()
            .name("sink".into())
            .spawn(move || runtime.block_on(sink.serve()))?;
        Ok(Self {
            address,
            meter,
            ca_file,
        })
    }
}

/// The cases of the table, `scale` times as many mails as usual.
pub fn cases(scale: f64) -> Vec<Case> {
    const KIB: usize = 1024;
    let mut cases = Vec::new();
    for (size, counts) in [(4 * KIB, [500, 3000, 6000]), (5 * KIB * KIB, [20, 60, 100])] {
        for per_connection in [PerConnection::One, PerConnection::Many] {
            for (connections, count) in [1, 10, 50].into_iter().zip(counts) {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a few thousand mails, not negative"
                )]
                let count = (f64::from(count) * scale).ceil() as usize;
                cases.push(Case {
                    connections,
                    size,
                    per_connection,
                    count,
                });
            }
        }
    }
    cases
}

/// Drives a relay through one case.
pub fn measure(relay: &Relay, upstream: &Upstream, case: Case, run: &str) -> Result<Measured> {
    relay.tree.settle()?;
    let before = upstream.meter.totals();
    let cpu_before = relay.tree.cpu()?;
    let memory = MemoryWatch::start(relay.tree);
    let start = Instant::now();

    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(send::send(Plan {
            server: relay.server,
            encryption: Encryption::Starttls,
            tls: tls::trusting_client_config()?,
            name: "localhost".try_into().context("a host name")?,
            credentials: Some(relay.credentials.clone()),
            connections: case.connections,
            count: case.count,
            per_connection: case.per_connection,
            pipeline: false,
            messages: MessageMaker::new(SENDER, RECIPIENT, run, case.size),
        }))?;
    let accepted = u64::try_from(report.accepted)?;
    wait_for_arrivals(&upstream.meter, before.messages + accepted)?;
    let arrived = upstream
        .meter
        .last_message()
        .saturating_duration_since(start);
    relay.tree.settle()?;
    let cpu = relay.tree.cpu()?.saturating_sub(cpu_before);

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let mails = accepted as f64;
    Ok(Measured {
        failed: report.failed,
        accepted_per_second: report.per_second,
        end_to_end_per_second: mails / arrived.as_secs_f64(),
        to_250: report.to_250,
        whole: report.whole,
        cpu_per_1000: cpu.as_secs_f64() * 1000.0 / mails,
        peak_memory_mib: memory.stop(),
    })
}

fn wait_for_arrivals(meter: &Meter, wanted: u64) -> Result<()> {
    let (mut seen, mut since) = (meter.totals().messages, Instant::now());
    while seen < wanted {
        thread::sleep(Duration::from_millis(20));
        let now = meter.totals().messages;
        if now > seen {
            (seen, since) = (now, Instant::now());
        } else if since.elapsed() > PATIENCE {
            bail!(
                "{} accepted mails did not arrive at the sink",
                wanted - seen
            );
        }
    }
    Ok(())
}

/// Looks at the memory of a relay four times a second.
struct MemoryWatch {
    stop: Arc<AtomicBool>,
    peak: thread::JoinHandle<u64>,
}

impl MemoryWatch {
    fn start(tree: Tree) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let peak = thread::spawn(move || {
            let mut peak = 0;
            while !stopped.load(Ordering::Relaxed) {
                // A process that ends while it is looked at counts at the next look.
                peak = peak.max(tree.memory().unwrap_or(0));
                thread::park_timeout(Duration::from_millis(250));
            }
            peak
        });
        Self { stop, peak }
    }

    /// The peak in MiB.
    fn stop(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        self.peak.thread().unpark();
        #[expect(clippy::cast_precision_loss, reason = "bytes of memory are below 2^52")]
        let bytes = self.peak.join().unwrap_or(0) as f64;
        bytes / (1024.0 * 1024.0)
    }
}
