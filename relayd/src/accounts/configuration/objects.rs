//! Domains, relay users, systems and limits: what of them comes, changes and goes.

use std::collections::BTreeSet;

use super::{
    Action, Part, Wanted, WantedSystem, WantedUser,
    difference::{changed, fresh, gone, of_limits, of_system, of_user},
    plan::Work,
};
use crate::{
    accounts::{
        Accounts, AdminError, RelayUserChange, SystemChange,
        domain::{self, refuse_outside},
        field::Fields,
        limits::{keep_from_owner, keep_within_plan},
        relay_user::{draft, edited},
        system::refuse_overlap,
    },
    model::{
        Account, Authority, DomainName, DomainProof, LimitSet, Override, Reason, Refusal,
        RelayUser, SenderDomains, Subject, System, SystemAuth, SystemId, UserId,
    },
    store::{AddressClaim, NewCredential, Step},
};

impl Accounts {
    pub(super) fn plan_domains(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let mut named: Vec<DomainName> = Vec::new();
        for text in work.unrepeated("domains", wanted.domains.iter().map(String::as_str)) {
            let at = format!("domains.{text}");
            let name: Result<DomainName, _> = text.trim().parse();
            match name {
                Err(error) => work.refuse(&at, error.to_string()),
                Ok(name) if named.contains(&name) => work.refuse(&at, "is named twice"),
                Ok(name) if work.present.domains.iter().any(|it| it.name == name) => {
                    named.push(name);
                }
                Ok(name) => {
                    let domain = self.new_domain(work.present.account.id, name.clone())?;
                    work.steps.new.push(Step::AddDomain(domain));
                    work.note(Action::Add, Part::Domain, text.trim(), Vec::new());
                    named.push(name);
                }
            }
        }
        let mut count = named.len();
        for domain in &work.present.domains {
            if named.contains(&domain.name) {
                continue;
            }
            let name = domain.name.to_string();
            if work.is_pruned {
                work.steps.gone.push(Step::RemoveDomain(domain.clone()));
                work.note(Action::Remove, Part::Domain, &name, Vec::new());
            } else {
                work.leave(Part::Domain, &name);
                count += 1;
            }
        }
        let adds = |step: &Step| matches!(step, Step::AddDomain(_));
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count > domain::MOST && work.steps.new.iter().any(adds) {
            work.accept::<()>("domains", Err(domain::too_many(count)))?;
        }
        Ok(())
    }

    pub(super) async fn plan_users(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let domains = proven(work);
        let named = work.unrepeated("users", wanted.users.iter().map(name_of));
        let mut added = 0;
        for user in &wanted.users {
            let mut present = work.present.users.iter().map(|(user, _)| user);
            if let Some(before) = present.find(|it| it.username == name_of(user)) {
                plan_changed_user(work, before, user, &domains)?;
                continue;
            }
            self.plan_new_user(work, user, &domains, wanted.dry_run)
                .await?;
            added += 1;
        }
        for (user, _) in &work.present.users {
            let name = user.username.as_str();
            if named.contains(name) {
                continue;
            }
            if work.is_pruned {
                work.users.remove(name);
                work.steps.gone.push(Step::RemoveUser(user.clone()));
                work.note(Action::Remove, Part::User, name, gone(of_user(user)));
            } else {
                work.leave(Part::User, name);
            }
        }
        judge_number(work, added);
        Ok(())
    }

    async fn plan_new_user(
        &self,
        work: &mut Work<'_>,
        wanted: &WantedUser,
        domains: &SenderDomains,
        is_tried: bool,
    ) -> Result<(), AdminError> {
        let (name, new) = (name_of(wanted), &wanted.user);
        let at = format!("users.{name}");
        let account = &work.present.account;
        let mut fields = Fields::default();
        let drafted = draft(&mut fields, name, new);
        if new.password.is_none() && !is_tried {
            fields.refuse("password", "a new relay user needs one");
        }
        let related = [name, &account.name];
        self.check_strength(&mut fields, new.password.as_ref(), &related)
            .await?;
        let Some((sender, allowed_senders)) = work.accept(&at, fields.finish(drafted))? else {
            return Ok(());
        };
        if self.store.relay_user_by_name(name).await?.is_some() {
            work.object(&at, Refusal::new(Reason::NameTaken, name));
            return Ok(());
        }
        let now = self.clock.now();
        let user = RelayUser {
            id: UserId::new(&self.ids, now),
            account_id: account.id,
            username: name.to_owned(),
            sender,
            allowed_senders,
            other_sender: new.other_sender,
            state: wanted.state,
            created_at: now,
            version: 1,
        };
        let judged = refuse_outside(domains, user.senders());
        work.accept(&at, judged)?;
        work.users.insert(name.to_owned(), user.id);
        work.note(Action::Add, Part::User, name, fresh(of_user(&user)));
        // Hashed when all else is known to be right.
        let unhashed = NewCredential {
            id: crate::model::CredentialId::new(&self.ids, now),
            name: String::new(),
            hash: String::new(),
            created_at: now,
        };
        work.steps.new.push(Step::AddUser(user, unhashed));
        Ok(())
    }

    pub(super) fn plan_systems(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let wanted_names = wanted.systems.iter().map(|it| it.system.name.as_str());
        let named = work.unrepeated("systems", wanted_names);
        for system in &wanted.systems {
            let name = system.system.name.as_str();
            let mut present = work.present.systems.iter();
            match present.find(|(it, _, _)| it.name == name) {
                Some((before, user, _)) => {
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

    pub(super) fn plan_limits(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let account = Subject::Account(work.present.account.id);
        let old = work.present.limits;
        self.plan_limit(
            work,
            Part::Limits,
            ("", account),
            old.as_ref(),
            wanted.limits,
        )?;
        let users = work.present.users.iter();
        let mut old: Vec<_> = users.map(|(it, set)| (it.username.as_str(), set)).collect();
        old.sort_unstable_by_key(|(name, _)| *name);
        for user in &wanted.users {
            let name = name_of(user);
            let found = old.binary_search_by_key(&name, |(name, _)| *name).ok();
            let set = found.and_then(|it| old.get(it)?.1.as_ref());
            if let Some(id) = work.users.get(name).copied() {
                let of = (name, Subject::User(id));
                self.plan_limit(work, Part::UserLimits, of, set, user.limits)?;
            }
        }
        let mut ids = Vec::new();
        for (system, _, set) in &work.present.systems {
            ids.push((system.name.clone(), system.id, *set));
        }
        for step in &work.steps.new {
            if let Step::AddSystem(system) = step {
                ids.push((system.name.clone(), system.id, None));
            }
        }
        ids.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
        for system in &wanted.systems {
            let name = &system.system.name;
            let found = ids.binary_search_by(|(it, ..)| it.cmp(name)).ok();
            if let Some((_, id, set)) = found.and_then(|it| ids.get(it)) {
                let of = (name.as_str(), Subject::System(*id));
                self.plan_limit(work, Part::SystemLimits, of, set.as_ref(), system.limits)?;
            }
        }
        Ok(())
    }

    fn plan_limit(
        &self,
        work: &mut Work<'_>,
        part: Part,
        (name, subject): (&str, Subject),
        old: Option<&Override>,
        wanted: Option<LimitSet>,
    ) -> Result<(), AdminError> {
        let at = match part {
            Part::UserLimits => format!("users.{name}.limits"),
            Part::SystemLimits => format!("systems.{name}.limits"),
            _ => "limits".to_owned(),
        };
        let had = old.map(|old| old.limits).unwrap_or_default();
        let is_kept = keep_from_owner(old, work.authority).is_err();
        let set = match wanted {
            Some(set) => crate::accounts::limits::merge(set, LimitSet::default()),
            None if had.is_empty() => return Ok(()),
            // What the operator set is not an owner's to prune.
            None if !work.is_pruned || is_kept => {
                work.leave(part, name);
                return Ok(());
            }
            None => LimitSet::default(),
        };
        if set == had {
            return Ok(());
        }
        let mut judged = keep_from_owner(old, work.authority);
        if !set.is_empty() {
            let plan = work.plan.as_ref().map(|plan| plan.limits);
            judged = judged
                .and_then(|()| self.check_values(&set))
                .and_then(|()| keep_within_plan(subject, &set, plan, work.authority));
        }
        if work.accept(&at, judged)?.is_none() {
            return Ok(());
        }
        let (action, values) = match (had.is_empty(), set.is_empty()) {
            (true, _) => (Action::Add, fresh(of_limits(&set))),
            (_, true) => (Action::Remove, gone(of_limits(&had))),
            _ => (Action::Change, changed(of_limits(&had), of_limits(&set))),
        };
        work.note(action, part, name, values);
        let set = Override {
            limits: set,
            set_by: work.authority,
        };
        let step = Step::SetLimits(subject, name.to_owned(), set);
        work.steps.limits.push(step);
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

fn plan_changed_user(
    work: &mut Work<'_>,
    before: &RelayUser,
    wanted: &WantedUser,
    domains: &SenderDomains,
) -> Result<(), AdminError> {
    let at = format!("users.{}", before.username);
    let change = RelayUserChange {
        sender: Some(wanted.user.sender.clone()),
        allowed_senders: Some(wanted.user.allowed_senders.clone()),
        other_sender: Some(wanted.user.other_sender),
    };
    let Some(mut after) = work.accept(&at, edited(before, &change))? else {
        return Ok(());
    };
    after.state = wanted.state;
    let judged = refuse_outside(domains, after.senders_beside(before));
    if work.accept(&at, judged)?.is_none() {
        return Ok(());
    }
    // The order of senders means nothing.
    let values = changed(of_user(before), of_user(&after));
    if !values.is_empty() {
        work.note(Action::Change, Part::User, &before.username, values);
        work.steps.changed.push(Step::EditUser(after));
    }
    Ok(())
}

/// The plan has room for so many relay users.
fn judge_number(work: &mut Work<'_>, added: usize) {
    let has_other_plan = work
        .differences
        .iter()
        .any(|difference| difference.part == Part::Plan);
    if added == 0 && !has_other_plan {
        return;
    }
    let at = if added > 0 { "users" } else { "plan" };
    let Some(plan) = &work.plan else {
        work.object(at, Reason::NoSubscription.into());
        return;
    };
    let used = work.users.len();
    if used > plan.relay_users as usize {
        let detail = format!(
            "{used} relay users, and plan {} allows {}",
            plan.name, plan.relay_users
        );
        work.object(at, Refusal::new(Reason::PlanLimit, detail));
    }
}

/// Where senders may lie: what goes with this change is proven no more.
fn proven(work: &Work<'_>) -> SenderDomains {
    if work.account.domain_proof == DomainProof::Waived {
        return SenderDomains::Any;
    }
    let goes = |name: &DomainName| {
        work.steps
            .gone
            .iter()
            .any(|step| matches!(step, Step::RemoveDomain(domain) if domain.name == *name))
    };
    let domains = work.present.domains.iter();
    let proven = domains.filter(|it| it.state.is_proven() && !goes(&it.name));
    SenderDomains::Proven(proven.map(|it| it.name.clone()).collect())
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

pub(super) fn name_of(wanted: &WantedUser) -> &str {
    wanted.user.username.as_deref().unwrap_or_default()
}
