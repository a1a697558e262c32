//! What is left of each limit, and whether this mail still fits.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Walk;
use crate::{
    model::{Quota, Refusal},
    policy::{Allowance, Meter, count},
    submission::door::unavailable,
};

impl Walk<'_> {
    /// Rates and quotas, as the commit judges them.
    pub(super) async fn limits(
        &mut self,
        allowance: Option<&Allowance>,
        recipients: usize,
    ) -> Result<(), Refusal> {
        const STEP: (&str, &str) = ("Limits", "DATA");
        let Some(allowance) = allowance else {
            self.without_plan(STEP);
            return Ok(());
        };
        let now = self.door.now();
        let mut meters = BTreeMap::new();
        let mut left = Vec::new();
        for quota in &allowance.quotas {
            let meter = self.door.store().meter(quota.subject).await;
            let meter = meter.map_err(unavailable)?;
            left.extend(left_of(quota, meter, now));
            meters.insert(*quota.subject.as_bytes(), meter);
        }
        let recipients = u32::try_from(recipients).unwrap_or(u32::MAX);
        let judged = count(&mut meters, &allowance.quotas, recipients, now);
        self.judge(STEP, judged.map(|()| left.join("; ")));
        Ok(())
    }
}

/// What is left of a quota, each in a few words.
fn left_of(quota: &Quota, meter: Meter, now: Timestamp) -> Option<String> {
    let limits = &quota.limits;
    let (messages, recipients) = meter.used_of_day(now);
    let minute = limits.messages_per_minute;
    let used = minute.map(|limit| meter.used_of_minute(limit, now));
    let all = [
        (minute, used.unwrap_or(0), "messages a minute"),
        (limits.messages_per_day, messages, "messages today"),
        (limits.recipients_per_day, recipients, "recipients today"),
    ];
    let parts = all.iter().filter_map(|(limit, used, what)| {
        let limit = (*limit)?;
        Some(format!("{} of {limit} {what}", limit.saturating_sub(*used)))
    });
    let parts: Vec<_> = parts.collect();
    let whose = quota.subject.scope().whose();
    (!parts.is_empty()).then(|| format!("left {whose}: {}", parts.join(", ")))
}
