//! The task of a lane that has something to do: reads its route, fills its window from the store,
//! starts workers, and sleeps until the next due time. It ends when nothing is left.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::{sleep, timeout};

use super::{
    answers::{OpenRoute, Step},
    context::{Context, LaneHandle},
    divert::Detour,
    ledger::Unanswered,
    worker,
};
use crate::{
    model::{AccountState, Hold, HoldKind, Reason, Route},
    store::Room,
    upstream::{Setback, Verdict},
};

/// A sleep is never longer, so that a wall clock that was set is noticed.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Starts the keeper of a lane unless it runs; wakes it if it does.
pub(super) fn ensure(handle: &Arc<LaneHandle>, context: &Arc<Context>) {
    let runs = std::mem::replace(&mut handle.lock().keeper_runs, true);
    if runs {
        handle.keeper.notify_one();
    } else {
        context.spawn(keep(Arc::clone(handle), Arc::clone(context)));
    }
}

/// Looks at a lane afresh: its settings, its hold or its messages have been changed.
pub(super) fn look_again(handle: &Arc<LaneHandle>, context: &Arc<Context>) {
    let mut lane = handle.lock();
    context.count_hold(lane.hold().is_some(), false);
    lane.invalidate();
    drop(lane);
    ensure(handle, context);
}

/// Writes a hold down, unless the lane was changed since `epoch`: then the hold is of the past, and
/// is taken back if the change came while it was written.
pub(super) async fn write_hold(
    handle: &Arc<LaneHandle>,
    context: &Arc<Context>,
    epoch: u64,
    hold: &Hold,
) -> Result<(), Unanswered> {
    if !handle.is_current(epoch) {
        return Ok(());
    }
    context.ledger.set_hold(handle.id, hold).await?;
    if !handle.is_current(epoch) && context.ledger.lift_hold(handle.id, hold).await? {
        look_again(handle, context);
    }
    Ok(())
}

/// Lets another keeper begin when this one ends in the middle, as by a panic.
struct Running {
    handle: Arc<LaneHandle>,
    has_ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended {
            let mut lane = self.handle.lock();
            lane.keeper_runs = false;
            lane.window.abandon_refill();
        }
    }
}

async fn keep(handle: Arc<LaneHandle>, context: Arc<Context>) {
    let mut running = Running {
        handle: Arc::clone(&handle),
        has_ended: false,
    };
    let mut is_in_trouble = false;
    loop {
        let step = handle.lock().plan(context.now());
        let done = match step {
            Step::Load => load(&handle, &context).await,
            Step::ClearHold => clear_hold(&handle, &context).await,
            Step::Recount => recount(&handle, &context).await,
            Step::Refill(room) => refill(&handle, &context, room).await,
            Step::Divert(detour) => divert(&handle, &context, detour).await,
            Step::Spawn(open) => {
                let work = worker::work(Arc::clone(&handle), Arc::clone(&context), open);
                context.spawn(work);
                Ok(())
            }
            Step::Sleep(length) => {
                let length = length.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP);
                // Either way the lane is looked at again.
                let _ = timeout(length, handle.keeper.notified()).await;
                Ok(())
            }
            Step::End => {
                running.has_ended = true;
                return;
            }
        };
        if let Err(error) = done {
            tracing::warn!(route = %handle.id, %error, "the lane waits for the store");
            handle.lock().trouble = Some(error.to_string());
            is_in_trouble = true;
            sleep(context.settings.rest).await;
        } else if std::mem::take(&mut is_in_trouble) {
            handle.lock().trouble = None;
        }
    }
}

/// Reads route, hold and the count of the day, and opens the way out.
async fn load(handle: &Arc<LaneHandle>, context: &Arc<Context>) -> Result<(), Unanswered> {
    let epoch = handle.lock().epoch;
    let route = context.ledger.route(handle.id).await?;
    // An account that may not send is not freed by the end or the release of a hold.
    let hold = match &route {
        Some(route) => account_hold(context, route).await?,
        None => None,
    };
    let hold = match hold {
        None => context.ledger.hold(handle.id).await?,
        hold => hold,
    };
    // Here, since the lane knows no hold yet that would put this mail off again.
    context.ledger.release_mail(handle.id).await?;
    let senders = context.ledger.sender_holds(handle.id).await?;
    let high = match &route {
        Some(route) => context.ledger.high_systems(route.account_id).await?,
        None => Vec::new(),
    };
    let high = high.into_iter().collect();
    let used = match &route {
        Some(route) if route.pace.recipients_per_day.is_some() => {
            handed_over_today(handle, context).await?
        }
        _ => 0,
    };
    let now = context.now();
    let Some(route) = route else {
        let why = "the route does not exist".to_owned();
        tracing::warn!(route = %handle.id, "mail waits for a route that does not exist");
        let mut lane = handle.lock();
        if lane.epoch == epoch {
            lane.unreachable(why, &context.settings, (context.random)(), now);
        }
        return Ok(());
    };
    match (context.opener)(&route) {
        Ok(upstream) => {
            let open = OpenRoute {
                route,
                upstream,
                epoch,
            };
            let mut lane = handle.lock();
            if lane.epoch == epoch {
                context.count_hold(lane.hold().is_some(), hold.is_some());
                lane.install(open, (hold, senders), high, used, now);
            }
            Ok(())
        }
        Err(setback) => unusable(handle, context, epoch, &setback).await,
    }
}

/// The hold of an account that was stopped: in memory only, since it is not the lane's own and
/// ends with the state of the account.
async fn account_hold(context: &Context, route: &Route) -> Result<Option<Hold>, Unanswered> {
    let state = context.ledger.account_state(route.account_id).await?;
    let detail = match state {
        // One that is only registered has nothing but the code for its e-mail; what a closing one
        // still has goes out.
        Some(AccountState::Active | AccountState::Registered | AccountState::Closing) => {
            return Ok(None);
        }
        Some(state) => format!("the account is {state}"),
        None => "the account does not exist".to_owned(),
    };
    Ok(Some(Hold {
        kind: HoldKind::Manual,
        reason: Reason::AccountNotActive,
        detail,
        since: context.clock.now(),
        until: None,
    }))
}

/// The settings of the route make no way out: a person must act, as with wrong credentials.
async fn unusable(
    handle: &Arc<LaneHandle>,
    context: &Arc<Context>,
    epoch: u64,
    setback: &Setback,
) -> Result<(), Unanswered> {
    let now = context.now();
    if setback.verdict != Verdict::HoldCredentials {
        let why = setback.to_string();
        let mut lane = handle.lock();
        if lane.epoch == epoch {
            lane.unreachable(why, &context.settings, (context.random)(), now);
        }
        return Ok(());
    }
    let hold = Hold {
        kind: HoldKind::Credentials,
        reason: setback.reason,
        detail: setback.to_string(),
        since: now.wall,
        until: None,
    };
    write_hold(handle, context, epoch, &hold).await?;
    let mut lane = handle.lock();
    if lane.epoch == epoch {
        context.count_hold(lane.hold().is_some(), true);
        lane.set_hold(Some(hold));
    }
    Ok(())
}

/// Ends a hold whose time is over: that one only.
async fn clear_hold(handle: &Arc<LaneHandle>, context: &Arc<Context>) -> Result<(), Unanswered> {
    let Some(hold) = handle.lock().hold().cloned() else {
        return Ok(());
    };
    if !context.ledger.lift_hold(handle.id, &hold).await? {
        // Another has taken its place, or it was released: the store knows.
        look_again(handle, context);
        return Ok(());
    }
    tracing::info!(route = %handle.id, "the hold of the lane is over");
    let mut lane = handle.lock();
    if lane.hold() == Some(&hold) {
        context.count_hold(true, false);
        lane.set_hold(None);
    }
    Ok(())
}

async fn recount(handle: &LaneHandle, context: &Context) -> Result<(), Unanswered> {
    let used = handed_over_today(handle, context).await?;
    handle.lock().recount(used, context.now());
    Ok(())
}

async fn handed_over_today(handle: &LaneHandle, context: &Context) -> Result<u64, Unanswered> {
    let now = context.clock.now();
    let since = now.checked_sub(DAY).unwrap_or(Timestamp::UNIX_EPOCH);
    context
        .ledger
        .recipients_handed_over(handle.id, since)
        .await
}

/// Moves what waits to the account's other route, if it is checked and not held.
async fn divert(
    handle: &Arc<LaneHandle>,
    context: &Arc<Context>,
    detour: Detour,
) -> Result<(), Unanswered> {
    let moved = move_on(handle, context, detour).await;
    let mut lane = handle.lock();
    lane.diversion.end(*moved.as_ref().unwrap_or(&0));
    for _ in 0..lane.idle {
        handle.work.notify_one();
    }
    moved.map(drop)
}

async fn move_on(
    handle: &Arc<LaneHandle>,
    context: &Arc<Context>,
    detour: Detour,
) -> Result<usize, Unanswered> {
    let account = {
        let lane = handle.lock();
        lane.route.as_ref().map(|open| open.route.account_id)
    };
    let Some(account) = account else { return Ok(0) };
    let Some(fallback) = context.ledger.fallback(account).await? else {
        return Ok(0);
    };
    let to = fallback.0;
    let rerouting = detour.to(handle.id, fallback, context.now());
    let moved = context.ledger.reroute(rerouting).await?;
    if moved > 0 {
        tracing::warn!(route = %handle.id, fallback = %to, messages = moved, "mail goes by the second route");
        context.ring(to);
    }
    Ok(moved)
}

/// Reads what is due, a share of each relay user and system, and when to look again.
async fn refill(handle: &LaneHandle, context: &Context, room: Room) -> Result<(), Unanswered> {
    let found = context.ledger.due(handle.id, room).await;
    let mut lane = handle.lock();
    match found {
        Ok(found) => {
            lane.window.end_refill(found);
            for _ in 0..lane.idle.min(lane.window.ready()) {
                handle.work.notify_one();
            }
            Ok(())
        }
        Err(error) => {
            lane.window.abandon_refill();
            Err(error)
        }
    }
}
