//! A Postfix instance in a folder of its own, with its own queue and log. Needs root.

use std::{
    fs,
    io::Write,
    net::{SocketAddr, TcpStream},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

/// A running Postfix. Dropping it stops it.
pub struct Instance {
    folder: PathBuf,
}

impl Instance {
    /// Starts it with these settings and services; both files are written to `etc/` in `folder`.
    pub fn start(folder: &Path, main_cf: &str, master_cf: &str) -> Result<Self> {
        for part in ["etc", "queue", "data"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // Its processes run as another user and must get through.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        let (uid, gid) = ids()?;
        chown(folder.join("data"), Some(uid), Some(gid))?;
        let place = folder.display();
        let places = format!(
            "compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {place}/mail.log
maillog_file_prefixes = {place}
"
        );
        fs::write(folder.join("etc/main.cf"), places + main_cf)?;
        fs::write(
            folder.join("etc/master.cf"),
            format!("{master_cf}{SERVICES}"),
        )?;
        run(postfix(folder, "start"))?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The process id of its master.
    pub fn master(&self) -> Result<u32> {
        let pid = fs::read_to_string(self.folder.join("queue/pid/master.pid"))?;
        Ok(pid.trim().parse()?)
    }

    /// Waits until it takes connections.
    pub fn wait_for(&self, server: SocketAddr) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(server).is_err() {
            if Instant::now() > deadline {
                let log = self.log();
                bail!("Postfix does not listen on {server}; its log:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("mail.log")).unwrap_or_default()
    }

    /// `sendmail` of this instance, with these arguments.
    pub fn sendmail(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("/usr/sbin/sendmail");
        command.arg("-C").arg(self.folder.join("etc"));
        command.args(arguments);
        command
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Ends the master process of this folder only.
        let _stopped = run(postfix(&self.folder, "stop"));
    }
}

/// Every service but the doors, as Debian has them, without chroot.
const SERVICES: &str = "pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

fn postfix(folder: &Path, verb: &str) -> Command {
    let mut command = Command::new("/usr/sbin/postfix");
    command
        .arg("-c")
        .arg(folder.join("etc"))
        .arg(verb)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn run(mut command: Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {command:?}"))?;
    ensure!(
        status.success(),
        "{command:?} ended with {status}; Postfix needs root"
    );
    Ok(())
}

/// A database of Cyrus SASL below `folder`, which `smtpd` checks passwords against when
/// `cyrus_sasl_config_path` is `etc/sasl` there. Offers these mechanisms.
pub fn write_password(
    folder: &Path,
    (user, realm): (&str, &str),
    password: &str,
    mechanisms: &str,
) -> Result<()> {
    let sasl = folder.join("etc/sasl");
    fs::create_dir_all(&sasl)?;
    let database = sasl.join("sasldb2");
    let mut child = Command::new("/usr/sbin/saslpasswd2")
        .args(["-p", "-c", "-u", realm, "-f"])
        .arg(&database)
        .arg(user)
        .stdin(Stdio::piped())
        .spawn()
        .context("starting saslpasswd2")?;
    let stdin = child.stdin.take().context("no stdin")?;
    (&stdin).write_all(password.as_bytes())?;
    drop(stdin);
    ensure!(child.wait()?.success(), "saslpasswd2 failed");
    chown(&database, None, Some(ids()?.1))?;
    fs::set_permissions(&database, fs::Permissions::from_mode(0o640))?;
    let settings = format!(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: {mechanisms}\n\
         sasldb_path: {}\n",
        database.display()
    );
    fs::write(sasl.join("smtpd.conf"), settings)?;
    Ok(())
}

/// User and group of Postfix.
pub fn ids() -> Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users.lines().find(|line| line.starts_with("postfix:"));
    let fields: Vec<&str> = line
        .context("there is no user postfix")?
        .split(':')
        .collect();
    match fields.as_slice() {
        [_, _, uid, gid, ..] => Ok((uid.parse()?, gid.parse()?)),
        _ => bail!("the line of postfix in /etc/passwd cannot be read"),
    }
}
