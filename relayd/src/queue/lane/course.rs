//! What a lane makes of how deliveries went: whether it rests, and how many connections it may have.

use std::time::Duration;

use jiff::Timestamp;

use super::{Lane, Now, Rest};
use crate::{model::MessageId, queue::Settings};

/// Deliveries in a row that earn back one connection after a request to slow down.
const RECOVERY: u32 = 20;

impl Lane {
    /// A message is settled for good or put off; frees its place.
    pub(in crate::queue) fn settled(
        &mut self,
        id: MessageId,
        recipients: usize,
        delivered: u64,
        due: Option<Timestamp>,
    ) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.day.settle(recipients, delivered);
        self.window.forget(id, due);
    }

    /// The other side took mail: whatever trouble there was is over.
    pub(in crate::queue) fn succeeded(&mut self) {
        self.setbacks = 0;
        self.diversion.over();
        self.deliveries += 1;
        let full = self
            .route
            .as_ref()
            .map_or(1, |open| open.route.pace.connections.max(1));
        if self.deliveries >= RECOVERY && self.allowance < full {
            self.allowance += 1;
            self.deliveries = 0;
        }
    }

    /// The server cannot be reached: the whole lane waits, longer each time, so that a queue of a
    /// thousand messages does not spend an attempt of each.
    pub(in crate::queue) fn unreachable(
        &mut self,
        why: String,
        settings: &Settings,
        random: f64,
        now: Now,
    ) {
        self.diversion.unreachable(now);
        self.pause(why, settings, random, now);
    }

    /// The server asks for patience: half the connections, and a pause.
    pub(in crate::queue) fn slow_down(
        &mut self,
        why: String,
        settings: &Settings,
        random: f64,
        now: Now,
    ) {
        self.halve(now);
        self.pause(why, settings, random, now);
    }

    /// The server says how long to wait: half the connections, and that pause.
    pub(in crate::queue) fn wait(&mut self, why: String, length: Duration, now: Now) {
        self.halve(now);
        let until = now.mono + length;
        if self.rest.as_ref().is_none_or(|rest| rest.until < until) {
            self.rest = Some(Rest { until, why });
        }
    }

    /// Half the connections, once for each rest.
    fn halve(&mut self, now: Now) {
        if self.resting(now).is_none() {
            self.allowance = (self.allowance / 2).max(1);
        }
        self.deliveries = 0;
    }

    /// Setbacks that arrive during a pause belong to the same trouble.
    fn pause(&mut self, why: String, settings: &Settings, random: f64, now: Now) {
        if self.resting(now).is_some() {
            return;
        }
        let longer = settings.rest.saturating_mul(1 << self.setbacks.min(20));
        let pause = longer
            .min(settings.longest_rest)
            .mul_f64(0.9 + 0.2 * random);
        self.setbacks += 1;
        self.rest = Some(Rest {
            until: now.mono + pause,
            why,
        });
    }

    /// What is left of the pause, for messages that are put off because of it.
    pub(in crate::queue) fn pause_left(&self, now: Now) -> Duration {
        self.resting(now)
            .map_or(Duration::ZERO, |rest| rest.until - now.mono)
    }
}
