//! Pictures of fixed figures at several widths.

use jiff::Timestamp;
use relay_proto::{
    Counts, DeliveryTime, ErrorKind, ErrorStats, PeriodStats, StatsQuery, UserStats,
};

use super::picture;
use super::{errors, series, users};
use crate::chart::charset::Charset;
use crate::chart::{Paper, documented};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn query() -> StatsQuery {
    StatsQuery {
        since: Some(at("2026-11-21T13:00:00Z")),
        until: Some(at("2026-11-22T13:47:05Z")),
        ..StatsQuery::default()
    }
}

fn paper(width: usize) -> Paper {
    Paper::new(Some(width), Charset::Unicode, false)
}

/// A working day of an office: much in the morning, little at night, one bad hour.
fn day() -> Vec<PeriodStats> {
    let accepted = [
        812, 790, 655, 402, 210, 96, 40, 31, 12, 8, 0, 0, 0, 0, 6, 44, 120, 388, 760, 1180, 1240,
        990, 610, 702, 540,
    ];
    let pieces = (0..).zip(accepted).filter(|(_, accepted)| *accepted > 0);
    pieces
        .map(|(hour, accepted)| {
            let is_bad = hour == 19;
            PeriodStats {
                begins_at: at("2026-11-21T13:00:00Z") + std::time::Duration::from_hours(hour),
                counts: Counts {
                    accepted,
                    recipients: accepted,
                    delivered: if is_bad { accepted - 7 } else { accepted },
                    deferred: if is_bad { 212 } else { 0 },
                    failed: if is_bad { 7 } else { 0 },
                    ..Counts::default()
                },
                refused: u64::from(hour % 9 == 0) * 4,
                delivery_time: Some(DeliveryTime {
                    p50_ms: 1_100,
                    p95_ms: if is_bad { 84_000 } else { 1_900 + accepted },
                }),
            }
        })
        .collect()
}

fn user(user: &str, accepted: u64, failed: u64, refused: u64) -> UserStats {
    UserStats {
        begins_at: None,
        account: Some("acme".to_owned()),
        user: Some(user.to_owned()),
        counts: Counts {
            accepted,
            failed,
            ..Counts::default()
        },
        refused,
        delivery_time: None,
        messages_per_day: None,
        messages_today: None,
    }
}

fn of_users() -> Vec<UserStats> {
    vec![
        user("erp-production", 8_204, 7, 0),
        user("scanner", 1_040, 0, 36),
        user("newsletter-of-the-marketing-department", 310, 2, 4),
        user("evil\u{202e}\u{1b}[2J", 1, 0, 0),
        user("nas", 0, 0, 12),
    ]
}

fn by_hour() -> Vec<UserStats> {
    let of = |name, share: u64| {
        day().into_iter().map(move |piece| UserStats {
            begins_at: Some(piece.begins_at),
            ..user(name, piece.counts.accepted / share, 0, 0)
        })
    };
    of("erp-production", 1).chain(of("scanner", 7)).collect()
}

fn of_errors() -> Vec<ErrorStats> {
    let row = |system: &str, kind, reason: &str, count| ErrorStats {
        begins_at: None,
        account: Some("acme".to_owned()),
        user: None,
        system: Some(system.to_owned()),
        kind,
        reason: reason.to_owned(),
        count,
    };
    vec![
        row("erp", ErrorKind::Deferred, "remote-unavailable", 150),
        row("scan", ErrorKind::Deferred, "remote-unavailable", 62),
        row("scan", ErrorKind::Refused, "address-not-registered", 36),
        row("erp", ErrorKind::Failed, "recipient-refused", 9),
    ]
}

#[test]
fn pictures_are_as_the_documentation_shows_them() {
    let drawn = [
        ("summary", series::draw(paper(80), &query(), &day())),
        (
            "summary at 40 columns",
            series::draw(paper(40), &query(), &day()),
        ),
        (
            "users",
            picture::draw(paper(80), &query(), &of_users(), &users::PICTURE, None).unwrap(),
        ),
        (
            "errors",
            picture::draw(paper(80), &query(), &of_errors(), &errors::PICTURE, None).unwrap(),
        ),
    ];
    for (name, picture) in drawn {
        documented(name, &picture);
    }
}

#[test]
fn a_wide_summary_and_one_of_a_month() {
    let wide = series::draw(paper(120), &query(), &day());
    let month = StatsQuery {
        since: Some(at("2026-10-23T13:00:00Z")),
        account: Some("acme".to_owned()),
        ..query()
    };
    let month = series::draw(paper(80), &month, &day());
    insta::assert_snapshot!(wide + "--\n" + &month);
}

#[test]
fn strips_share_a_scale() {
    let query = StatsQuery {
        by: Some(relay_proto::Period::Hour),
        ..query()
    };
    let at =
        |width| picture::draw(paper(width), &query, &by_hour(), &users::PICTURE, None).unwrap();
    insta::assert_snapshot!(at(80) + "--\n" + &at(40));
}

#[test]
fn plain_ascii_is_plain_and_everything_fits() {
    for width in [30, 40, 60, 80, 100, 120] {
        for charset in [Charset::Unicode, Charset::Ascii] {
            let paper = Paper::new(Some(width), charset, false);
            let by = StatsQuery {
                by: Some(relay_proto::Period::Hour),
                ..query()
            };
            let draw = |rows: &[UserStats], query| {
                picture::draw(paper, query, rows, &users::PICTURE, None).unwrap()
            };
            for text in [
                series::draw(paper, &query(), &day()),
                draw(&of_users(), &query()),
                draw(&by_hour(), &by),
                picture::draw(paper, &query(), &of_errors(), &errors::PICTURE, None).unwrap(),
            ] {
                assert!(charset == Charset::Unicode || text.is_ascii(), "{text}");
                let longest = text.lines().map(|line| line.chars().count()).max();
                assert!(longest <= Some(width), "{width}\n{text}");
                let is_bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
                assert!(!text.contains(is_bad), "{text:?}");
            }
        }
    }
    let ascii = Paper::new(Some(80), Charset::Ascii, false);
    insta::assert_snapshot!(series::draw(ascii, &query(), &day()));
}

#[test]
fn a_limit_cuts_and_says_so() {
    let text = picture::draw(paper(80), &query(), &of_users(), &users::PICTURE, Some(2)).unwrap();
    assert!(
        text.ends_with("(3 more; --limit shows more of them)\n"),
        "{text}"
    );
    assert_eq!(
        picture::draw::<UserStats>(paper(80), &query(), &[], &users::PICTURE, None),
        None
    );
}
