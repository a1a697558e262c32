//! Systems of a configuration: which come, change and go, and whose addresses they would share.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Action, Part, Wanted, WantedSystem,
    difference::{changed, fresh, gone, of_system},
    plan::Work,
};
use crate::{
    accounts::{Accounts, AdminError, SystemChange, field::Fields, system::refuse_overlap},
    model::{Account, Authority, System, SystemAuth, SystemId, UserId},
    store::{AddressClaim, Step},
};

impl Accounts {
    pub(super) fn plan_systems(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let wanted_names = wanted.systems.iter().map(|it| it.system.name.as_str());
        let named = work.unrepeated("systems", wanted_names);
        let present = work.present.systems.iter();
        let present: BTreeMap<_, _> = present
            .map(|(system, user, _)| (system.name.as_str(), (system, user)))
            .collect();
        for system in &wanted.systems {
            match present.get(system.system.name.as_str()).copied() {
                Some((before, user)) => {
                    self.plan_changed_system(work, (before, user), system)?;
                }
                None => self.plan_new_system(work, system)?,
            }
        }
        for (system, user, _) in &work.present.systems {
            if named.contains(system.name.as_str()) {
                continue;
            }
            if work.is_pruned {
                let values = gone(of_system(system, user));
                work.steps
                    .unplugged
                    .push(Step::RemoveSystem(system.clone()));
                work.note(Action::Remove, Part::System, &system.name, values);
            } else {
                work.leave(Part::System, &system.name);
            }
        }
        Ok(())
    }

    fn plan_new_system(
        &self,
        work: &mut Work<'_>,
        wanted: &WantedSystem,
    ) -> Result<(), AdminError> {
        let new = &wanted.system;
        let at = format!("systems.{}", new.name);
        let mut fields = Fields::default();
        fields.name("name", &new.name, ".-_", 64);
        let network = self.claimed(&mut fields, &new.address, new.auth, work.authority);
        let Some(network) = work.accept(&at, network)? else {
            work.accept(&at, fields.check())?;
            return Ok(());
        };
        let user = user_of(work, &mut fields, &new.user);
        let both = network.zip(user);
        let Some((network, (user_id, user))) = work.accept(&at, fields.finish(both))? else {
            return Ok(());
        };
        let now = self.clock.now();
        let system = System {
            id: SystemId::new(&self.ids, now),
            account_id: work.present.account.id,
            name: new.name.clone(),
            network,
            user_id,
            auth: new.auth,
            state: wanted.state,
            priority: new.priority,
            last_seen_at: None,
            created_at: now,
            version: 1,
        };
        let values = fresh(of_system(&system, &user));
        work.note(Action::Add, Part::System, &new.name, values);
        work.steps.new.push(Step::AddSystem(system));
        Ok(())
    }

    fn plan_changed_system(
        &self,
        work: &mut Work<'_>,
        (before, had): (&System, &str),
        wanted: &WantedSystem,
    ) -> Result<(), AdminError> {
        let new = &wanted.system;
        let at = format!("systems.{}", new.name);
        let is_same = new.address.trim().parse().ok() == Some(before.network);
        let change = SystemChange {
            address: (!is_same).then(|| new.address.clone()),
            user: None,
            auth: Some(new.auth),
            state: Some(wanted.state),
            priority: Some(new.priority),
        };
        let mut fields = Fields::default();
        let reworked = self.reworked(&mut fields, before, &change, work.authority);
        let Some(mut after) = work.accept(&at, reworked)? else {
            return Ok(());
        };
        let user = user_of(work, &mut fields, &new.user);
        let Some((user_id, user)) = work.accept(&at, fields.finish(user))? else {
            return Ok(());
        };
        after.user_id = user_id;
        if after != *before {
            let values = changed(of_system(before, had), of_system(&after, &user));
            work.note(Action::Change, Part::System, &new.name, values);
            work.steps.changed.push(Step::EditSystem(after));
        }
        Ok(())
    }

    /// Systems that sign in by an address which is another's, too. An owner is told of those of its
    /// own only, until it claims one: a comparison leaves no trace.
    pub(super) async fn judge_overlaps(&self, work: &mut Work<'_>) -> Result<(), AdminError> {
        let (mut touched, mut claims) = (BTreeSet::new(), Vec::new());
        let steps = &work.steps;
        for step in [&steps.unplugged, &steps.new, &steps.changed]
            .into_iter()
            .flatten()
        {
            match step {
                Step::RemoveSystem(system) => drop(touched.insert(system.id)),
                Step::AddSystem(system) | Step::EditSystem(system) => {
                    touched.insert(system.id);
                    claims.push((system.auth, claim_of(&work.present.account, system)));
                }
                _ => {}
            }
        }
        claims.retain(|(auth, _)| *auth == SystemAuth::Address);
        let mut claims: Vec<_> = claims.into_iter().map(|(_, claim)| claim).collect();
        if claims.is_empty() {
            return Ok(());
        }
        let mut others = match work.authority {
            Authority::Operator => self.store.address_claims().await?,
            Authority::Owner => {
                let systems = work.present.systems.iter().map(|(system, ..)| system);
                let by_address = systems.filter(|it| it.auth == SystemAuth::Address);
                by_address
                    .map(|it| claim_of(&work.present.account, it))
                    .collect()
            }
        };
        others.retain(|claim| !touched.contains(&claim.id));
        while let Some(claim) = claims.pop() {
            let mut all = others.iter().chain(&claims);
            if let Some(other) = all.find(|it| it.network.overlaps(&claim.network)) {
                let overlap = refuse_overlap(&other.clone().into(), work.authority);
                work.accept::<()>(&format!("systems.{}", claim.system), Err(overlap))?;
            }
        }
        Ok(())
    }
}

fn claim_of(account: &Account, system: &System) -> AddressClaim {
    AddressClaim {
        id: system.id,
        network: system.network,
        system: system.name.clone(),
        account: account.name.clone(),
    }
}

/// The relay user that a system names, by name or id, with its name.
fn user_of(work: &Work<'_>, fields: &mut Fields, key: &str) -> Option<(UserId, String)> {
    let key = key.trim();
    let by_name = work.users.get(key).map(|id| (*id, key.to_owned()));
    let found = by_name.or_else(|| {
        let mut users = work.users.iter();
        let (name, id) = users.find(|(_, id)| id.to_string() == key)?;
        Some((*id, name.clone()))
    });
    if found.is_none() {
        fields.refuse("user", "the account has no such relay user");
    }
    found
}
