//! The queue: what was accepted is never lost, and leaves at the pace of its lane.

mod journal;

pub use journal::{AcceptError, Accepted, Journal};
