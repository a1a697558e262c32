//! Measures the search of a log of many messages: the first page for each filter, and all pages of
//! those that find next to nothing.
//!
//! `cargo run --release -p relayd --example log_bench -- [MESSAGES] [URL]`. The URL is that of an
//! empty store; without one, an SQLite store is made in the current folder and removed: some 1.1 GB
//! for a million.
#![expect(
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a tool for whoever works on the store, with a list of statements and one of filters"
)]

use std::time::Instant;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use relayd::{
    model::{AccountId, MessageState},
    store::{AddressFilter, LogFilter, SealKey, Store},
};
use sqlx::{AnyPool, AssertSqlSafe};

/// Over which the mail is spread.
const DAYS: i64 = 30;
/// Accounts, with 20 relay users each, which have two systems each.
const ACCOUNTS: i64 = 50;
const USERS: i64 = 1000;
/// The first page of the API.
const PAGE: u32 = 100;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let messages: i64 = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir_in(".")?;
    let own = format!("sqlite:{}", folder.path().join("relay.db").display());
    let url = arguments.next().unwrap_or(own);
    let key = SealKey::load_or_create(&folder.path().join("key"))?;
    let store = Store::open(&url, key).await?;
    let end: Timestamp = "2026-11-22T14:20:00Z".parse()?;
    let began = Instant::now();
    fill(&url, end, messages).await?;
    println!("{messages} messages made in {:.0?}", began.elapsed());
    // The second time, what is read lies in memory as it does where a log is looked at.
    for _ in 0..2 {
        measure(&store, end).await?;
    }
    store.close().await;
    Ok(())
}

/// What the engines write in different ways.
struct Dialect {
    is_sqlite: bool,
}

impl Dialect {
    /// Numbers from 0 on.
    fn series(&self, count: i64) -> String {
        if self.is_sqlite {
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count})
                  SELECT i FROM n) AS n"
            )
        } else {
            format!("(SELECT i FROM generate_series(0::bigint, {count} - 1) AS g(i)) AS n")
        }
    }

    /// Twelve bytes from two numbers of six.
    fn id(&self, high: &str, low: &str) -> String {
        if self.is_sqlite {
            format!("unhex(printf('%012x%012x', {high}, {low}))")
        } else {
            let six = |number: &str| format!("lpad(to_hex(({number})::bigint), 12, '0')");
            format!("decode({} || {}, 'hex')", six(high), six(low))
        }
    }
}

/// Makes accounts, relay users, systems and the mail of some weeks.
async fn fill(url: &str, end: Timestamp, messages: i64) -> anyhow::Result<()> {
    let sql = Dialect {
        is_sqlite: url.starts_with("sqlite:"),
    };
    let pool = AnyPool::connect(url).await?;
    let mut connection = pool.acquire().await?;
    if sql.is_sqlite {
        sqlx::query("PRAGMA synchronous = OFF")
            .execute(&mut *connection)
            .await?;
    }
    let begin = end.as_millisecond() - DAYS * 86_400_000;
    let at = format!("({begin} + i * {} / {messages})", DAYS * 86_400_000);
    // A few relay users send most of it; the last one a mail in a hundred thousand.
    let user = format!(
        "(CASE WHEN i % 100000 = 50000 THEN {} ELSE (i * i) % 990 END)",
        USERS - 1
    );
    let (account_id, user_id, system_id) = (
        sql.id("1", &format!("{user} % {ACCOUNTS}")),
        sql.id("2", &user),
        sql.id("3", &format!("{user} * 2 + i % 2")),
    );
    let message_id = sql.id(&at, "i");
    let state = "(CASE WHEN i % 200 = 7 THEN 'failed' WHEN i % 20000 = 9 THEN 'partial' ELSE 'delivered' END)";
    let sender = format!("'user' || {user} || '@account' || ({user} % {ACCOUNTS}) || '.example'");
    let to = "(CASE WHEN i % 250000 = 125000 THEN 'bob@rare.example'
               ELSE 'r' || (i % 5000) || '@customer' || (i % 200) || '.example' END)";
    let reply =
        "'250 2.0.0 OK <AM9PR' || i || '@prod.outlook.example> [Hostname=AM9PR03MB1234.example]'";
    for text in [
        format!(
            "INSERT INTO accounts (id, name, kind, company, vat_id, first_name, last_name, email,
                phone, street, postal_code, city, country, state, created_at, version)
             SELECT {}, 'account' || i, 'company', '', '', '', '', '', '', '', '', '', '', 'active', 0, 1
             FROM {}",
            sql.id("1", "i"),
            sql.series(ACCOUNTS)
        ),
        format!(
            "INSERT INTO relay_users (id, account_id, username, sender, other_sender, state,
                created_at, version)
             SELECT {}, {}, 'user' || i, '', 'reject', 'active', 0, 1 FROM {}",
            sql.id("2", "i"),
            sql.id("1", &format!("i % {ACCOUNTS}")),
            sql.series(USERS)
        ),
        format!(
            "INSERT INTO systems (id, account_id, name, network, user_id, auth, state, created_at,
                version)
             SELECT {}, {}, 'system' || i, '192.0.2.1/32', {}, 'password', 'active', 0, 1 FROM {}",
            sql.id("3", "i"),
            sql.id("1", &format!("(i / 2) % {ACCOUNTS}")),
            sql.id("2", "i / 2"),
            sql.series(USERS * 2)
        ),
        format!(
            "INSERT INTO messages (id, account_id, route_id, user_id, system_id, state, reverse_path,
                encoding, smtputf8, dsn_return, envelope_id, header_from, subject, header_id, size,
                recipient_count, client, helo, tls, accepted_at, due_at, attempts, last_reply,
                finished_at)
             SELECT {message_id}, {account_id}, {account_id}, {user_id}, {system_id}, {state}, {sender},
                '7bit', 0, '', '', {sender}, 'Scan ' || i || ' from the third floor',
                '<' || i || '@mail.example>', 50000, 1, '203.0.113.10', 'printer.example',
                'TLSv1.3 TLS_AES_256_GCM_SHA384', {at} * 1000, {at} * 1000, 1, {reply},
                {at} * 1000 + 1000000
             FROM {}",
            sql.series(messages)
        ),
        format!(
            "INSERT INTO recipients (message_id, position, address, notify, original, state, reply)
             SELECT {message_id}, 0, {to}, '', '', {state}, {reply} FROM {}",
            sql.series(messages)
        ),
    ] {
        sqlx::query(AssertSqlSafe(text))
            .execute(&mut *connection)
            .await?;
    }
    if !sql.is_sqlite {
        sqlx::query("ANALYZE").execute(&mut *connection).await?;
    }
    drop(connection);
    pool.close().await;
    Ok(())
}

async fn measure(store: &Store, end: Timestamp) -> anyhow::Result<()> {
    let mut bytes = [0; 12];
    bytes[5] = 1;
    bytes[11] = 49;
    let account = AccountId::try_from(bytes.as_slice()).context("an id")?;
    let any = LogFilter::default();
    let all = [
        ("no filter", any.clone()),
        (
            "since a day",
            LogFilter {
                since: Some(end - SignedDuration::from_hours(24)),
                ..any.clone()
            },
        ),
        (
            "until 20 days ago",
            LogFilter {
                until: Some(end - SignedDuration::from_hours(480)),
                ..any.clone()
            },
        ),
        (
            "a busy relay user",
            LogFilter {
                user: Some("user1".to_owned()),
                ..any.clone()
            },
        ),
        (
            "a relay user of few mails",
            LogFilter {
                user: Some("user999".to_owned()),
                ..any.clone()
            },
        ),
        (
            "an unknown relay user",
            LogFilter {
                user: Some("nobody".to_owned()),
                ..any.clone()
            },
        ),
        (
            "a system of few mails",
            LogFilter {
                system: Some("system1998".to_owned()),
                ..any.clone()
            },
        ),
        (
            "a sender of few mails",
            LogFilter {
                from: Some(AddressFilter::of("user999@account49.example")),
                ..any.clone()
            },
        ),
        (
            "a busy sender domain",
            LogFilter {
                from: Some(AddressFilter::of("@account1.example")),
                ..any.clone()
            },
        ),
        (
            "a rare recipient",
            LogFilter {
                to: Some(AddressFilter::of("bob@rare.example")),
                ..any.clone()
            },
        ),
        (
            "a rare recipient domain",
            LogFilter {
                to: Some(AddressFilter::of("@rare.example")),
                ..any.clone()
            },
        ),
        (
            "a busy recipient domain",
            LogFilter {
                to: Some(AddressFilter::of("@customer7.example")),
                ..any.clone()
            },
        ),
        (
            "failed",
            LogFilter {
                states: vec![MessageState::Failed],
                ..any.clone()
            },
        ),
        (
            "partial",
            LogFilter {
                states: vec![MessageState::Partial],
                ..any.clone()
            },
        ),
        (
            "queued, of which there is none",
            LogFilter {
                states: vec![MessageState::Queued],
                ..any
            },
        ),
    ];
    println!("| filter | found | first page | all pages | as the owner | all pages |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (what, filter) in all {
        let (found, first, whole) = look(store, &filter).await?;
        let own = LogFilter {
            account: Some(account),
            ..filter
        };
        let (_, own_first, own_whole) = look(store, &own).await?;
        println!("| {what} | {found} | {first} ms | {whole} | {own_first} ms | {own_whole} |");
    }
    Ok(())
}

/// How many messages the first pages hold, up to one page in all, how long the first took, and all
/// of them.
async fn look(store: &Store, filter: &LogFilter) -> anyhow::Result<(usize, u128, String)> {
    let began = Instant::now();
    let (mut found, mut next) = store.search_page(filter, None, PAGE).await?;
    let first = began.elapsed().as_millis();
    let mut pages = 1;
    while let (Some(behind), true) = (next, found.len() < PAGE as usize) {
        let (more, behind) = store.search_page(filter, Some(behind), PAGE).await?;
        found.extend(more);
        next = behind;
        pages += 1;
    }
    let whole = format!("{} ms in {pages}", began.elapsed().as_millis());
    Ok((found.len(), first, whole))
}
