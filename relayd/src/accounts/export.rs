//! All data of an account, part by part and piece by piece, so that neither side ever holds more
//! than a page of it. Not one moment of the account: what changes meanwhile is as it is when its turn
//! comes.

use std::{fmt, str::FromStr};

use super::{
    AccountOverview, Accounts, AdminError, FoundBy, Listing, RouteOverview, SystemOverview, Trace,
};
use crate::{
    model::{Account, AccountId, Credential, Domain, MessageId, RelayUser, RouteRole, text_enum},
    store::{
        AuditEntry, AuditFilter, AuditPage, HourOfErrors, HourOfUse, LogFilter, Order,
        PastSubscription, RejectEntry, RejectFilter, RouteVersion, SetLimits,
    },
};

text_enum! {
    /// A part of an export.
    ExportPart {
        /// The account.
        Account = "account",
        /// Its subscriptions.
        Subscriptions = "subscriptions",
        /// Its route.
        Route = "route",
        /// The versions of its route.
        RouteVersions = "route_versions",
        /// Its relay users.
        RelayUsers = "relay_users",
        /// The names of their passwords.
        Credentials = "credentials",
        /// Its systems.
        Systems = "systems",
        /// Its sender domains.
        Domains = "domains",
        /// What limits are set.
        Limits = "limits",
        /// What went through.
        Usage = "usage",
        /// What was refused, failed or was put off.
        Errors = "errors",
        /// Its mail.
        Messages = "messages",
        /// Refusals one by one.
        Rejects = "rejects",
        /// The audit log.
        Audit = "audit",
    }
}

/// One record of an export.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each is what its type says")]
pub enum ExportItem {
    Account(Box<AccountOverview>),
    Subscription(PastSubscription),
    Route(Box<RouteOverview>),
    RouteVersion(Box<(RouteVersion, bool)>),
    RelayUser(RelayUser),
    Credential {
        user: String,
        credential: Credential,
    },
    System(SystemOverview),
    Domain(Box<Domain>),
    Limits(SetLimits),
    Usage(HourOfUse),
    Errors(HourOfErrors),
    Message(Box<Trace>),
    Reject(Box<RejectEntry>),
    Audit(Box<AuditEntry>),
}

/// Where an export goes on: in a part, behind a key. Its text is for a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPlace {
    part: ExportPart,
    key: String,
}

/// The records of one piece, and the key behind the last when the part has more.
type Piece = (Vec<ExportItem>, Option<String>);

impl ExportPlace {
    /// The beginning.
    pub const fn start() -> Self {
        Self {
            part: ExportPart::Account,
            key: String::new(),
        }
    }

    /// The part behind this one.
    fn next_part(&self) -> Option<Self> {
        let mut behind = ExportPart::ALL
            .iter()
            .skip_while(|part| **part != self.part);
        let part = *behind.nth(1)?;
        Some(Self {
            part,
            key: String::new(),
        })
    }
}

impl fmt::Display for ExportPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.part, self.key)
    }
}

impl FromStr for ExportPlace {
    type Err = crate::model::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (part, key) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self {
            part: part.parse()?,
            key: key.to_owned(),
        })
    }
}

impl Accounts {
    /// At most `limit` records behind a place: of one part, so there may be fewer before the end.
    pub async fn export(
        &self,
        account: &Account,
        place: &ExportPlace,
        limit: u32,
    ) -> Result<Listing<ExportItem, ExportPlace>, AdminError> {
        let (items, rest) = self.piece(account, place, limit).await?;
        let next = match rest {
            Some(key) => Some(ExportPlace {
                part: place.part,
                key,
            }),
            None => place.next_part(),
        };
        Ok(Listing { items, next })
    }

    async fn piece(
        &self,
        account: &Account,
        place: &ExportPlace,
        limit: u32,
    ) -> Result<Piece, AdminError> {
        let (id, key) = (account.id, place.key.as_str());
        match place.part {
            ExportPart::Account => {
                let overview = self.overview(account.clone()).await?;
                Ok((vec![ExportItem::Account(Box::new(overview))], None))
            }
            ExportPart::Route => self.export_route(account).await,
            ExportPart::RouteVersions => self.export_route_versions(account).await,
            ExportPart::Subscriptions => {
                let behind = unhex(key);
                let found = self.store.past_subscriptions(id, &behind, limit + 1);
                let key = |it: &PastSubscription| hex(it.id.as_bytes());
                Ok(cut(found.await?, limit, key, ExportItem::Subscription))
            }
            ExportPart::RelayUsers => {
                let found = self.store.relay_users(id, key, limit + 1).await?;
                let key = |it: &RelayUser| it.username.clone();
                Ok(cut(found, limit, key, ExportItem::RelayUser))
            }
            ExportPart::Credentials => self.export_credentials(account, key).await,
            ExportPart::Domains => {
                let found = self.list_domains(account, key, limit).await?;
                let items = found
                    .items
                    .into_iter()
                    .map(Box::new)
                    .map(ExportItem::Domain);
                Ok((items.collect(), found.next))
            }
            ExportPart::Systems => {
                let found = self.list_systems(account, key, limit).await?;
                let items = found.items.into_iter().map(ExportItem::System).collect();
                Ok((items, found.next))
            }
            ExportPart::Limits => {
                let behind = unhex(key);
                let found = self.store.set_limits_of(id, &behind, limit + 1);
                let key = |it: &SetLimits| hex(&it.subject);
                Ok(cut(found.await?, limit, key, ExportItem::Limits))
            }
            ExportPart::Usage => self.export_usage(id, key, limit).await,
            ExportPart::Errors => self.export_errors(id, key, limit).await,
            ExportPart::Messages => self.export_messages(id, key, limit).await,
            ExportPart::Rejects => {
                let filter = RejectFilter {
                    account: Some(id),
                    ..RejectFilter::default()
                };
                let found = self
                    .store
                    .search_rejects(&filter, key.parse().ok(), limit + 1);
                let key = |it: &RejectEntry| it.id.to_string();
                let item = |it| ExportItem::Reject(Box::new(it));
                Ok(cut(found.await?, limit, key, item))
            }
            ExportPart::Audit => {
                let filter = AuditFilter {
                    account: Some(id),
                    ..AuditFilter::default()
                };
                let found = self.store.audit_entries(&filter, key.parse().ok(), limit);
                let AuditPage { entries, has_more } = found.await?;
                let next = entries.last().map(|last| last.id.to_string());
                let items = entries.into_iter().map(Box::new).map(ExportItem::Audit);
                Ok((items.collect(), next.filter(|_| has_more)))
            }
        }
    }

    /// Those of one relay user a piece: it has but a few.
    async fn export_credentials(&self, account: &Account, key: &str) -> Result<Piece, AdminError> {
        let users = self.store.relay_users(account.id, key, 1).await?;
        let Some(user) = users.into_iter().next() else {
            return Ok((Vec::new(), None));
        };
        let credentials = self.store.credentials(user.id).await?;
        let items = credentials
            .into_iter()
            .map(|credential| ExportItem::Credential {
                user: user.username.clone(),
                credential,
            });
        Ok((items.collect(), Some(user.username.clone())))
    }

    async fn export_route(&self, account: &Account) -> Result<Piece, AdminError> {
        let mut items = Vec::new();
        for role in RouteRole::ALL {
            match self.show_route(account, *role).await {
                Ok(route) => items.push(ExportItem::Route(Box::new(route))),
                Err(AdminError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((items, None))
    }

    async fn export_route_versions(&self, account: &Account) -> Result<Piece, AdminError> {
        let mut items = Vec::new();
        for role in RouteRole::ALL {
            // There are but ten.
            match self.route_history(account, *role, None, u32::MAX - 1).await {
                Ok(versions) => {
                    let versions = versions.items.into_iter();
                    items.extend(versions.map(|it| ExportItem::RouteVersion(Box::new(it))));
                }
                Err(AdminError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((items, None))
    }

    async fn export_usage(
        &self,
        account: AccountId,
        key: &str,
        limit: u32,
    ) -> Result<Piece, AdminError> {
        let mut words = key.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let behind = (
            word().parse().unwrap_or(i64::MIN),
            unhex(word()),
            unhex(word()),
            word().to_owned(),
        );
        let found = self.store.hours_of_use(account, &behind, limit + 1).await?;
        let key = |it: &HourOfUse| {
            let (hour, user, system, domain) = &it.key;
            format!("{hour} {} {} {domain}", hex(user), hex(system))
        };
        Ok(cut(found, limit, key, ExportItem::Usage))
    }

    async fn export_errors(
        &self,
        account: AccountId,
        key: &str,
        limit: u32,
    ) -> Result<Piece, AdminError> {
        let mut words = key.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let behind = (
            word().parse().unwrap_or(i64::MIN),
            unhex(word()),
            unhex(word()),
            word().to_owned(),
            word().to_owned(),
            word().to_owned(),
        );
        let found = self
            .store
            .hours_of_errors(account, &behind, limit + 1)
            .await?;
        let key = |it: &HourOfErrors| {
            let (hour, user, system, domain, kind, reason) = &it.key;
            format!(
                "{hour} {} {} {domain} {kind} {reason}",
                hex(user),
                hex(system)
            )
        };
        Ok(cut(found, limit, key, ExportItem::Errors))
    }

    async fn export_messages(
        &self,
        account: AccountId,
        key: &str,
        limit: u32,
    ) -> Result<Piece, AdminError> {
        let filter = LogFilter {
            account: Some(account),
            ..LogFilter::default()
        };
        let order = Order::OldestFirst(key.parse::<MessageId>().ok());
        let found = self.search_log(&filter, order, limit).await?;
        let mut items = Vec::with_capacity(found.items.len());
        for message in found.items {
            let trace = self.trace_of(message, FoundBy::QueueId).await?;
            items.push(ExportItem::Message(Box::new(trace)));
        }
        Ok((items, found.next.map(|id| id.to_string())))
    }
}

/// A piece out of what was found, which is one more than `limit` when there is more.
fn cut<T>(
    found: Vec<T>,
    limit: u32,
    key: impl Fn(&T) -> String,
    item: impl FnMut(T) -> ExportItem,
) -> Piece {
    let listing = Listing::cut(found, limit, key);
    (listing.items.into_iter().map(item).collect(), listing.next)
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What is no such text is the beginning: a cursor that was made up finds what anybody may see.
fn unhex(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|it| u8::try_from(it).ok()))
        .collect();
    let digits = digits.unwrap_or_default();
    digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_back_and_lead_through_all_parts() {
        let mut place = ExportPlace::start();
        let mut parts = vec![place.part];
        while let Some(next) = place.next_part() {
            assert_eq!(next.to_string().parse(), Ok(next.clone()));
            parts.push(next.part);
            place = next;
        }
        assert_eq!(parts, ExportPart::ALL);
        let inside = ExportPlace {
            part: ExportPart::Usage,
            key: "17 00ff 0a".to_owned(),
        };
        assert_eq!(inside.to_string().parse(), Ok(inside));
        assert!("nothing".parse::<ExportPlace>().is_err());
    }

    #[test]
    fn hexadecimal_reads_back() {
        for bytes in [&[][..], &[0, 255, 16]] {
            assert_eq!(unhex(&hex(bytes)), bytes);
        }
        assert!(unhex("no").is_empty());
    }
}
