//! Every way out against every fault: what relayd makes of it, what it tells, how often it tries,
//! and that no mail is lost or sent twice.
//!
//! [`table`] has the rows. Each row runs once for each kind of route that it can happen to, all of
//! them at the same time in one relayd: a case has an account, and a stand-in of its own, that
//! takes everything until the route is set and then misbehaves as the row says. A case ends when its
//! mail is where the row says; what is held by then is mended, and has to arrive, too. At the very
//! end relayd is stopped and every stand-in is counted once more.

mod case;
mod relay;
mod row;
mod table;
mod way;

use std::sync::Arc;

use tokio::{sync::Semaphore, task::JoinSet};

use self::{case::Case, relay::Relay};

/// Cases that are set up at one time; each costs a handshake and some commits.
const SET_UP_AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_way_out_meets_every_fault() {
    let relay = Arc::new(Relay::start().unwrap());
    let turn = Arc::new(Semaphore::new(SET_UP_AT_ONCE));
    let mut cases = JoinSet::new();
    let rows = table::rows();
    let pairs = rows
        .iter()
        .flat_map(|row| row.ways.iter().map(move |way| (row.clone(), *way)));
    for (number, (row, way)) in pairs.enumerate() {
        let (relay, turn) = (Arc::clone(&relay), Arc::clone(&turn));
        cases.spawn(async move {
            let what = format!("{} by {way:?}", row.name);
            let permit = turn.acquire().await;
            let case = Case::set_up(&relay, number, row, way).await;
            drop(permit);
            let run = async { case?.run(&relay).await };
            run.await.map_err(|error| format!("{what}: {error:#}"))
        });
    }
    let (mut ended, mut failures) = (Vec::new(), Vec::new());
    while let Some(case) = cases.join_next().await {
        match case.unwrap() {
            Ok(case) => ended.push(case),
            Err(failure) => failures.push(failure),
        }
    }
    let relay = Arc::into_inner(relay).expect("all cases have ended");
    relay.stop().unwrap();
    failures.extend(ended.iter().filter_map(Case::miscount));
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} cases failed:\n{}",
        failures.len(),
        failures.len() + ended.len(),
        failures.join("\n")
    );
}
