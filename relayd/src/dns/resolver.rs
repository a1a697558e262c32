//! The resolvers of the machine, or those that the configuration names.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hickory_proto::{
    op::Message,
    rr::{Name, RecordType},
};

use super::{
    Dns,
    exchange::{Recursion, ask},
    shown,
};

/// Where the machine names its resolvers (resolv.conf(5)).
const SYSTEM: &str = "/etc/resolv.conf";
/// As many as the C library uses.
const MOST: usize = 3;

impl Dns {
    /// Asks the resolvers one after the other. Gives the one that answered.
    pub(super) async fn resolve(
        &self,
        name: &Name,
        kind: RecordType,
    ) -> Result<(SocketAddr, Message), String> {
        let mut trouble = String::new();
        for server in self.resolvers().await {
            match ask(server, name, kind, Recursion::Wanted).await {
                Ok(reply) => return Ok((server, reply)),
                Err(error) => trouble = format!("resolver {}: {error}", shown(server)),
            }
        }
        Err(trouble)
    }

    /// Read anew each time: they change with the network that the machine is in.
    async fn resolvers(&self) -> Vec<SocketAddr> {
        if !self.settings.servers.is_empty() {
            return self.settings.servers.clone();
        }
        let text = tokio::fs::read_to_string(SYSTEM).await.unwrap_or_default();
        let named = name_servers(&text);
        if named.is_empty() {
            vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 53))]
        } else {
            named
        }
    }
}

/// The name servers of a resolv.conf. Those with a zone of an interface behind a `%` are left out:
/// they are never the only ones.
fn name_servers(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let address: IpAddr = match words.next() {
                Some("nameserver") => words.next()?.parse().ok()?,
                _ => return None,
            };
            Some(SocketAddr::from((address, 53)))
        })
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_resolvers_are_read() {
        let text = "# made by hand\nsearch acme.example\nnameserver 192.0.2.53 # first\n\
                    nameserver\t2001:db8::53\nnameserver fe80::1%eth0\nnameserver x\n\
                    options edns0\n nameserver 192.0.2.54\nnameserver 192.0.2.55\n";
        let servers: Vec<_> = name_servers(text).into_iter().map(shown).collect();
        assert_eq!(servers, ["192.0.2.53", "2001:db8::53", "192.0.2.54"]);
        assert!(name_servers("").is_empty());
    }
}
