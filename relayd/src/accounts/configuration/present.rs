//! The configuration of an account as it stands in the store.

use std::collections::BTreeMap;

use super::Configuration;
use crate::{
    accounts::{Accounts, AdminError},
    model::{Account, Override, Reason, RouteRole, Subject},
    store::Stamp,
};

/// Times that a configuration is read until it stays the same meanwhile.
const TRIES: usize = 5;

impl Accounts {
    /// The configuration of the account that `key` names.
    pub async fn configuration(&self, key: &str) -> Result<Configuration, AdminError> {
        let account = self.find_account(key).await?;
        Ok(self.present(&account).await?.0)
    }

    /// The same with its stamp: all of it as it was at one moment.
    pub(super) async fn present(
        &self,
        account: &Account,
    ) -> Result<(Configuration, Stamp), AdminError> {
        for _ in 0..TRIES {
            let stamp = self.store.configuration_stamp(account.id).await?;
            let found = self.read_parts(account, &stamp).await?;
            if self.store.configuration_stamp(account.id).await? == stamp {
                return Ok((found, stamp));
            }
        }
        Err(AdminError::Refused(Reason::StaleVersion.into()))
    }

    async fn read_parts(
        &self,
        account: &Account,
        stamp: &Stamp,
    ) -> Result<Configuration, AdminError> {
        let (store, id) = (&self.store, account.id);
        let account = store.account(id).await?;
        let account = account.ok_or_else(|| AdminError::not_found("account", id.to_string()))?;
        let mut limits: BTreeMap<Vec<u8>, Override> = store
            .set_limits_of(id, &[], u32::MAX)
            .await?
            .into_iter()
            .map(|found| (found.subject, found.set))
            .collect();
        let mut limits_of = |subject: Subject| limits.remove(subject.as_bytes().as_slice());
        let users = store.relay_users(id, "", u32::MAX).await?;
        let names: BTreeMap<_, _> = users
            .iter()
            .map(|user| (user.id, user.username.clone()))
            .collect();
        let systems = store.systems(id, "", u32::MAX).await?;
        Ok(Configuration {
            plan: self.plan_of(id).await?.map(|plan| plan.name),
            route: store.route_in(id, RouteRole::Primary).await?,
            fallback: store.route_in(id, RouteRole::Fallback).await?,
            limits: limits_of(Subject::Account(id)),
            domains: store.domains(id, "", u32::MAX).await?,
            systems: systems
                .into_iter()
                .map(|system| {
                    let user = names.get(&system.user_id).cloned().unwrap_or_default();
                    let limits = limits_of(Subject::System(system.id));
                    (system, user, limits)
                })
                .collect(),
            users: users
                .into_iter()
                .map(|user| {
                    let limits = limits_of(Subject::User(user.id));
                    (user, limits)
                })
                .collect(),
            version: version(stamp),
            account,
        })
    }
}

/// A stamp as a version, which every program reads exactly as a number of JSON (RFC 8259 §6).
pub(super) fn version(stamp: &Stamp) -> i64 {
    let mut bytes = [0; 8];
    // Fewer bytes would leave the others 0.
    bytes
        .iter_mut()
        .zip(stamp)
        .for_each(|(to, from)| *to = *from);
    i64::from_le_bytes(bytes) & ((1 << 53) - 1)
}
