//! Completion in the real shells: on a terminal, as a person presses Tab, with names that would do
//! harm where a shell took them for its own.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use relay_tests::{
    harness::{binary, eventually},
    pty::Terminal,
};
use tempfile::TempDir;

/// Relay users whose names a shell must write with care, by a letter that begins none but them.
const NAMES: [(&str, &str); 6] = [
    ("s", "scanner"),
    ("m", "my scanner"),
    ("i", "it's"),
    ("x", "x$(touch pwned);y"),
    ("g", "g*lob"),
    ("d", "d\"q\\z"),
];

/// A stand-in for relayd that knows relay users, or only listens.
struct Stub {
    folder: TempDir,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    fn start(answers: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let listener = UnixListener::bind(folder.path().join("admin.sock")).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        // The thread ends with the process of the test.
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming().flatten() {
                if answers {
                    let _ = serve(&stream, &record);
                } else {
                    open.push(stream);
                }
            }
        });
        Self { folder, asked }
    }

    fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Answers one request: relay users where they are listed, nothing but names of them elsewhere.
fn serve(stream: &UnixStream, record: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
    }
    let users: Vec<_> = NAMES
        .iter()
        .map(|(_, name)| {
            serde_json::json!({
                "id": "u", "account": "acme", "username": name, "sender": "scanner@acme.example",
                "allowed_senders": [], "other_sender": "reject", "state": "active",
                "created_at": "2026-11-20T08:00:00Z", "version": 1,
            })
        })
        .collect();
    let (status, body) = if first.contains("/users?") {
        let page = serde_json::json!({"items": users, "next_cursor": "more"});
        (200, page.to_string())
    } else {
        (404, "{}".to_owned())
    };
    let asked = first.split(' ').nth(1).unwrap_or_default().to_owned();
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )?;
    record
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(asked);
    Ok(())
}

/// A shell on a terminal, with the hook of `relayctl completion` in force.
struct Shell {
    name: &'static str,
    terminal: Terminal,
}

impl Shell {
    fn start(name: &'static str, stub: &Stub) -> Self {
        let programs = binary("relayctl").unwrap();
        let programs = programs.parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap();
        let arguments: &[&str] = match name {
            "bash" => &["--norc", "--noprofile", "-i"],
            "zsh" => &["-f", "-i"],
            _ => &["--no-config", "--private", "-i"],
        };
        let mut command = Command::new(name);
        command
            .args(arguments)
            .current_dir(stub.folder.path())
            .env("PATH", format!("{programs}:{path}"))
            .env("HOME", stub.folder.path())
            .env("RELAYCTL_SOCKET", stub.folder.path().join("admin.sock"))
            .env("RELAYCTL_ACCOUNT", "acme")
            .env("INPUTRC", "/dev/null")
            .env("LANG", "C.UTF-8")
            .env("PS1", "ready> ");
        let terminal = Terminal::start_sized(&command, (100, 30)).unwrap();
        let mut shell = Self { name, terminal };
        shell.prepare();
        shell
    }

    fn prepare(&mut self) {
        let source = match self.name {
            "fish" => {
                "function fish_prompt; echo 'ready> '; end; function fish_greeting; end; \
                 relayctl completion fish | source; clear\r"
            }
            "zsh" => "unsetopt beep; source <(relayctl completion zsh); clear\r",
            _ => "source <(relayctl completion bash); clear\r",
        };
        self.terminal.press(source).unwrap();
        self.shows(|screen| screen.trim() == "ready>");
    }

    fn press(&mut self, keys: &str) {
        self.terminal.press(keys).unwrap();
    }

    fn shows(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        let shown = self.terminal.expect_screen(is_wanted);
        shown.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Empties the line and the screen.
    fn clear(&mut self) {
        self.press("\x15\x0c");
        self.shows(|screen| screen.trim() == "ready>");
    }
}

fn plain(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: Vec<u8> = rest.by_ref().take(2).collect();
            let code = std::str::from_utf8(&code).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn names_are_completed_and_mean_themselves(name: &'static str) {
    let stub = Stub::start(true);
    let mut shell = Shell::start(name, &stub);
    // A verb, and a flag with a value in the same word.
    shell.press("relayctl user edit x --other-se\t");
    shell.shows(|screen| screen.contains("x --other-sender"));
    shell.clear();
    shell.press("relayctl user edit x --other-sender=rew\t");
    shell.shows(|screen| screen.contains("--other-sender=rewrite"));
    shell.clear();
    for (begin, user) in NAMES {
        shell.press(&format!("relayctl user show {begin}\t"));
        // The line is as long as a quoted name makes it.
        let last = user.chars().last().unwrap();
        shell.shows(|screen| {
            let line = screen.lines().last().unwrap_or_default().trim_end();
            line.len() > "ready> relayctl user show x".len() && line.contains(last)
        });
        shell.press("\r");
        let wanted = format!("/v1/accounts/acme/users/{user}");
        eventually(&wanted, || {
            let asked = stub.asked();
            Ok(asked.iter().any(|it| plain(it) == wanted).then_some(()))
        })
        .unwrap();
        shell.shows(|screen| screen.trim_end().ends_with("ready>"));
        shell.press("\x0c");
    }
    assert!(!stub.folder.path().join("pwned").exists());
    // One page was asked for, though there is more.
    assert!(!stub.asked().iter().any(|it| it.contains("cursor")));

    // Files where files are wanted; the shell lists its own.
    fs::write(stub.folder.path().join("erp key.pem"), "").unwrap();
    shell.clear();
    shell.press("relayctl user list --ca-file erp\t");
    shell.shows(|screen| screen.contains("key.pem"));
    shell.clear();
    if name != "bash" {
        shell.press("relayctl user show \t");
        shell.shows(|screen| screen.contains("scanner@acme.example, active"));
    }
}

fn a_relayd_that_never_answers_gives_the_line_back(name: &'static str) {
    let stub = Stub::start(false);
    let mut shell = Shell::start(name, &stub);
    shell.press("relayctl user show s\t");
    shell.shows(|screen| screen.contains("user show s"));
    shell.press("\x15echo al''ive\r");
    shell.shows(|screen| screen.lines().any(|line| line.trim() == "alive"));
}

#[test]
fn bash_completes_names_that_mean_themselves() {
    names_are_completed_and_mean_themselves("bash");
}

#[test]
fn zsh_completes_names_that_mean_themselves() {
    names_are_completed_and_mean_themselves("zsh");
}

#[test]
fn fish_completes_names_that_mean_themselves() {
    names_are_completed_and_mean_themselves("fish");
}

#[test]
fn no_shell_waits_for_a_relayd_that_never_answers() {
    for name in ["bash", "zsh", "fish"] {
        a_relayd_that_never_answers_gives_the_line_back(name);
    }
}
