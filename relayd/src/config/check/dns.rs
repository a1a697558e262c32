//! `[dns]`: which servers are asked about domains.

use std::net::{IpAddr, SocketAddr};

use toml::Spanned;

use crate::config::{Dns, complaint::Collector, raw};

/// Where DNS is asked unless another port is written.
const PORT: u16 = 53;
/// No more servers than could be waited for.
const MOST: usize = 4;

pub(super) fn check_dns(raw: raw::Dns, complaints: &mut Collector) -> Dns {
    Dns {
        servers: check_servers(raw.servers, complaints),
        authoritative: check_servers(raw.authoritative, complaints),
    }
}

fn check_servers(given: Vec<Spanned<String>>, complaints: &mut Collector) -> Vec<SocketAddr> {
    if let Some(surplus) = given.get(MOST) {
        let remedy = format!("name {MOST} at most");
        complaints.add(surplus.span(), "too many servers", &remedy);
    }
    let mut servers = Vec::new();
    for text in given {
        match server(text.get_ref()) {
            Some(server) => servers.push(server),
            None => complaints.add(
                text.span(),
                "not an address",
                "write 192.0.2.53, 192.0.2.53:5353, 2001:db8::53 or [2001:db8::53]:5353",
            ),
        }
    }
    servers
}

fn server(text: &str) -> Option<SocketAddr> {
    let alone = text
        .parse::<IpAddr>()
        .map(|it| SocketAddr::from((it, PORT)));
    alone.or_else(|_| text.parse()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_addresses_with_or_without_a_port() {
        for (text, expected) in [
            ("192.0.2.53", Some("192.0.2.53:53")),
            ("192.0.2.53:5353", Some("192.0.2.53:5353")),
            ("2001:db8::53", Some("[2001:db8::53]:53")),
            ("[2001:db8::53]:5353", Some("[2001:db8::53]:5353")),
            ("dns.example", None),
            ("192.0.2.53:", None),
            ("", None),
        ] {
            let server = server(text).map(|server| server.to_string());
            assert_eq!(server.as_deref(), expected, "{text}");
        }
    }
}
