//! One mail in as many transactions as its recipients need: no more at a time than the route
//! allows, and the rest at once when the server takes no more. Pure.

use std::collections::VecDeque;

use crate::{
    model::Reason,
    upstream::{Outcome, Setback, Verdict},
};

/// The recipients of a mail, by their place, and what came of them.
pub(super) struct Handover {
    outcomes: Vec<Option<Outcome>>,
    pending: VecDeque<usize>,
    most: usize,
}

impl Handover {
    /// Begins; recipients that wait for themselves are left out.
    pub(super) fn new(waits: Vec<Option<Setback>>, most: u32) -> Self {
        let outcomes: Vec<_> = waits
            .into_iter()
            .map(|wait| wait.map(Outcome::Setback))
            .collect();
        let places = outcomes.iter().enumerate();
        let pending = places.filter(|(_, outcome)| outcome.is_none());
        Self {
            pending: pending.map(|(place, _)| place).collect(),
            most: usize::try_from(most).unwrap_or(usize::MAX).max(1),
            outcomes,
        }
    }

    /// The places of the next transaction; none when all is done.
    pub(super) fn next(&mut self) -> Option<Vec<usize>> {
        let count = self.most.min(self.pending.len());
        (count > 0).then(|| self.pending.drain(..count).collect())
    }

    /// Takes what came of a transaction, one outcome for each place. Recipients that the server had
    /// no more room for come next, if it took any.
    pub(super) fn take(&mut self, places: &[usize], outcomes: Vec<Outcome>) {
        let first_ended = outcomes.iter().position(ends_recipients);
        let has_room = first_ended.is_none_or(|first| first > 0);
        let obstacle = obstacle(&outcomes);
        let goes_on = has_room && obstacle.is_none();
        if let Some(first) = first_ended.filter(|_| goes_on) {
            self.most = first;
        }
        let mut again = Vec::new();
        for (place, outcome) in places.iter().zip(outcomes) {
            if goes_on && ends_recipients(&outcome) {
                again.push(*place);
                continue;
            }
            // Too many at once is for later, whatever its code (RFC 5321 §4.5.3.1.10).
            let outcome = match outcome {
                Outcome::Setback(it) if has_room && it.ends_recipients() => {
                    Outcome::Setback(Setback {
                        verdict: Verdict::Retry,
                        reason: Reason::RemoteTemporary,
                        ..it
                    })
                }
                other => other,
            };
            if let Some(slot) = self.outcomes.get_mut(*place) {
                *slot = Some(outcome);
            }
        }
        for place in again.into_iter().rev() {
            self.pending.push_front(place);
        }
        if let Some(obstacle) = obstacle {
            for place in std::mem::take(&mut self.pending) {
                if let Some(slot) = self.outcomes.get_mut(place) {
                    *slot = Some(Outcome::Setback(obstacle.clone()));
                }
            }
        }
    }

    /// What came of all of them.
    pub(super) fn finish(self) -> Vec<Outcome> {
        let untried =
            || Outcome::Setback(Setback::new(Verdict::Retry, Reason::Internal, "not tried"));
        let outcomes = self.outcomes.into_iter();
        outcomes
            .map(|outcome| outcome.unwrap_or_else(untried))
            .collect()
    }
}

fn ends_recipients(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Setback(setback) if setback.ends_recipients())
}

/// What the next transaction would meet, too: nobody got the mail, and not because of who they are.
fn obstacle(outcomes: &[Outcome]) -> Option<Setback> {
    let mut found = None;
    for outcome in outcomes {
        match outcome {
            Outcome::Delivered(_) => return None,
            Outcome::Setback(setback) => match setback.verdict {
                Verdict::FailRecipient | Verdict::HoldRecipient(_) => {}
                _ if setback.ends_recipients() => {}
                // These were not handed over at all.
                Verdict::Unknown => {
                    let why = format!("not tried, since the transaction before it: {setback}");
                    let untried = Setback::new(Verdict::Retry, Reason::RemoteTemporary, why);
                    found = Some(untried);
                }
                _ => found = Some(setback.clone()),
            },
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RemoteReply;

    fn said(verdict: Verdict, line: &str) -> Outcome {
        let (code, text) = line.split_once(' ').unwrap();
        Outcome::Setback(Setback {
            reply: Some(RemoteReply {
                code: code.parse().unwrap(),
                text: text.to_owned(),
            }),
            ..Setback::new(verdict, Reason::RemoteTemporary, "")
        })
    }

    fn taken() -> Outcome {
        Outcome::Delivered(RemoteReply {
            code: 250,
            text: "2.0.0 ok".to_owned(),
        })
    }

    fn full() -> Outcome {
        said(Verdict::Retry, "452 4.5.3 Too many recipients")
    }

    #[test]
    fn no_transaction_has_more_recipients_than_allowed() {
        let mut handover = Handover::new(vec![None; 5], 2);
        let mut sizes = Vec::new();
        while let Some(places) = handover.next() {
            sizes.push(places.clone());
            handover.take(&places, vec![taken(); places.len()]);
        }
        assert_eq!(sizes, [vec![0, 1], vec![2, 3], vec![4]]);
        assert_eq!(handover.finish(), vec![taken(); 5]);
    }

    #[test]
    fn who_finds_no_room_comes_next_and_the_size_is_learned() {
        let mut handover = Handover::new(vec![None; 5], 100);
        let first = handover.next().unwrap();
        handover.take(&first, vec![taken(), taken(), full(), full(), full()]);
        let second = handover.next().unwrap();
        assert_eq!(second, [2, 3]);
        handover.take(&second, vec![taken(), taken()]);
        assert_eq!(handover.next().unwrap(), [4]);
        handover.take(&[4], vec![taken()]);
        assert_eq!(handover.next(), None);
        assert_eq!(handover.finish(), vec![taken(); 5]);
    }

    #[test]
    fn too_many_at_once_is_for_later_whatever_its_code() {
        let too_many = || said(Verdict::FailMessage, "552 5.5.3 Too many recipients");
        let mut handover = Handover::new(vec![None; 2], 100);
        let places = handover.next().unwrap();
        let busy = said(Verdict::Retry, "451 4.3.0 Try later");
        handover.take(&places, vec![busy, too_many()]);
        let finished = handover.finish();
        assert!(
            matches!(&finished[1], Outcome::Setback(it) if it.verdict == Verdict::Retry),
            "{finished:?}"
        );
    }

    #[test]
    fn what_meets_the_next_transaction_too_ends_it() {
        for (outcomes, rest) in [
            (vec![full(), full()], full()),
            (
                vec![said(Verdict::SlowDown, "432 4.3.2 slow"); 2],
                said(Verdict::SlowDown, "432 4.3.2 slow"),
            ),
            (
                vec![said(Verdict::FailMessage, "554 5.6.0 no"), full()],
                said(Verdict::FailMessage, "554 5.6.0 no"),
            ),
        ] {
            let mut handover = Handover::new(vec![None; 3], 2);
            let places = handover.next().unwrap();
            handover.take(&places, outcomes.clone());
            if let Some(places) = handover.next() {
                // Nobody got in, and it is no obstacle that can be named: the next is tried.
                handover.take(&places, vec![full()]);
            }
            let finished = handover.finish();
            assert_eq!(finished[2], rest);
        }
    }

    #[test]
    fn a_refused_recipient_stops_nobody_and_one_that_waits_is_not_asked() {
        let wait = Setback::new(
            Verdict::HoldRecipient(std::time::Duration::from_secs(9)),
            Reason::RouteThrottled,
            "",
        );
        let refused = said(Verdict::FailRecipient, "550 5.1.1 no");
        let mut handover = Handover::new(vec![None, Some(wait.clone()), None], 1);
        assert_eq!(handover.next().unwrap(), [0]);
        handover.take(&[0], vec![refused.clone()]);
        assert_eq!(handover.next().unwrap(), [2]);
        handover.take(&[2], vec![taken()]);
        assert_eq!(
            handover.finish(),
            [refused, Outcome::Setback(wait), taken()]
        );
    }

    #[test]
    fn who_was_not_handed_over_is_not_unknown() {
        let mut handover = Handover::new(vec![None; 2], 1);
        handover.next().unwrap();
        let unknown = Setback::new(Verdict::Unknown, Reason::OutcomeUnknown, "cut");
        handover.take(&[0], vec![Outcome::Setback(unknown)]);
        let Outcome::Setback(rest) = handover.finish().remove(1) else {
            panic!("it was not tried");
        };
        assert_eq!(rest.verdict, Verdict::Retry);
    }
}
