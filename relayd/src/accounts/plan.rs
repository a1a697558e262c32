//! Plans: the operator makes, changes and retires them. The built-in ones are like all others.

use super::{
    Accounts, AdminError, Listing, Scope,
    field::Fields,
    limits::{FASTEST, SMALLEST},
};
use crate::{
    model::{AccountId, Limits, Plan, PlanId, PlanState, Reason},
    store::{StoreError, UpdatePlanError},
};

/// Most relay users of one account: more are for a plan that nobody looks through any more.
const MOST_USERS: u32 = 10_000;
/// Most recipients of one message that any plan allows.
const MOST_RECIPIENTS: u32 = 10_000;
/// What a mailbox of Exchange Online takes unless its owner raises it.
const USUAL_SIZE: u64 = 35 * 1024 * 1024;
/// The same for the recipients of one message.
const USUAL_RECIPIENTS: u32 = 500;
/// Accounts that are named in a refusal.
const NAMED: usize = 5;

/// A new plan as it was asked for.
#[derive(Debug, Clone)]
pub struct NewPlan {
    /// Name.
    pub name: String,
    /// Relay users of an account.
    pub relay_users: u32,
    /// Messages in any minute.
    pub messages_per_minute: u32,
    /// Messages in a day.
    pub messages_per_day: u32,
    /// Recipients in a day; as many as messages when not given.
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message; the usual number when not given.
    pub recipients_per_message: Option<u32>,
    /// Size of one message in bytes; the usual one when not given.
    pub message_size: Option<u64>,
}

/// Changes of a plan; what is not given stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanChange {
    /// Relay users of an account.
    pub relay_users: Option<u32>,
    /// Messages in any minute.
    pub messages_per_minute: Option<u32>,
    /// Messages in a day.
    pub messages_per_day: Option<u32>,
    /// Recipients in a day.
    pub recipients_per_day: Option<u32>,
    /// Recipients of one message.
    pub recipients_per_message: Option<u32>,
    /// Size of one message in bytes.
    pub message_size: Option<u64>,
}

/// A plan, and how many accounts have it, which owners are not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOverview {
    /// The plan.
    pub plan: Plan,
    /// Accounts that have it now.
    pub subscribers: Option<u32>,
}

impl Accounts {
    /// The plans whose names stand behind `after`, by name: to an owner those that are offered,
    /// and its own.
    pub async fn list_plans(
        &self,
        scope: &Scope,
        after: &str,
        limit: u32,
    ) -> Result<Listing<PlanOverview>, AdminError> {
        let reader = reader(scope);
        let plans = self.store.plans(reader, after, limit + 1).await?;
        let listing = Listing::cut(plans, limit, |(plan, _)| plan.name.clone());
        Ok(listing.map(|(plan, subscribers)| PlanOverview {
            plan,
            subscribers: reader.is_none().then_some(subscribers),
        }))
    }

    /// The plan that `key` names, by name or id, as far as the caller may see it.
    pub async fn show_plan(&self, scope: &Scope, key: &str) -> Result<PlanOverview, AdminError> {
        let plan = self.find_plan(key).await?;
        let Some(reader) = reader(scope) else {
            return self.plan_overview(plan).await;
        };
        let is_own = match self.store.subscription(reader).await? {
            Some(running) => running.plan_id == plan.id,
            None => false,
        };
        if plan.state == PlanState::Retired && !is_own {
            return Err(AdminError::not_found("plan", key));
        }
        Ok(PlanOverview {
            plan,
            subscribers: None,
        })
    }

    /// Makes a plan.
    pub async fn create_plan(&self, new: NewPlan) -> Result<PlanOverview, AdminError> {
        let mut fields = Fields::default();
        fields.name("name", &new.name, "-", 40);
        let ceiling = self.settings.message_size;
        let change = PlanChange {
            relay_users: Some(new.relay_users),
            messages_per_minute: Some(new.messages_per_minute),
            messages_per_day: Some(new.messages_per_day),
            recipients_per_day: new.recipients_per_day,
            recipients_per_message: new.recipients_per_message,
            message_size: new.message_size,
        };
        check(&mut fields, &change, ceiling);
        fields.check()?;
        let now = self.clock.now();
        let plan = Plan {
            id: PlanId::new(&self.ids, now),
            name: new.name,
            state: PlanState::Offered,
            relay_users: new.relay_users,
            limits: Limits {
                messages_per_minute: new.messages_per_minute,
                messages_per_day: new.messages_per_day,
                recipients_per_day: new.recipients_per_day.unwrap_or(new.messages_per_day),
                recipients_per_message: new.recipients_per_message.unwrap_or(USUAL_RECIPIENTS),
                message_size: new.message_size.unwrap_or(USUAL_SIZE.min(ceiling)),
            },
            version: 1,
        };
        let inserted = self.store.insert_plan(&plan, now).await;
        inserted.map_err(|error| AdminError::on_insert(error, &plan.name))?;
        tracing::info!(plan = %plan.name, "plan made");
        self.plan_overview(plan).await
    }

    /// Changes what a plan allows, for all who have it. With `if_match` it must still have that
    /// version.
    pub async fn edit_plan(
        &self,
        key: &str,
        change: PlanChange,
        if_match: Option<i64>,
    ) -> Result<PlanOverview, AdminError> {
        let mut plan = self.find_plan(key).await?;
        if if_match.is_some_and(|version| version != plan.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let mut fields = Fields::default();
        if change == PlanChange::default() {
            fields.refuse("plan", "there is nothing to change");
        }
        check(&mut fields, &change, self.settings.message_size);
        fields.check()?;
        let limits = plan.limits;
        plan.relay_users = change.relay_users.unwrap_or(plan.relay_users);
        plan.limits = Limits {
            messages_per_minute: change
                .messages_per_minute
                .unwrap_or(limits.messages_per_minute),
            messages_per_day: change.messages_per_day.unwrap_or(limits.messages_per_day),
            recipients_per_day: change
                .recipients_per_day
                .unwrap_or(limits.recipients_per_day),
            recipients_per_message: change
                .recipients_per_message
                .unwrap_or(limits.recipients_per_message),
            message_size: change.message_size.unwrap_or(limits.message_size),
        };
        self.write_plan(plan).await
    }

    /// Offers a plan, or offers it no longer; those who have it keep it.
    pub async fn set_plan_state(
        &self,
        key: &str,
        state: PlanState,
    ) -> Result<PlanOverview, AdminError> {
        let mut plan = self.find_plan(key).await?;
        if plan.state == state {
            return self.plan_overview(plan).await;
        }
        plan.state = state;
        self.write_plan(plan).await
    }

    /// Deletes a plan that no account has or ever had: the history of the others names theirs.
    pub async fn delete_plan(&self, key: &str) -> Result<(), AdminError> {
        let plan = self.find_plan(key).await?;
        let deleted = self.store.delete_plan(plan.id).await;
        deleted.map_err(|error| match error {
            StoreError::Conflict(_) => AdminError::refused(
                Reason::StateConflict,
                format!(
                    "accounts have or had {0}, and their history names it: relayctl plan retire {0} \
                     offers it no longer",
                    plan.name
                ),
            ),
            StoreError::NotFound => AdminError::not_found("plan", key),
            error => AdminError::Store(error),
        })?;
        tracing::info!(plan = %plan.name, "plan deleted");
        Ok(())
    }

    /// The plan that `key` names, by id or name, whoever asks.
    pub(super) async fn find_plan(&self, key: &str) -> Result<Plan, AdminError> {
        let by_id = match key.parse() {
            Ok(id) => self.store.plan(id).await?,
            Err(_) => None,
        };
        let found = match by_id {
            None => self.store.plan_by_name(key).await?,
            found => found,
        };
        found.ok_or_else(|| AdminError::not_found("plan", key))
    }

    /// The plan that an account has now.
    pub(super) async fn plan_of(&self, account: AccountId) -> Result<Option<Plan>, AdminError> {
        match self.store.subscription(account).await? {
            Some(subscription) => Ok(self.store.plan(subscription.plan_id).await?),
            None => Ok(None),
        }
    }

    async fn write_plan(&self, mut plan: Plan) -> Result<PlanOverview, AdminError> {
        self.store
            .update_plan(&plan)
            .await
            .map_err(|error| match error {
                UpdatePlanError::TooSmall(accounts) => too_small(&plan, &accounts),
                UpdatePlanError::Store(error) => AdminError::on_update(error),
            })?;
        plan.version += 1;
        tracing::info!(plan = %plan.name, state = %plan.state, "plan changed");
        self.plan_overview(plan).await
    }

    async fn plan_overview(&self, plan: Plan) -> Result<PlanOverview, AdminError> {
        Ok(PlanOverview {
            subscribers: Some(self.store.count_subscribers(plan.id).await?),
            plan,
        })
    }
}

/// The account that is told of plans; `None` for the operator, who is told of all.
fn reader(scope: &Scope) -> Option<AccountId> {
    match scope {
        Scope::All => None,
        Scope::Only(own) => Some(own.id),
        Scope::Nothing => Some(AccountId::NONE),
    }
}

/// Whether these values make sense. `ceiling` is the largest message that relayd takes at all.
fn check(fields: &mut Fields, change: &PlanChange, ceiling: u64) {
    let mut within = |field, value: Option<u32>, most: u32| {
        if value.is_some_and(|value| !(1..=most).contains(&value)) {
            fields.refuse(field, format!("1 to {most}"));
        }
    };
    within("relay_users", change.relay_users, MOST_USERS);
    within("messages_per_minute", change.messages_per_minute, FASTEST);
    within("messages_per_day", change.messages_per_day, u32::MAX);
    within("recipients_per_day", change.recipients_per_day, u32::MAX);
    within(
        "recipients_per_message",
        change.recipients_per_message,
        MOST_RECIPIENTS,
    );
    if change
        .message_size
        .is_some_and(|size| !(SMALLEST..=ceiling).contains(&size))
    {
        let why = format!(
            "{SMALLEST} to {ceiling} bytes, which is message_size in the configuration of relayd"
        );
        fields.refuse("message_size", why);
    }
}

/// Who uses more relay users than the plan would allow.
fn too_small(plan: &Plan, accounts: &[(String, u32)]) -> AdminError {
    let mut told: Vec<_> = accounts
        .iter()
        .take(NAMED)
        .map(|(name, users)| format!("{name} has {users}"))
        .collect();
    if accounts.len() > NAMED {
        told.push("others have more, too".to_owned());
    }
    let detail = format!(
        "{} relay users are fewer than accounts with this plan have: {}; they delete some by \
         relayctl user delete NAME, or get another plan by relayctl subscription change",
        plan.relay_users,
        told.join(", ")
    );
    AdminError::refused(Reason::PlanLimit, detail)
}
