//! Relay users of a configuration: which come, change and go.

use super::{
    Action, Part, Wanted, WantedUser,
    difference::{changed, fresh, gone, of_user},
    domains::proven,
    plan::Work,
};
use crate::{
    accounts::{
        Accounts, AdminError, RelayUserChange,
        domain::refuse_outside,
        field::Fields,
        relay_user::{draft, edited},
    },
    model::{CredentialId, Reason, Refusal, RelayUser, SenderDomains, UserId},
    store::{NewCredential, Step},
};

impl Accounts {
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
            id: CredentialId::new(&self.ids, now),
            name: String::new(),
            hash: String::new(),
            created_at: now,
        };
        work.steps.new.push(Step::AddUser(user, unhashed));
        Ok(())
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

pub(super) fn name_of(wanted: &WantedUser) -> &str {
    wanted.user.username.as_deref().unwrap_or_default()
}
