//! No secret is told: the walk runs with all logs on, errors are provoked, and everything that
//! relayd and relayctl wrote, answered and kept is searched for every secret there was.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use relay_proto::Method;
use relay_tests::harness::{Relayctl, binary, code_in};
use serde_json::Value;

use super::{Provider, postgresql, script};

/// Secrets by what they are.
type Secrets = BTreeMap<String, String>;

/// The relayctl that notes all it says, as a program of its own; and where the notes are.
fn telling(provider: &Provider) -> (PathBuf, PathBuf) {
    let notes = provider.folder().join("notes");
    fs::create_dir(&notes).unwrap();
    let program = provider.folder().join("telling-relayctl");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("walk/telling.sh");
    let text = format!(
        "#!/bin/sh\nRELAYCTL_TOLD='{}' NOTES='{}' exec '{}' \"$@\"\n",
        binary("relayctl").unwrap().display(),
        notes.display(),
        script.display()
    );
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (program, notes)
}

/// Collects what must not be told.
fn secrets(provider: &Provider, work: &Path, notes: &Path) -> Secrets {
    let mut secrets = Secrets::new();
    let mut plant = |what: String, secret: &str| {
        let secret = secret.trim();
        assert!(
            secret.len() >= 8,
            "{what} is too short to be found: {secret:?}"
        );
        secrets.insert(what, secret.to_owned());
    };
    for entry in fs::read_dir(work).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pw") {
            plant(
                path.display().to_string(),
                &fs::read_to_string(&path).unwrap(),
            );
        }
    }
    for (number, line) in lines(&notes.join("tokens")).into_iter().enumerate() {
        plant(format!("session {number}"), &line);
    }
    let once = fs::read_to_string(notes.join("once")).unwrap();
    let shown = serde_json::Deserializer::from_str(&once).into_iter::<Value>();
    for (number, value) in shown.enumerate() {
        let value = value.unwrap();
        for field in ["password", "secret", "code"] {
            if let Some(secret) = text_of(&value, field) {
                plant(format!("{field} {number}"), &secret);
            }
        }
    }
    for entry in provider.simulator.messages() {
        let body = provider.simulator.body(&entry).unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        if let Some(code) = code_in(&body) {
            plant(format!("code {}", entry.number), code);
        }
    }
    let state = provider.relayd.state_dir();
    plant(
        "key file".into(),
        &fs::read_to_string(state.join("secret.key")).unwrap(),
    );
    let key = fs::read_to_string(state.join("self-signed.key")).unwrap();
    plant("key of the certificate".into(), key.lines().nth(1).unwrap());
    secrets
}

fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The text field of that name, at whatever depth.
fn text_of(value: &Value, field: &str) -> Option<String> {
    match value {
        Value::Object(fields) => match fields.get(field) {
            Some(Value::String(text)) => Some(text.clone()),
            _ => fields.values().find_map(|value| text_of(value, field)),
        },
        _ => None,
    }
}

/// As devices and programs send them, too.
fn encoded(secrets: &Secrets) -> Secrets {
    let mut all = secrets.clone();
    for (what, secret) in secrets {
        all.insert(format!("{what}, base64"), BASE64.encode(secret));
        let blob = BASE64.encode(format!("\0scanner\0{secret}"));
        all.insert(format!("{what}, AUTH PLAIN"), blob);
    }
    all
}

/// Fails when a secret stands in the text of that place.
fn hides(place: &str, text: &[u8], secrets: &Secrets) {
    for (what, secret) in secrets {
        let found = memchr::memmem::find_iter(text, secret.as_bytes())
            .find(|at| !is_within_number(text, *at, secret));
        if let Some(at) = found {
            let around = text.get(at.saturating_sub(200)..text.len().min(at + 100));
            let around = String::from_utf8_lossy(around.unwrap_or_default());
            panic!("{what} stands in {place}: {around}");
        }
    }
}

/// Whether a code is but a part of a longer number, such as a time.
fn is_within_number(text: &[u8], at: usize, secret: &str) -> bool {
    let is_digit = |place: usize| text.get(place).is_some_and(u8::is_ascii_digit);
    let is_code = secret.bytes().all(|byte| byte.is_ascii_digit());
    is_code && (at.checked_sub(1).is_some_and(is_digit) || is_digit(at + secret.len()))
}

/// What goes wrong with a secret at hand: at the door, in requests, with tokens.
fn provoke(provider: &Provider, operator: &Relayctl, password: &str) {
    let door = provider.relayd.listener("legacy").unwrap();
    let stream = TcpStream::connect(door).unwrap();
    let mut replies = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut says = |line: &str| {
        (&stream)
            .write_all(format!("{line}\r\n").as_bytes())
            .unwrap();
        // The last line of a reply has a blank behind its code.
        while replies.next().unwrap().unwrap().as_bytes().get(3) == Some(&b'-') {}
    };
    let (user, secret) = (BASE64.encode("scanner"), BASE64.encode(password));
    says("NOOP");
    says("EHLO floor-3.example");
    // Half-spoken sign-ins, a secret in place of a command, one with a slip, one that is taken.
    says("AUTH LOGIN");
    says(&user);
    says(&(secret.clone() + "AAAA"));
    says(&secret);
    says(password);
    says(&format!(
        "AUTH PLAIN {}",
        BASE64.encode(format!("\0\0{password}"))
    ));
    says(&format!(
        "AUTH PLAIN {}",
        BASE64.encode(format!("\0nobody\0{password}"))
    ));
    says(&format!(
        "AUTH PLAIN {}",
        BASE64.encode(format!("\0scanner\0{password}"))
    ));
    says(&format!("MAIL FROM:<scanner@acme.example> X={password}"));
    for body in [
        format!(r#"{{"username":"x","sender":"no address","password":"{password}"}}"#),
        format!(r#"{{"username":"x","sender":"a@b.example","password":"{password}","more":1}}"#),
        format!(r#"{{"username":"x","sender":"a@b.example","password":["{password}"]}}"#),
        format!(r#"{{"username":"x","sender":"a@b.example","password":"{password}""#),
    ] {
        let path = "/v1/accounts/acme/users";
        let outcome = operator.run_with(&["api", "POST", path, "--body", "-"], &body);
        let outcome = outcome.unwrap();
        assert_ne!(outcome.code, 0, "{}", outcome.stdout);
        let said = outcome.stdout + &outcome.stderr;
        assert!(!said.contains(password), "{said}");
    }
}

/// What relayd answers to whoever may read everything.
fn answers(operator: &Relayctl) -> String {
    let mut all = String::new();
    for endpoint in relay_proto::endpoints() {
        if endpoint.method != Method::Get || endpoint.is_stream {
            continue;
        }
        let path = endpoint.path.replace("{account}", "acme");
        let path = path
            .replace("{user}", "scanner")
            .replace("{system}", "floor-3");
        let outcome = operator.run(&format!("api GET {path}")).unwrap();
        all += &(outcome.stdout + &outcome.stderr);
    }
    for message in operator.items("log search").unwrap() {
        let id = message["id"].as_str().unwrap();
        all += &operator.ok(&format!("log trace {id} -o json")).unwrap();
    }
    all += &operator.ok("audit list -o json").unwrap();
    all += &operator.ok("api GET /metrics").unwrap();
    assert!(all.contains("scanner@acme.example"), "{all}");
    all
}

/// Every file below a folder, one after the other.
fn contents(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else if let Ok(bytes) = fs::read(&path) {
            all.extend(bytes);
        }
    }
    all
}

async fn told_to_nobody(database: Option<(&str, &Path)>, format: &'static str) {
    // As where core dumps are switched on.
    let wrapper = ["sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"];
    let wrapper = wrapper.map(str::to_owned);
    let url = database.map(|(url, _)| url);
    let mut provider = Provider::open_with(url, &wrapper, |config| {
        config.log_level("trace").log_format(format)
    })
    .await;
    let limits = format!("/proc/{}/limits", provider.relayd.tree().unwrap().root());
    let limits = fs::read_to_string(limits).unwrap();
    let core = limits.lines().find(|line| line.contains("core file size"));
    assert!(core.unwrap().contains(" 0 "), "{limits}");

    let (relayctl, notes) = telling(&provider);
    let work = script::walk(&provider, &relayctl);
    let operator = provider.relayd.ctl().unwrap();
    let secrets = secrets(&provider, &work, &notes);
    let scanner = fs::read_to_string(work.join("scanner.json")).unwrap();
    let scanner = text_of(&serde_json::from_str(&scanner).unwrap(), "password").unwrap();
    provoke(&provider, &operator, &scanner);

    let everywhere = encoded(&secrets);
    // What is to be found would be found: relayctl is heard, and has something to leave out.
    let once = fs::read(notes.join("once")).unwrap();
    assert!(memchr::memmem::find(&once, scanner.as_bytes()).is_some());
    let said = fs::read(notes.join("stderr")).unwrap();
    assert!(memchr::memmem::find(&said, b"[redacted]").is_some());
    for kind in ["session ", "password ", "secret ", "code "] {
        let is_there = secrets.keys().any(|what| what.starts_with(kind));
        assert!(is_there, "no {kind}");
    }
    hides("stderr of relayctl", &said, &everywhere);
    hides(
        "stdout of relayctl",
        &fs::read(notes.join("stdout")).unwrap(),
        &everywhere,
    );
    hides(
        "replies of the API",
        answers(&operator).as_bytes(),
        &everywhere,
    );
    assert!(provider.relayd.stop().unwrap().success());
    let log = provider.relayd.log();
    assert!(
        log.contains("TRACE"),
        "the log is not at its most talkative"
    );
    hides("the log of relayd", log.as_bytes(), &everywhere);
    // A mail with a code is kept as it is until it is handed over.
    let kept: Secrets = secrets
        .into_iter()
        .filter(|(what, _)| !what.starts_with("code "))
        .collect();
    let store = match database {
        Some((_, folder)) => contents(folder),
        None => ["relayd.db", "relayd.db-wal"]
            .iter()
            .filter_map(|name| fs::read(provider.relayd.state_dir().join(name)).ok())
            .flatten()
            .collect(),
    };
    assert!(memchr::memmem::find(&store, b"floor-3").is_some());
    hides("the database", &store, &kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_told_on_sqlite() {
    told_to_nobody(None, "text").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_told_on_postgresql() {
    let (postgres, url) = postgresql();
    told_to_nobody(Some((&url, postgres.folder())), "json").await;
}
