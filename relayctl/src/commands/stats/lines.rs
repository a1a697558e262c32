//! A summary as lines for people: each figure now, before, and what changed.

use relay_proto::{StatsSummary, StatsToday};

use super::{half, most, number};
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

/// One figure.
pub(super) struct Line {
    what: &'static str,
    now: Cell,
    before: Cell,
    change: Cell,
}

pub(super) static VIEW: View<Line> = View {
    columns: &[
        column("figure", Rank::Key, |it| Cell::text(it.what)),
        column("now", Rank::Key, |it| it.now.clone()),
        column("before", Rank::Key, |it| it.before.clone()),
        column("change", Rank::Column(1), |it| it.change.clone()),
    ],
    name: |it| it.what,
    empty: "",
};

/// All of a summary.
pub(super) fn of(summary: &StatsSummary) -> Vec<Line> {
    let (now, before) = (&summary.counts, &summary.before.counts);
    let figure = |what, now, before, cell: fn(u64) -> Cell| {
        line(what, cell(now), cell(before), change(now, before, cell))
    };
    let count = |what, now, before| figure(what, now, before, number);
    let plain = |what, now, before| line(what, now, before, Cell::None);
    let mut lines = vec![
        plain(
            "since",
            Cell::Begin(summary.since),
            Cell::Begin(summary.before.since),
        ),
        plain(
            "until",
            Cell::Begin(summary.until),
            Cell::Begin(summary.before.until),
        ),
        count("accepted", now.accepted, before.accepted),
    ];
    if now.notices > 0 || before.notices > 0 {
        lines.push(count("of them notices", now.notices, before.notices));
    }
    lines.extend([
        count("recipients", now.recipients, before.recipients),
        figure("bytes", now.bytes, before.bytes, Cell::Bytes),
        count("delivered", now.delivered, before.delivered),
        count("deferred", now.deferred, before.deferred),
        count("failed", now.failed, before.failed),
        count("cancelled", now.cancelled, before.cancelled),
        count("refused", summary.refused, summary.before.refused),
        plain(
            "delivery p50",
            half(summary.delivery_time),
            half(summary.before.delivery_time),
        ),
        plain(
            "delivery p95",
            most(summary.delivery_time),
            most(summary.before.delivery_time),
        ),
        plain("queued", number(summary.queued), Cell::None),
        plain("held", number(summary.held), Cell::None),
    ]);
    if let Some(today) = summary.today {
        lines.extend(of_today(today));
    }
    lines
}

fn of_today(today: StatsToday) -> [Line; 2] {
    let used = |used: u64, limit: Option<u64>| {
        Cell::maybe(limit, |limit| {
            let limit_text = number(limit).for_people(None);
            match (used * 100).checked_div(limit) {
                Some(percent) => Cell::text(format!("{percent} % of {limit_text}")),
                None => Cell::text(format!("of {limit_text}")),
            }
        })
    };
    let messages = used(today.messages, today.messages_limit);
    let recipients = used(today.recipients, today.recipients_limit);
    [
        line(
            "messages today",
            number(today.messages),
            Cell::None,
            messages,
        ),
        line(
            "recipients today",
            number(today.recipients),
            Cell::None,
            recipients,
        ),
    ]
}

const fn line(what: &'static str, now: Cell, before: Cell, change: Cell) -> Line {
    Line {
        what,
        now,
        before,
        change,
    }
}

/// `+12 %`, `-3 %`; in numbers when there was nothing before.
fn change(now: u64, before: u64, cell: fn(u64) -> Cell) -> Cell {
    if now == before {
        return Cell::text("=");
    }
    let (sign, distance) = if now > before {
        ('+', now - before)
    } else {
        ('-', before - now)
    };
    match (u128::from(distance) * 100 + u128::from(before) / 2).checked_div(before.into()) {
        None => Cell::text(format!("+{}", cell(now).for_people(None))),
        Some(0) => Cell::text(format!("{sign}<1 %")),
        Some(percent) => Cell::text(format!("{sign}{percent} %")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_in_percent_where_there_was_something() {
        for (now, before, expected) in [
            (0, 0, "="),
            (5, 5, "="),
            (1204, 0, "+1,204"),
            (112, 100, "+12 %"),
            (97, 100, "-3 %"),
            (0, 100, "-100 %"),
            (300, 100, "+200 %"),
            (10_001, 10_000, "+<1 %"),
            (9_999, 10_000, "-<1 %"),
            (u64::MAX, 1, "+1844674407370955161400 %"),
        ] {
            assert_eq!(change(now, before, number).for_people(None), expected);
        }
    }

    #[test]
    fn bytes_that_are_new_keep_their_unit() {
        let change = change(2048, 0, Cell::Bytes);
        assert_eq!(change.for_people(None), "+2 KiB");
    }

    #[test]
    fn today_stands_against_the_limit_and_a_limit_of_nothing_divides_nothing() {
        let of = |messages_limit| {
            let [messages, _] = of_today(StatsToday {
                messages: 30,
                messages_limit,
                recipients: 0,
                recipients_limit: None,
            });
            messages.change.for_people(None)
        };
        assert_eq!(of(Some(2000)), "1 % of 2,000");
        assert_eq!(of(Some(0)), "of 0");
        assert_eq!(of(None), "-");
    }
}
