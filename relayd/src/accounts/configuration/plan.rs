//! What is wanted becomes changes: every part is judged, and all that is wrong is named at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Action, Configuration, Difference, Leftover, MOST_CHANGES, MOST_NEW_USERS, Objection, Part,
    Wanted,
    difference::{ChangedValue, changed, of_account},
    users::name_of,
};
use crate::{
    accounts::{Accounts, AdminError, Scope, domain::proof_is_the_operators, edit},
    model::{Account, Authority, Plan, Reason, Refusal, SubscriptionId, UserId},
    store::{NewSubscription, Step},
};

/// A plan in the making.
pub(super) struct Work<'w> {
    pub(super) scope: &'w Scope,
    pub(super) authority: Authority,
    pub(super) present: &'w Configuration,
    pub(super) is_pruned: bool,
    pub(super) hides_secrets: bool,
    /// The account as it will be.
    pub(super) account: Account,
    /// Its plan as it will be.
    pub(super) plan: Option<Plan>,
    /// The relay users that there will be.
    pub(super) users: BTreeMap<String, UserId>,
    pub(super) objections: Vec<Objection>,
    pub(super) differences: Vec<Difference>,
    pub(super) left: Vec<Leftover>,
    pub(super) steps: Steps,
}

/// Steps in an order in which each finds what it needs.
#[derive(Default)]
pub(super) struct Steps {
    /// Account and plan.
    pub(super) first: Vec<Step>,
    /// Systems that go, before their relay users.
    pub(super) unplugged: Vec<Step>,
    /// What comes.
    pub(super) new: Vec<Step>,
    /// What changes, before what it no longer needs goes.
    pub(super) changed: Vec<Step>,
    /// What goes.
    pub(super) gone: Vec<Step>,
    /// Limits, when there is whatever they are for.
    pub(super) limits: Vec<Step>,
}

impl Steps {
    pub(super) fn in_order(mut self) -> Vec<Step> {
        // Whoever removes several locks them in the same order.
        self.gone.sort_by_key(|step| match step {
            Step::RemoveUser(user) => Some(user.id),
            _ => None,
        });
        [
            self.first,
            self.unplugged,
            self.new,
            self.changed,
            self.gone,
            self.limits,
        ]
        .concat()
    }
}

impl<'w> Work<'w> {
    pub(super) fn new(
        scope: &'w Scope,
        authority: Authority,
        present: &'w Configuration,
        wanted: &Wanted,
        plan: Option<Plan>,
    ) -> Self {
        Self {
            scope,
            authority,
            present,
            is_pruned: wanted.prune,
            hides_secrets: wanted.hides_secrets,
            account: present.account.clone(),
            plan,
            users: present
                .users
                .iter()
                .map(|(user, _)| (user.username.clone(), user.id))
                .collect(),
            objections: Vec::new(),
            differences: Vec::new(),
            left: Vec::new(),
            steps: Steps::default(),
        }
    }

    /// How many changes it takes. Refuses more than one transaction may hold up mail for.
    pub(super) fn judge_size(&mut self, of_routes: usize) -> usize {
        let steps = &self.steps;
        let lists = [
            &steps.first,
            &steps.unplugged,
            &steps.new,
            &steps.changed,
            &steps.gone,
            &steps.limits,
        ];
        let count = of_routes + lists.iter().map(|list| list.len()).sum::<usize>();
        if count > MOST_CHANGES {
            let message = format!(
                "{count} changes, and at most {MOST_CHANGES} are made at a time: give relayctl apply \
                 a file with a part of it after the other, without --prune, which leaves alone what \
                 a part does not name"
            );
            self.refuse("configuration", message);
        }
        count
    }

    /// Notes that something at `field` cannot be.
    pub(super) fn object(&mut self, field: &str, refusal: Refusal) {
        let Refusal { reason, detail } = refusal;
        let message = match (reason, detail.is_empty()) {
            (Reason::InvalidValue, false) => detail,
            (_, true) => reason.sentence().to_owned(),
            (_, false) => format!("{}: {detail}", reason.sentence()),
        };
        self.objections.push(Objection {
            field: field.to_owned(),
            reason,
            message,
        });
    }

    /// The same for a value that is not valid.
    pub(super) fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.object(field, Refusal::new(Reason::InvalidValue, message));
    }

    /// A value, or what speaks against it noted; an error is what nobody outside can mend.
    pub(super) fn accept<T>(
        &mut self,
        at: &str,
        result: Result<T, AdminError>,
    ) -> Result<Option<T>, AdminError> {
        match result {
            Ok(value) => return Ok(Some(value)),
            Err(AdminError::Invalid(wrong)) => {
                for wrong in wrong {
                    self.refuse(&format!("{at}.{}", wrong.field), wrong.message);
                }
            }
            Err(AdminError::Refused(refusal)) => self.object(at, refusal),
            Err(AdminError::NotFound { kind, name }) => {
                self.refuse(at, format!("there is no {kind} {name}"));
            }
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    /// Notes a difference.
    pub(super) fn note(
        &mut self,
        action: Action,
        part: Part,
        name: &str,
        values: Vec<ChangedValue>,
    ) {
        self.differences.push(Difference {
            action,
            part,
            name: name.to_owned(),
            values,
        });
    }

    /// Notes what is left alone.
    pub(super) fn leave(&mut self, part: Part, name: &str) {
        self.left.push(Leftover {
            part,
            name: name.to_owned(),
        });
    }

    /// Those names of a list that are there for the first time; the others are objected to.
    pub(super) fn unrepeated<'n>(
        &mut self,
        list: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> BTreeSet<&'n str> {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name) {
                self.refuse(&format!("{list}.{name}"), "is named twice");
            }
        }
        seen
    }
}

/// Whether there are more new relay users than one request may bring: each is looked up, and its
/// password judged.
fn too_many_new(present: &Configuration, wanted: &Wanted) -> Option<String> {
    let present = present.users.iter();
    let known: BTreeSet<&str> = present.map(|(user, _)| user.username.as_str()).collect();
    let names = wanted.users.iter().map(name_of);
    let added = names.filter(|name| !known.contains(name)).count();
    (added > MOST_NEW_USERS)
        .then(|| format!("at most {MOST_NEW_USERS} new ones at a time; there are {added}"))
}

impl Accounts {
    /// Judges all that is wanted.
    pub(super) async fn plan_configuration<'w>(
        &self,
        (scope, authority): (&'w Scope, Authority),
        present: &'w Configuration,
        wanted: &Wanted,
    ) -> Result<Work<'w>, AdminError> {
        let plan = self.plan_of(present.account.id).await?;
        let mut work = Work::new(scope, authority, present, wanted, plan);
        if let Some(objection) = too_many_new(present, wanted) {
            work.refuse("users", objection);
            return Err(AdminError::Objections(work.objections));
        }
        self.plan_account(&mut work, wanted)?;
        self.plan_subscription(&mut work, wanted).await?;
        self.plan_domains(&mut work, wanted)?;
        self.plan_users(&mut work, wanted).await?;
        self.plan_systems(&mut work, wanted)?;
        self.plan_limits(&mut work, wanted)?;
        Ok(work)
    }

    fn plan_account(&self, work: &mut Work<'_>, wanted: &Wanted) -> Result<(), AdminError> {
        let before = &work.present.account;
        if let Some(name) = wanted.name.as_ref().filter(|name| **name != before.name) {
            work.refuse(
                "account.name",
                format!(
                    "this is the configuration of account {name}, not of {}; without the name it \
                     is for any account",
                    before.name
                ),
            );
        }
        if wanted.kind.is_some_and(|kind| kind != before.contact.kind) {
            let kind = before.contact.kind;
            work.refuse("account.kind", format!("is {kind} for good"));
        }
        let mut change = wanted.account.clone();
        change.domain_proof = change.domain_proof.filter(|it| *it != before.domain_proof);
        if change.domain_proof.is_some() && work.authority == Authority::Owner {
            work.object("account.domain_proof", proof_is_the_operators());
            change.domain_proof = None;
        }
        let edited = edit::edited(before, change, work.authority);
        let Some(mut after) = work.accept("account", edited)? else {
            return Ok(());
        };
        let is_other = after.contact.email != before.contact.email;
        if is_other && work.authority == Authority::Owner {
            work.refuse(
                "account.email",
                "another contact e-mail takes the sign-in password and a code: relayctl account \
                 edit --email ADDRESS",
            );
            return Ok(());
        }
        if is_other {
            after.verified_at = Some(self.clock.now());
        }
        if after != *before {
            let values = changed(of_account(before), of_account(&after));
            work.note(Action::Change, Part::Account, &before.name, values);
            let step = Step::Contact(Box::new(after.clone()), is_other);
            work.steps.first.push(step);
        }
        work.account = after;
        Ok(())
    }

    async fn plan_subscription(
        &self,
        work: &mut Work<'_>,
        wanted: &Wanted,
    ) -> Result<(), AdminError> {
        let account = work.present.account.id;
        let Some(key) = &wanted.plan else {
            if let Some(plan) = &work.present.plan {
                work.leave(Part::Plan, plan);
            }
            return Ok(());
        };
        let running = self.store.subscription(account).await?;
        let running = running.map(|running| running.plan_id);
        let booked = self.plan_to_book(key, running, work.authority).await;
        let Some(Some(plan)) = work.accept("plan", booked)? else {
            return Ok(());
        };
        let now = self.clock.now();
        work.steps.first.push(Step::Subscribe(NewSubscription {
            id: SubscriptionId::new(&self.ids, now),
            account_id: account,
            plan_id: plan.id,
            started_at: now,
        }));
        let action = if running.is_some() {
            Action::Change
        } else {
            Action::Add
        };
        let value = ChangedValue {
            name: "plan",
            before: work.present.plan.clone(),
            after: Some(plan.name.clone()),
        };
        work.note(action, Part::Plan, "", vec![value]);
        work.plan = Some(plan);
        Ok(())
    }
}
