//! A PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, gone when dropped.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// How long a server may take to start on a busy machine.
const START: Duration = Duration::from_mins(1);

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    /// Data and socket; removed after the server has stopped.
    folder: TempDir,
    programs: PathBuf,
    owner: Option<Owner>,
    server: Child,
}

/// The account that the server runs as, since it refuses to run as root.
#[derive(Debug, Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl Postgres {
    /// Where it keeps everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a fresh cluster and starts its server.
    pub fn start() -> Result<Self> {
        let programs = find_programs()?;
        let owner = Owner::needed()?;
        let folder = tempfile::Builder::new().prefix("relay-pg-").tempdir()?;
        if let Some(Owner { uid, gid }) = owner {
            chown(folder.path(), Some(uid), Some(gid))?;
        }
        let data = folder.path().join("data");
        let made = command(&programs, "initdb", owner)
            .args(["--username=relay", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .context("initdb")?;
        let complaint = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "initdb failed: {complaint}");
        let server = serve(&programs, owner, folder.path(), &data)?;
        let mut postgres = Self {
            folder,
            programs,
            owner,
            server,
        };
        postgres.wait_until_ready()?;
        Ok(postgres)
    }

    /// Makes an empty database and gives its URL.
    pub fn create_database(&self, name: &str) -> Result<String> {
        let done = command(&self.programs, "createdb", self.owner)
            .args(["--username=relay", "--host"])
            .arg(self.folder.path())
            .arg(name)
            .output()?;
        let complaint = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "createdb failed: {complaint}");
        let socket = self.folder.path().display();
        Ok(format!("postgres://relay@localhost/{name}?host={socket}"))
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < START {
            if let Some(status) = self.server.try_wait()? {
                bail!("postgres ended with {status}: {}", self.log());
            }
            let ready = command(&self.programs, "pg_isready", self.owner)
                .arg("--quiet")
                .arg("--host")
                .arg(self.folder.path())
                .status()?;
            if ready.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("postgres did not start within {START:?}: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // pg_ctl lets the server remove its shared memory; should it fail, kill ends it anyway.
        let stopped = command(&self.programs, "pg_ctl", self.owner)
            .args(["stop", "--mode=immediate", "--silent", "--pgdata"])
            .arg(self.folder.path().join("data"))
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

fn serve(programs: &Path, owner: Option<Owner>, folder: &Path, data: &Path) -> Result<Child> {
    let log = fs::File::create(folder.join("log"))?;
    // A test process that is killed takes its server along.
    let mut server = with_owner(Command::new("setpriv"), owner);
    server
        .arg("--pdeathsig=INT")
        .arg(programs.join("postgres"))
        .arg("-D")
        .arg(data)
        .arg("-k")
        .arg(folder)
        .args(["-c", "listen_addresses=", "-c", "fsync=off"])
        .args(["-c", "full_page_writes=off", "-c", "max_connections=200"])
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("setpriv postgres")
}

fn command(programs: &Path, name: &str, owner: Option<Owner>) -> Command {
    let mut command = with_owner(Command::new(programs.join(name)), owner);
    command.stdin(Stdio::null());
    command
}

fn with_owner(mut command: Command, owner: Option<Owner>) -> Command {
    if let Some(Owner { uid, gid }) = owner {
        command.uid(uid).gid(gid).current_dir("/");
    }
    command
}

impl Owner {
    /// Nobody in particular, unless this process runs as root.
    fn needed() -> Result<Option<Self>> {
        if id("-u", None)? != 0 {
            return Ok(None);
        }
        let name = if id("-u", Some("postgres")).is_ok() {
            "postgres"
        } else {
            "nobody"
        };
        Ok(Some(Self {
            uid: id("-u", Some(name))?,
            gid: id("-g", Some(name))?,
        }))
    }
}

fn id(which: &str, name: Option<&str>) -> Result<u32> {
    let output = Command::new("id").arg(which).args(name).output()?;
    ensure!(output.status.success(), "there is no account {name:?}");
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Debian keeps the server's programs out of PATH, in a folder for each version.
fn find_programs() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable();
    let packaged = versions.into_iter().rev().map(|(_, programs)| programs);
    packaged
        .chain(std::env::split_paths(&path))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
        .context(
            "the PostgreSQL server is not installed; run ./scripts/test, which installs it, \
             or: apt-get install postgresql",
        )
}
