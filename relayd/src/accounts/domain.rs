//! Sender domains: registered, proven by a TXT record, looked at again every day.

use std::{fmt::Write, sync::Arc};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;

use super::{
    Accounts, AdminError, Listing, TxtLookup, account::refuse_ended, field::Fields, password,
};
use crate::{
    model::{
        Account, AccountId, Address, Domain, DomainId, DomainName, DomainState, Occasion, Reason,
        Refusal, SenderDomains, Sight,
    },
    store::{InsertDomainError, Origin, Store, StoreError},
};

/// Domains that an account may register: each is looked up every day.
pub(super) const MOST: u32 = 200;
/// 26 characters of 32 are 130 bits.
const TOKEN_LENGTH: usize = 26;
const TOKEN_ALPHABET: &[u8] = b"abcdefghijkmnopqrstuvwxyz2345678";
/// Domains that are looked at together, and that are fetched at once.
const AT_ONCE: usize = 8;
const BATCH: u32 = 100;
/// Other texts at the name of a record that are told, and the characters of each.
const TOLD: usize = 5;
const TOLD_LENGTH: usize = 120;

/// What a look at the record of a domain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainCheck {
    /// The domain as it stands now.
    pub domain: Domain,
    /// What it came to.
    pub sight: Sight,
    /// The TXT records at the name, as far as they are told.
    pub texts: Vec<String>,
    /// Who was asked.
    pub asked: Vec<String>,
}

impl Accounts {
    /// Registers a domain, which waits for its record then.
    pub async fn add_domain(&self, account: &Account, name: &str) -> Result<Domain, AdminError> {
        refuse_ended(account)?;
        let mut fields = Fields::default();
        let name: Option<DomainName> = fields.parse("name", name);
        let name = fields.finish(name)?;
        let domain = self.new_domain(account.id, name)?;
        self.store
            .insert_domain(&domain, MOST)
            .await
            .map_err(|error| match error {
                InsertDomainError::OverLimit(count) => too_many(count),
                InsertDomainError::Store(error) => {
                    AdminError::on_insert(error, domain.name.as_str())
                }
            })?;
        tracing::info!(account = %account.name, domain = %domain.name, "domain added");
        Ok(domain)
    }

    /// A domain that waits for its record.
    pub(super) fn new_domain(
        &self,
        account: AccountId,
        name: DomainName,
    ) -> Result<Domain, AdminError> {
        let now = self.clock.now();
        Ok(Domain {
            id: DomainId::new(&self.ids, now),
            account_id: account,
            name,
            token: password::random_characters(TOKEN_ALPHABET, TOKEN_LENGTH)?,
            state: DomainState::Pending,
            created_at: now,
            verified_at: None,
            failing_since: None,
            checked_at: None,
            next_check_at: now + jiff::SignedDuration::from_mins(10),
            found: String::new(),
            version: 1,
        })
    }

    /// The domain of an account that `key` names, by name or id.
    pub async fn find_domain(&self, account: &Account, key: &str) -> Result<Domain, AdminError> {
        let named = match key.parse() {
            Ok(name) => self.store.domain_by_name(account.id, &name).await?,
            Err(_) => None,
        };
        let found = match (named, key.parse()) {
            (None, Ok(id)) => self.store.domain(id).await?,
            (named, _) => named,
        };
        found
            .filter(|domain| domain.account_id == account.id)
            .ok_or_else(|| AdminError::not_found("domain", key))
    }

    /// The domains of an account whose names stand behind `after`, by name.
    pub async fn list_domains(
        &self,
        account: &Account,
        after: &str,
        limit: u32,
    ) -> Result<Listing<Domain>, AdminError> {
        let domains = self.store.domains(account.id, after, limit + 1).await?;
        Ok(Listing::cut(domains, limit, |it| it.name.to_string()))
    }

    /// Removes a domain; its senders are refused from now on.
    pub async fn remove_domain(&self, account: &Account, key: &str) -> Result<(), AdminError> {
        let domain = self.find_domain(account, key).await?;
        self.store
            .delete_domain(domain.id)
            .await
            .map_err(|error| match error {
                StoreError::NotFound => AdminError::not_found("domain", key),
                error => AdminError::Store(error),
            })?;
        tracing::info!(account = %account.name, domain = %domain.name, "domain removed");
        Ok(())
    }

    /// Looks at the record of a domain now.
    pub async fn verify_domain(
        &self,
        account: &Account,
        key: &str,
    ) -> Result<DomainCheck, AdminError> {
        let domain = self.find_domain(account, key).await?;
        self.spend_lookup(account)?;
        self.look(domain).await
    }

    /// Counts a question that makes relayd ask other people's servers.
    pub(super) fn spend_lookup(&self, account: &Account) -> Result<(), AdminError> {
        let (key, now) = (account.id.to_string(), self.clock.now());
        self.throttles.domain_account.admit(&key, now)
    }

    /// Looks at every domain whose day has come. How many they were.
    pub async fn check_due_domains(&self) -> Result<u64, AdminError> {
        let now = self.clock.now();
        let mut count = 0;
        loop {
            let due = self.store.domains_due(now, BATCH).await?;
            let is_last = due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            let looks = due.into_iter().map(|domain| {
                let this = self.on_its_own(&domain, now);
                async move {
                    match this.look(domain).await {
                        // Somebody else looked or removed it meanwhile.
                        Ok(_) | Err(AdminError::Refused(_)) => Ok(()),
                        Err(error) => Err(error),
                    }
                }
            });
            let mut looks = stream::iter(looks).buffer_unordered(AT_ONCE);
            while let Some(looked) = looks.next().await {
                looked?;
                count += 1;
            }
            if is_last {
                return Ok(count);
            }
        }
    }

    /// The same use cases, with relayd itself in the audit log.
    fn on_its_own(&self, domain: &Domain, now: Timestamp) -> Self {
        let (actor, source) = ("relayd".to_owned(), "daily look".to_owned());
        let mut origin = Origin::new(now, actor, source, "VerifyDomain");
        origin.account = Some(domain.account_id);
        origin.object = format!("domain {}", domain.name);
        Self {
            store: self.store.on_behalf_of(Arc::new(origin)),
            ..self.clone()
        }
    }

    /// Asks, judges, and writes down what came of it.
    async fn look(&self, mut domain: Domain) -> Result<DomainCheck, AdminError> {
        let before = domain.state;
        let name = domain.record_name();
        let lookup = self.dns.last_word(&name).await;
        let (sight, texts) = judge(&domain, &lookup);
        domain.note(sight, sentence(&lookup, sight, &texts), self.clock.now());
        let written = if domain.state == before {
            self.store.note_domain_check(&domain).await
        } else {
            self.noting_domain(&domain)
                .await?
                .update_domain(&domain)
                .await
        };
        written.map_err(AdminError::on_update)?;
        domain.version += 1;
        tell(&domain, before);
        Ok(DomainCheck {
            domain,
            sight,
            texts,
            asked: lookup.asked,
        })
    }

    /// The store, which writes with its next change that a proof is missing, if it is.
    async fn noting_domain(&self, domain: &Domain) -> Result<Store, AdminError> {
        let until = match domain.state {
            DomainState::Failing => domain.lapses_at(),
            DomainState::Lapsed => None,
            DomainState::Pending | DomainState::Verified => return Ok(self.store.clone()),
        };
        let Some(account) = self.store.account(domain.account_id).await? else {
            return Ok(self.store.clone());
        };
        let occasion = Occasion::DomainFailing {
            domain: domain.name.to_string(),
            detail: domain.found.clone(),
            until,
        };
        Ok(self.noting(&account, Some(occasion)))
    }

    /// Refuses senders of an account that lie in no domain that it has proven.
    pub(super) async fn refuse_unproven<'a>(
        &self,
        account: &Account,
        senders: impl IntoIterator<Item = &'a Address>,
    ) -> Result<(), AdminError> {
        let domains = self
            .store
            .sender_domains(account.id, account.domain_proof)
            .await?;
        refuse_outside(&domains, senders)
    }
}

/// Refuses senders that lie in none of these domains.
pub(super) fn refuse_outside<'a>(
    domains: &SenderDomains,
    senders: impl IntoIterator<Item = &'a Address>,
) -> Result<(), AdminError> {
    let mut unproven: Vec<_> = senders
        .into_iter()
        .filter(|sender| !domains.cover(sender))
        .map(Address::as_str)
        .collect();
    unproven.dedup();
    if unproven.is_empty() {
        return Ok(());
    }
    Err(AdminError::refused(
        Reason::DomainNotVerified,
        unproven.join(", "),
    ))
}

/// An owner does not waive the proof of its own domains.
pub(super) fn proof_is_the_operators() -> Refusal {
    let detail = "the operator decides whether domains have to be proven";
    Refusal::new(Reason::Forbidden, detail)
}

/// An account has as many domains as it may.
pub(super) fn too_many(count: u32) -> AdminError {
    AdminError::refused(
        Reason::StateConflict,
        format!("the account has {count} domains, and none may have more"),
    )
}

fn judge(domain: &Domain, lookup: &TxtLookup) -> (Sight, Vec<String>) {
    let Ok(texts) = &lookup.found else {
        return (Sight::Unclear, Vec::new());
    };
    let told = texts.iter().take(TOLD).map(|text| shown(text)).collect();
    if texts.iter().any(|text| domain.is_proven_by(text)) {
        (Sight::Seen, told)
    } else {
        (Sight::Missing, told)
    }
}

/// What strangers wrote into DNS, harmless and not too long.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(TOLD_LENGTH)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(TOLD_LENGTH).is_some() {
        shown.push('…');
    }
    shown
}

/// What was found, and where, without its full stop.
fn sentence(lookup: &TxtLookup, sight: Sight, texts: &[String]) -> String {
    let mut sentence = match (&lookup.found, sight) {
        (Err(why), _) => return format!("DNS did not answer: {}", shown(why)),
        (Ok(_), Sight::Seen) => "the record is there".to_owned(),
        (Ok(found), _) if found.is_empty() => "there is no TXT record of that name".to_owned(),
        (Ok(found), _) => {
            let (count, s) = (found.len(), if found.len() == 1 { "" } else { "s" });
            format!("{count} TXT record{s} of that name, none with the value")
        }
    };
    if sight == Sight::Missing
        && let Some(first) = texts.first()
    {
        // Writing to a String does not fail.
        let _ = write!(sentence, " (first: {first})");
    }
    if let Some(server) = lookup.asked.first() {
        let _ = write!(sentence, ", said {server}");
        if lookup.asked.len() > 1 {
            let _ = write!(sentence, " and {} more", lookup.asked.len() - 1);
        }
    }
    sentence
}

fn tell(domain: &Domain, before: DomainState) {
    let (name, found) = (&domain.name, &domain.found);
    match (before, domain.state) {
        (before, now) if before == now => {
            tracing::debug!(domain = %name, state = %now, found, "domain looked at");
        }
        (_, DomainState::Failing) => {
            let lapses_at = domain.lapses_at().map(|at| at.to_string());
            tracing::warn!(domain = %name, found, lapses_at, "the record of a proven domain is missing");
        }
        (_, DomainState::Lapsed) => {
            tracing::warn!(domain = %name, found, "the proof of a domain lapsed: its senders are refused");
        }
        (_, now) => tracing::info!(domain = %name, state = %now, found, "domain proven"),
    }
}
