//! Every example in the help and the man pages, run as it stands.
//!
//! `tests/examples/prepare.sh` makes the world that they are about, once; each example runs in a
//! copy of it, beside a relayd of its own, so that none depends on another. What an example needs
//! beyond that is in `tests/examples/fixtures`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use relay_tests::harness::{Relayd, binary, finding_here};
use relayctl::generated::Example;
use tempfile::TempDir;

use crate::page;

/// Each has a relayd beside it.
const AT_A_TIME: usize = 3;

/// What an example needs, and how it ends.
#[derive(Debug, Default)]
struct Fixture {
    before: Vec<String>,
    exit: i32,
    /// How it runs, when not as it stands.
    how: Option<How>,
}

/// How an example runs that does not end by itself, or shows what a pipe is not shown.
#[derive(Debug, Clone)]
enum How {
    /// On a terminal.
    Terminal,
    /// On a terminal, where somebody presses these keys every second until it ends.
    Keys(String),
    /// Until somebody presses Ctrl-C, once relayd has answered.
    UntilInterrupted,
}

#[derive(Debug, Default)]
struct Fixtures {
    /// By the first line of the example.
    by_example: BTreeMap<String, Fixture>,
    /// What stands in examples for what has another name each time, and what tells that name.
    replaced: Vec<(String, String)>,
}

impl Fixtures {
    fn read() -> Self {
        let mut found = Self::default();
        let mut example = String::new();
        let text = page::read("tests/examples/fixtures");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let fixture = found.by_example.entry(example.clone()).or_default();
            if let Some(pair) = line.strip_prefix("replace ") {
                let (placeholder, command) = pair.split_once(" = ").expect(line);
                let pair = (placeholder.to_owned(), command.to_owned());
                found.replaced.push(pair);
            } else if let Some(exit) = line.strip_prefix("    exit ") {
                let (code, _why) = exit.split_once(": ").expect("a reason");
                fixture.exit = code.parse().expect(line);
            } else if line == "    terminal" {
                fixture.how = Some(How::Terminal);
            } else if let Some(keys) = line.strip_prefix("    keys ") {
                fixture.how = Some(How::Keys(keys.to_owned()));
            } else if line == "    until Ctrl-C" {
                fixture.how = Some(How::UntilInterrupted);
                fixture.exit = 130;
            } else if let Some(command) = line.strip_prefix("    ") {
                fixture.before.push(command.to_owned());
            } else {
                line.clone_into(&mut example);
                found.by_example.entry(example.clone()).or_default();
            }
        }
        found.by_example.remove("");
        found
    }

    /// What a shell runs.
    fn script(&self, example: &Example) -> (String, i32) {
        let mut text = example.text.clone();
        let mut before = String::new();
        for (index, (placeholder, command)) in self.replaced.iter().enumerate() {
            if text.contains(placeholder) {
                let _ = writeln!(before, "v{index}=$({command})");
                text = text.replace(placeholder, &format!("$v{index}"));
            }
        }
        let none = Fixture::default();
        let fixture = self.by_example.get(first_line(example)).unwrap_or(&none);
        let lines = fixture.before.join("\n");
        let run = match &fixture.how {
            None => text.clone(),
            Some(How::Terminal) => "script -qec 'bash ./example' /dev/null".to_owned(),
            Some(How::Keys(keys)) => {
                format!(
                    "(trap '' PIPE; while sleep 1 && printf '{keys}' 2>/dev/null; do :; done) | \
                     script -qec 'bash ./example' /dev/null"
                )
            }
            Some(How::UntilInterrupted) => UNTIL_INTERRUPTED.to_owned(),
        };
        let script =
            format!("{lines}\n{before}cat >example <<END\n{text}\nEND\necho '{BEGIN}' >&2\n{run}");
        (script, fixture.exit)
    }
}

/// Presses Ctrl-C when the trace tells that relayd has answered well. What ends before that ends with
/// its own code; what has not ended in a minute is killed, and ends with 124.
const UNTIL_INTERRUPTED: &str = r#"mkfifo told
set -m
RELAYCTL_LOG=trace bash ./example 2>told &
end=$((SECONDS + 60))
while left=$((end - SECONDS)) && [ "$left" -gt 0 ] && IFS= read -r -t "$left" line; do
    printf '%s\n' "$line" >&2
    if [ "$line" = '< 200 OK' ]; then kill -INT -- -$! || true; fi
done <told
if [ "$SECONDS" -ge "$end" ]; then
    kill -KILL -- -$! || true
    exit 124
fi
wait $!"#;

/// Stands on stderr once all that comes before an example went well.
const BEGIN: &str = "--- the example ---";

fn first_line(example: &Example) -> &str {
    example.text.lines().next().unwrap_or_default()
}

/// A folder with a relayd in it, and a home folder.
struct Place {
    relayd: Relayd,
    home: PathBuf,
    /// What relayd and relayctl run under: no name leads them to another machine.
    wrapper: Vec<String>,
}

impl Place {
    fn new(folder: &Path) -> Self {
        let home = folder.join("home");
        fs::create_dir_all(&home).unwrap();
        let config = format!(
            "hostname = \"relay.acme.example\"\nstate_dir = \"{0}/state\"\n\
             [api]\nsocket = \"{0}/admin.sock\"\ntcp = \"127.0.0.1:0\"\n\
             [accounts]\ndomain_proof = \"waived\"\n\
             # Nobody answers there: no example reaches another machine.\n\
             [dns]\nservers = [\"127.0.0.1:9\"]\n\
             [[listener]]\nname = \"submission\"\naddress = \"127.0.0.1:0\"\ntls = \"starttls\"\n",
            folder.display()
        );
        let wrapper = finding_here(&[], folder).unwrap();
        let relayd = Relayd::start_as_written(&wrapper, folder, &config).unwrap();
        Self {
            relayd,
            home,
            wrapper,
        }
    }

    fn run(&self, script: &str) -> Output {
        let programs = binary("relayctl").unwrap();
        let path = std::env::var("PATH").unwrap();
        Command::new(&self.wrapper[0])
            .args(&self.wrapper[1..])
            .args(["bash", "-euo", "pipefail", "-c", script])
            .current_dir(&self.home)
            .env_clear()
            .env("HOME", &self.home)
            .env(
                "PATH",
                format!("{}:{path}", programs.parent().unwrap().display()),
            )
            .env("RELAYCTL_SOCKET", self.relayd.folder().join("admin.sock"))
            .env("RELAYD_STATE", self.relayd.state_dir())
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.unwrap().success(), "copying {}", from.display());
}

/// The world, at rest: state and home folder to copy.
fn prepare() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut place = Place::new(folder.path());
    let output = place.run(&page::read("tests/examples/prepare.sh"));
    assert!(
        output.status.success(),
        "prepare.sh: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(place.relayd.stop().unwrap().success());
    folder
}

/// Runs an example in a world of its own; tells what went wrong.
fn complaint(world: &Path, fixtures: &Fixtures, example: &Example) -> Option<String> {
    let folder = TempDir::new().unwrap();
    for part in ["state", "home"] {
        copy(&world.join(part), &folder.path().join(part));
    }
    let place = Place::new(folder.path());
    let (script, wanted) = fixtures.script(example);
    let output = place.run(&script);
    let said = String::from_utf8_lossy(&output.stderr);
    let (before, said) = said.split_once(BEGIN).unwrap_or((&said, ""));
    if said.is_empty() {
        return Some(format!(
            "{}\n  what comes before it failed:\n{before}",
            example.text
        ));
    }
    let code = output.status.code();
    (code != Some(wanted)).then(|| {
        format!(
            "{}\n  of `{}` ended with {code:?}, not {wanted}:\n{}{said}",
            example.text,
            example.command,
            String::from_utf8_lossy(&output.stdout)
        )
    })
}

#[test]
fn every_example_does_what_it_says() {
    let fixtures = Fixtures::read();
    let mut seen = BTreeSet::new();
    let examples = relayctl::generated::examples();
    let examples: Vec<_> = examples
        .into_iter()
        .filter(|example| seen.insert(example.text.clone()))
        .collect();
    for known in fixtures.by_example.keys() {
        let is_used = examples.iter().any(|example| first_line(example) == known);
        assert!(is_used, "tests/examples/fixtures: no help has `{known}`");
    }

    let world = prepare();
    let next = AtomicUsize::new(0);
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(example) = examples.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(complaint) = complaint(world.path(), &fixtures, example) {
                        let mut complaints =
                            complaints.lock().unwrap_or_else(PoisonError::into_inner);
                        complaints.push(complaint);
                    }
                }
            });
        }
    });
    let complaints = complaints
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
