//! A relayd process: started, stopped, killed, started again on the same state.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::{Config, Relayctl, binary};
use crate::bench::process::Tree;

const START_PATIENCE: Duration = Duration::from_secs(30);
const STOP_PATIENCE: Duration = Duration::from_secs(40);

/// A relayd in a folder of its own. Dropping it kills the process.
pub struct Relayd {
    folder: PathBuf,
    config_file: PathBuf,
    state_dir: PathBuf,
    /// A command that becomes relayd, which follows as its arguments; mostly none.
    wrapper: Vec<String>,
    process: Option<Child>,
    bound: Bound,
}

/// What relayd writes to `listeners.json` once every socket is bound.
#[derive(Debug, Clone, Deserialize)]
struct Bound {
    listeners: Vec<BoundListener>,
    api: BoundApi,
}

#[derive(Debug, Clone, Deserialize)]
struct BoundListener {
    name: String,
    address: SocketAddr,
}

#[derive(Debug, Clone, Deserialize)]
struct BoundApi {
    tcp: Option<SocketAddr>,
}

impl Relayd {
    /// Writes the configuration to `folder`, starts relayd and waits until it listens.
    pub fn start(folder: &Path, config: &Config) -> Result<Self> {
        Self::start_under(&[], folder, config)
    }

    /// Like [`Relayd::start`], but a command prepares the process and becomes relayd, which
    /// follows as its arguments.
    pub fn start_under(wrapper: &[String], folder: &Path, config: &Config) -> Result<Self> {
        Self::start_as_written(wrapper, folder, &config.to_toml()?)
    }

    /// Like [`Relayd::start_under`], with the text of a configuration, whose `state_dir` is `state`
    /// in `folder` and whose socket is `admin.sock`.
    pub fn start_as_written(wrapper: &[String], folder: &Path, config: &str) -> Result<Self> {
        let config_file = folder.join("relayd.toml");
        fs::write(&config_file, config)?;
        let state_dir = folder.join("state");
        fs::create_dir_all(&state_dir)?;
        let mut relayd = Self {
            folder: folder.to_owned(),
            config_file,
            state_dir,
            wrapper: wrapper.to_vec(),
            process: None,
            bound: Bound {
                listeners: Vec::new(),
                api: BoundApi { tcp: None },
            },
        };
        relayd.start_again()?;
        Ok(relayd)
    }

    /// Starts the process again on the state that is there.
    pub fn start_again(&mut self) -> Result<()> {
        ensure!(self.process.is_none(), "relayd is running");
        let listeners = self.state_dir.join("listeners.json");
        if listeners.exists() {
            fs::remove_file(&listeners)?;
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        let program = binary("relayd")?;
        let mut command = match self.wrapper.as_slice() {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        let child = command
            .arg("serve")
            .arg("--config")
            .arg(&self.config_file)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting relayd")?;
        self.process = Some(child);

        let deadline = Instant::now() + START_PATIENCE;
        loop {
            if let Some(bound) = read_bound(&listeners) {
                self.bound = bound;
                return Ok(());
            }
            let ended = self
                .process
                .as_mut()
                .and_then(|child| child.try_wait().ok().flatten());
            if ended.is_some() || Instant::now() > deadline {
                bail!(
                    "relayd did not come up ({ended:?}); its log:\n{}",
                    self.log()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The folder that everything is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `relayd.toml`.
    pub fn config_file(&self) -> &Path {
        &self.config_file
    }

    /// Database, key and certificate.
    pub fn state_dir(&self) -> &Path {
        &self.state_dir
    }

    /// Where a door is.
    pub fn listener(&self, name: &str) -> Result<SocketAddr> {
        let listener = self
            .bound
            .listeners
            .iter()
            .find(|listener| listener.name == name);
        Ok(listener
            .with_context(|| format!("there is no listener {name}"))?
            .address)
    }

    /// Where the API is, on TCP.
    pub fn api(&self) -> Result<SocketAddr> {
        self.bound.api.tcp.context("the API is not on TCP")
    }

    /// The operator's command line.
    pub fn ctl(&self) -> Result<Relayctl> {
        Relayctl::on_socket(&self.folder.join("admin.sock"), &self.folder)
    }

    /// Somebody at another desk, who knows where the API is and has nothing yet; what they keep
    /// is in `home`, which is made.
    pub fn visitor(&self, home: &Path) -> Result<Relayctl> {
        fs::create_dir(home)?;
        let visitor = Relayctl::at_home(home)?;
        let url = format!("http://{}", self.api()?);
        visitor.ok(&format!("context add relay --url {url}"))?;
        Ok(visitor)
    }

    /// What it logged so far, over all its starts.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("relayd.log")
    }

    /// Its process, to measure.
    pub fn tree(&self) -> Result<Tree> {
        let child = self.process.as_ref().context("relayd is not running")?;
        Ok(Tree::of(child.id()))
    }

    /// Kills it as a power cut would (SIGKILL).
    pub fn kill(&mut self) -> Result<()> {
        let mut child = self.process.take().context("relayd is not running")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Asks it to end (SIGTERM), without waiting.
    pub fn terminate(&self) -> Result<()> {
        self.signal("-TERM")
    }

    /// Asks it to read its certificates again (SIGHUP), without waiting.
    pub fn reload(&self) -> Result<()> {
        self.signal("-HUP")
    }

    fn signal(&self, signal: &str) -> Result<()> {
        let child = self.process.as_ref().context("relayd is not running")?;
        let status = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()?;
        ensure!(status.success(), "SIG{signal} could not be sent");
        Ok(())
    }

    /// Asks it to end and waits for that.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.terminate()?;
        self.wait_for_end()
    }

    /// Waits until it has ended by itself.
    pub fn wait_for_end(&mut self) -> Result<ExitStatus> {
        let deadline = Instant::now() + STOP_PATIENCE;
        let mut child = self.process.take().context("relayd is not running")?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                self.process = Some(child);
                bail!("relayd did not end; its log:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// `None` until the file is there and complete.
fn read_bound(file: &Path) -> Option<Bound> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

impl Drop for Relayd {
    fn drop(&mut self) {
        if self.process.is_some() {
            // It may have ended by itself just now.
            let _killed = self.kill();
        }
        if std::thread::panicking() {
            eprint_log(&self.log());
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the log of relayd explains why a test failed"
)]
fn eprint_log(log: &str) {
    eprintln!("--- log of relayd ---\n{log}---");
}
