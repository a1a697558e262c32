//! A lane as people are told of it.

use super::{Lane, Now};
use crate::queue::{answers::LaneState, schedule::later};

impl Lane {
    /// The state of the lane in words: `Held`, `Waiting` or `Running`.
    pub(in crate::queue) fn state(&self, now: Now) -> LaneState {
        if let Some(hold) = &self.hold {
            return LaneState::Held(hold.clone());
        }
        if let Some(why) = &self.trouble {
            let why = why.clone();
            return LaneState::Waiting { until: None, why };
        }
        if let Some(rest) = self.resting(now) {
            return LaneState::Waiting {
                until: Some(later(now.wall, rest.until - now.mono)),
                why: rest.why.clone(),
            };
        }
        if self.day_is_spent() {
            return LaneState::Waiting {
                until: None,
                why: "the recipients of 24 hours are used up".to_owned(),
            };
        }
        self.paced(now).unwrap_or(LaneState::Running)
    }

    /// Whether the messages a minute are what keeps the next one back.
    fn paced(&self, now: Now) -> Option<LaneState> {
        let per_minute = self.route.as_ref()?.route.pace.per_minute?;
        let ready_at = self.bucket.ready_at(now.mono);
        let is_paced = self.in_flight == 0 && self.window.ready() > 0 && ready_at > now.mono;
        is_paced.then(|| LaneState::Waiting {
            until: Some(later(now.wall, ready_at - now.mono)),
            why: format!("pace: {per_minute} a minute"),
        })
    }
}
