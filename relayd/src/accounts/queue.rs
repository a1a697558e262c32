//! What waits, why, and what people do about it.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{
    Accounts, AdminError, AlreadyLeft, LaneActivity, LanePhase, Scope, WrongField, field::Fields,
};
use crate::{
    model::{
        Account, AccountId, Hold, HoldKind, MessageId, Notification, Reason, RouteId, RouteRole,
    },
    store::{AddressFilter, LaneRow, LogFilter, QueueAction, Selected},
};

/// Messages changed in one transaction; the journal waits no longer than this takes.
const PIECE: u32 = 200;
/// Ids of one request.
const MAX_IDS: usize = 10_000;

/// A lane: what the store knows and what it does at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// What the store knows.
    pub row: LaneRow,
    /// What it does.
    pub phase: LanePhase,
    /// Why mail waits, in words; empty when none does.
    pub why: String,
    /// Connections open now.
    pub connections: u32,
}

/// The queue at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueSummary {
    /// Messages that wait for an attempt.
    pub depth: u64,
    /// Messages that a person stopped.
    pub held: u64,
    /// When the oldest waiting message was accepted.
    pub oldest_at: Option<Timestamp>,
    /// The lanes, deepest first.
    pub lanes: Vec<Lane>,
}

/// What to act on.
#[derive(Debug, Clone, Default)]
pub struct QueueSelection {
    /// These messages.
    pub ids: Vec<String>,
    /// Within this account.
    pub account: Option<String>,
    /// Those of this relay user.
    pub user: Option<String>,
    /// Those of this system.
    pub system: Option<String>,
    /// Those with an envelope sender in this domain.
    pub from_domain: Option<String>,
    /// Those with a recipient in this domain.
    pub to_domain: Option<String>,
    /// Those accepted at least so many seconds ago.
    pub older_than: Option<u64>,
    /// Every message.
    pub all: bool,
    /// Refuse when more would be touched.
    pub max: Option<u64>,
    /// Why.
    pub reason: String,
    /// Count only.
    pub dry_run: bool,
}

/// What came of acting on the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueChange {
    /// Messages that the selection named, in a state that allows the action.
    pub matched: u64,
    /// Messages that were changed.
    pub changed: u64,
    /// Ids that were given and not matched.
    pub skipped: Vec<String>,
    /// What had left already; of cancellations only.
    pub left: Option<AlreadyLeft>,
}

impl Accounts {
    /// The queue at a glance.
    pub async fn summarize_queue(
        &self,
        scope: &Scope,
        account: Option<&str>,
    ) -> Result<QueueSummary, AdminError> {
        let account = self.account_filter(scope, account).await?;
        let rows = self.store.lane_rows(account).await?;
        let activities: HashMap<RouteId, LaneActivity> = self
            .queue
            .lanes()
            .into_iter()
            .map(|activity| (activity.route_id, activity))
            .collect();
        let now = self.clock.now();
        let lanes: Vec<_> = rows
            .into_iter()
            .map(|row| lane(row, &activities, now))
            .collect();
        Ok(QueueSummary {
            depth: lanes.iter().map(|lane| lane.row.depth).sum(),
            held: lanes.iter().map(|lane| lane.row.held).sum(),
            oldest_at: lanes.iter().filter_map(|lane| lane.row.oldest_at).min(),
            lanes,
        })
    }

    /// The filter for messages accepted at least so many seconds ago.
    pub fn accepted_before(&self, seconds: u64) -> Timestamp {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.clock
            .now()
            .checked_sub(SignedDuration::from_secs(seconds))
            .unwrap_or(Timestamp::MIN)
    }

    /// Acts on the selected messages, in pieces; wakes their lanes.
    pub async fn act_on_queue(
        &self,
        scope: &Scope,
        action: QueueAction,
        selection: QueueSelection,
    ) -> Result<QueueChange, AdminError> {
        let mut fields = Fields::default();
        let reason = fields.line("reason", &selection.reason, 200);
        check_selector(&mut fields, &selection);
        fields.check()?;
        let account = selection.account.as_deref();
        let account = self.account_filter(scope, account).await?;
        if selection.system.is_some() && account.is_none() {
            return Err(AdminError::Invalid(vec![WrongField {
                field: "system",
                message: "name the account, too: systems of several accounts may have that name"
                    .to_owned(),
            }]));
        }
        if selection.ids.is_empty() {
            self.act_on_filter(account, action, &selection, &reason)
                .await
        } else {
            self.act_on_ids(account, action, &selection, &reason).await
        }
    }

    async fn act_on_ids(
        &self,
        account: Option<AccountId>,
        action: QueueAction,
        selection: &QueueSelection,
        reason: &str,
    ) -> Result<QueueChange, AdminError> {
        let mut change = QueueChange::default();
        let mut ids = BTreeSet::new();
        for text in &selection.ids {
            match text.parse::<MessageId>() {
                Ok(id) => drop(ids.insert(id)),
                Err(_) => change.skipped.push(text.clone()),
            }
        }
        let ids: Vec<_> = ids.into_iter().collect();
        let mut matched: Vec<Selected> = Vec::new();
        for piece in ids.chunks(PIECE as usize) {
            matched.extend(self.store.find_queued(piece, action, account).await?);
        }
        let known: BTreeSet<_> = matched.iter().map(|selected| selected.id).collect();
        let unknown = ids.iter().filter(|id| !known.contains(id));
        change.skipped.extend(unknown.map(ToString::to_string));
        change.matched = count(matched.len());
        refuse_above(selection.max, change.matched)?;
        let known: Vec<_> = known.into_iter().collect();
        if !selection.dry_run {
            for piece in known.chunks(PIECE as usize) {
                let changed = self.change_piece(piece, action, reason).await?;
                change.changed += count(changed.len());
            }
        }
        if action == QueueAction::Cancel {
            // Those that were skipped may have left for all of their recipients.
            let mut left = AlreadyLeft {
                in_flight: self.under_way_of(&known),
                ..AlreadyLeft::default()
            };
            for piece in ids.chunks(PIECE as usize) {
                left.add(self.store.partly_left_of(piece, account).await?);
            }
            change.left = Some(left);
        }
        Ok(change)
    }

    async fn act_on_filter(
        &self,
        account: Option<AccountId>,
        action: QueueAction,
        selection: &QueueSelection,
        reason: &str,
    ) -> Result<QueueChange, AdminError> {
        let filter = LogFilter {
            account,
            from: selection.from_domain.clone().map(AddressFilter::Domain),
            to: selection.to_domain.clone().map(AddressFilter::Domain),
            user: selection.user.clone(),
            system: selection.system.clone(),
            states: action.applies_to().to_vec(),
            // What arrives from now on was not selected.
            until: Some(self.accepted_before(selection.older_than.unwrap_or(0))),
            ..LogFilter::default()
        };
        let mut change = QueueChange {
            matched: self.store.count_messages(&filter).await?,
            ..QueueChange::default()
        };
        refuse_above(selection.max, change.matched)?;
        let is_cancel = action == QueueAction::Cancel;
        if selection.dry_run {
            if is_cancel {
                change.left = Some(self.would_have_left(&filter).await?);
            }
            return Ok(change);
        }
        let mut left = AlreadyLeft::default();
        let mut after = None;
        loop {
            let piece = self.store.select_messages(&filter, after, PIECE).await?;
            let Some(last) = piece.last() else { break };
            after = Some(last.id);
            let ids: Vec<_> = piece.iter().map(|selected| selected.id).collect();
            let changed = self.change_piece(&ids, action, reason).await?;
            change.changed += count(changed.len());
            if is_cancel {
                left.in_flight.extend(self.under_way_of(&changed));
                left.add(self.store.partly_left_of(&changed, account).await?);
            }
        }
        change.left = is_cancel.then_some(left);
        Ok(change)
    }

    async fn change_piece(
        &self,
        ids: &[MessageId],
        action: QueueAction,
        reason: &str,
    ) -> Result<Vec<MessageId>, AdminError> {
        let now = self.clock.now();
        let changed = self.store.act_on_messages(ids, action, reason, now).await?;
        let routes: BTreeSet<_> = changed.iter().map(|selected| selected.route_id).collect();
        for route in routes {
            self.queue.wake(route);
        }
        tracing::info!(
            ?action,
            messages = changed.len(),
            "queue changed by a person"
        );
        Ok(changed.iter().map(|selected| selected.id).collect())
    }

    /// Stops the lane of an account's route until it is released.
    pub async fn hold_lane(&self, account: &Account, reason: &str) -> Result<Lane, AdminError> {
        let mut fields = Fields::default();
        let detail = fields.line("reason", reason, 200);
        fields.check()?;
        let route = self.route_id_of(account).await?;
        let hold = Hold {
            kind: HoldKind::Manual,
            reason: Reason::HeldByOperator,
            detail,
            since: self.clock.now(),
            until: None,
        };
        let note = Notification::of_hold(&self.ids, account.id, route, &hold);
        self.store.noting(note).set_hold(route, &hold).await?;
        self.queue.wake(route);
        tracing::info!(account = %account.name, "lane held by a person");
        self.lane_of(account).await
    }

    /// Lets the lane of an account's route go on, whatever stopped it.
    pub async fn release_lane(&self, account: &Account) -> Result<Lane, AdminError> {
        let route = self.route_id_of(account).await?;
        let note = Notification::of_release(&self.ids, self.clock.now(), account.id, route);
        self.store.noting(note).clear_hold(route).await?;
        self.queue.wake(route);
        tracing::info!(account = %account.name, "lane released by a person");
        self.lane_of(account).await
    }

    async fn route_id_of(&self, account: &Account) -> Result<RouteId, AdminError> {
        let route = self.store.route_of(account.id).await?;
        route
            .map(|route| route.id)
            .ok_or_else(|| AdminError::not_found("route of account", account.name.as_str()))
    }

    async fn lane_of(&self, account: &Account) -> Result<Lane, AdminError> {
        let summary = self
            .summarize_queue(&Scope::All, Some(&account.name))
            .await?;
        summary
            .lanes
            .into_iter()
            .find(|lane| lane.row.role == RouteRole::Primary)
            .ok_or_else(|| AdminError::not_found("route of account", account.name.as_str()))
    }
}

/// No action without a selector, and none on everything by accident.
fn check_selector(fields: &mut Fields, selection: &QueueSelection) {
    let has_condition = selection.user.is_some()
        || selection.system.is_some()
        || selection.from_domain.is_some()
        || selection.to_domain.is_some()
        || selection.older_than.is_some();
    let kinds = [!selection.ids.is_empty(), has_condition, selection.all];
    match kinds.iter().filter(|given| **given).count() {
        0 => fields.refuse("all", "name messages by ids, by a condition, or say `all`"),
        1 => {}
        _ => fields.refuse("all", "ids, conditions and `all` exclude one another"),
    }
    if selection.ids.len() > MAX_IDS {
        fields.refuse("ids", format!("at most {MAX_IDS}"));
    }
}

fn refuse_above(max: Option<u64>, matched: u64) -> Result<(), AdminError> {
    match max {
        Some(max) if matched > max => Err(AdminError::Invalid(vec![WrongField {
            field: "max",
            message: format!(
                "{matched} messages match, more than the {max} allowed; nothing was changed"
            ),
        }])),
        _ => Ok(()),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Puts together what the store knows and what the process does. A lane that this process does not
/// run is judged by the store alone.
fn lane(mut row: LaneRow, activities: &HashMap<RouteId, LaneActivity>, now: Timestamp) -> Lane {
    let activity = activities.get(&row.route_id);
    // What was due and has not left is due now: a time that has passed tells nobody anything.
    row.next_due_at = row.next_due_at.map(|due| due.max(now));
    let is_held = row
        .hold
        .as_ref()
        .is_some_and(|hold| hold.until.is_none_or(|until| until > now));
    let phase = match activity {
        _ if is_held => LanePhase::Held,
        Some(activity) => activity.phase,
        None if row.depth == 0 => LanePhase::Idle,
        None => LanePhase::Waiting,
    };
    let said = activity.map(|activity| activity.why.clone());
    let why = match (&row.hold, row.depth) {
        (_, 0) => String::new(),
        (Some(hold), _) if is_held => format!("{} [{}]", hold.detail, hold.reason.code())
            .trim_start()
            .to_owned(),
        _ => said
            .filter(|why| !why.is_empty())
            .unwrap_or_else(|| match (phase, row.next_due_at) {
                (LanePhase::Waiting, Some(due)) => format!("next attempt at {due:.0}"),
                (LanePhase::Paced, _) => "waits for the pace of the route".to_owned(),
                _ => String::new(),
            }),
    };
    Lane {
        connections: activity.map_or(0, |activity| activity.connections),
        phase,
        why,
        row,
    }
}
