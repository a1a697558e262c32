//! What a lane answers when it is asked: what to do next, and how it stands.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{divert::Detour, window::Ready};
use crate::{
    model::{Hold, Route},
    store::Room,
    upstream::{Setback, Upstream},
};

/// The route of a lane as it was last read, and its way out.
#[derive(Debug)]
pub(super) struct OpenRoute {
    pub(super) route: Route,
    pub(super) upstream: Box<dyn Upstream>,
    pub(super) epoch: u64,
}

/// What a worker does next.
#[derive(Debug)]
pub(super) enum Task {
    /// Send this.
    Send(Box<Ready>),
    /// Do not send this: each of its recipients, or its sender, has to wait.
    PutOff(Box<Ready>, Vec<Setback>),
    /// Nothing may be sent before then, or until told.
    Wait(Option<Instant>),
    /// Close the connection and end.
    Leave,
}

/// What the keeper does next.
#[derive(Debug)]
pub(super) enum Step {
    /// Read route and hold from the store.
    Load,
    /// The time of the hold is over.
    ClearHold,
    /// Count the recipients of the last 24 hours.
    Recount,
    /// Read so many messages.
    Refill(Room),
    /// Move what waits to the account's other route, if there is one that can take it.
    Divert(Detour),
    /// Start a worker, which is counted already.
    Spawn(Arc<OpenRoute>),
    /// Nothing to do until told, or for so long.
    Sleep(Option<Duration>),
    /// Nothing to do at all; whoever has something starts a new keeper.
    End,
}

/// Whether a lane sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneState {
    /// It sends, or would if there were mail.
    Running,
    /// Stopped until a time or a person.
    Held(Hold),
    /// Goes on by itself.
    Waiting {
        /// Until when, where known.
        until: Option<Timestamp>,
        /// What for.
        why: String,
    },
}
