//! Measures the journal alone: messages accepted and settled a second, and CPU time for each.
//!
//! `cargo run --release --example journal_bench -- [URL] [MESSAGES] [SESSIONS] [BYTES]`, where the
//! URL is that of an empty store on the disk to measure.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for whoever works on the store"
)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use relayd::{
    clock::{Clock, SystemClock},
    model::{
        AccountId, BodyEncoding, Envelope, Event, EventKind, IdSource, LimitSet, MessageId, Quota,
        Recipient, RecipientState, RouteId, Subject, SystemId, UserId,
    },
    queue::Journal,
    store::{NewMessage, RecipientOutcome, SealKey, Settlement, Store},
};

static IDS: IdSource = IdSource::new();

/// High enough to be counted and never met.
const LIMITS: LimitSet = LimitSet {
    messages_per_minute: Some(60_000_000),
    messages_per_day: Some(u32::MAX),
    recipients_per_day: Some(u32::MAX),
    recipients_per_message: None,
    message_size: None,
};

/// One relay user with its system.
#[derive(Clone, Copy)]
struct Device {
    account: AccountId,
    route: RouteId,
    user: UserId,
    system: SystemId,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = tempfile::tempdir_in(".")?;
    let default = || format!("sqlite:{}", folder.path().join("relay.db").display());
    let url = arguments.next().unwrap_or_else(default);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse());
    let (messages, sessions, bytes) = (number(20_000)?, number(50)?, number(4096)?);

    let key = SealKey::load_or_create(&folder.path().join("key"))?;
    let store = Store::open(&url, key).await?;
    let (journal, task) = Journal::start(store.clone(), Arc::new(drop));
    let body = Bytes::from(vec![b'x'; bytes]);

    let (began, cpu) = (Instant::now(), cpu_time()?);
    let tasks: Vec<_> = (0..sessions)
        .map(|_| {
            let (journal, body) = (journal.clone(), body.clone());
            tokio::spawn(submit(journal, body, messages / sessions))
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await?);
    }
    let cpu = cpu_time()?.saturating_sub(cpu);
    report(&mut waits, began.elapsed(), cpu);
    drop(journal);
    task.await?;
    store.close().await;
    Ok(())
}

/// Accepts messages one after the other and settles each; gives the time every 250 took.
async fn submit(journal: Journal, body: Bytes, messages: usize) -> Vec<Duration> {
    let now = SystemClock.now();
    let device = Device {
        account: AccountId::new(&IDS, now),
        route: RouteId::new(&IDS, now),
        user: UserId::new(&IDS, now),
        system: SystemId::new(&IDS, now),
    };
    let mut waits = Vec::with_capacity(messages);
    let mut settling = None;
    for _ in 0..messages {
        let message = message(device, &body);
        let settlement = settlement(device, message.id);
        let began = Instant::now();
        journal.accept(message).await.unwrap();
        waits.push(began.elapsed());
        let journal = journal.clone();
        let next = tokio::spawn(async move { journal.settle(settlement).await.unwrap() });
        if let Some(last) = settling.replace(next) {
            last.await.unwrap();
        }
    }
    if let Some(last) = settling {
        last.await.unwrap();
    }
    waits
}

fn message(device: Device, body: &Bytes) -> NewMessage {
    let now = SystemClock.now();
    NewMessage {
        id: MessageId::new(&IDS, now),
        account_id: device.account,
        route_id: device.route,
        user_id: device.user,
        system_id: device.system,
        envelope: Envelope {
            reverse_path: "scanner@acme.example".parse().unwrap(),
            recipients: vec![Recipient {
                address: "office@acme.example".parse().unwrap(),
                notify: None,
                original: String::new(),
            }],
            encoding: BodyEncoding::SevenBit,
            smtputf8: false,
            dsn_return: None,
            envelope_id: String::new(),
        },
        header_from: "scanner@acme.example".to_owned(),
        subject: "Scan from the second floor".to_owned(),
        header_id: "<20261121.123456789@acme.example>".to_owned(),
        size: body.len() as u64,
        client: "192.0.2.7".parse().unwrap(),
        helo: "printer.acme.example".to_owned(),
        story: "listener submission, ESMTPSA; signed in with a password; added Date, Message-ID; body in 1 ms".to_owned(),
        tls: "TLSv1.3 TLS_AES_256_GCM_SHA384".to_owned(),
        accepted_at: now,
        quotas: vec![Quota {
            subject: Subject::User(device.user),
            limits: LIMITS,
        }],
        stored_chunks: 0,
        tail: body.clone(),
    }
}

fn settlement(device: Device, id: MessageId) -> Settlement {
    let at = SystemClock.now();
    let reply = "250 2.0.0 OK <20261121.123456789@acme.example> [Hostname=sim.example]".to_owned();
    Settlement {
        message_id: id,
        account_id: device.account,
        user_id: device.user,
        system_id: device.system,
        reverse_path: "scanner@acme.example".parse().unwrap(),
        accepted_at: at,
        recipients: vec![RecipientOutcome {
            position: 0,
            state: RecipientState::Delivered,
            reply: reply.clone(),
            reason: None,
        }],
        due_at: at,
        is_attempt: true,
        events: vec![Event {
            at,
            message_id: id,
            kind: EventKind::Delivered,
            recipients: Vec::new(),
            reason: None,
            reply,
            detail: "smtp.office365.com".to_owned(),
            client: None,
        }],
        at,
        notices: Vec::new(),
    }
}

fn report(waits: &mut [Duration], wall: Duration, cpu: Duration) {
    waits.sort_unstable();
    let count = u32::try_from(waits.len()).unwrap_or(u32::MAX).max(1);
    let at = |percent: usize| waits.get(waits.len() * percent / 100).copied();
    println!(
        "{count} messages: {:.0}/s, {:.0} µs CPU each, to 250: p50 {:?}, p99 {:?}",
        f64::from(count) / wall.as_secs_f64(),
        cpu.as_secs_f64() * 1e6 / f64::from(count),
        at(50).unwrap_or_default(),
        at(99).unwrap_or_default(),
    );
}

/// CPU time of this process, user and system. Linux counts it in ticks of 10 ms.
fn cpu_time() -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
