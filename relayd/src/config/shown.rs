//! The configuration in force, as it may be shown to whoever helps: each setting with its value, no
//! password in any of them. Key files are named, not read.

use std::{fmt::Display, time::Duration};

use super::{
    Api, Config, Dns, DomainProof, Limits, Listener, Log, LogFormat, Notifications, Queue,
    Registration, Retention, masking,
};

impl Config {
    /// Each setting with its value, in the order of the documentation.
    pub fn shown(&self) -> Vec<(String, String)> {
        // All by name, here and below: a setting that is added does not compile until it is shown.
        let Self {
            hostname,
            state_dir,
            store_url,
            key_file,
            listeners,
            api,
            queue,
            limits,
            retention,
            registration,
            domain_proof,
            dns: Dns {
                servers,
                authoritative,
            },
            registration_servers,
            address_auth_networks,
            notifications,
            webhook_networks,
            log,
        } = self;
        let mut shown = Shown::default();
        shown.add("hostname", hostname);
        shown.add("state_dir", state_dir.display());
        shown.add("store.url", masking::masked(store_url));
        shown.add("store.key_file", key_file.display());
        for listener in listeners {
            shown.listener(listener);
        }
        shown.api(api);
        shown.queue(queue);
        shown.limits(limits);
        shown.retention(*retention);
        let networks = list(address_auth_networks);
        shown.add("accounts.address_auth_networks", networks);
        let registration = match registration {
            Registration::Open => "open",
            Registration::Invite => "invite",
            Registration::Closed => "closed",
        };
        shown.add("accounts.registration", registration);
        let proof = match domain_proof {
            DomainProof::Required => "required",
            DomainProof::Waived => "waived",
        };
        shown.add("accounts.domain_proof", proof);
        shown.add("dns.servers", list(servers));
        shown.add("dns.authoritative", list(authoritative));
        let servers = list(registration_servers);
        shown.add("accounts.registration_servers", servers);
        if let Some(set) = notifications {
            shown.notifications(set);
        }
        shown.add("webhooks.allow_networks", list(webhook_networks));
        shown.log(log);
        shown.0
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
        let Listener {
            name,
            address,
            tls,
            certificate,
            sni,
            plaintext_auth_networks,
            address_auth,
            proxy_networks,
        } = listener;
        let name = |setting: &str| format!("listener.{name}.{setting}");
        self.add(&name("address"), address);
        self.add(&name("tls"), tls.as_str());
        if let Some(files) = certificate {
            self.add(&name("certificate"), files.certificate.display());
            self.add(&name("key"), files.key.display());
        }
        self.add(&name("sni"), sni.len());
        let networks = list(plaintext_auth_networks);
        self.add(&name("plaintext_auth_networks"), networks);
        self.add(&name("proxy_networks"), list(proxy_networks));
        self.add(&name("address_auth"), address_auth);
    }

    fn api(&mut self, api: &Api) {
        let Api {
            socket,
            socket_group,
            tcp,
            behind_proxy,
        } = api;
        self.add("api.socket", socket.display());
        self.maybe("api.socket_group", socket_group.as_ref());
        self.maybe("api.tcp", *tcp);
        self.add("api.behind_proxy", behind_proxy);
    }

    fn queue(&mut self, queue: &Queue) {
        let Queue {
            first_retry,
            longest_retry,
            lifetime,
            delay_notice,
            breaker_failures,
            drain,
        } = queue;
        self.time("queue.first_retry", *first_retry);
        self.time("queue.longest_retry", *longest_retry);
        self.time("queue.lifetime", *lifetime);
        self.time("queue.delay_notice", *delay_notice);
        self.add("queue.breaker_failures", breaker_failures);
        self.time("queue.drain", *drain);
    }

    fn limits(&mut self, limits: &Limits) {
        let Limits {
            message_size,
            connections,
            connections_per_address,
            connections_per_network,
            sign_in_time,
            ban_after,
            ban_exempt,
            disk_reserve,
            private_systems,
        } = limits;
        self.add("limits.message_size", message_size);
        self.add("limits.connections", connections);
        let of_address = connections_per_address;
        self.add("limits.connections_per_address", of_address);
        let of_network = connections_per_network;
        self.add("limits.connections_per_network", of_network);
        self.time("limits.sign_in_time", *sign_in_time);
        self.add("limits.ban_after", ban_after);
        self.add("limits.ban_exempt", list(ban_exempt));
        self.add("limits.disk_reserve", disk_reserve);
        self.add("limits.private_systems", private_systems);
    }

    fn retention(&mut self, retention: Retention) {
        let Retention {
            messages,
            statistics,
            audit,
        } = retention;
        self.time("retention.messages", messages);
        self.time("retention.statistics", statistics);
        if let Some(audit) = audit {
            self.time("retention.audit", audit);
        }
    }

    fn notifications(&mut self, set: &Notifications) {
        let Notifications {
            account,
            sender,
            operator,
            events,
        } = set;
        self.add("notifications.account", account);
        self.maybe("notifications.sender", sender.as_ref());
        self.maybe("notifications.operator", operator.as_ref());
        self.add("notifications.events", list(events));
    }

    fn log(&mut self, log: &Log) {
        let Log { format, level } = log;
        let format = match format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        self.add("log.format", format);
        self.add("log.level", level);
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

    #[test]
    fn every_setting_of_the_documentation_is_shown_in_its_order() {
        const DOCS: &str = include_str!("../../../docs/operating.md");
        let table = DOCS.split("| key | default | meaning |\n").nth(1).unwrap();
        let rows = table.lines().take_while(|row| row.starts_with('|'));
        let keys = rows.filter_map(|row| row.split('`').nth(1));
        let (listeners, documented): (Vec<_>, Vec<_>) =
            keys.partition(|key| *key == "[[listener]]");
        let text = "[retention]\naudit = \"365d\"\n\
                    [api]\nsocket_group = \"ops\"\ntcp = \"127.0.0.1:8025\"\n\
                    [notifications]\naccount = \"office\"\n\
                    sender = \"relay@office.example\"\noperator = \"ops@office.example\"\n";
        let config = Config::parse(text, "relayd.toml", Path::new("/etc/relayd")).unwrap();
        let shown = config.shown();
        let names = shown.iter().map(|(name, _)| name.as_str());
        let (of_listeners, names): (Vec<_>, Vec<_>) =
            names.partition(|name| name.starts_with("listener."));
        assert_eq!(names, documented);
        assert!(!listeners.is_empty() && !of_listeners.is_empty());
    }
}
