//! Postfix from Debian's packages, in a folder of its own, on loopback ports of its own.
//!
//! STARTTLS and SASL PLAIN on both sides, the sender bound to its login, everything else as
//! Debian ships it: durable queue, its default concurrency, a TLS session for each delivery.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use super::{Relay, SENDER, UPSTREAM_CONNECTIONS, Upstream, process::Tree};
use crate::tls::Authority;

const HOST: &str = "relay.bench.example";
const USER: &str = "scanner";
const PASSWORD: &str = "Gf3eYW-nWHF8L-iPX434-CbrGut";

/// A running Postfix. Dropping it stops it.
pub struct Postfix {
    folder: PathBuf,
    /// How to reach it.
    pub relay: Relay,
}

impl Postfix {
    /// Starts Postfix in `folder`, handing all mail over to `upstream`. Needs root.
    pub fn start(folder: &Path, upstream: &Upstream) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        for part in ["etc/sasl", "queue", "data"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // Its processes run as another user and must get through.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        let (uid, gid) = postfix_ids()?;
        chown(folder.join("data"), Some(uid), Some(gid))?;
        write_certificate(folder)?;
        write_passwords(folder, gid)?;
        fs::write(folder.join("etc/main.cf"), main_cf(folder, upstream))?;
        fs::write(folder.join("etc/master.cf"), master_cf(server))?;

        run(postfix(folder, "start"))?;
        let root = wait_until_up(folder, server)?;
        Ok(Self {
            folder: folder.to_owned(),
            relay: Relay {
                name: "postfix",
                server,
                credentials: (format!("{USER}@{HOST}"), PASSWORD.to_owned()),
                tree: Tree::of(root),
            },
        })
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Ends the master process of this folder only.
        let _stopped = run(postfix(&self.folder, "stop"));
    }
}

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
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

fn postfix_ids() -> Result<(u32, u32)> {
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

fn write_certificate(folder: &Path) -> Result<()> {
    let certificate = Authority::new("postfix bench authority")?.issue(&["localhost", HOST])?;
    let pem = certificate.key_pem + &certificate.certificate_pem;
    fs::write(folder.join("etc/chain.pem"), pem)?;
    Ok(())
}

/// Cyrus SASL with a database of its own: what `smtpd` checks passwords against.
fn write_passwords(folder: &Path, gid: u32) -> Result<()> {
    let database = folder.join("etc/sasl/sasldb2");
    let mut command = Command::new("/usr/sbin/saslpasswd2");
    command
        .args(["-p", "-c", "-u", HOST, "-f"])
        .arg(&database)
        .arg(USER);
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .context("starting saslpasswd2")?;
    let stdin = child.stdin.take().context("no stdin")?;
    std::io::Write::write_all(&mut &stdin, PASSWORD.as_bytes())?;
    drop(stdin);
    ensure!(child.wait()?.success(), "saslpasswd2 failed");
    chown(&database, None, Some(gid))?;
    fs::set_permissions(&database, fs::Permissions::from_mode(0o640))?;
    let settings = format!(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n\
         sasldb_path: {}\n",
        database.display()
    );
    fs::write(folder.join("etc/sasl/smtpd.conf"), settings)?;
    Ok(())
}

fn main_cf(folder: &Path, upstream: &Upstream) -> String {
    let folder = folder.display();
    let port = upstream.address.port();
    let ca_file = upstream.ca_file.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = {HOST}
mydestination =
local_recipient_maps =
alias_maps =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
message_size_limit = 52428800
mailbox_size_limit = 0

smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/etc/chain.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sender_login_maps = inline:{{ {SENDER}={USER}@{HOST} }}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0

relayhost = [localhost]:{port}
smtp_host_lookup = native
smtp_dns_support_level = disabled
default_destination_concurrency_limit = {UPSTREAM_CONNECTIONS}
smtp_tls_security_level = verify
smtp_tls_CAfile = {ca_file}
smtp_sasl_auth_enable = yes
smtp_sasl_security_options =
smtp_sasl_password_maps = inline:{{ {{ [localhost]:{port} = relay@bench.example:secret }} }}
"
    )
}

fn master_cf(server: SocketAddr) -> String {
    format!(
        "{server} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
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
"
    )
}

/// The process id of the master, once it takes connections.
fn wait_until_up(folder: &Path, server: SocketAddr) -> Result<u32> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if TcpStream::connect(server).is_ok() {
            let pid = fs::read_to_string(folder.join("queue/pid/master.pid"))?;
            return Ok(pid.trim().parse()?);
        }
        if Instant::now() > deadline {
            let log = fs::read_to_string(folder.join("mail.log")).unwrap_or_default();
            bail!("Postfix does not listen on {server}; its log:\n{log}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
