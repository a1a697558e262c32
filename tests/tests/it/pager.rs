//! `PAGER` at a terminal: what is long goes through it, what is shown once never does, and the keys
//! are the pager's until it ends.

use std::{fmt::Write as _, fs, process::Command};

use relay_tests::{
    harness::{binary, eventually},
    pty::{INTERRUPT, Terminal},
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::owners::Office;

/// Keeps what it is given, and stays until the person types q.
const PAGER: &str = r#"trap 'echo "the pager was interrupted"' INT
trap '' QUIT
cat > seen
echo "$1 by the pager, LESS=$LESS"
while [ "$key" != q ]; do read -r key < /dev/tty; echo "heard $key"; done
echo "the pager is left"
"#;
const HERE: &str = "sh ./pager read";
const READ: &str = "read by the pager, LESS=FRX";

/// Ctrl-\, which ends most programs.
const QUIT: &str = "\x1c";

/// A home with contexts and a pager; no relayd.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn with(contexts: usize) -> Self {
        let home = TempDir::new().unwrap();
        let mut config = String::new();
        for number in 1..=contexts {
            let url = format!("https://relay-{number}.example.com:8443");
            writeln!(config, "[context.relay-{number}]\nurl = \"{url}\"").unwrap();
        }
        fs::write(home.path().join("config.toml"), config).unwrap();
        fs::write(home.path().join("pager"), PAGER).unwrap();
        Self { home }
    }

    fn command(&self, arguments: &str, variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(binary("relayctl").unwrap());
        command
            .args(arguments.split(' '))
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("RELAYCTL_CONFIG", self.home.path().join("config.toml"))
            .envs(variables.iter().copied());
        command
    }

    fn enters(&self, arguments: &str, variables: &[(&str, &str)]) -> Terminal {
        Terminal::start_sized(&self.command(arguments, variables), (40, 24)).unwrap()
    }

    /// What the pager was given since this was asked last.
    fn seen(&self) -> Option<String> {
        let path = self.home.path().join("seen");
        let text = fs::read_to_string(&path).ok()?;
        fs::remove_file(path).unwrap();
        Some(text)
    }
}

#[test]
fn a_list_that_is_longer_than_the_screen_is_paged_with_its_notes_after_it() {
    let desk = Desk::with(30);
    let mut terminal = desk.enters("context list", &[("PAGER", HERE)]);
    terminal.expect(READ).unwrap();
    let text = desk.seen().unwrap();
    assert_eq!(text.lines().count(), 31, "{text}");
    assert!(text.starts_with("\x1b[1mNAME"), "{text:?}");
    terminal.press("q\r").unwrap();
    let (code, shown) = terminal.finish().unwrap();
    assert_eq!(code, 0);
    assert!(!shown.contains("relay-17"), "{shown}");
    let (_, after) = shown.split_once("the pager is left").unwrap();
    assert!(after.contains("hidden; use -o wide)"), "{shown}");

    for (arguments, less, read) in [
        ("context list -o json", "", READ),
        ("context list -o name", "-S", "read by the pager, LESS=-S"),
        ("help environment", "", READ),
        ("user create --help", "", READ),
        ("help error", "", READ),
    ] {
        let mut terminal = desk.enters(arguments, &[("PAGER", HERE), ("LESS", less)]);
        terminal.expect(read).unwrap();
        terminal.press("q\r").unwrap();
        assert_eq!(terminal.finish().unwrap().0, 0, "{arguments}");
        assert!(desk.seen().is_some(), "{arguments}");
    }
}

#[test]
fn what_fits_or_has_no_pager_is_printed() {
    let desk = Desk::with(30);
    let few = Desk::with(3);
    for (desk, variables) in [
        (&few, [("PAGER", HERE), ("TERM", "xterm")]),
        (&desk, [("PAGER", ""), ("TERM", "xterm")]),
        (&desk, [("PAGER", "cat"), ("TERM", "xterm")]),
        (&desk, [("PAGER", HERE), ("TERM", "dumb")]),
        (&desk, [("PAGER", HERE), ("RELAYCTL_NO_INPUT", "1")]),
        (&desk, [("PAGER", HERE), ("CI", "true")]),
    ] {
        let (code, shown) = desk.enters("context list", &variables).finish().unwrap();
        assert_eq!(code, 0, "{variables:?}: {shown}");
        assert!(shown.contains("relay-3 "), "{variables:?}: {shown}");
        assert_eq!(desk.seen(), None, "{variables:?}");
    }
    for arguments in [
        "context list --no-input",
        "help error --no-input",
        "user create --no-input --help",
    ] {
        let (code, shown) = desk.enters(arguments, &[("PAGER", HERE)]).finish().unwrap();
        assert_eq!(code, 0, "{arguments}: {shown}");
        assert_eq!(desk.seen(), None, "{arguments}");
    }
    let piped = desk
        .command("context list", &[("PAGER", HERE)])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap().lines().count(), 31);
    assert_eq!(desk.seen(), None);
    // Not one that goes on by itself or is for another program.
    let (code, shown) = desk
        .enters("completion bash", &[("PAGER", HERE)])
        .finish()
        .unwrap();
    assert_eq!((code, desk.seen()), (0, None), "{shown}");
}

#[test]
fn a_pager_that_cannot_be_run_hides_nothing() {
    let desk = Desk::with(30);
    fs::write(desk.home.path().join("plain"), "no program").unwrap();
    for pager in ["no-such-pager -R", "./plain"] {
        let (code, shown) = desk
            .enters("context list", &[("PAGER", pager)])
            .finish()
            .unwrap();
        assert_eq!(code, 0, "{shown}");
        assert!(
            shown.contains("relay-1 ") && shown.contains("relay-30 "),
            "{shown}"
        );
        let note = format!("The pager `{pager}` of PAGER cannot be run.");
        assert_eq!(shown.matches(&note).count(), 1, "{shown}");
    }
}

#[test]
fn leaving_the_pager_early_is_no_failure() {
    // More than a pipe holds.
    let desk = Desk::with(3000);
    let (code, shown) = desk
        .enters("context list", &[("PAGER", "head -n 2; exit 3")])
        .finish()
        .unwrap();
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("relay-1 ") && !shown.contains("relay-10 "),
        "{shown}"
    );
    assert!(!shown.contains("error"), "{shown}");
}

#[test]
fn the_exit_code_is_the_command_s_and_its_failure_is_told_after_the_pager() {
    let desk = Desk::with(0);
    let doctor = desk.command(
        "doctor",
        &[
            ("PAGER", HERE),
            ("RELAYCTL_SOCKET", "/nonexistent/admin.sock"),
        ],
    );
    let mut terminal = Terminal::start_sized(&doctor, (80, 1)).unwrap();
    terminal.expect(READ).unwrap();
    assert!(desk.seen().unwrap().contains("it cannot be asked"));
    terminal.press("q\r").unwrap();
    let (code, shown) = terminal.finish().unwrap();
    let (before, after) = shown.split_once("the pager is left").unwrap();
    assert!(
        after.contains("error:") && !before.contains("error:"),
        "{shown}"
    );
    assert_eq!(code, 6, "{shown}");
}

#[test]
fn keys_are_for_the_pager_and_sigterm_said_twice_ends_it() {
    let desk = Desk::with(30);
    let mut terminal = desk.enters("context list", &[("PAGER", HERE)]);
    terminal.expect(READ).unwrap();
    terminal.press(INTERRUPT).unwrap();
    terminal.press(QUIT).unwrap();
    terminal.press("q\r").unwrap();
    let (code, shown) = terminal.finish().unwrap();
    let (_, after) = shown.split_once("the pager was interrupted").unwrap();
    let (_, after) = after.split_once("the pager is left").unwrap();
    assert!(after.contains("hidden; use -o wide)"), "{shown}");
    assert_eq!(code, 0, "{shown}");

    let mut terminal = desk.enters("context list", &[("PAGER", HERE)]);
    terminal.expect(READ).unwrap();
    let pid = Pid::from_raw(terminal.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    // The pager goes on; who says it again means it.
    terminal.press("a\r").unwrap();
    terminal.expect("heard a").unwrap();
    eventually("the end of relayctl", || {
        kill_process(pid, Signal::TERM)?;
        Ok(has_ended(pid).then_some(()))
    })
    .unwrap();
    assert_eq!(terminal.finish().unwrap().0, 143);
}

/// Whether the process only waits to be asked for its exit code.
fn has_ended(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.starts_with('Z')
}

#[test]
fn a_secret_that_is_shown_once_is_never_paged() {
    let office = Office::open("closed");
    let operator = office.operator.clone().account("office");
    let password_file = office.password_file();
    for command in [
        "subscription start --plan business",
        &format!(
            "user create scanner --sender scanner@office.example --password-file {password_file}"
        ),
    ] {
        operator.ok(command).unwrap();
    }
    fs::write(office.home.join("pager"), PAGER).unwrap();
    let enters = |arguments: &str| {
        let mut command = Command::new(binary("relayctl").unwrap());
        let socket = office.home.parent().unwrap().join("admin.sock");
        command
            .args(arguments.split(' '))
            .current_dir(&office.home)
            .env("HOME", &office.home)
            .env("RELAYCTL_SOCKET", socket)
            .env("RELAYCTL_ACCOUNT", "office")
            .env("PAGER", HERE);
        // Nothing fits.
        Terminal::start_sized(&command, (80, 1)).unwrap()
    };
    for (arguments, said) in [
        (
            "user create erp --sender erp@office.example --generate",
            "Password",
        ),
        ("user rotate-password scanner --generate --yes", "Password"),
        (
            "user rotate-password scanner --generate --yes -o json",
            "\"password\"",
        ),
        ("user credential add scanner summer --generate", "Password"),
        ("token create ci --operator", "Token"),
        ("token create cd --operator -o json", "\"secret\""),
        ("webhook create hook --to https://hook.example/", "Secret"),
        ("account invite", "shown once"),
        ("user suspend scanner --yes", "suspended"),
    ] {
        let (code, shown) = enters(arguments).finish().unwrap();
        assert_eq!(code, 0, "{arguments}: {shown}");
        assert!(shown.contains(said), "{arguments}: {shown}");
        assert!(!office.home.join("seen").exists(), "{arguments}");
    }
    let mut list = enters("user list");
    list.expect(READ).unwrap();
    list.press("q\r").unwrap();
    assert_eq!(list.finish().unwrap().0, 0);
    let seen = fs::read_to_string(office.home.join("seen")).unwrap();
    assert!(seen.contains("scanner"), "{seen}");
}
