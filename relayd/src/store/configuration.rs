//! The configuration of an account, written in one transaction: all of it, or nothing.

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::{
    NewCredential, NewSubscription, Store, StoreError, WriteSystemError, accounts,
    change::{Change, Part},
    domains, limits,
    record::Record,
    relay_users::{self, count_users, running_cap},
    routes, sessions, subscriptions, systems,
    topic::Topic,
};
use crate::model::{
    Account, AccountId, Domain, LimitScope, Override, RelayUser, Route, RouteRole, Subject, System,
};

/// Tells two states of an account's configuration apart.
pub type Stamp = [u8; 32];

/// Keeps these hashes apart from any other use of the same function.
const CONTEXT: &str = "relayd 2026 configuration stamp";

/// One change among those of a configuration.
#[derive(Debug, Clone)]
pub enum Step {
    /// Who the customer is, and what belongs to it; another contact e-mail ends the sessions.
    Contact(Box<Account>, bool),
    /// Another plan.
    Subscribe(NewSubscription),
    /// A new domain.
    AddDomain(Domain),
    /// A domain that goes.
    RemoveDomain(Domain),
    /// A new relay user with its password.
    AddUser(RelayUser, NewCredential),
    /// Senders and state of a relay user.
    EditUser(RelayUser),
    /// A relay user that goes.
    RemoveUser(RelayUser),
    /// A new system.
    AddSystem(System),
    /// What can change of a system.
    EditSystem(System),
    /// A system that goes.
    RemoveSystem(System),
    /// Limits that are set for something of that name; none at all is a reset.
    SetLimits(Subject, String, Override),
    /// A route that was probed; the version is that of the one it takes the place of.
    SetRoute(Box<Route>, Option<i64>),
    /// A fallback that goes.
    RemoveRoute(Box<Route>),
}

/// Changes of one account's configuration.
#[derive(Debug)]
pub struct Reconfiguration<'r> {
    /// Whose.
    pub account: &'r Account,
    /// What they are based on.
    pub stamp: Stamp,
    /// The changes, in an order in which each finds what it needs.
    pub steps: &'r [Step],
    /// Domains that the account may have.
    pub most_domains: u32,
    /// When.
    pub now: Timestamp,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ReconfigureError {
    /// The configuration is not what the changes are based on.
    #[error("the configuration was changed meanwhile")]
    Stale,
    /// More relay users than the plan allows.
    #[error("{used} relay users, where the plan allows {allowed}")]
    OverPlan {
        /// Relay users there would be.
        used: u32,
        /// How many the plan allows.
        allowed: u32,
    },
    /// Relay users need a plan.
    #[error("there is no subscription")]
    NoPlan,
    /// More domains than an account may have.
    #[error("{0} domains")]
    TooManyDomains(u32),
    /// Two systems cannot be told apart.
    #[error(transparent)]
    System(#[from] WriteSystemError),
    /// The step of that number was refused.
    #[error("step {0}: {1}")]
    Step(usize, StoreError),
    /// Anything else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// What tells the configuration of an account apart from any other it had or will have.
    pub async fn configuration_stamp(&self, account: AccountId) -> Result<Stamp, StoreError> {
        let mut connection = self.reads().acquire().await?;
        stamp(&mut connection, account).await
    }

    /// Makes all changes, each with its entry in the audit log, or none, provided that the
    /// configuration is still the one that they are based on.
    pub async fn reconfigure(&self, all: &Reconfiguration<'_>) -> Result<(), ReconfigureError> {
        let account = all.account.id;
        let tx = self.begin_open(account).await?;
        let mut change = self.change_in(tx, Topic::Messages).await?;
        if stamp(change.connection(), account).await? != all.stamp {
            return Err(ReconfigureError::Stale);
        }
        change.tell(|| json!({ "changes": all.steps.len() }));
        for (number, step) in all.steps.iter().enumerate() {
            self.take(&mut change, all, step)
                .await
                .map_err(|error| ReconfigureError::Step(number, error))?;
        }
        self.judge(change.connection(), all).await?;
        Ok(change.commit().await?)
    }

    async fn take(
        &self,
        change: &mut Change<'_>,
        all: &Reconfiguration<'_>,
        step: &Step,
    ) -> Result<(), StoreError> {
        let account = all.account.id;
        change
            .turn_to(topic(account, step), part(&all.account.name, step))
            .await?;
        let connection = change.connection();
        match step {
            Step::Contact(account, ends_sessions) => {
                accounts::write_contact(connection, account).await?;
                if *ends_sessions {
                    sessions::end(connection, account.id, &[]).await?;
                }
                Ok(())
            }
            Step::Subscribe(new) => {
                subscriptions::lock_plan(connection, self.engine(), new.plan_id).await?;
                subscriptions::begin(connection, new, self.actor()).await
            }
            Step::AddDomain(domain) => domains::insert(connection, domain).await,
            Step::RemoveDomain(domain) => domains::delete(connection, domain.id).await,
            Step::AddUser(user, credential) => {
                relay_users::insert(connection, user, credential).await
            }
            Step::EditUser(user) => relay_users::update(connection, user).await,
            Step::RemoveUser(user) => relay_users::delete(connection, user.id).await,
            Step::AddSystem(system) => systems::insert(connection, system).await,
            Step::EditSystem(system) => systems::update(connection, system).await,
            Step::RemoveSystem(system) => systems::delete(connection, system.id).await,
            Step::SetLimits(subject, _, set) => {
                let old = limits::read_limits_of(connection, *subject).await?;
                let change = (old.as_ref(), set);
                limits::replace(connection, account, *subject, change, all.now).await
            }
            Step::SetRoute(route, None) => self.insert_route_in(connection, route, all.now).await,
            Step::SetRoute(route, Some(_)) => {
                self.update_route_in(connection, route, all.now).await
            }
            Step::RemoveRoute(route) => routes::remove(connection, route).await,
        }
    }

    /// What has to hold of the whole, whatever the order of the steps.
    async fn judge(
        &self,
        connection: &mut AnyConnection,
        all: &Reconfiguration<'_>,
    ) -> Result<(), ReconfigureError> {
        let account = all.account.id;
        let any = |matches: fn(&Step) -> bool| all.steps.iter().any(matches);
        if any(|step| matches!(step, Step::AddUser(..) | Step::Subscribe(_))) {
            let cap = running_cap(connection, self.engine(), account).await?;
            let allowed = cap.ok_or(ReconfigureError::NoPlan)?;
            let used = count_users(connection, account).await?;
            if used > allowed {
                return Err(ReconfigureError::OverPlan { used, allowed });
            }
        }
        if any(|step| matches!(step, Step::AddDomain(_))) {
            let count = domains::count_domains(connection, account).await?;
            if count > all.most_domains {
                return Err(ReconfigureError::TooManyDomains(count));
            }
        }
        let written: Vec<_> = all
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::AddSystem(system) | Step::EditSystem(system) => Some(system),
                _ => None,
            })
            .collect();
        Ok(self.refuse_overlaps(connection, &written).await?)
    }
}

fn topic(account: AccountId, step: &Step) -> Topic {
    match step {
        Step::Contact(..) => Topic::Account(account),
        Step::Subscribe(_) => Topic::Subscription(account),
        Step::AddDomain(it) | Step::RemoveDomain(it) => Topic::Domain(it.id),
        Step::AddUser(it, _) | Step::EditUser(it) | Step::RemoveUser(it) => Topic::RelayUser(it.id),
        Step::AddSystem(it) | Step::EditSystem(it) | Step::RemoveSystem(it) => Topic::System(it.id),
        Step::SetLimits(subject, ..) => Topic::Limits(account, *subject),
        Step::SetRoute(it, _) | Step::RemoveRoute(it) => Topic::Route(it.id),
    }
}

/// The request that makes this change alone.
fn part(account: &str, step: &Step) -> Part {
    let of_route = |route: &Route| match route.role {
        RouteRole::Primary => "/route".to_owned(),
        RouteRole::Fallback => "/route?role=fallback".to_owned(),
    };
    let (action, rest) = match step {
        Step::Contact(..) => ("EditAccount", String::new()),
        Step::Subscribe(_) => ("StartSubscription", "/subscription".to_owned()),
        Step::AddDomain(it) => ("AddDomain", format!("/domains/{}", it.name)),
        Step::RemoveDomain(it) => ("RemoveDomain", format!("/domains/{}", it.name)),
        Step::AddUser(it, _) => ("CreateRelayUser", format!("/users/{}", it.username)),
        Step::EditUser(it) => ("EditRelayUser", format!("/users/{}", it.username)),
        Step::RemoveUser(it) => ("DeleteRelayUser", format!("/users/{}", it.username)),
        Step::AddSystem(it) => ("AddSystem", format!("/systems/{}", it.name)),
        Step::EditSystem(it) => ("EditSystem", format!("/systems/{}", it.name)),
        Step::RemoveSystem(it) => ("RemoveSystem", format!("/systems/{}", it.name)),
        Step::SetLimits(subject, name, set) => (
            if set.limits.is_empty() {
                "ResetLimits"
            } else {
                "SetLimits"
            },
            match subject.scope() {
                LimitScope::Account => "/limits".to_owned(),
                scope => format!("/limits?name={name}&scope={scope}"),
            },
        ),
        Step::SetRoute(it, _) => ("SetRoute", of_route(it)),
        Step::RemoveRoute(it) => ("RemoveRoute", of_route(it)),
    };
    Part {
        action,
        object: format!("/v1/accounts/{account}{rest}"),
    }
}

/// Versions count up and ids are never used again, so what they tell is the whole.
async fn stamp(connection: &mut AnyConnection, account: AccountId) -> Result<Stamp, StoreError> {
    let rows = sqlx::query(
        "SELECT id, version FROM accounts WHERE id = $1
         UNION ALL SELECT id, CAST(0 AS BIGINT) FROM subscriptions
             WHERE account_id = $1 AND ended_at IS NULL
         UNION ALL SELECT id, version FROM routes WHERE account_id = $1
         UNION ALL SELECT id, version FROM relay_users WHERE account_id = $1
         UNION ALL SELECT id, version FROM systems WHERE account_id = $1
         UNION ALL SELECT id, CAST(0 AS BIGINT) FROM domains WHERE account_id = $1",
    )
    .bind(account.as_bytes().as_slice())
    .fetch_all(&mut *connection)
    .await?;
    let mut versions = Vec::with_capacity(rows.len());
    for row in &rows {
        let record = Record::new("accounts", row);
        let version: i64 = record.number("version")?;
        versions.push((record.bytes("id")?, version));
    }
    versions.sort_unstable();
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    for (id, version) in versions {
        hasher.update(id);
        hasher.update(&version.to_le_bytes());
    }
    let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
        "{} WHERE account_id = $1 ORDER BY subject_id",
        limits::SELECT_LIMITS
    )))
    .bind(account.as_bytes().as_slice())
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let set = limits::read_override(row)?;
        hasher.update(Record::new("limits", row).bytes("subject_id")?);
        hasher.update(format!("{set:?}").as_bytes());
    }
    Ok(*hasher.finalize().as_bytes())
}
