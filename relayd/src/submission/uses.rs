//! When was a password used last? Worth a write once a minute, not with every mail: a device that
//! signs in for each of a thousand mails leaves one.

use std::time::Duration;

use jiff::Timestamp;
use moka::sync::Cache;

use crate::model::CredentialId;

/// How far what is written down may lag behind.
const LAG: Duration = Duration::from_mins(1);

/// Remembers which uses were written down.
#[derive(Debug)]
pub(super) struct Uses(Cache<CredentialId, Timestamp>);

impl Uses {
    /// Nothing was.
    pub(super) fn new() -> Self {
        Self(Cache::new(20_000))
    }

    /// Whether a use at this time is to be written down. Of several at once only one is.
    pub(super) fn is_news(&self, id: CredentialId, at: Timestamp) -> bool {
        let is_over = |noted: &Timestamp| at.duration_since(*noted).unsigned_abs() >= LAG;
        let entry = self.0.entry(id).or_insert_with_if(|| at, is_over);
        entry.is_fresh()
    }

    /// It was not written down after all.
    pub(super) fn forget(&self, id: CredentialId) {
        self.0.invalidate(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdSource;

    #[test]
    fn one_use_in_a_minute_is_news_for_each_credential() {
        let (ids, uses) = (IdSource::new(), Uses::new());
        let start: Timestamp = "2026-05-04T12:00:00Z".parse().unwrap();
        let at = |seconds| start + Duration::from_secs(seconds);
        let [one, other] = [(); 2].map(|()| CredentialId::new(&ids, start));
        for (id, seconds, is_news) in [
            (one, 0, true),
            (one, 0, false),
            (other, 1, true),
            (one, 59, false),
            (one, 60, true),
            (one, 61, false),
            (other, 61, true),
        ] {
            assert_eq!(uses.is_news(id, at(seconds)), is_news, "{seconds}");
        }
        uses.forget(one);
        assert!(uses.is_news(one, at(62)));
        // A clock that was set back does not silence it for long.
        assert!(uses.is_news(one, at(0)));
    }
}
