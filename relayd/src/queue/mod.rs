//! The queue: what was accepted is never lost, and leaves at the pace of its lane.
//!
//! `journal` makes mail safe. Each route is a lane: `lane` decides, its `keeper` fills the `window`
//! from the store and starts `worker`s, one for each connection; `handover` splits what has too many
//! recipients, `settle` judges what came of a delivery, `senders` knows whose mail waits, `recorder`
//! writes it down, `notice` tells the sender.

mod answers;
mod body;
mod condition;
mod context;
mod divert;
mod durable;
mod handover;
mod journal;
mod keeper;
mod lane;
mod lanes;
mod ledger;
mod notice;
mod pace;
mod reaction;
mod recorder;
mod report;
mod schedule;
mod senders;
mod settings;
mod settle;
mod turns;
mod underway;
mod unknown;
mod window;
mod worker;

#[cfg(test)]
mod tests;

pub use answers::LaneState;
pub use condition::Condition;
pub use journal::{AcceptError, Accepted, Journal};
pub use lanes::{Intake, LaneStatus, Parts, Queue};
pub use schedule::Schedule;
pub use settings::Settings;
