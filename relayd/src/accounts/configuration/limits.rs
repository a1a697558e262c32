//! Limits of a configuration: of the account, its relay users and its systems.

use std::collections::BTreeMap;

use super::{
    Action, Part, Wanted,
    difference::{changed, fresh, gone, of_limits},
    plan::Work,
    users::name_of,
};
use crate::{
    accounts::{
        Accounts, AdminError,
        limits::{keep_from_owner, keep_within_plan, merge},
    },
    model::{LimitSet, Override, Subject, SystemId},
    store::Step,
};

impl Accounts {
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
        let present = work.present;
        let of_users: BTreeMap<&str, Option<&Override>> = present
            .users
            .iter()
            .map(|(user, set)| (user.username.as_str(), set.as_ref()))
            .collect();
        for user in &wanted.users {
            let name = name_of(user);
            let set = of_users.get(name).copied().flatten();
            if let Some(id) = work.users.get(name).copied() {
                let of = (name, Subject::User(id));
                self.plan_limit(work, Part::UserLimits, of, set, user.limits)?;
            }
        }
        let mut of_systems: BTreeMap<String, (SystemId, Option<&Override>)> = present
            .systems
            .iter()
            .map(|(system, _, set)| (system.name.clone(), (system.id, set.as_ref())))
            .collect();
        for step in &work.steps.new {
            if let Step::AddSystem(system) = step {
                of_systems.insert(system.name.clone(), (system.id, None));
            }
        }
        for system in &wanted.systems {
            let name = &system.system.name;
            if let Some((id, set)) = of_systems.get(name).copied() {
                let of = (name.as_str(), Subject::System(id));
                self.plan_limit(work, Part::SystemLimits, of, set, system.limits)?;
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
            Some(set) => merge(set, LimitSet::default()),
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
