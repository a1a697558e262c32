//! The metrics of a listener.

use std::sync::Arc;

use metrics::{Counter, Gauge};

use crate::smtp::tls;

/// Figures of one listener.
pub(super) struct Figures {
    listener: Arc<str>,
    total: Counter,
    open: Gauge,
}

impl Figures {
    pub(super) fn of(listener: &Arc<str>) -> Self {
        let label = || [("listener", listener.to_string())];
        Self {
            listener: Arc::clone(listener),
            total: metrics::counter!("relayd_sessions_total", &label()),
            open: metrics::gauge!("relayd_sessions_open", &label()),
        }
    }

    /// Counts a session, as open until the guard is dropped.
    pub(super) fn session(&self) -> OpenSession {
        self.total.increment(1);
        self.open.increment(1.0);
        OpenSession(self.open.clone())
    }

    pub(super) fn failed_handshake(&self, why: tls::Why) {
        metrics::counter!(
            "relayd_tls_handshakes_failed_total",
            "listener" => self.listener.to_string(),
            "reason" => why.as_str(),
        )
        .increment(1);
    }
}

pub(super) struct OpenSession(Gauge);

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
