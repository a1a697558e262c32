//! relayd.toml as it is written, before it is checked.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Raw {
    pub(super) hostname: Option<Spanned<String>>,
    pub(super) state_dir: Option<PathBuf>,
    pub(super) store: Store,
    pub(super) listener: Vec<Listener>,
    pub(super) api: Api,
    pub(super) queue: Queue,
    pub(super) limits: Limits,
    pub(super) retention: Retention,
    pub(super) accounts: Accounts,
    pub(super) notifications: Option<Spanned<Notifications>>,
    pub(super) dns: Dns,
    pub(super) webhooks: Webhooks,
    pub(super) log: Log,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Store {
    pub(super) url: Option<Spanned<String>>,
    pub(super) key_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listener {
    pub(super) name: Spanned<String>,
    pub(super) address: Spanned<String>,
    pub(super) tls: super::ListenerTls,
    pub(super) certificate: Option<Spanned<PathBuf>>,
    pub(super) key: Option<Spanned<PathBuf>>,
    #[serde(default)]
    pub(super) sni: Vec<Sni>,
    #[serde(default)]
    pub(super) plaintext_auth_networks: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) address_auth: bool,
    #[serde(default)]
    pub(super) proxy_networks: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sni {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
    #[serde(default)]
    pub(super) names: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Api {
    pub(super) socket: Option<PathBuf>,
    pub(super) socket_group: Option<Spanned<String>>,
    pub(super) tcp: Option<Spanned<String>>,
    pub(super) behind_proxy: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Queue {
    pub(super) first_retry: Option<Spanned<String>>,
    pub(super) longest_retry: Option<Spanned<String>>,
    pub(super) lifetime: Option<Spanned<String>>,
    pub(super) delay_notice: Option<Spanned<String>>,
    pub(super) breaker_failures: Option<u32>,
    pub(super) drain: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) message_size: Option<Spanned<String>>,
    pub(super) connections: Option<Spanned<u32>>,
    pub(super) connections_per_address: Option<Spanned<u32>>,
    pub(super) connections_per_network: Option<Spanned<u32>>,
    pub(super) sign_in_time: Option<Spanned<String>>,
    pub(super) ban_after: Option<Spanned<u32>>,
    #[serde(default)]
    pub(super) ban_exempt: Vec<Spanned<String>>,
    pub(super) disk_reserve: Option<Spanned<String>>,
    pub(super) private_systems: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Retention {
    pub(super) messages: Option<Spanned<String>>,
    pub(super) statistics: Option<Spanned<String>>,
    pub(super) audit: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    pub(super) format: Option<super::LogFormat>,
    pub(super) level: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Accounts {
    pub(super) registration: Option<Spanned<super::Registration>>,
    pub(super) domain_proof: Option<super::DomainProof>,
    pub(super) address_auth_networks: Vec<Spanned<String>>,
    pub(super) registration_servers: Option<Vec<Spanned<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Dns {
    pub(super) servers: Vec<Spanned<String>>,
    pub(super) authoritative: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notifications {
    pub(super) account: Spanned<String>,
    pub(super) sender: Option<Spanned<String>>,
    pub(super) operator: Option<Spanned<String>>,
    pub(super) events: Option<Vec<Spanned<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Webhooks {
    pub(super) allow_networks: Vec<Spanned<String>>,
}
