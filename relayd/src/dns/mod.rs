//! TXT records, as the servers of their zone have them and as resolvers know them.
//!
//! Proofs are read from the servers of the zone themselves: a cache would keep a record that is
//! gone, and, worse, the answer that there is none from the minute before it was published.
//! Everything is bounded: time, servers, aliases, and how much of an answer is read. What the
//! answers hold was written by strangers.

mod exchange;
mod mail;
mod resolver;
#[cfg(test)]
mod tests;
mod zone;

use std::{net::SocketAddr, time::Duration};

use futures_util::future;
use hickory_proto::{
    op::Message,
    rr::{Name, RData, RecordType},
};

use exchange::{Recursion, ask};
pub use mail::Exchanger;
use zone::Authority;

/// Longest that one question to the outside takes, with everything that it needs.
const DEADLINE: Duration = Duration::from_secs(20);
/// Aliases (CNAME) that are followed from the name that was asked for.
const MOST_ALIASES: usize = 3;
/// TXT records of one answer, and octets of each, that are looked at.
const MOST_TEXTS: usize = 100;
const LONGEST_TEXT: usize = 4096;

/// Which servers are asked.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Resolvers, in the order to try them; those of the machine when there are none.
    pub servers: Vec<SocketAddr>,
    /// Servers that have the last word on every zone, in place of those that the zone names.
    pub authoritative: Vec<SocketAddr>,
}

/// What DNS says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The texts; none where DNS says that there are none. The error is why nobody could tell.
    pub found: Result<Vec<String>, String>,
    /// Who was asked.
    pub asked: Vec<String>,
}

/// Asks DNS.
#[derive(Debug, Clone)]
pub struct Dns {
    settings: Settings,
}

/// What one server, or several together, say of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Texts {
    Found(Vec<String>),
    Alias(Name),
    Nothing,
}

impl Dns {
    /// One that asks these servers.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The TXT records of a name as the servers of its zone have them. Where none of these can be
    /// reached, as behind many a firewall, resolvers have to do.
    pub async fn last_word(&self, name: &str) -> Answer {
        let mut asked = Vec::new();
        let found = match tokio::time::timeout(DEADLINE, self.at_the_source(name, &mut asked)).await
        {
            Ok(found) => found,
            Err(_) => Err("no answer in time".to_owned()),
        };
        match found {
            Ok(texts) => Answer {
                found: Ok(texts),
                asked,
            },
            Err(why) => {
                let fallback = self.texts(name).await;
                match fallback.found {
                    Ok(_) => fallback,
                    // What the servers of the zone said is the nearer cause.
                    Err(_) => Answer {
                        found: Err(why),
                        asked,
                    },
                }
            }
        }
    }

    /// The TXT records of a name as resolvers know it.
    pub async fn texts(&self, name: &str) -> Answer {
        let mut asked = Vec::new();
        let work = async {
            let name = read_name(name)?;
            let (server, reply) = self.resolve(&name, RecordType::TXT).await?;
            asked.push(format!("resolver {}", shown(server)));
            Ok(followed(&reply, name))
        };
        let found = match tokio::time::timeout(DEADLINE, work).await {
            Ok(found) => found,
            Err(_) => Err("no answer in time".to_owned()),
        };
        Answer { found, asked }
    }

    async fn at_the_source(
        &self,
        name: &str,
        asked: &mut Vec<String>,
    ) -> Result<Vec<String>, String> {
        let mut name = read_name(name)?;
        for _ in 0..=MOST_ALIASES {
            asked.clear();
            let authorities = self.authorities(&name).await?;
            if authorities.is_empty() {
                return Ok(Vec::new());
            }
            match ask_all(&authorities, &name, asked).await? {
                Texts::Found(texts) => return Ok(texts),
                Texts::Nothing => return Ok(Vec::new()),
                Texts::Alias(target) => name = target,
            }
        }
        Err(format!("more than {MOST_ALIASES} aliases in a row"))
    }
}

/// Asks all servers of a zone at once. A record that any of them has counts, since the others get
/// it later; that there is none is believed when no server has it and one of them says so.
async fn ask_all(
    authorities: &[Authority],
    name: &Name,
    asked: &mut Vec<String>,
) -> Result<Texts, String> {
    let replies = authorities.iter().map(|server| server.ask(name));
    let (mut texts, mut alias, mut nothing, mut trouble) = (Vec::new(), None, false, None);
    for (server, reply) in authorities.iter().zip(future::join_all(replies).await) {
        match reply {
            Ok((address, said)) => {
                asked.push(server.shown(address));
                match said {
                    Texts::Found(found) => texts.extend(found),
                    Texts::Alias(target) => alias = Some(target),
                    Texts::Nothing => nothing = true,
                }
            }
            Err(why) => trouble = Some(why),
        }
    }
    texts.sort();
    texts.dedup();
    match (texts.is_empty(), alias, nothing) {
        (false, _, _) => Ok(Texts::Found(texts)),
        (true, Some(target), _) => Ok(Texts::Alias(target)),
        (true, None, true) => Ok(Texts::Nothing),
        (true, None, false) => {
            Err(trouble.unwrap_or_else(|| "the zone names no server that can be asked".to_owned()))
        }
    }
}

impl Authority {
    /// What it says of a name: by the first of its addresses that answers.
    async fn ask(&self, name: &Name) -> Result<(SocketAddr, Texts), String> {
        let mut trouble = format!("{} has no address that can be asked", self.name);
        for address in &self.addresses {
            match ask(*address, name, RecordType::TXT, Recursion::Unwanted).await {
                Ok(reply) if self.must_be_authoritative && !reply.metadata.authoritative => {
                    trouble = format!("{} is not responsible for the zone", self.shown(*address));
                }
                Ok(reply) => return Ok((*address, texts_of(&reply, name))),
                Err(error) => trouble = format!("{}: {error}", self.shown(*address)),
            }
        }
        Err(trouble)
    }

    fn shown(&self, address: SocketAddr) -> String {
        if self.name.is_empty() {
            shown(address)
        } else {
            format!("{} ({})", self.name, shown(address))
        }
    }
}

/// What an answer says of a name itself.
fn texts_of(reply: &Message, name: &Name) -> Texts {
    let own = || {
        let mut records = reply.answers.iter();
        std::iter::from_fn(move || records.find(|it| it.name.eq_ignore_root(name)))
    };
    let texts: Vec<_> = own()
        .filter_map(|record| match &record.data {
            RData::TXT(text) => Some(joined(&text.txt_data)),
            _ => None,
        })
        .take(MOST_TEXTS)
        .collect();
    if !texts.is_empty() {
        return Texts::Found(texts);
    }
    let alias = own().find_map(|record| match &record.data {
        RData::CNAME(target) => Some(target.0.clone()),
        _ => None,
    });
    alias.map_or(Texts::Nothing, Texts::Alias)
}

/// The texts behind the aliases of an answer, which a resolver has followed already.
fn followed(reply: &Message, mut name: Name) -> Vec<String> {
    for _ in 0..=MOST_ALIASES {
        match texts_of(reply, &name) {
            Texts::Found(texts) => return texts,
            Texts::Nothing => return Vec::new(),
            Texts::Alias(target) => name = target,
        }
    }
    Vec::new()
}

/// The character strings of a TXT record are one text (RFC 7208 §3.3).
fn joined(pieces: &[Box<[u8]>]) -> String {
    let bytes: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| piece.iter().copied())
        .take(LONGEST_TEXT)
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn read_name(name: &str) -> Result<Name, String> {
    let mut read = Name::from_ascii(name).map_err(|_| format!("{name} is no name of DNS"))?;
    read.set_fqdn(true);
    Ok(read)
}

/// An address, with its port where that is not the one of DNS.
fn shown(address: SocketAddr) -> String {
    if address.port() == 53 {
        address.ip().to_string()
    } else {
        address.to_string()
    }
}
