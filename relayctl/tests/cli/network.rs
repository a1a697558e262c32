//! What a person reads when relayd is not what answers, or nobody does: each has a cause and a
//! remedy of its own, and none speaks the language of a program.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use super::Relayctl;
use super::fake::Api;

/// Words of programs, which are no answer to anybody.
const PROGRAM: [&str; 14] = [
    "os error",
    "unwrap",
    "Err(",
    "None",
    "Some(",
    "missing field",
    "expected value",
    "at line ",
    "hyper",
    "reqwest",
    "client error",
    "error sending request",
    "panicked",
    "invalid type",
];

/// Answers every connection with these bytes.
fn answering(bytes: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The thread ends with the process of the test.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(bytes.as_bytes());
        }
    });
    address.to_string()
}

struct Case {
    url: String,
    code: i32,
    what: &'static str,
    cause: &'static str,
    remedy: &'static str,
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_way_of_not_reaching_relayd_has_its_own_cause_and_remedy() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html>Sign in";
    let gateway = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>";
    let elsewhere =
        "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let other = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"plans\": []}";
    let torn = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{";
    let unknown = "HTTP/1.1 404 Not Found\r\ncontent-type: application/problem+json\r\ncontent-length: 64\r\nconnection: close\r\n\r\n{\"title\":\"no such path\",\"status\":404,\"code\":\"not-found\"}        ";
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    let case = |url: String, code, what, cause, remedy| Case {
        url,
        code,
        what,
        cause,
        remedy,
    };
    let http = |address: &str| format!("http://{address}");
    for it in [
        case(
            http(&closed),
            6,
            "cannot reach relayd",
            "nobody listens",
            "systemctl status relayd",
        ),
        case(
            "https://relay.invalid:1".into(),
            6,
            "cannot reach relayd",
            "there is no host named relay.invalid",
            "getent hosts",
        ),
        case(
            http(&answering(page)),
            1,
            "no relayd that relayctl understands",
            "a web page",
            "relayctl version",
        ),
        case(
            http(&answering(gateway)),
            6,
            "answered 502 Bad Gateway",
            "a proxy before relayd",
            "systemctl status",
        ),
        case(
            http(&answering(elsewhere)),
            1,
            "answered 302 Found",
            "sends elsewhere",
            "--url",
        ),
        case(
            http(&answering(other)),
            1,
            "no relayd that relayctl understands",
            "its answer to GET /v1/plans has another shape",
            "relayctl version",
        ),
        case(
            http(&answering(torn)),
            6,
            "broke before the answer came",
            "the other side hung up",
            "look whether it was done",
        ),
        case(
            http(&answering(unknown)),
            3,
            "this relayd does not know GET /v1/plans",
            "another version",
            "relayctl version",
        ),
        case(
            http(&answering("SSH-2.0-OpenSSH_9.6\r\n")),
            6,
            "",
            "does not speak HTTP",
            "",
        ),
        case(
            format!("https://{}", answering("HTTP/1.1 400 Bad Request\r\n\r\n")),
            6,
            "cannot reach relayd",
            "does not speak TLS",
            "https or http",
        ),
    ] {
        let relayctl = Relayctl::new().env("RELAYCTL_URL", &it.url);
        let run = relayctl.run(&["plan", "list", "--timeout", "20s"]);
        let text = &run.stderr;
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(it.code), ""),
            "{}: {text}",
            it.url
        );
        let told = text
            .lines()
            .find(|line| line.starts_with("  cause: "))
            .unwrap_or_default();
        assert!(text.lines().next().unwrap().contains(it.what), "{text}");
        assert!(told.contains(it.cause), "{text}");
        assert!(
            text.contains("  try:   ") && text.contains(it.remedy),
            "{text}"
        );
        for word in PROGRAM {
            assert!(!text.contains(word), "{word}: {text}");
        }
        // The same in JSON.
        let json = relayctl.run(&["plan", "list", "--timeout", "20s", "-o", "json"]);
        let document: serde_json::Value = serde_json::from_str(&json.stderr).unwrap();
        assert_eq!(document["exit_code"], it.code, "{}", json.stderr);
        assert!(json.stderr.contains(it.cause), "{}", json.stderr);
    }
}

#[test]
fn an_answer_that_does_not_come_is_told_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("admin.sock");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", path.to_str().unwrap());
    let run = relayctl.run(&["plan", "list", "--timeout", "300ms"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    for part in [
        "error: no answer from ",
        "it took longer than 0.3 s",
        "--timeout",
    ] {
        assert!(run.stderr.contains(part), "{}", run.stderr);
    }
}

#[test]
fn wrong_values_and_files_are_told_without_words_of_a_program() {
    let api = Api::start(&[]);
    let relayctl = Relayctl::at(&api);
    let home = relayctl.home();
    std::fs::write(home.join("bad.toml"), "curent = 1\n").unwrap();
    std::fs::write(home.join("bad.pem"), "no pem").unwrap();
    std::fs::write(home.join("bad.json"), "{\"company\": }").unwrap();
    std::fs::write(home.join("bytes"), b"\xff\xfe").unwrap();
    for line in [
        "plan create p --relay-users x --messages-per-minute 1 --messages-per-day 1",
        "plan create p --relay-users 99999999999 --messages-per-minute 1 --messages-per-day 1",
        "route set --port 70000",
        "route set --port x",
        "plan list --limit 0",
        "plan list --timeout soon",
        "user create --sender a@b.example --password-file none",
        "user create --sender a@b.example --password-file bytes",
        "user create --sender a@b.example --password-file /",
        "account create --from-file none.toml",
        "account create --from-file bad.json",
        "account create --from-file bad.toml",
        "api POST /v1/plans --body {\"a\":}",
        "api POST /v1/plans --body @bytes",
        "--url https://127.0.0.1:1 --ca-file bad.pem plan list",
        "--url https://127.0.0.1:1 --ca-file none.pem plan list",
        "--url nonsense plan list",
        "--url https:// plan list",
        "token create x --token-out /none/x",
    ] {
        let words: Vec<_> = line.split(' ').collect();
        let run = Relayctl::at(&api)
            .env("PWD", "/")
            .command(&words)
            .current_dir(home)
            .env_remove("RELAYCTL_SOCKET")
            .env("RELAYCTL_ACCOUNT", "acme")
            .output()
            .unwrap();
        let text = String::from_utf8(run.stderr).unwrap();
        assert!(matches!(run.status.code(), Some(1 | 2)), "{line}: {text}");
        assert!(text.starts_with("error: "), "{line}: {text}");
        assert!(
            text.contains("\n  try: ") || text.contains("--help"),
            "{line}: {text}"
        );
        for word in PROGRAM {
            // TOML shows the line itself, with a mark: people know that from editors.
            let is_toml = word == "at line " || word == "expected value";
            assert!(
                !text.contains(word) || is_toml && line.contains("bad.toml"),
                "{line}: {word}: {text}"
            );
        }
    }
    let config = home.join("bad.toml").display().to_string();
    let run = Relayctl::at(&api)
        .env("RELAYCTL_CONFIG", &config)
        .run(&["context", "list"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("curent") && run.stderr.contains("try:"),
        "{}",
        run.stderr
    );
}
