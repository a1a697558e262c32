//! MX records, as resolvers know them, with the addresses of the servers that they name.

use std::net::IpAddr;

use futures_util::future;
use hickory_proto::{
    op::Message,
    rr::{Name, RData, RecordType},
};

use super::{DEADLINE, Dns, MOST_ALIASES, read_name};

/// Servers of a domain that are looked at, and addresses of each.
const MOST_EXCHANGERS: usize = 10;
const MOST_ADDRESSES: usize = 8;

/// A server that takes mail for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanger {
    /// Lower is better.
    pub preference: u16,
    /// Its name in lower case, without a dot at the end.
    pub host: String,
    /// Its addresses; none where it has none or nobody could tell.
    pub addresses: Vec<IpAddr>,
}

impl Dns {
    /// Who takes mail for a domain: none where it has no MX. The error is why nobody could tell.
    pub async fn exchangers(&self, domain: &str) -> Result<Vec<Exchanger>, String> {
        let work = async {
            let name = read_name(domain)?;
            let (_, reply) = self.resolve(&name, RecordType::MX).await?;
            let named = named_in(&reply, name);
            let found = named.into_iter().map(|it| self.with_addresses(it));
            Ok(future::join_all(found).await)
        };
        let found = tokio::time::timeout(DEADLINE, work).await;
        found.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn with_addresses(&self, (preference, name): (u16, Name)) -> Exchanger {
        let kinds = [RecordType::A, RecordType::AAAA];
        let asked = kinds.map(|kind| self.addresses_of(&name, kind));
        let addresses = future::join_all(asked).await.concat();
        Exchanger {
            preference,
            host: text(&name),
            addresses,
        }
    }

    async fn addresses_of(&self, name: &Name, kind: RecordType) -> Vec<IpAddr> {
        let Ok((_, reply)) = self.resolve(name, kind).await else {
            return Vec::new();
        };
        let name = behind_aliases(&reply, name.clone());
        let own = reply
            .answers
            .iter()
            .filter(|it| it.name.eq_ignore_root(&name));
        own.filter_map(|record| match &record.data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        })
        .take(MOST_ADDRESSES)
        .collect()
    }
}

/// What an answer names, without the `.` that says that nobody takes mail (RFC 7505).
fn named_in(reply: &Message, name: Name) -> Vec<(u16, Name)> {
    let name = behind_aliases(reply, name);
    let own = reply
        .answers
        .iter()
        .filter(|it| it.name.eq_ignore_root(&name));
    own.filter_map(|record| match &record.data {
        RData::MX(mx) if !mx.exchange.is_root() => Some((mx.preference, mx.exchange.clone())),
        _ => None,
    })
    .take(MOST_EXCHANGERS)
    .collect()
}

/// The name that an answer leads to, which a resolver has followed already.
fn behind_aliases(reply: &Message, mut name: Name) -> Name {
    for _ in 0..MOST_ALIASES {
        let alias = reply.answers.iter().find_map(|record| match &record.data {
            RData::CNAME(target) if record.name.eq_ignore_root(&name) => Some(target.0.clone()),
            _ => None,
        });
        match alias {
            Some(target) => name = target,
            None => break,
        }
    }
    name
}

fn text(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_lowercase()
}
