//! `kill -9` under load: every mail with its 250 arrives, unaltered; repeats only where a crash
//! came between Exchange's 250 and our commit of it.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use relay_tests::{
    harness::{Device, Mail, UserAccess},
    sim::{Entry, Rule, Stage},
};

use crate::world::{PATIENCE, QUIET, RECIPIENT, SENDER, World};

const ROUNDS: usize = 20;
const DEVICES: usize = 4;

/// What the devices did.
#[derive(Default)]
struct Record {
    /// Mails that got their 250.
    accepted: Mutex<Vec<Mail>>,
    /// Mails without an answer: they may have been taken or not.
    unanswered: Mutex<HashMap<String, Mail>>,
    numbers: AtomicUsize,
    stop: AtomicBool,
}

/// When relayd was killed, and what had come in by then.
struct Crash {
    arrived_before: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mail_is_lost_or_altered_whenever_relayd_is_killed() {
    // The seed is printed when the test fails; set it to see the same again.
    let seed = std::env::var("RELAY_CRASH_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("RELAY_CRASH_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);

    let mut world = World::builder()
        .plans("messages_per_minute = 10000000, messages_per_day = 10000000, recipients_per_day = 10000000")
        .connections(4)
        .build()
        .await;
    // A hand-over takes a moment, so that crashes meet it.
    world
        .simulator
        .add_rule(Rule::at(Stage::TakenIn).delay(Duration::from_millis(3)));
    let record = Arc::new(Record::default());
    let mut crashes = Vec::new();

    for _ in 0..ROUNDS {
        let devices = start_devices(world.submission(), &world.user, &record);
        let load = Duration::from_millis(random.random_range(20..800));
        run_for(load, &record).await;
        world.relayd.kill().unwrap();
        crashes.push(Crash {
            arrived_before: world.simulator.messages().len(),
        });
        record.stop.store(true, Ordering::Relaxed);
        devices.join_all().await;
        record.stop.store(false, Ordering::Relaxed);
        world.relayd.start_again().unwrap();
    }

    let accepted = record.accepted.lock().unwrap().clone();
    assert!(
        accepted.len() >= ROUNDS,
        "only {} mails were accepted",
        accepted.len()
    );
    wait_for_all(&world, &accepted).await;
    let entries = world.simulator.wait_until_quiet(QUIET).await;
    let unanswered = record.unanswered.lock().unwrap();
    check_arrivals(&accepted, &unanswered, &entries);
    check_repeats(&entries, &crashes);
    println!(
        "{ROUNDS} crashes: {} accepted, {} unanswered, {} arrivals",
        accepted.len(),
        unanswered.len(),
        entries.len()
    );
}

fn start_devices(
    server: SocketAddr,
    user: &UserAccess,
    record: &Arc<Record>,
) -> tokio::task::JoinSet<()> {
    let mut devices = tokio::task::JoinSet::new();
    for device in 0..DEVICES {
        let (user, record) = (user.clone(), Arc::clone(record));
        // Half of them keep their connection, half open one for each mail.
        devices.spawn(async move { device_loop(server, &user, &record, device % 2 == 0).await });
    }
    devices
}

async fn device_loop(server: SocketAddr, user: &UserAccess, record: &Record, keep: bool) {
    let mut open: Option<Device> = None;
    while !record.stop.load(Ordering::Relaxed) {
        let mut device = match open.take() {
            Some(device) => device,
            None => match Device::signed_in(server, user).await {
                Ok(device) => device,
                Err(_killed) => return,
            },
        };
        let number = record.numbers.fetch_add(1, Ordering::Relaxed);
        // Mostly one chunk of the store, sometimes several.
        let size = if number.is_multiple_of(10) {
            700_000
        } else {
            3000
        };
        let mail = World::mail(&format!("crash-{number}"), size);
        match device.send(SENDER, &[RECIPIENT], &mail.bytes).await {
            Ok(reply) if reply.code == 250 => record.accepted.lock().unwrap().push(mail),
            // A refusal is an answer: the device knows that it has to try again.
            Ok(_refused) => {}
            Err(_killed) => {
                record
                    .unanswered
                    .lock()
                    .unwrap()
                    .insert(mail.message_id.clone(), mail);
                return;
            }
        }
        if keep {
            open = Some(device);
        }
    }
}

/// Lets the load run, and in any case until one more mail was accepted.
async fn run_for(load: Duration, record: &Record) {
    let before = record.accepted.lock().unwrap().len();
    let start = Instant::now();
    while start.elapsed() < load || record.accepted.lock().unwrap().len() == before {
        assert!(start.elapsed() < PATIENCE, "not one mail was accepted");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn wait_for_all(world: &World, accepted: &[Mail]) {
    let start = Instant::now();
    loop {
        let entries = world.simulator.messages();
        let arrived: HashSet<&str> = entries
            .iter()
            .map(|entry| entry.message_id.as_str())
            .collect();
        let missing: Vec<&str> = accepted
            .iter()
            .map(|mail| mail.message_id.as_str())
            .filter(|id| !arrived.contains(id))
            .collect();
        if missing.is_empty() {
            return;
        }
        assert!(start.elapsed() < PATIENCE * 2, "lost: {missing:?}");
        world
            .simulator
            .wait_until_quiet(Duration::from_millis(200))
            .await;
    }
}

fn check_arrivals(accepted: &[Mail], unanswered: &HashMap<String, Mail>, entries: &[Entry]) {
    let accepted: HashMap<&str, &Mail> = accepted
        .iter()
        .map(|mail| (mail.message_id.as_str(), mail))
        .collect();
    for entry in entries {
        let id = entry.message_id.as_str();
        let sent = accepted.get(id).copied().or_else(|| unanswered.get(id));
        let sent = sent.unwrap_or_else(|| panic!("{id} was refused and arrived all the same"));
        assert_eq!(entry.content_sha256, sent.sha256, "{id} was altered");
        assert_eq!(entry.recipients, [RECIPIENT]);
    }
}

/// A repeat needs a crash between its two arrivals.
///
/// A mail whose hand-over a crash cut off is counted here, too: the stand-in had it before the
/// crash, and relayd could not know.
fn check_repeats(entries: &[Entry], crashes: &[Crash]) {
    let mut first = HashMap::new();
    for (position, entry) in entries.iter().enumerate() {
        let Some(earlier) = first.insert(entry.message_id.as_str(), position) else {
            continue;
        };
        // The stand-in counts what it has taken in while relayd was dying as after the crash,
        // hence the margin of one hand-over for each connection.
        let crashed_between = crashes
            .iter()
            .any(|crash| earlier < crash.arrived_before + 4 && crash.arrived_before <= position);
        assert!(
            crashed_between,
            "{} came twice without a crash in between",
            entry.message_id
        );
    }
}
