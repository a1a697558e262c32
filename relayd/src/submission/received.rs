//! The trace field of this hop.

use std::net::IpAddr;

use super::repair::Arrival;
use crate::model::Protocol;

/// Longest HELO name that is told; a domain has 255 octets at most.
const MAX_HELO: usize = 255;

/// The value of `Received` by the grammar of RFC 5321 §4.4: protocol by RFC 3848, cipher in a `tls`
/// clause by RFC 8314 §4.3, TLS version as a comment.
pub(super) fn received(arrival: Arrival<'_>, date: &str) -> String {
    let Arrival {
        hostname,
        peer,
        id,
        smtputf8,
        ..
    } = arrival;
    let client = match peer.remote.ip().to_canonical() {
        IpAddr::V4(ip) => format!("[{ip}]"),
        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    };
    let from = from_domain(&peer.helo, &client);
    let tls = peer.tls.as_ref().map_or_else(String::new, |tls| {
        format!("\r\n\t(using {}) tls {}", tls.version, tls.cipher)
    });
    let protocol = protocol(peer.protocol, smtputf8);
    format!("from {from}\r\n\tby {hostname} (relayd) with {protocol}\r\n\tid {id}{tls}; {date}")
}

/// The protocol by its registered name; with SMTPUTF8 it has another (RFC 6531 §4.3).
fn protocol(protocol: Protocol, smtputf8: bool) -> &'static str {
    match (protocol, smtputf8) {
        (Protocol::Esmtp, true) => "UTF8SMTP",
        (Protocol::Esmtps, true) => "UTF8SMTPS",
        (Protocol::Esmtpa, true) => "UTF8SMTPA",
        (Protocol::Esmtpsa, true) => "UTF8SMTPSA",
        (protocol, _) => protocol.as_str(),
    }
}

/// `From-domain`: what the client calls itself, and where it came from. A name that is none stands
/// in a comment, so that nobody stumbles over it.
fn from_domain(helo: &str, client: &str) -> String {
    if helo.is_empty() {
        return format!("unknown ({client})");
    }
    if is_domain(helo) || is_address_literal(helo) {
        return format!("{helo} ({client})");
    }
    let told: String = helo.chars().take(MAX_HELO).map(harmless).collect();
    format!("unknown ({client})\r\n\t(HELO {told})")
}

fn harmless(c: char) -> char {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | ':' | '[' | ']' => c,
        _ => '?',
    }
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        label.chars().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= MAX_HELO
        && text
            .split('.')
            .all(|label| !label.is_empty() && is_label(label))
}

fn is_address_literal(text: &str) -> bool {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| match inner.strip_prefix("IPv6:") {
        Some(ip) => ip.parse::<std::net::Ipv6Addr>().is_ok(),
        None => inner.parse::<std::net::Ipv4Addr>().is_ok(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::TlsSummary, smtp::Peer};

    const DATE: &str = "Sat, 21 Nov 2026 20:41:07 +0000";

    fn line(remote: &str, helo: &str, tls: Option<TlsSummary>) -> String {
        let peer = Peer {
            remote: remote.parse().unwrap(),
            listener: "submission".into(),
            helo: helo.into(),
            protocol: match tls {
                Some(_) => Protocol::Esmtpsa,
                None => Protocol::Esmtpa,
            },
            tls,
        };
        let arrival = Arrival {
            hostname: "relay.example.com",
            peer: &peer,
            id: "01h2xcejqtf2nbrexx3v".parse().unwrap(),
            at: jiff::Timestamp::UNIX_EPOCH,
            smtputf8: false,
        };
        received(arrival, DATE)
    }

    #[test]
    fn the_way_is_told_by_the_grammar() {
        let tls = TlsSummary {
            version: "TLSv1.3",
            cipher: "TLS_AES_128_GCM_SHA256".into(),
        };
        assert_eq!(
            line("203.0.113.10:4711", "printer.example", Some(tls)),
            "from printer.example ([203.0.113.10])\r\n\tby relay.example.com (relayd) with \
             ESMTPSA\r\n\tid 01h2xcejqtf2nbrexx3v\r\n\t(using TLSv1.3) tls \
             TLS_AES_128_GCM_SHA256; Sat, 21 Nov 2026 20:41:07 +0000"
        );
    }

    #[test]
    fn the_protocol_has_its_registered_name() {
        assert_eq!(protocol(Protocol::Esmtpsa, false), "ESMTPSA");
        assert_eq!(protocol(Protocol::Esmtpsa, true), "UTF8SMTPSA");
        assert_eq!(protocol(Protocol::Smtp, true), "SMTP");
    }

    #[test]
    fn names_that_are_none_stand_in_a_comment() {
        for (remote, helo, expected) in [
            (
                "203.0.113.10:1",
                "printer",
                "from printer ([203.0.113.10])\r\n\tby",
            ),
            (
                "203.0.113.10:1",
                "[192.0.2.7]",
                "from [192.0.2.7] ([203.0.113.10])\r\n\tby",
            ),
            (
                "[2001:db8::1]:1",
                "[IPv6:2001:db8::1]",
                "from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n\tby",
            ),
            (
                "[::ffff:203.0.113.10]:1",
                "",
                "from unknown ([203.0.113.10])\r\n\tby",
            ),
            (
                "203.0.113.10:1",
                "floor_3",
                "from unknown ([203.0.113.10])\r\n\t(HELO floor_3)\r\n\tby",
            ),
            (
                "203.0.113.10:1",
                "192.0.2.7.",
                "from unknown ([203.0.113.10])\r\n\t(HELO 192.0.2.7.)\r\n\tby",
            ),
            (
                "203.0.113.10:1",
                "a) by b (\u{202e}",
                "from unknown ([203.0.113.10])\r\n\t(HELO a??by?b???)\r\n\tby",
            ),
        ] {
            let line = line(remote, helo, None);
            assert!(line.starts_with(expected), "{helo}: {line}");
            assert!(!line.contains("tls"), "{line}");
        }
    }
}
