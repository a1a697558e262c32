//! The configuration in force, as it may be shown to whoever helps: each setting with its value, no
//! password in any of them. Key files are named, not read.

use std::{fmt::Display, time::Duration};

use super::{Config, Listener, LogFormat, Registration, masking};
use crate::config::DomainProof;

impl Config {
    /// Each setting with its value, in the order of the documentation.
    pub fn shown(&self) -> Vec<(String, String)> {
        let mut shown = Shown::default();
        shown.add("hostname", &self.hostname);
        shown.add("state_dir", self.state_dir.display());
        shown.add("store.url", masking::masked(&self.store_url));
        shown.add("store.key_file", self.key_file.display());
        for listener in &self.listeners {
            shown.listener(listener);
        }
        self.show_rest(&mut shown);
        shown.0
    }

    fn show_rest(&self, shown: &mut Shown) {
        shown.add("api.socket", self.api.socket.display());
        shown.maybe("api.socket_group", self.api.socket_group.as_ref());
        shown.maybe("api.tcp", self.api.tcp);
        shown.add("api.behind_proxy", self.api.behind_proxy);
        let queue = &self.queue;
        shown.time("queue.first_retry", queue.first_retry);
        shown.time("queue.longest_retry", queue.longest_retry);
        shown.time("queue.lifetime", queue.lifetime);
        shown.time("queue.delay_notice", queue.delay_notice);
        shown.add("queue.breaker_failures", queue.breaker_failures);
        shown.time("queue.drain", queue.drain);
        let limits = &self.limits;
        shown.add("limits.message_size", limits.message_size);
        shown.add("limits.connections", limits.connections);
        shown.add(
            "limits.connections_per_address",
            limits.connections_per_address,
        );
        shown.add(
            "limits.connections_per_network",
            limits.connections_per_network,
        );
        shown.time("limits.sign_in_time", limits.sign_in_time);
        shown.add("limits.ban_after", limits.ban_after);
        shown.add("limits.ban_exempt", list(&limits.ban_exempt));
        shown.add("limits.disk_reserve", limits.disk_reserve);
        shown.add("limits.private_systems", limits.private_systems);
        shown.time("retention.messages", self.retention.messages);
        shown.time("retention.statistics", self.retention.statistics);
        if let Some(audit) = self.retention.audit {
            shown.time("retention.audit", audit);
        }
        let registration = match self.registration {
            Registration::Open => "open",
            Registration::Invite => "invite",
            Registration::Closed => "closed",
        };
        shown.add("accounts.registration", registration);
        let proof = match self.domain_proof {
            DomainProof::Required => "required",
            DomainProof::Waived => "waived",
        };
        shown.add("accounts.domain_proof", proof);
        let networks = &self.address_auth_networks;
        shown.add("accounts.address_auth_networks", list(networks));
        shown.add("dns.servers", list(&self.dns.servers));
        shown.add("dns.authoritative", list(&self.dns.authoritative));
        if let Some(set) = &self.notifications {
            shown.add("notifications.account", &set.account);
            shown.maybe("notifications.sender", set.sender.as_ref());
            shown.maybe("notifications.operator", set.operator.as_ref());
        }
        shown.add("webhooks.networks", list(&self.webhook_networks));
        let format = match self.log.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        shown.add("log.format", format);
        shown.add("log.level", &self.log.level);
    }
}

#[derive(Default)]
struct Shown(Vec<(String, String)>);

impl Shown {
    fn add(&mut self, name: &str, value: impl Display) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn time(&mut self, name: &str, value: Duration) {
        self.add(name, format_args!("{} s", value.as_secs()));
    }

    fn listener(&mut self, listener: &Listener) {
        let name = |setting: &str| format!("listener.{}.{setting}", listener.name);
        self.add(&name("address"), listener.address);
        self.add(&name("tls"), listener.tls.as_str());
        if let Some(files) = &listener.certificate {
            self.add(&name("certificate"), files.certificate.display());
        }
        self.add(&name("sni"), listener.sni.len());
        let networks = list(&listener.plaintext_auth_networks);
        self.add(&name("plaintext_auth_networks"), networks);
        self.add(&name("address_auth"), listener.address_auth);
        self.add(&name("proxy_networks"), list(&listener.proxy_networks));
    }
}

fn list(values: &[impl Display]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn no_password_is_shown() {
        let text = "hostname = \"relay.example.com\"\n\
                    [store]\nurl = \"postgres://relayd:geheim@db.example.com/relayd\"\n";
        let config = Config::parse(text, "relayd.toml", Path::new("/etc/relayd")).unwrap();
        let shown = config.shown();
        let value = |name: &str| {
            let found = shown.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("hostname"), Some("relay.example.com"));
        let url = "postgres://relayd:******@db.example.com/relayd";
        assert_eq!(value("store.url"), Some(url));
        assert!(!format!("{shown:?}").contains("geheim"));
    }
}
