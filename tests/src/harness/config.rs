//! `relayd.toml` as tests write it.

use std::{net::SocketAddr, path::Path};

use serde::Serialize;

/// The settings of one relayd. What is not set here is relayd's default.
#[derive(Debug, Clone, Serialize)]
pub struct Config {
    hostname: String,
    state_dir: String,
    store: Option<Store>,
    #[serde(rename = "listener")]
    listeners: Vec<Listener>,
    api: Api,
    queue: Queue,
    limits: Limits,
    accounts: Accounts,
    #[serde(skip_serializing_if = "Dns::is_unset")]
    dns: Dns,
    notifications: Option<Notifications>,
    log: Log,
}

#[derive(Debug, Clone, Serialize)]
struct Accounts {
    registration: String,
    domain_proof: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    registration_servers: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
struct Dns {
    servers: Vec<String>,
    authoritative: Vec<String>,
}

impl Dns {
    fn is_unset(&self) -> bool {
        self.servers.is_empty() && self.authoritative.is_empty()
    }
}

#[derive(Debug, Clone, Serialize)]
struct Notifications {
    account: String,
    sender: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Store {
    url: String,
}

/// One door.
#[derive(Debug, Clone, Serialize)]
pub struct Listener {
    name: String,
    address: String,
    tls: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plaintext_auth_networks: Vec<String>,
    address_auth: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proxy_networks: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sni: Vec<Sni>,
}

/// A further certificate of a door.
#[derive(Debug, Clone, Serialize)]
struct Sni {
    certificate: String,
    key: String,
}

impl Listener {
    /// A door on a free loopback port; `tls` is `starttls`, `implicit` or `none`.
    pub fn new(name: &str, tls: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: "127.0.0.1:0".to_owned(),
            tls: tls.to_owned(),
            certificate: None,
            key: None,
            plaintext_auth_networks: Vec::new(),
            address_auth: false,
            proxy_networks: Vec::new(),
            sni: Vec::new(),
        }
    }

    /// Takes mail without sign-in from systems that are known by their address.
    #[must_use]
    pub fn by_address(mut self) -> Self {
        self.address_auth = true;
        self
    }

    /// Shows the certificate in `NAME.pem` with the key in `NAME.key`, below `folder`.
    #[must_use]
    pub fn certificate(mut self, folder: &Path, name: &str) -> Self {
        self.certificate = Some(in_folder(folder, name, "pem"));
        self.key = Some(in_folder(folder, name, "key"));
        self
    }

    /// Shows this one, too, for its own names.
    #[must_use]
    pub fn sni(mut self, folder: &Path, name: &str) -> Self {
        self.sni.push(Sni {
            certificate: in_folder(folder, name, "pem"),
            key: in_folder(folder, name, "key"),
        });
        self
    }

    /// Believes the PROXY headers of this network.
    #[must_use]
    pub fn proxied_from(mut self, network: &str) -> Self {
        self.proxy_networks.push(network.to_owned());
        self
    }

    /// Takes sign-ins without TLS from this network.
    #[must_use]
    pub fn plaintext_auth_from(mut self, network: &str) -> Self {
        self.plaintext_auth_networks.push(network.to_owned());
        self
    }
}

#[derive(Debug, Clone, Serialize)]
struct Api {
    socket: String,
    tcp: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Queue {
    first_retry: String,
    longest_retry: String,
    lifetime: String,
    delay_notice: String,
    breaker_failures: u32,
}

#[derive(Debug, Clone, Serialize)]
struct Limits {
    message_size: String,
    connections: u32,
    connections_per_address: u32,
    ban_after: Option<u32>,
    disk_reserve: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Log {
    format: String,
    level: String,
}

impl Config {
    /// SQLite in `folder`, one door for each kind of encryption, retries after a second.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            hostname: "relay.acme.example".to_owned(),
            state_dir: folder.join("state").display().to_string(),
            store: None,
            listeners: vec![
                Listener::new("submission", "starttls"),
                Listener::new("submissions", "implicit"),
                Listener::new("legacy", "none").plaintext_auth_from("127.0.0.1/32"),
            ],
            api: Api {
                socket: folder.join("admin.sock").display().to_string(),
                tcp: Some("127.0.0.1:0".to_owned()),
            },
            queue: Queue {
                first_retry: "1s".to_owned(),
                longest_retry: "2s".to_owned(),
                lifetime: "2d".to_owned(),
                delay_notice: "4h".to_owned(),
                breaker_failures: 5,
            },
            limits: Limits {
                message_size: "35 MiB".to_owned(),
                connections: 1000,
                connections_per_address: 500,
                ban_after: None,
                disk_reserve: None,
            },
            accounts: Accounts {
                registration: "closed".to_owned(),
                domain_proof: "waived".to_owned(),
                registration_servers: Vec::new(),
            },
            // Nobody is asked unless a test says so.
            dns: Dns::default(),
            notifications: None,
            log: Log {
                format: "text".to_owned(),
                level: "info".to_owned(),
            },
        }
    }

    /// One more door.
    #[must_use]
    pub fn listener(mut self, listener: Listener) -> Self {
        self.listeners.push(listener);
        self
    }

    /// Another store than SQLite in the state folder.
    #[must_use]
    pub fn store(mut self, url: &str) -> Self {
        self.store = Some(Store {
            url: url.to_owned(),
        });
        self
    }

    /// Another wait before the second attempt and all later ones.
    #[must_use]
    pub fn retry_after(mut self, wait: &str) -> Self {
        wait.clone_into(&mut self.queue.first_retry);
        wait.clone_into(&mut self.queue.longest_retry);
        self
    }

    /// Gives mail up after this time.
    #[must_use]
    pub fn lifetime(mut self, lifetime: &str) -> Self {
        lifetime.clone_into(&mut self.queue.lifetime);
        self
    }

    /// Tells who wants to know of a delay after this time.
    #[must_use]
    pub fn delay_notice(mut self, wait: &str) -> Self {
        wait.clone_into(&mut self.queue.delay_notice);
        self
    }

    /// Refusals in a row that stop a sender; 0 for never.
    #[must_use]
    pub fn breaker_failures(mut self, count: u32) -> Self {
        self.queue.breaker_failures = count;
        self
    }

    /// Largest message of all.
    #[must_use]
    pub fn message_size(mut self, size: &str) -> Self {
        size.clone_into(&mut self.limits.message_size);
        self
    }

    /// Lets customers register (`open` or `invite`); mail of relayd leaves through the route of
    /// `account`.
    #[must_use]
    pub fn registration(mut self, registration: &str, account: &str, sender: &str) -> Self {
        registration.clone_into(&mut self.accounts.registration);
        self.notifications = Some(Notifications {
            account: account.to_owned(),
            sender: sender.to_owned(),
            operator: None,
        });
        self
    }

    /// Mail of relayd leaves through the route of `account`, and `operator` reads what concerns
    /// the operator.
    #[must_use]
    pub fn notifications(mut self, account: &str, sender: &str, operator: &str) -> Self {
        self.notifications = Some(Notifications {
            account: account.to_owned(),
            sender: sender.to_owned(),
            operator: Some(operator.to_owned()),
        });
        self
    }

    /// Asks this server about domains, which has the last word on all of them.
    #[must_use]
    pub fn dns(mut self, server: SocketAddr) -> Self {
        self.dns.servers.push(server.to_string());
        self.dns.authoritative.push(server.to_string());
        self
    }

    /// Lets anybody register with a route to this server, by which codes are sent, too.
    #[must_use]
    pub fn registration_by(mut self, server: &str) -> Self {
        "open".clone_into(&mut self.accounts.registration);
        self.accounts.registration_servers = vec![server.to_owned()];
        self
    }

    /// Most connections of one client address.
    #[must_use]
    pub fn connections_per_address(mut self, connections: u32) -> Self {
        self.limits.connections_per_address = connections;
        self
    }

    /// Bans an address after so many guesses.
    #[must_use]
    pub fn ban_after(mut self, guesses: u32) -> Self {
        self.limits.ban_after = Some(guesses);
        self
    }

    /// Takes no mail when less of the disk is free.
    #[must_use]
    pub fn disk_reserve(mut self, size: &str) -> Self {
        self.limits.disk_reserve = Some(size.to_owned());
        self
    }

    /// `text` or `json`.
    #[must_use]
    pub fn log_format(mut self, format: &str) -> Self {
        format.clone_into(&mut self.log.format);
        self
    }

    /// What is logged: `info`, `debug`, `trace`.
    #[must_use]
    pub fn log_level(mut self, level: &str) -> Self {
        level.clone_into(&mut self.log.level);
        self
    }

    /// The text of the file.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

fn in_folder(folder: &Path, name: &str, ending: &str) -> String {
    folder
        .join(format!("{name}.{ending}"))
        .display()
        .to_string()
}
