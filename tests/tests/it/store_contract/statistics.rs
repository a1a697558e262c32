//! Promises about counters: they agree with the log to the last mail.

use relayd::{
    model::RecipientState,
    store::{Counts, Span, Traffic},
};

use super::world::{World, later};

const HOUR: i64 = 3600;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % bound
    }
}

/// Accepts mail over six hours; some of it is delivered, some fails, some is put off, some waits.
async fn run_randomly(world: &World) {
    let mut dice = Dice(7);
    // Time goes forward only, as the meters of rates expect.
    for number in 0..150 {
        let seconds = number * 144 + i64::try_from(dice.below(144)).unwrap();
        let recipients = 1 + u32::try_from(dice.below(4)).unwrap();
        let mut message = world.message(recipients as usize);
        message.accepted_at = later(seconds);
        let id = message.id;
        world.journal.accept(message).await.unwrap();
        let mut waiting: Vec<u32> = (0..recipients).collect();
        for attempt in 1..=dice.below(3) {
            let outcomes: Vec<_> = waiting
                .iter()
                .map(|position| {
                    let state = match dice.below(3) {
                        0 => RecipientState::Delivered,
                        1 => RecipientState::Failed,
                        _ => RecipientState::Queued,
                    };
                    (*position, state)
                })
                .collect();
            let is_waiting = |(position, state): &(u32, RecipientState)| {
                (*state == RecipientState::Queued).then_some(*position)
            };
            waiting = outcomes.iter().filter_map(is_waiting).collect();
            let mut settlement = world.settlement(id, &outcomes);
            settlement.at = later(seconds + HOUR * i64::try_from(attempt).unwrap());
            for event in &mut settlement.events {
                event.at = settlement.at;
            }
            world.journal.settle(settlement).await.unwrap();
        }
    }
}

pub(super) async fn counters_agree_with_the_log_to_the_last_mail(world: World) {
    run_randomly(&world).await;
    let span = |from: i64, to: i64| Span {
        account: Some(world.account),
        since: later(from * HOUR),
        until: later(to * HOUR),
    };
    let hours = world.store.traffic_by_hour(&span(0, 24)).await.unwrap();
    let mut sum = Traffic::default();
    for traffic in hours.values() {
        sum.add(traffic);
    }
    assert_eq!(
        sum.counts,
        world.store.sum_usage(&span(0, 24)).await.unwrap()
    );

    let number = async |sql| u64::try_from(world.number(sql).await).unwrap();
    let from_log = Counts {
        accepted: number("SELECT COUNT(*) FROM messages").await,
        recipients: number("SELECT COUNT(*) FROM recipients").await,
        bytes: number("SELECT CAST(SUM(size) AS BIGINT) FROM messages").await,
        delivered: number("SELECT COUNT(*) FROM recipients WHERE state = 'delivered'").await,
        failed: number("SELECT COUNT(*) FROM recipients WHERE state = 'failed'").await,
        // An attempt that puts several recipients off is one.
        deferred: number(
            "SELECT COUNT(*) FROM (SELECT DISTINCT message_id, at FROM events
             WHERE kind = 'deferred') AS attempts",
        )
        .await,
    };
    assert_eq!(sum.counts, from_log);
    assert!(from_log.deferred > 0 && from_log.failed > 0 && from_log.delivered > 0);

    // Hour by hour, as the log has it.
    let accepted = world
        .texts("SELECT CAST(accepted_at AS TEXT) FROM messages ORDER BY accepted_at")
        .await;
    for hour in 0..6 {
        let begin = later(hour * HOUR);
        let (from, to) = (
            begin.as_microsecond(),
            later((hour + 1) * HOUR).as_microsecond(),
        );
        let in_log = accepted
            .iter()
            .filter(|at| (from..to).contains(&at.parse().unwrap()))
            .count();
        let counted = hours[&begin].counts.accepted;
        assert_eq!(counted, in_log as u64, "hour {hour}");
        assert_eq!(
            world.store.sum_usage(&span(hour, hour + 1)).await.unwrap(),
            hours[&begin].counts
        );
    }
}
