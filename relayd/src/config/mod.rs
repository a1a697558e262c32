//! relayd.toml: what belongs to the machine. What belongs to customers is in the store.
//!
//! Text becomes a [`Config`] once. What is wrong is said all at once, each with line and caret.

mod changes;
mod check;
mod complaint;
mod masking;
mod raw;
mod shown;
mod units;
mod warnings;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

pub use complaint::{Complaints, ConfigError};

use crate::model::{Address, MailServer, Network, NotificationKind};
use check::check;
use complaint::Collector;

/// Where the configuration is looked for when none is named.
pub const DEFAULT_PATH: &str = "/etc/relayd/relayd.toml";

/// Everything that belongs to the machine. Values are valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// The name in greeting, EHLO and Received.
    pub hostname: String,
    /// Folder of what relayd makes itself: database, key, self-signed certificate, addresses.
    pub state_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://…`, which may hold a password.
    pub store_url: String,
    /// The key that seals secrets at rest.
    pub key_file: PathBuf,
    /// Where devices connect.
    pub listeners: Vec<Listener>,
    /// Where relayctl connects.
    pub api: Api,
    /// How patient the queue is.
    pub queue: Queue,
    /// Ceilings that no plan exceeds.
    pub limits: Limits,
    /// How long things are kept.
    pub retention: Retention,
    /// Who may register an account; the operator always may.
    pub registration: Registration,
    /// Whether accounts that the operator creates have to prove their sender domains.
    pub domain_proof: DomainProof,
    /// Which servers are asked about domains.
    pub dns: Dns,
    /// The servers that whoever registers may name for a route.
    pub registration_servers: Vec<MailServer>,
    /// Where owners may register systems that send by address alone.
    pub address_auth_networks: Vec<Network>,
    /// Where mail of relayd itself leaves: codes and notices to customers.
    pub notifications: Option<Notifications>,
    /// Networks beside the public internet where webhooks of accounts may be.
    pub webhook_networks: Vec<Network>,
    /// What is logged, and how.
    pub log: Log,
}

/// One address where devices connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Name in logs and figures.
    pub name: String,
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
    /// How sessions are encrypted.
    pub tls: ListenerTls,
    /// The certificate for clients that name no host, or none of `sni`; without, self-signed ones
    /// are made.
    pub certificate: Option<CertificateFiles>,
    /// Further certificates, shown for their names.
    pub sni: Vec<SniCertificate>,
    /// Networks whose devices may sign in without encryption.
    pub plaintext_auth_networks: Vec<Network>,
    /// Whether systems that are known by their address may send without signing in.
    pub address_auth: bool,
    /// Proxies in front of it, which speak the PROXY protocol.
    pub proxy_networks: Vec<Network>,
}

/// A certificate chain and its key (PEM files).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, the server's certificate first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// A certificate that is shown for some host names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SniCertificate {
    /// Where it is.
    pub files: CertificateFiles,
    /// The names, in lower case, wildcards among them; empty for those in the certificate.
    pub names: Vec<String>,
}

/// How sessions of a listener are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListenerTls {
    /// Plain at first; STARTTLS is offered.
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// Never.
    None,
}

/// Where relayctl connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// Unix socket; who may open it is the operator.
    pub socket: PathBuf,
    /// Group whose members are operators too.
    pub socket_group: Option<String>,
    /// Loopback address for bearer tokens.
    pub tcp: Option<SocketAddr>,
    /// Whether a proxy in front of `tcp` says in `X-Forwarded-For` whose request it is.
    pub behind_proxy: bool,
}

/// Who may register an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody.
    Open,
    /// Who has an invitation.
    Invite,
    /// The operator alone.
    Closed,
}

/// Whether accounts that the operator creates have to prove their sender domains. Those that
/// register themselves always have to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DomainProof {
    /// They have to.
    Required,
    /// The operator answers for them.
    Waived,
}

/// Which servers are asked about domains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dns {
    /// Resolvers; those of the machine when there are none.
    pub servers: Vec<SocketAddr>,
    /// Servers that have the last word on every zone, in place of those that the zone names.
    pub authoritative: Vec<SocketAddr>,
}

/// Where mail of relayd itself leaves, and what of it goes to the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// The account whose route carries it.
    pub account: String,
    /// What it comes from; the mailbox of the route when not given.
    pub sender: Option<Address>,
    /// Who reads what concerns the operator.
    pub operator: Option<Address>,
    /// What the operator gets a mail of.
    pub events: Vec<NotificationKind>,
}

/// How patient the queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The wait before the second attempt; each further one is twice as long.
    pub first_retry: Duration,
    /// No wait is longer.
    pub longest_retry: Duration,
    /// How long delivery is tried in all.
    pub lifetime: Duration,
    /// When a sender who asked for it is told that its mail is late.
    pub delay_notice: Duration,
    /// Mails of one sender refused in a row for the same kind of error until its mail waits; 0 is
    /// never.
    pub breaker_failures: u32,
    /// How long a shutdown waits for what is in flight.
    pub drain: Duration,
}

/// Ceilings that no plan exceeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message.
    pub message_size: u64,
    /// Connections of devices in all.
    pub connections: u32,
    /// Connections from one address.
    pub connections_per_address: u32,
    /// Connections from one /24 (IPv4) or /64 (IPv6).
    pub connections_per_network: u32,
    /// How long a connection may take to its sign-in.
    pub sign_in_time: Duration,
    /// Different wrong passwords of one address until it is banned.
    pub ban_after: u32,
    /// Networks that are never banned.
    pub ban_exempt: Vec<Network>,
    /// Bytes of the disk under the store that mail may not use up; 0 is none.
    pub disk_reserve: u64,
    /// Whether systems may have private and loopback addresses.
    pub private_systems: bool,
}

/// How long things are kept.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Finished mail with its history, and listed refusals.
    pub messages: Duration,
    /// Counters.
    pub statistics: Duration,
    /// Entries of the audit log; `None` for ever.
    pub audit: Option<Duration>,
}

impl ListenerTls {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Text for people or JSON for collectors.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,relayd::queue=debug`.
    pub level: String,
}

/// The shape of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The store as it may be shown: without a password.
    pub fn store_name(&self) -> String {
        masking::masked(&self.store_url)
    }

    /// The folder of the database, where it is a file of this machine.
    pub fn database_folder(&self) -> Option<PathBuf> {
        let path = self.store_url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = Path::new(path.split('?').next().unwrap_or(path));
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Some(folder.unwrap_or(Path::new(".")).to_owned())
    }

    /// Reads and checks the file at `path`. Relative paths in it are relative to its folder.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let base = path.parent().unwrap_or(Path::new("."));
        Self::parse(&text, &path.display().to_string(), base)
    }

    /// Checks the text of a file called `name`; relative paths are relative to `base`.
    pub fn parse(text: &str, name: &str, base: &Path) -> Result<Self, ConfigError> {
        let raw: raw::Raw = toml::from_str(text)
            .map_err(|error| ConfigError::Wrong(Complaints::of_syntax(&error, text, name)))?;
        let mut collector = Collector::default();
        let config = check(raw, base, &mut collector);
        collector.finish(text, name)?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(text, "relayd.toml", Path::new("/etc/relayd"))
    }

    #[test]
    fn an_empty_file_is_a_whole_configuration() {
        let config = parse("").unwrap();
        assert_eq!(config.store_url, "sqlite:/var/lib/relayd/relayd.db");
        assert_eq!(config.key_file, Path::new("/var/lib/relayd/secret.key"));
        assert_eq!(config.listeners.len(), 2);
        assert_eq!(config.api.socket, Path::new("/run/relayd/admin.sock"));
        assert_eq!(config.queue.lifetime, Duration::from_hours(48));
        assert_eq!(config.retention.messages, Duration::from_hours(90 * 24));
        assert_eq!(config.retention.audit, None);
    }

    #[test]
    fn the_sample_is_valid_with_and_without_its_settings() {
        const SAMPLE: &str = include_str!("../../../packaging/relayd.toml");
        parse(SAMPLE).unwrap();
        let is_prose = |line: &str| line == "#" || line.starts_with("# ");
        let lines = SAMPLE.lines().filter(|line| !is_prose(line));
        let settings: Vec<_> = lines.map(|line| line.trim_start_matches('#')).collect();
        let config = parse(&settings.join("\n")).unwrap();
        let set = config.notifications.unwrap();
        assert_eq!(set.operator.unwrap().as_str(), "ops@office.example");
        assert_eq!((set.events.len(), config.listeners.len()), (4, 2));
    }

    /// But for what `account create --from-file` reads.
    #[test]
    fn the_configurations_of_the_documentation_are_valid() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let docs = std::fs::read_dir(root.join("docs")).unwrap();
        let docs = docs.map(|entry| entry.unwrap().path());
        let is_page = |path: &PathBuf| path.extension().is_some_and(|it| it == "md");
        let mut count = 0;
        for page in docs.filter(is_page).chain([root.join("README.md")]) {
            let text = std::fs::read_to_string(&page).unwrap();
            let blocks = text.split("```toml\n").skip(1);
            for block in blocks.filter_map(|rest| rest.split("\n```").next()) {
                if !block.contains("\n[route]") {
                    parse(block).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
                    count += 1;
                }
            }
        }
        assert!(count > 8, "only {count} were found");
    }

    #[test]
    fn the_operator_chooses_what_to_read_of() {
        let set = |more: &str| {
            let config = parse(&format!("[notifications]\naccount = \"office\"\n{more}"));
            config.map(|config| config.notifications.unwrap())
        };
        let all = set("operator = \"ops@office.example\"").unwrap();
        assert!(all.events.contains(&NotificationKind::QuotaWarning));
        assert!(!all.events.contains(&NotificationKind::LaneReleased));
        let some = set("events = [\"lane.released\"]").unwrap();
        assert_eq!(some.events, [NotificationKind::LaneReleased]);
        let wrong = set("operator = \"ops\"\nevents = [\"lane.hold\"]").unwrap_err();
        let wrong = wrong.to_string();
        for part in [
            "not a mail address",
            "not an event",
            "lane.held",
            "2 mistakes",
        ] {
            assert!(wrong.contains(part), "{part} is missing in:\n{wrong}");
        }
        let networks = "[webhooks]\nallow_networks = [\"10.0.0.0/8\", \"office\"]";
        let wrong = parse(networks).unwrap_err().to_string();
        assert!(wrong.contains("`office` is neither"), "{wrong}");
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let config = parse("state_dir = \"state\"\n[api]\nsocket = \"admin.sock\"").unwrap();
        assert_eq!(config.state_dir, Path::new("/etc/relayd/state"));
        assert_eq!(config.store_url, "sqlite:/etc/relayd/state/relayd.db");
        assert_eq!(config.api.socket, Path::new("/etc/relayd/admin.sock"));
    }

    #[test]
    fn an_unknown_key_is_shown_with_line_caret_and_valid_names() {
        let shown = parse("[api]\nsockt = \"x\"").unwrap_err().to_string();
        for part in ["relayd.toml", "line 2", "sockt", "^", "socket_group"] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
    }

    #[test]
    fn no_mistake_shows_the_password_of_the_store() {
        for mistake in [
            "[store]\nurl = \"mysql://relayd:geheim@db/relayd\"",
            "[store]\nurl = \"postgres://relayd:geheim@db/relayd",
            "[store]\nurls = \"postgres://relayd:geheim@db/relayd\"",
            "store = \"postgres://relayd:geheim@db/relayd\"",
        ] {
            let shown = parse(mistake).unwrap_err().to_string();
            assert!(shown.contains("://relayd:******@db"), "{shown}");
            assert!(!shown.contains("geheim"), "{shown}");
        }
        let config = parse("[store]\nurl = \"postgres://relayd:geheim@db/relayd\"").unwrap();
        assert_eq!(config.store_name(), "postgres://relayd:******@db/relayd");
    }

    #[test]
    fn the_servers_of_registrations_are_named() {
        let config = parse("[accounts]\nregistration = \"open\"").unwrap();
        let names = |config: &Config| {
            let servers = config.registration_servers.iter();
            servers.map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(&config), ["smtp.office365.com"]);
        let config =
            parse("[accounts]\nregistration_servers = [\"MX.acme.example:2525\"]").unwrap();
        assert_eq!(names(&config), ["mx.acme.example:2525"]);
        let shown = parse("[accounts]\nregistration_servers = [\"*\"]");
        let shown = shown.unwrap_err().to_string();
        assert!(shown.contains("not a server"), "{shown}");
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let shown = parse(
            r#"
            hostname = "not a name"
            [store]
            url = "mysql://db"
            [[listener]]
            name = "a"
            address = "127.0.0.1:0"
            tls = "starttls"
            certificate = "cert.pem"
            plaintext_auth_networks = ["10.0.0.0/8", "printers"]
            [api]
            tcp = "192.0.2.1:8025"
            [limits]
            connections = 0
            message_size = "lots"
            [queue]
            first_retry = "1 week"
            drain = "9999999999d"
            [retention]
            messages = "0d"
            [log]
            level = "loud=!"
            [accounts]
            registration = "open"
            registration_servers = []
            "#,
        )
        .unwrap_err()
        .to_string();
        for part in [
            "not a host name",
            "not a store",
            "half a pair",
            "`printers` is neither",
            "loopback only",
            "nobody could connect",
            "not a log level",
            "`lots` is no size",
            "`1 week` is no duration",
            "too long",
            "longer than zero",
            "codes could not be sent",
            "12 mistakes",
        ] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
    }
}
