//! The servers that have the last word on a name: those of the zone that it lies in.

use std::net::{IpAddr, SocketAddr};

use futures_util::future;
use hickory_proto::{
    op::Message,
    rr::{Name, RData, RecordType},
};

use super::Dns;

/// Servers of a zone that are asked, and addresses of each.
const MOST_SERVERS: usize = 4;
const MOST_ADDRESSES: usize = 2;
/// Steps up from a name to its zone.
const MOST_STEPS: usize = 10;

/// A server of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    /// Its name; empty where the configuration names an address.
    pub(super) name: String,
    /// Where it is asked.
    pub(super) addresses: Vec<SocketAddr>,
    /// Whether it has to say that it is responsible: one that the zone names may have forgotten.
    pub(super) must_be_authoritative: bool,
}

impl Dns {
    /// The servers of the zone of a name. None where the name lies in no zone but the root: there
    /// is nothing of that name.
    pub(super) async fn authorities(&self, name: &Name) -> Result<Vec<Authority>, String> {
        if !self.settings.authoritative.is_empty() {
            return Ok(self.named_by_configuration());
        }
        let Some((servers, reply)) = self.servers_of(name).await? else {
            return Ok(Vec::new());
        };
        let found = servers
            .into_iter()
            .take(MOST_SERVERS)
            .map(|server| self.authority(server, &reply));
        Ok(future::join_all(found).await)
    }

    fn named_by_configuration(&self) -> Vec<Authority> {
        let named = self.settings.authoritative.iter();
        named
            .map(|address| Authority {
                name: String::new(),
                addresses: vec![*address],
                must_be_authoritative: false,
            })
            .collect()
    }

    /// The names of the servers of the zone, and the answer that named them. From the name upwards:
    /// where it has no servers, the answer often says what zone it lies in (RFC 2308 §3).
    async fn servers_of(&self, name: &Name) -> Result<Option<(Vec<Name>, Message)>, String> {
        let mut zone = name.clone();
        for _ in 0..MOST_STEPS {
            if zone.is_root() {
                return Ok(None);
            }
            let (_, reply) = self.resolve(&zone, RecordType::NS).await?;
            let servers: Vec<_> = reply
                .answers
                .iter()
                .filter(|record| record.name.eq_ignore_root(&zone))
                .filter_map(|record| match &record.data {
                    RData::NS(server) => Some(server.0.clone()),
                    _ => None,
                })
                .collect();
            if !servers.is_empty() {
                return Ok(Some((servers, reply)));
            }
            zone = told_zone(&reply, &zone).unwrap_or_else(|| zone.base_name());
        }
        Err(format!("the zone of {name} was not found"))
    }

    /// A server with its addresses: those that came along, or what the resolver knows.
    async fn authority(&self, server: Name, reply: &Message) -> Authority {
        let mut addresses = addresses_in(&reply.additionals, &server);
        if addresses.is_empty() {
            let (four, six) = tokio::join!(
                self.resolve(&server, RecordType::A),
                self.resolve(&server, RecordType::AAAA),
            );
            for (_, reply) in [four, six].into_iter().flatten() {
                addresses.extend(reply.answers.iter().filter_map(|it| address(&it.data)));
            }
        }
        Authority {
            name: server.to_ascii().trim_end_matches('.').to_lowercase(),
            addresses: askable(addresses),
            must_be_authoritative: true,
        }
    }
}

/// The zone that an answer without records says that the name lies in, when it is above the name.
fn told_zone(reply: &Message, name: &Name) -> Option<Name> {
    let mut told = reply.authorities.iter();
    let soa = told.find(|record| matches!(record.data, RData::SOA(_)))?;
    let is_above = soa.name.zone_of(name) && soa.name.num_labels() < name.num_labels();
    is_above.then(|| soa.name.clone())
}

fn addresses_in(records: &[hickory_proto::rr::Record], server: &Name) -> Vec<IpAddr> {
    let own = records.iter().filter(|it| it.name.eq_ignore_root(server));
    own.filter_map(|record| address(&record.data)).collect()
}

fn address(data: &RData) -> Option<IpAddr> {
    match data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

/// One of each family first. Whoever runs a zone names any address as its server; those of this
/// machine and its links are not asked. Private ones are: companies serve their own zones there.
fn askable(addresses: Vec<IpAddr>) -> Vec<SocketAddr> {
    let is_askable = |address: &IpAddr| match address.to_canonical() {
        IpAddr::V4(it) => {
            !(it.is_loopback()
                || it.is_unspecified()
                || it.is_link_local()
                || it.is_multicast()
                || it.is_broadcast())
        }
        IpAddr::V6(it) => {
            !(it.is_loopback()
                || it.is_unspecified()
                || it.is_unicast_link_local()
                || it.is_multicast())
        }
    };
    let (four, six): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .filter(is_askable)
        .partition(IpAddr::is_ipv4);
    let firsts = four.first().into_iter().chain(six.first());
    let others = four.iter().skip(1).chain(six.iter().skip(1));
    firsts
        .chain(others)
        .take(MOST_ADDRESSES)
        .map(|address| SocketAddr::from((*address, 53)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_on_this_machine_and_its_links_are_not_asked() {
        for (given, expected) in [
            ("192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2"),
            ("192.0.2.1 192.0.2.2 2001:db8::1", "192.0.2.1 2001:db8::1"),
            ("10.1.2.3", "10.1.2.3"),
            (
                "127.0.0.1 169.254.169.254 0.0.0.0 224.0.0.1 ::1 fe80::1 :: ff02::1",
                "",
            ),
            ("::ffff:127.0.0.1 2001:db8::1", "2001:db8::1"),
        ] {
            let given = given.split_whitespace().map(|text| text.parse().unwrap());
            let asked: Vec<_> = askable(given.collect())
                .into_iter()
                .map(super::super::shown)
                .collect();
            assert_eq!(asked.join(" "), expected);
        }
    }
}
