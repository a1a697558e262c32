//! relayctl on a terminal: every question can be left, and leaves terminal and relayd as they were;
//! what is typed ahead or piped is no answer; waits are shown and gone before the answer.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::net::UnixListener,
    path::Path,
    process::Command,
    sync::{Arc, mpsc},
    time::Duration,
};

use relay_tests::{
    harness::{binary, eventually},
    pty::{INTERRUPT, Terminal},
    tls::{Authority, Certificate, server_config},
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::owners::Office;

const SECRET: &str = "correct horse battery staple";
/// Questions and answers, up to the last question of a command.
type Steps = &'static [(&'static str, &'static str)];

/// Every command that asks, with what it asks.
const DIALOGUES: &[(&str, Steps)] = &[
    (
        "account create",
        &[
            ("Account for", ""),
            ("Company", "Beta"),
            ("Contact e-mail", "b@beta.example"),
            ("First name", ""),
            ("Last name", ""),
            ("VAT id", ""),
            ("Phone", ""),
            ("Street", ""),
            ("Postal code", ""),
            ("City", ""),
            ("Country", ""),
            ("Its mail leaves through", ""),
            ("Mailbox", "relay@beta.example"),
            ("Password", SECRET),
        ],
    ),
    (
        "plan create",
        &[
            ("Name of the plan", "school"),
            ("Relay users", "3"),
            ("Messages a minute", "10"),
            ("Messages a day", "100"),
        ],
    ),
    (
        "user create",
        &[
            ("Sender address", "erp@office.example"),
            ("User name", "erp"),
            ("Password", "\x1b[B"),
            ("Password", SECRET),
            ("again", SECRET),
        ],
    ),
    (
        "user rotate-password",
        &[("Relay user", "scanner"), ("Go on?", "y"), ("Password", "")],
    ),
    (
        "user credential add",
        &[
            ("Relay user", "scanner"),
            ("Name of the new password", "summer"),
            ("Password", ""),
        ],
    ),
    ("user suspend scanner", &[("Go on?", "y")]),
    (
        "user delete",
        &[("relay user", "scanner"), ("Type scanner", "")],
    ),
    (
        "system add",
        &[
            ("Name of the system", "erp"),
            ("Address or network", "192.0.2.9"),
            ("Sends as", ""),
        ],
    ),
    ("system remove copier", &[("Go on?", "y")]),
    ("system edit copier --state suspended", &[("Go on?", "y")]),
    (
        "route set --kind smtp-auth",
        &[("Mailbox", "relay@office.example"), ("Password", SECRET)],
    ),
    ("domain add", &[("Domain", "office.example")]),
    ("subscription change", &[("Plan", "")]),
    ("subscription cancel", &[("Go on?", "y")]),
    ("account suspend office", &[("Go on?", "y")]),
    (
        "account reject office",
        &[("Reason", "no"), ("Go on?", "y")],
    ),
    (
        "account close office",
        &[("What is in its queue", ""), ("Type office", "")],
    ),
    ("limits set --messages-per-day 5", &[("Go on?", "y")]),
    ("queue hold --lane", &[("Go on?", "y")]),
    ("plan delete spare", &[("Type spare", "")]),
    ("token create --operator", &[("Name of the token", "ci")]),
    (
        "webhook create",
        &[
            ("Name of the webhook", "pager"),
            ("Its address", "https://x.example/"),
        ],
    ),
    (
        "context add",
        &[("Name of the context", "lab"), ("Address", "/tmp/lab.sock")],
    ),
    (
        "user edit scanner",
        &[
            ("Sender address", "s2@office.example"),
            ("Mail from any other sender", ""),
        ],
    ),
    (
        "system edit copier",
        &[
            ("Address or network", "192.0.2.8"),
            ("Sends as relay user", ""),
            ("Proves who it is by", ""),
            ("State", ""),
            ("Priority of its mail", ""),
        ],
    ),
    (
        "plan edit spare",
        &[("Relay users", "2"), ("Messages a minute", "")],
    ),
    (
        "account edit office",
        &[("Company", "Other"), ("VAT id", ""), ("First name", "")],
    ),
    (
        "test send",
        &[
            ("Relay user to send as", "scanner"),
            ("Who gets the mail", "x@y.example"),
        ],
    ),
    ("system show", &[("Name or id of the system", "")]),
];

/// A relayd with something of everything, and a place to sit at it.
struct Desk {
    office: Office,
}

impl Desk {
    fn new() -> Self {
        let office = Office::open("closed");
        let operator = office.operator.clone().account("office");
        for command in [
            "subscription start --plan business",
            &format!(
                "user create scanner --sender scanner@office.example --password-file {}",
                office.password_file()
            ),
            "system add copier --address 192.0.2.7 --user scanner",
            "plan create spare --relay-users 1 --messages-per-minute 1 --messages-per-day 1",
        ] {
            operator.ok(command).unwrap();
        }
        Self { office }
    }

    fn command(&self, arguments: &str) -> Command {
        self.program(&binary("relayctl").unwrap(), arguments.split(' '))
    }

    fn program<'a>(&self, program: &Path, arguments: impl Iterator<Item = &'a str>) -> Command {
        let socket = self.office.home.parent().unwrap().join("admin.sock");
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.office.home)
            .env("HOME", &self.office.home)
            .env("LANG", "C.UTF-8")
            .env("RELAYCTL_SOCKET", socket)
            .env("RELAYCTL_ACCOUNT", "office");
        command
    }

    fn enters(&self, arguments: &str) -> Terminal {
        Terminal::start(&self.command(arguments)).unwrap()
    }

    /// What was ever changed.
    fn changes(&self) -> usize {
        self.office.operator.items("audit list").unwrap().len()
    }
}

/// Waits for the question. One for a secret may have the name of the one before.
fn asked(terminal: &mut Terminal, question: &str, with: &str) {
    if with == SECRET {
        terminal.expect_hidden(question).unwrap();
    } else {
        terminal.expect(question).unwrap();
    }
}

fn answer(terminal: &mut Terminal, question: &str, with: &str) {
    asked(terminal, question, with);
    let keys = if with == "y" {
        "y".to_owned()
    } else {
        format!("{with}\r")
    };
    terminal.press(&keys).unwrap();
}

/// Left at a question: the terminal is as it was, and no secret stands on it.
fn left(terminal: Terminal, code: i32, what: &str) -> String {
    let echoes = eventually("the echo", || Ok(terminal.echoes()?.then_some(())));
    echoes.unwrap_or_else(|error| panic!("{what}: {error}"));
    let (found, shown) = terminal.finish().unwrap();
    assert_eq!(found, code, "{what}: {shown}");
    assert!(!shown.contains(SECRET), "{what}: {shown}");
    let (hidden, visible) = (shown.rfind("\x1b[?25l"), shown.rfind("\x1b[?25h"));
    assert!(hidden <= visible, "{what}: the cursor stays hidden");
    let (marked, plain) = (shown.rfind("\x1b[?2004h"), shown.rfind("\x1b[?2004l"));
    assert!(marked <= plain, "{what}: pastes stay marked");
    shown
}

#[test]
fn every_question_can_be_left_by_ctrl_c_and_nothing_was_changed() {
    let desk = Desk::new();
    let config = desk.office.home.join(".config/relayctl/config.toml");
    let contexts = std::fs::read_to_string(&config).ok();
    let before = desk.changes();
    for (command, steps) in DIALOGUES {
        for last in 0..steps.len() {
            let mut terminal = desk.enters(command);
            for (question, with) in &steps[..last] {
                answer(&mut terminal, question, with);
            }
            let (question, with) = steps[last];
            asked(&mut terminal, question, with);
            // Something is typed already.
            let typed = if with == SECRET { SECRET } else { "x" };
            if question != "Go on?" {
                terminal.press(typed).unwrap();
            }
            terminal.press(INTERRUPT).unwrap();
            let what = format!("{command}, {question}");
            terminal.expect("cancelled, nothing was changed").unwrap();
            left(terminal, 130, &what);
            assert_eq!(desk.changes(), before, "{what}");
        }
    }
    assert_eq!(std::fs::read_to_string(&config).ok(), contexts);
}

#[test]
fn a_question_is_left_by_no_and_by_a_word_that_is_wrong() {
    let desk = Desk::new();
    let before = desk.changes();
    for (command, question, keys, code) in [
        ("user suspend scanner", "Go on?", "\r", 130),
        ("user suspend scanner", "Go on?", "xn", 130),
        ("user suspend scanner -q", "Go on?", "n", 130),
        ("user delete scanner", "Type scanner", "\r", 130),
        ("user delete scanner", "Type scanner", "scaner\r", 2),
    ] {
        let mut terminal = desk.enters(command);
        terminal.expect(question).unwrap();
        terminal.press(keys).unwrap();
        let shown = left(terminal, code, command);
        assert!(shown.contains("nothing was changed"), "{shown}");
    }
    assert_eq!(desk.changes(), before);
    // The right word does it.
    let mut terminal = desk.enters("plan delete spare");
    answer(&mut terminal, "Type spare", "spare");
    left(terminal, 0, "the right word");
    assert!(desk.changes() > before);
}

#[test]
fn only_what_is_typed_at_a_question_answers_it() {
    let desk = Desk::new();
    let before = desk.changes();
    // The next lines of a pasted script come before the question.
    let mut terminal = desk.enters("user suspend scanner");
    terminal.press("y\ry\r").unwrap();
    terminal.expect("Go on?").unwrap();
    terminal.press("n").unwrap();
    left(terminal, 130, "typed ahead");
    // A pipe is nobody.
    let relayctl = binary("relayctl").unwrap();
    for script in [
        "echo y | \"$0\" user suspend scanner",
        "\"$0\" user suspend scanner < /dev/null",
        "\"$0\" user suspend scanner <&-",
        "\"$0\" plan create < /dev/null",
        "printf 'scanner\\n' | \"$0\" user delete scanner",
        "RELAYCTL_NO_INPUT=1 \"$0\" user suspend scanner",
        "CI=true \"$0\" user suspend scanner",
        "TERM=dumb \"$0\" user suspend scanner",
        "\"$0\" user suspend scanner 2>&1 | cat; exit ${PIPESTATUS[0]}",
    ] {
        let words = ["-c", script, relayctl.to_str().unwrap()];
        let command = desk.program(Path::new("bash"), words.into_iter());
        let (code, shown) = Terminal::start(&command).unwrap().finish().unwrap();
        assert_eq!(code, 2, "{script}: {shown}");
        assert!(shown.contains("prompts are off ("), "{script}: {shown}");
    }
    assert_eq!(desk.changes(), before);
}

#[test]
fn sigterm_and_sigint_at_a_question_leave_the_terminal_as_it_was() {
    let desk = Desk::new();
    for (signal, number, code) in [(Signal::TERM, "TERM", 143), (Signal::INT, "INT", 130)] {
        for (command, question) in [
            ("auth login --email a@b.example", "Password"),
            ("subscription change", "Plan"),
        ] {
            let script = "\"$0\" context add here --socket \"$RELAYCTL_SOCKET\" >/dev/null 2>&1; echo $$ > pid; exec \"$0\" \"$@\"";
            let relayctl = binary("relayctl").unwrap();
            let words = ["-c", script, relayctl.to_str().unwrap(), "-c", "here"];
            let words = words.into_iter().chain(command.split(' '));
            let mut terminal = Terminal::start(&desk.program(Path::new("bash"), words)).unwrap();
            terminal.expect(question).unwrap();
            terminal.press("secret").unwrap();
            let pid = std::fs::read_to_string(desk.office.home.join("pid")).unwrap();
            let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
            kill_process(pid, signal).unwrap();
            terminal.expect("cancelled, nothing was changed").unwrap();
            left(terminal, code, number);
        }
    }
}

/// Answers the first request when it is told to, each other after this long.
fn slow(path: &Path, pause: Duration, body: &'static str) -> mpsc::Sender<()> {
    let listener = UnixListener::bind(path).unwrap();
    let (tell, told) = mpsc::channel();
    // The thread ends with the process of the test.
    std::thread::spawn(move || {
        for (number, mut stream) in listener.incoming().flatten().enumerate() {
            let _read = stream.read(&mut [0; 4096]);
            if number == 0 {
                let _told = told.recv();
            } else {
                std::thread::sleep(pause);
            }
            let length = body.len();
            let _written = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    tell
}

#[test]
fn what_takes_long_is_shown_on_a_terminal_and_gone_before_the_answer() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("admin.sock");
    let answer = slow(
        &path,
        Duration::from_millis(1200),
        r#"{"items":[],"next_cursor":null}"#,
    );
    let relayctl = |arguments: &str, variable: (&str, &str)| {
        let mut command = Command::new(binary("relayctl").unwrap());
        command
            .args(arguments.split(' '))
            .env("HOME", folder.path())
            .env("RELAYCTL_SOCKET", &path)
            .env(variable.0, variable.1);
        command
    };
    let shown = Terminal::start_sized(&relayctl("plan list", ("A", "b")), (40, 24)).unwrap();
    shown
        .expect_screen(|it| it.contains(" Fetching the list"))
        .unwrap();
    answer.send(()).unwrap();
    let screen = shown
        .expect_screen(|it| it.contains("There are no plans"))
        .unwrap();
    assert_eq!(screen.trim_end(), "There are no plans.");
    assert_eq!(shown.finish().unwrap().0, 0);
    // Nowhere else.
    for (arguments, variable) in [
        ("plan list -q", ("A", "b")),
        ("plan list", ("CI", "true")),
        ("plan list", ("TERM", "dumb")),
    ] {
        let terminal = Terminal::start(&relayctl(arguments, variable)).unwrap();
        let (code, shown) = terminal.finish().unwrap();
        assert_eq!(code, 0, "{shown}");
        assert!(
            !shown.contains("Fetching") && !shown.contains('\x1b'),
            "{shown:?}"
        );
    }
    let output = relayctl("plan list", ("TERM", "xterm")).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "There are no plans.\n"
    );
}

/// Speaks TLS with this certificate, and nothing after it.
fn speaking_tls(certificate: &Certificate) -> u16 {
    let config = server_config(certificate).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // The thread ends with the process of the test.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let _done = session.complete_io(&mut stream);
        }
    });
    port
}

#[test]
fn a_certificate_that_cannot_be_trusted_is_told_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let ours = Authority::new("ours").unwrap();
    let ca_file = folder.path().join("ours.pem");
    std::fs::write(&ca_file, ours.pem()).unwrap();
    let other = Authority::new("other")
        .unwrap()
        .issue(&["localhost"])
        .unwrap();
    let elsewhere = ours.issue(&["mail.example.com"]).unwrap();
    let old = ours
        .issue_until(&["localhost"], jiff::civil::date(2020, 1, 1))
        .unwrap();
    for (certificate, cause, remedy) in [
        (
            other,
            "no authority that this machine trusts has signed it",
            "--ca-file FILE",
        ),
        (
            elsewhere,
            "it is not made out for localhost: it is made out for mail.example.com",
            "--url",
        ),
        (old, "it has expired", "the clock of this machine"),
    ] {
        let url = format!("https://localhost:{}", speaking_tls(&certificate));
        let output = Command::new(binary("relayctl").unwrap())
            .args(["--url", &url, "--ca-file"])
            .arg(&ca_file)
            .args(["plan", "list"])
            .env_clear()
            .env("HOME", folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(6), "{text}");
        assert!(text.contains("certificate-refused"), "{text}");
        assert!(text.contains(&format!("  cause: {cause}")), "{text}");
        assert!(
            text.contains("  try:   ") && text.contains(remedy),
            "{text}"
        );
        assert!(
            !text.contains("UnknownIssuer") && !text.contains("DnsName"),
            "{text}"
        );
    }
}
