//! The log, followed live by the real relayctl: through crashes and restarts of relayd nothing is
//! missed and nothing told twice.

use std::{
    io::{BufRead as _, BufReader, read_to_string},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::Duration,
};

use relay_tests::{
    harness::{Device, Relayctl, Running, eventually},
    pty::Terminal,
};
use serde_json::Value;
use sqlx::Row as _;

use crate::world::{PATIENCE, RECIPIENT, SENDER, World};

/// A relayctl that follows the log.
struct Tail {
    child: Running,
    lines: Arc<Mutex<Vec<Value>>>,
    reader: JoinHandle<()>,
}

impl Tail {
    fn start(ctl: &Relayctl, arguments: &str) -> Self {
        let mut words = vec!["log", "tail", "-o", "jsonl"];
        words.extend(arguments.split_ascii_whitespace());
        let mut child = running(&mut ctl.command(&words));
        let stdout = child.stdout.take().unwrap();
        let lines: Arc<Mutex<Vec<Value>>> = Arc::default();
        let record = Arc::clone(&lines);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let event = serde_json::from_str(&line.unwrap()).unwrap();
                record.lock().unwrap().push(event);
            }
        });
        Self {
            child,
            lines,
            reader,
        }
    }

    fn lines(&self) -> Vec<Value> {
        self.lines.lock().unwrap().clone()
    }

    /// Waits until there are so many lines.
    fn has(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} lines"), || {
            let lines = self.lines();
            Ok((lines.len() >= count).then_some(lines))
        })
        .unwrap()
    }

    /// Ends by itself; the exit code and what was said on stderr.
    fn end(mut self) -> (Option<i32>, String) {
        let status = eventually("the end of relayctl", || Ok(self.child.try_wait()?)).unwrap();
        let said = read_to_string(self.child.stderr.take().unwrap()).unwrap();
        self.reader.join().unwrap();
        (status.code(), said)
    }

    /// Ctrl-C.
    fn interrupt(self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(status.success());
        self.end()
    }
}

/// Runs with pipes for what it says.
fn running(command: &mut Command) -> Running {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Running(command.spawn().unwrap())
}

/// The numbers of the events and refusals that the store holds, in their order.
async fn stored(url: &str) -> (Vec<i64>, Vec<i64>) {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(url).await.unwrap();
    let numbers = async |sql| -> Vec<i64> {
        let rows = sqlx::query(sql).fetch_all(&pool).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    };
    let all = (
        numbers("SELECT id FROM events ORDER BY id").await,
        numbers("SELECT id FROM refusals ORDER BY id").await,
    );
    pool.close().await;
    all
}

/// The numbers of what was told, in its order.
fn told(lines: &[Value]) -> (Vec<i64>, Vec<i64>) {
    let (mut events, mut refusals) = (Vec::new(), Vec::new());
    for line in lines {
        let (event, refusal) = line["id"].as_str().unwrap().split_once('-').unwrap();
        if line["kind"] == "refused" {
            refusals.push(refusal.parse().unwrap());
        } else {
            events.push(event.parse().unwrap());
        }
    }
    (events, refusals)
}

/// Sends mails, and now and then one that is refused, until relayd goes away.
async fn load(world: &World) -> tokio::task::JoinSet<()> {
    let mut devices = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let mut device = Device::signed_in(world.submission(), &world.user)
            .await
            .unwrap();
        devices.spawn(async move {
            for number in 0.. {
                let mail = World::mail(&format!("tail-{number}"), 2000);
                let from = if number % 7 == 3 {
                    "stranger@other.example"
                } else {
                    SENDER
                };
                if device.send(from, &[RECIPIENT], &mail.bytes).await.is_err() {
                    return;
                }
            }
        });
    }
    devices
}

async fn follows_through_crashes(mut world: World) {
    let operator = world.relayd.ctl().unwrap();
    let all = Tail::start(&operator, "--lines 1");
    let refused = Tail::start(&operator, "--lines 1 --kind refused");
    // Both have begun when they tell what is new.
    let mut device = Device::signed_in(world.submission(), &world.user)
        .await
        .unwrap();
    let strange = World::mail("strange", 2000);
    let reply = device.send("stranger@other.example", &[RECIPIENT], &strange.bytes);
    assert_eq!(reply.await.unwrap().code / 100, 5);
    refused.has(1);
    all.has(1);
    for round in 0..3 {
        let before = all.lines().len();
        let devices = load(&world).await;
        all.has(before + 40);
        if round == 1 {
            assert!(world.relayd.stop().unwrap().success());
        } else {
            world.relayd.kill().unwrap();
        }
        devices.join_all().await;
        world.relayd.start_again().unwrap();
    }
    // All is delivered, and all of that is told.
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let summary = operator.json("queue summary").unwrap();
        let (events, refusals) = stored(&world.store).await;
        let lines = all.lines();
        if summary["depth"] == 0 && lines.len() >= events.len() + refusals.len() {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{summary}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (events, refusals) = stored(&world.store).await;
    assert_eq!(told(&all.lines()), (events, refusals.clone()));
    let only_refused = refused.has(refusals.len());
    assert_eq!(told(&only_refused), (Vec::new(), refusals));
    let (code, said) = all.interrupt();
    assert_eq!(code, Some(130), "{said}");
    assert_eq!(said.matches("trying again").count(), 3, "{said}");
    assert_eq!(said.matches("is back").count(), 3, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_under_load_costs_no_event_and_repeats_none() {
    let world = World::builder()
        .plans("messages_per_minute = 10000000, messages_per_day = 10000000, recipients_per_day = 10000000")
        .build()
        .await;
    follows_through_crashes(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_on_postgresql_costs_no_event_and_repeats_none() {
    let postgres = relay_tests::postgres::Postgres::start().unwrap();
    let world = World::builder()
        .plans("messages_per_minute = 10000000, messages_per_day = 10000000, recipients_per_day = 10000000")
        .store(&postgres.create_database("tail").unwrap())
        .build()
        .await;
    follows_through_crashes(world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_ends_ends_the_tail_and_a_reader_that_goes_is_no_error() {
    let world = World::capturing().await;
    let operator = world.relayd.ctl().unwrap();
    let made = operator
        .json("token create watch --account acme --read-only")
        .unwrap();
    let secret = made["secret"].as_str().unwrap();
    let api = world.relayd.api().unwrap();
    let owner = Relayctl::on_tcp(api, secret, world.folder.path()).unwrap();
    let tail = Tail::start(&owner, "--lines 10");
    world.submit("first").await;
    tail.has(2);
    // A reader that has what it wants.
    let mut head = running(&mut operator.command(&["log", "tail", "--lines", "1"]));
    let mut line = String::new();
    let mut stdout = BufReader::new(head.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("delivered"), "{line}");
    drop(stdout);
    world.submit("second").await;
    let ended = eventually("the end of relayctl", || Ok(head.try_wait()?)).unwrap();
    assert_eq!(ended.code(), Some(0));
    operator
        .ok("token revoke watch --account acme --yes")
        .unwrap();
    let (code, said) = tail.end();
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("the token was refused"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_on_a_terminal_fit_and_ctrl_c_ends_them() {
    let world = World::capturing().await;
    let operator = world.relayd.ctl().unwrap();
    let command = operator.command(&["log", "tail", "--lines", "10"]);
    let mut terminal = Terminal::start_sized(&command, (80, 24)).unwrap();
    world.submit("first").await;
    let screen = terminal
        .expect_screen(|screen| screen.contains("delivered"))
        .unwrap();
    let lines: Vec<_> = screen
        .lines()
        .filter(|line| line.contains("scanner →"))
        .collect();
    assert_eq!(lines.len(), 2, "{screen}");
    assert!(lines[0].contains("  accepted   "), "{screen}");
    terminal.press("\x03").unwrap();
    let (code, _) = terminal.finish().unwrap();
    assert_eq!(code, 130);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_with_what_was_waited_for() {
    let mut world = World::capturing().await;
    let operator = world.relayd.ctl().unwrap();
    world.submit("first").await;
    let message = world.logged("delivered");
    let id = message["id"].as_str().unwrap();
    let shown = operator.json(&format!("wait message {id}")).unwrap();
    assert_eq!(shown["message"]["state"], "delivered");
    let vain = operator
        .run(&format!("wait message {id} --for failed"))
        .unwrap();
    assert_eq!(vain.code, 9, "{}", vain.stderr);
    let unknown = operator.run("wait account nobody --timeout 2s").unwrap();
    assert_eq!(unknown.code, 3, "{}", unknown.stderr);
    let late = operator
        .run("wait account acme --for closed --timeout 1s")
        .unwrap();
    assert_eq!(late.code, 8, "{}", late.stderr);
    assert!(
        late.stderr.contains("cause: it is active"),
        "{}",
        late.stderr
    );
    operator.ok("wait account acme").unwrap();
    // relayd may go and come meanwhile.
    let words = ["wait", "account", "acme", "--for", "suspended"];
    let mut waiting = running(&mut operator.command(&words));
    let mut said = BufReader::new(waiting.stderr.take().unwrap()).lines();
    assert_eq!(said.next().unwrap().unwrap(), "Not yet: it is active.");
    world.relayd.kill().unwrap();
    // It has noticed.
    said.next().unwrap().unwrap();
    world.relayd.start_again().unwrap();
    operator.ok("account suspend acme --yes").unwrap();
    let waited = eventually("the end of relayctl", || Ok(waiting.try_wait()?)).unwrap();
    assert_eq!(waited.code(), Some(0));
    let said = read_to_string(waiting.stdout.take().unwrap()).unwrap();
    assert_eq!(said, "Account acme is suspended.\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_whole_and_private() {
    let world = World::capturing().await;
    for name in ["first", "second"] {
        world.submit(name).await;
    }
    world.captured(2);
    let operator = world.relayd.ctl().unwrap();
    let path = world.folder.path().join("log.jsonl");
    let shown = path.display().to_string();
    operator
        .ok(&format!("log export --to-file {shown}"))
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    for line in text.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        assert_eq!(message["sender"], SENDER);
    }
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    let table = operator
        .ok("log export -o tsv --columns id,recipient")
        .unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("id\trecipient"));
    assert_eq!(lines.count(), 2, "{table}");
    let nothing = operator.run("log export --user nobody").unwrap();
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, ""));
}
