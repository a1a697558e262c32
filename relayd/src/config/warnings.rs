//! What a valid configuration allows that it had better not.

use super::{Config, Listener, ListenerTls, Queue, units::HumanDuration};
use crate::model::{Finding, FindingArea::Listeners, Network};

impl Config {
    /// What is unsafe or unwise in this configuration, though it works. The same for
    /// `check-config` and the doctor.
    pub fn warnings(&self) -> Vec<Finding> {
        let mut findings: Vec<_> = warn_of_hostname(&self.hostname).into_iter().collect();
        findings.extend(warn_of_late_notice(&self.queue));
        findings.extend(warn_of_exempt(&self.limits.ban_exempt));
        for listener in &self.listeners {
            findings.extend(warn_of_clear_text(listener));
            findings.extend(warn_of_unused_certificates(listener));
            findings.extend(warn_of_plaintext_sign_in(listener));
            findings.extend(warn_of_proxies(listener));
            findings.extend(warn_of_address_auth(listener));
        }
        findings
    }
}

fn warn_of_hostname(hostname: &str) -> Option<Finding> {
    if hostname.contains('.') {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "hostname",
        format!("relayd calls itself {hostname}, which no other machine can look up"),
        "set hostname to the full name that devices connect to, such as relay.example.com",
    ))
}

fn warn_of_late_notice(queue: &Queue) -> Option<Finding> {
    if queue.delay_notice <= queue.lifetime {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "delay-notice",
        format!(
            "no sender is told that its mail is late: delay_notice is {}, and delivery ends after {}",
            HumanDuration(queue.delay_notice),
            HumanDuration(queue.lifetime)
        ),
        "set queue.delay_notice to less than queue.lifetime",
    ))
}

fn warn_of_exempt(networks: &[Network]) -> Option<Finding> {
    let wide: Vec<_> = networks.iter().filter(|network| is_wide(network)).collect();
    if wide.is_empty() {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "ban-exempt",
        format!(
            "whoever guesses passwords from {} is never banned",
            list(wide)
        ),
        "name in limits.ban_exempt only networks of your own",
    ))
}

fn warn_of_unused_certificates(listener: &Listener) -> Option<Finding> {
    let has_any = listener.certificate.is_some() || !listener.sni.is_empty();
    if listener.tls != ListenerTls::None || !has_any {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "unused-certificate",
        format!(
            "listener {} has a certificate that it never shows: its tls is none",
            listener.name
        ),
        "set its tls to starttls or implicit, or remove certificate, key and listener.sni",
    ))
}

fn warn_of_clear_text(listener: &Listener) -> Option<Finding> {
    if listener.tls != ListenerTls::None {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "listener-without-tls",
        format!(
            "listener {} never encrypts: mail can be read on the way",
            listener.name
        ),
        "set its tls to starttls; keep it only for devices that cannot speak TLS 1.2",
    ))
}

fn warn_of_plaintext_sign_in(listener: &Listener) -> Option<Finding> {
    const CHECK: &str = "plaintext-auth";
    let networks = &listener.plaintext_auth_networks;
    if networks.is_empty() {
        return None;
    }
    if listener.tls == ListenerTls::Implicit {
        return Some(Finding::warning(
            Listeners,
            CHECK,
            format!(
                "plaintext_auth_networks has no effect on listener {}: it speaks TLS from the first byte",
                listener.name
            ),
            "remove it there, or set it on a listener whose tls is starttls or none",
        ));
    }
    let what = format!(
        "listener {} takes passwords in the clear from",
        listener.name
    );
    let wide: Vec<_> = networks.iter().filter(|network| is_wide(network)).collect();
    Some(if wide.is_empty() {
        Finding::warning(
            Listeners,
            CHECK,
            format!("{what} {}", list(networks)),
            "update those devices to TLS 1.2, then take them out of plaintext_auth_networks",
        )
    } else {
        Finding::error(
            Listeners,
            CHECK,
            format!("{what} {}, far more than your devices", list(wide)),
            "name in plaintext_auth_networks only the devices that cannot speak TLS 1.2",
        )
    })
}

/// Where everybody can connect, everybody can try to look like a registered address, and a router
/// that hides its networks behind one address makes whatever is there the registered device.
fn warn_of_address_auth(listener: &Listener) -> Option<Finding> {
    if !listener.address_auth || !listener.address.ip().is_unspecified() {
        return None;
    }
    Some(Finding::warning(
        Listeners,
        "address-auth",
        format!(
            "listener {} takes mail without a password on every address of this machine",
            listener.name
        ),
        "bind it to the address of the network where those devices are, or close its port to others",
    ))
}

/// Who may write a PROXY header chooses the address that relayd sees: a registered one, or one of
/// `plaintext_auth_networks`.
fn warn_of_proxies(listener: &Listener) -> Option<Finding> {
    const CHECK: &str = "proxy-networks";
    let large: Vec<_> = listener
        .proxy_networks
        .iter()
        .filter(|network| {
            !network.is_loopback() && host_bits(network) > if is_v4(network) { 8 } else { 64 }
        })
        .collect();
    if large.is_empty() {
        return None;
    }
    let sentence = format!(
        "listener {} believes any machine of {} whose connection it passes on",
        listener.name,
        list(large.iter().copied())
    );
    let remedy = "name the proxies themselves in proxy_networks";
    Some(if large.iter().any(|network| is_wide(network)) {
        Finding::error(Listeners, CHECK, sentence, remedy)
    } else {
        Finding::warning(Listeners, CHECK, sentence, remedy)
    })
}

/// Public addresses by the ten thousand: nobody has so many devices.
fn is_wide(network: &Network) -> bool {
    let most = if is_v4(network) { 16 } else { 80 };
    !network.is_private() && host_bits(network) > most
}

fn is_v4(network: &Network) -> bool {
    network.address().is_ipv4()
}

fn host_bits(network: &Network) -> u8 {
    let all = if is_v4(network) { 32 } else { 128 };
    all - network.prefix_len()
}

fn list<'n>(networks: impl IntoIterator<Item = &'n Network>) -> String {
    let names: Vec<_> = networks.into_iter().map(Network::to_string).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::FindingLevel;

    fn warnings(text: &str) -> Vec<Finding> {
        let text = format!(
            "hostname = \"relay.example.com\"\n[[listener]]\nname = \"old\"\n\
             address = \"127.0.0.1:0\"\ntls = \"starttls\"\n{text}"
        );
        let config = Config::parse(&text, "relayd.toml", Path::new("/etc/relayd")).unwrap();
        config.warnings()
    }

    #[test]
    fn a_safe_configuration_is_not_warned_of() {
        assert_eq!(warnings(""), []);
        assert_eq!(
            warnings("proxy_networks = [\"192.0.2.0/24\", \"127.0.0.0/8\"]"),
            []
        );
    }

    #[test]
    fn what_has_no_effect_is_told() {
        const IMPLICIT: &str = "[[listener]]\nname = \"tls\"\naddress = \"127.0.0.1:0\"\n\
            tls = \"implicit\"\nplaintext_auth_networks = [\"0.0.0.0/0\"]";
        const UNUSED: &str = "[[listener]]\nname = \"none\"\naddress = \"127.0.0.1:0\"\n\
            tls = \"none\"\n[[listener.sni]]\ncertificate = \"a.pem\"\nkey = \"a.key\"";
        for (text, checks, part) in [
            (
                IMPLICIT,
                &["plaintext-auth"][..],
                "no effect on listener tls",
            ),
            (
                UNUSED,
                &["listener-without-tls", "unused-certificate"],
                "none",
            ),
            (
                "[queue]\nlifetime = \"90m\"",
                &["delay-notice"],
                "90 minutes",
            ),
            (
                "[queue]\ndelay_notice = \"72h\"",
                &["delay-notice"],
                "72 hours",
            ),
            ("[queue]\ndelay_notice = \"48h\"", &[], ""),
            ("[limits]\nban_exempt = [\"::/0\"]", &["ban-exempt"], "::/0"),
            ("[limits]\nban_exempt = [\"10.0.0.0/8\"]", &[], ""),
        ] {
            let text = format!("hostname = \"relay.example.com\"\n{text}");
            let config = Config::parse(&text, "relayd.toml", Path::new("/")).unwrap();
            let found = config.warnings();
            let names: Vec<_> = found.iter().map(|finding| finding.check).collect();
            assert_eq!(names, checks, "{text}");
            assert!(found.iter().all(|it| it.level == FindingLevel::Warning));
            assert!(
                found.iter().all(|it| it.sentence.contains(part)),
                "{found:?}"
            );
        }
    }

    #[test]
    fn mail_by_address_alone_is_not_for_every_network() {
        for (address, count) in [
            ("192.0.2.1:25", 0),
            ("127.0.0.1:25", 0),
            ("0.0.0.0:25", 1),
            ("[::]:25", 1),
        ] {
            let text = format!(
                "hostname = \"relay.example.com\"\n[[listener]]\nname = \"old\"\n\
                 address = \"{address}\"\ntls = \"starttls\"\naddress_auth = true"
            );
            let config = Config::parse(&text, "relayd.toml", Path::new("/")).unwrap();
            let found = config.warnings();
            assert_eq!(found.len(), count, "{address}: {found:?}");
            assert!(found.iter().all(|finding| finding.check == "address-auth"));
        }
    }

    #[test]
    fn what_is_open_is_named_and_what_is_wide_open_is_an_error() {
        use FindingLevel::{Error, Warning};
        for (text, check, level, part) in [
            (
                "tls = \"none\"",
                "listener-without-tls",
                Warning,
                "listener old never encrypts",
            ),
            (
                "plaintext_auth_networks = [\"192.168.0.0/16\", \"203.0.113.9\"]",
                "plaintext-auth",
                Warning,
                "from 192.168.0.0/16, 203.0.113.9/32",
            ),
            (
                "plaintext_auth_networks = [\"10.0.0.0/8\", \"0.0.0.0/0\"]",
                "plaintext-auth",
                Error,
                "from 0.0.0.0/0, far",
            ),
            (
                "plaintext_auth_networks = [\"::/0\"]",
                "plaintext-auth",
                Error,
                "::/0",
            ),
            (
                "proxy_networks = [\"10.0.0.0/8\"]",
                "proxy-networks",
                Warning,
                "10.0.0.0/8",
            ),
            (
                "proxy_networks = [\"192.0.2.1\", \"0.0.0.0/0\"]",
                "proxy-networks",
                Error,
                "0.0.0.0/0",
            ),
            (
                "proxy_networks = [\"2001:db8::/32\"]",
                "proxy-networks",
                Error,
                "2001:db8::/32",
            ),
        ] {
            // A key that is named twice is no TOML.
            let found = if text.starts_with("tls") {
                let whole = "hostname = \"relay.example.com\"\n[[listener]]\nname = \"old\"\naddress = \"127.0.0.1:0\"\n";
                let text = format!("{whole}{text}");
                Config::parse(&text, "relayd.toml", Path::new("/"))
                    .unwrap()
                    .warnings()
            } else {
                warnings(text)
            };
            let [finding] = found.as_slice() else {
                panic!("{text}: {found:?}")
            };
            assert_eq!((finding.check, finding.level), (check, level), "{text}");
            assert!(finding.sentence.contains(part), "{}", finding.sentence);
        }
    }

    #[test]
    fn a_host_name_without_a_domain_is_told() {
        let config = Config::parse("hostname = \"localhost\"", "relayd.toml", Path::new("/"));
        let found = config.unwrap().warnings();
        assert!(found.iter().any(|finding| finding.check == "hostname"));
    }
}
