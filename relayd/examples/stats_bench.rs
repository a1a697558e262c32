//! Measures statistics over two years of counters: how long a store of so many rows takes to sum
//! its days up, and to answer.
//!
//! `cargo run --example stats_bench -- [ROWS] [FOLDER]`, with a folder on the disk to measure. Makes
//! and removes an SQLite store there: some 220 MB for each million rows.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for whoever works on the store"
)]

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use relayd::{
    model::{AccountId, UserId},
    store::{GroupBy, Period, SealKey, Span, Store},
};
use sqlx::{AnyPool, AssertSqlSafe, Row};

const HOUR: i64 = 3_600_000_000;
const DAYS: i64 = 730;
/// Hours of a day in which a system sends.
const HOURS: i64 = 10;
/// Systems of an account, one relay user for each five.
const SYSTEMS: i64 = 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rows: i64 = arguments
        .next()
        .map_or(Ok(5_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir_in(arguments.next().unwrap_or_else(|| ".".to_owned()))?;
    let url = format!("sqlite:{}", folder.path().join("relay.db").display());
    let key = SealKey::load_or_create(&folder.path().join("key"))?;
    let store = Store::open(&url, key).await?;
    let now: Timestamp = "2026-11-22T14:20:00Z".parse()?;

    let systems = rows / (DAYS * HOURS);
    let (account, user) = fill(&url, now, systems).await?;
    let began = Instant::now();
    let days = store.sum_up_days(now).await?;
    println!(
        "{} rows of hours, {days} days summed up in {:.1?}",
        systems * DAYS * HOURS,
        began.elapsed()
    );
    for _ in 0..2 {
        measure(&store, now, account, user).await?;
    }
    store.close().await;
    Ok(())
}

/// Makes the counters of two years; gives an account and a relay user.
async fn fill(url: &str, now: Timestamp, systems: i64) -> anyhow::Result<(AccountId, UserId)> {
    let pool = AnyPool::connect(url).await?;
    let mut connection = pool.acquire().await?;
    let micros = now.as_microsecond();
    let today = micros - micros.rem_euclid(24 * HOUR);
    // Twelve bytes from a letter and a number, as ids are.
    let id =
        |letter: &str, number: &str| format!("CAST(printf('{letter}%011d', {number}) AS BLOB)");
    for text in [
        "PRAGMA synchronous = OFF".to_owned(),
        format!(
            "CREATE TEMP TABLE senders AS
             WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {systems})
             SELECT i, {} AS account_id, {} AS user_id, {} AS system_id,
                    'd' || (i / {SYSTEMS}) || '.example' AS domain FROM n",
            id("a", &format!("i / {SYSTEMS}")),
            id("u", "i / 5"),
            id("s", "i"),
        ),
        format!(
            "CREATE TEMP TABLE hours AS
             WITH RECURSIVE n(h) AS (SELECT 8 UNION ALL SELECT h + 1 FROM n WHERE h < {})
             SELECT h FROM n",
            7 + HOURS
        ),
    ] {
        sqlx::query(AssertSqlSafe(text))
            .execute(&mut *connection)
            .await?;
    }
    for day in (1..=DAYS).rev() {
        let begin = today - day * 24 * HOUR;
        for text in [
            format!(
                "INSERT INTO usage SELECT {begin} + h * {HOUR}, account_id, user_id, system_id,
                    domain, 7, 0, 9, 70000, 8, 1, 0, 1, '57x2 61 66x3 70 85 ' FROM hours, senders"
            ),
            // One system in ten is refused something every hour.
            format!(
                "INSERT INTO error_counts SELECT {begin} + h * {HOUR}, account_id, user_id,
                    system_id, domain, 'refused', 'sender-not-allowed', 3
                 FROM hours, senders WHERE i % 10 = 0"
            ),
        ] {
            sqlx::query(AssertSqlSafe(text))
                .execute(&mut *connection)
                .await?;
        }
    }
    let row = sqlx::query("SELECT account_id, user_id FROM senders WHERE i = 10")
        .fetch_one(&mut *connection)
        .await?;
    let (account, user): (Vec<u8>, Vec<u8>) = (row.get(0), row.get(1));
    drop(connection);
    pool.close().await;
    Ok((
        AccountId::try_from(account.as_slice()).unwrap(),
        UserId::try_from(user.as_slice()).unwrap(),
    ))
}

async fn measure(
    store: &Store,
    now: Timestamp,
    account: AccountId,
    user: UserId,
) -> anyhow::Result<()> {
    let last = |days: i64| Span::of(now - SignedDuration::from_hours(24 * days), now);
    let of_account = |days| Span {
        account: Some(account),
        ..last(days)
    };
    let of_user = |days| Span {
        user: Some(user),
        ..of_account(days)
    };
    for (what, span, group, period) in [
        ("all, 2 years", last(DAYS), GroupBy::Nothing, None),
        (
            "all, 2 years by month",
            last(DAYS),
            GroupBy::Nothing,
            Some(Period::Month),
        ),
        (
            "all, 30 days by day",
            last(30),
            GroupBy::Nothing,
            Some(Period::Day),
        ),
        ("all, 24 hours", last(1), GroupBy::Nothing, None),
        ("each relay user, 30 days", last(30), GroupBy::User, None),
        ("each system, 2 years", last(DAYS), GroupBy::System, None),
        (
            "an account, 2 years by month",
            of_account(DAYS),
            GroupBy::Nothing,
            Some(Period::Month),
        ),
        (
            "its systems, 2 years",
            of_account(DAYS),
            GroupBy::System,
            None,
        ),
        (
            "its domains, 30 days by hour",
            of_account(30),
            GroupBy::Domain,
            Some(Period::Hour),
        ),
        (
            "a relay user, 2 years by day",
            of_user(DAYS),
            GroupBy::Nothing,
            Some(Period::Day),
        ),
    ] {
        let began = Instant::now();
        let rows = store.usage(&span, group, period, 100_000).await?;
        println!("{what}: {} rows in {:.0?}", rows.len(), began.elapsed());
    }
    let began = Instant::now();
    let errors = store.errors_by_reason(&last(DAYS), None, 100_000).await?;
    println!(
        "errors, 2 years: {} rows in {:.0?}",
        errors.len(),
        began.elapsed()
    );
    Ok(())
}
