//! The log followed, exported, and waiting: against answers that break off, and a relayd that is
//! away.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixListener;
use std::sync::{Arc, Mutex};

use crate::{Relayctl, fake::Api};

const EVENT: &str = r#"{"id":"ID","at":"2026-11-22T09:41:07Z","queue_id":"06bq3k8zv1h4wcn2x9tg","account":"acme","user":"scanner","system":"printer","sender":"scanner@acme.example","recipients":["bob@customer.example"],"recipient_count":1,"kind":"failed","reason":"recipient-refused","reply":"550 5.1.10 no\tsuch user","detail":"","client":null,"new_field":1}"#;

fn event(id: &str) -> String {
    let data = EVENT.replace("ID", id);
    format!("id: {id}\nevent: failed\ndata: {data}\n\n")
}

/// A request line, with the `Last-Event-ID` of the request.
type Asked = (String, Option<String>);

/// Answers one connection after the other with a stream that breaks off, then with a refusal; gives
/// what was asked each time.
fn serve(listener: UnixListener, streams: Vec<String>) -> Arc<Mutex<Vec<Asked>>> {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let record = Arc::clone(&asked);
    // The thread ends with the process of the test.
    std::thread::spawn(move || {
        let mut streams = streams.into_iter();
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let mut last = None;
            let mut first = String::new();
            reader.read_line(&mut first).unwrap();
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).unwrap();
                let header = header.trim().to_lowercase();
                if let Some(id) = header.strip_prefix("last-event-id: ") {
                    last = Some(id.to_owned());
                }
                if header.is_empty() {
                    break;
                }
            }
            record.lock().unwrap().push((first, last));
            let mut stream = reader.into_inner();
            let answer = if let Some(text) = streams.next() {
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
                     transfer-encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n",
                    text.len()
                )
            } else {
                let problem = r#"{"title":"Sign in","status":401,"code":"not-signed-in"}"#;
                format!(
                    "HTTP/1.1 401 X\r\ncontent-type: application/problem+json\r\n\
                     content-length: {}\r\n\r\n{problem}",
                    problem.len()
                )
            };
            // Whoever has gone needs no answer.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    asked
}

#[test]
fn a_stream_that_breaks_goes_on_behind_the_last_id() {
    let relayctl = Relayctl::new();
    let socket = relayctl.home().join("admin.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let half = event("3-1");
    let asked = serve(
        listener,
        vec![
            format!("retry: 2000\nid: 1-0\n\n{}{}", event("2-0"), &half[..40]),
            format!(": alive\n\n{half}id: 9-1\n\n"),
        ],
    );
    let relayctl = relayctl.env("RELAYCTL_SOCKET", socket.to_str().unwrap());
    let run = relayctl.run(&[
        "log",
        "tail",
        "-o",
        "tsv",
        "--columns",
        "id,reply",
        "--kind",
        "failed,refused",
        "--to",
        "@customer.example",
    ]);
    assert_eq!(run.code, Some(4), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "id\treply\n2-0\t550 5.1.10 no\\tsuch user\n3-1\t550 5.1.10 no\\tsuch user\n"
    );
    let asked = asked.lock().unwrap().clone();
    let last: Vec<_> = asked.iter().map(|(_, last)| last.as_deref()).collect();
    assert_eq!(last, [None, Some("2-0"), Some("9-1")]);
    let first = &asked[0].0;
    assert!(
        first.contains("kind=failed%2Crefused&") || first.contains("kind=failed%2Crefused "),
        "{first}"
    );
    assert!(first.contains("to=%40customer.example"), "{first}");
}

#[test]
fn the_trace_tells_how_a_stream_was_answered() {
    let relayctl = Relayctl::new();
    let socket = relayctl.home().join("admin.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    serve(listener, vec![event("2-0")]);
    let relayctl = relayctl.env("RELAYCTL_SOCKET", socket.to_str().unwrap());
    let run = relayctl.run(&["log", "tail", "-o", "jsonl", "--trace"]);
    let answers = run.stderr.lines().filter(|line| line.starts_with("< "));
    let told: Vec<_> = answers
        .filter(|line| !line.contains(": ") || line.contains('{'))
        .collect();
    let refusal = r#"< {"code":"not-signed-in","status":401,"title":"Sign in"}"#;
    assert_eq!(
        told,
        ["< 200 OK", "< 401 Unauthorized", refusal],
        "{}",
        run.stderr
    );
}

#[test]
fn a_refusal_that_does_not_end_is_given_up() {
    let relayctl = Relayctl::new();
    let socket = relayctl.home().join("admin.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    // The thread ends with the process of the test.
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        let begun = "HTTP/1.1 403 X\r\ncontent-type: application/problem+json\r\n\
                     content-length: 9000\r\n\r\n{";
        reader.get_mut().write_all(begun.as_bytes()).unwrap();
        // The rest does not come, and nobody hangs up.
        let _ = reader.read_line(&mut line);
    });
    let relayctl = relayctl
        .env("RELAYCTL_SOCKET", socket.to_str().unwrap())
        .env("RELAYCTL_TIMEOUT", "500ms");
    let run = relayctl.run(&["log", "tail"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert!(run.stderr.contains("nothing came"), "{}", run.stderr);
}

#[test]
fn a_stream_that_ends_at_once_is_a_failed_try() {
    let relayctl = Relayctl::new();
    let socket = relayctl.home().join("admin.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let asked = serve(listener, vec![": hello\n\n".to_owned(); 10_000]);
    let relayctl = relayctl
        .env("RELAYCTL_SOCKET", socket.to_str().unwrap())
        .env("RELAYCTL_TIMEOUT", "3s");
    let run = relayctl.run(&["log", "tail"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("trying again").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("is back"), "{}", run.stderr);
    let asked = asked.lock().unwrap().len();
    assert!((2..10).contains(&asked), "{asked} tries");
}

#[test]
fn jsonl_is_what_was_sent_and_a_table_through_a_pipe_is_whole_and_plain() {
    for (format, expected) in [
        ("jsonl", format!("{}\n", EVENT.replace("ID", "2-0"))),
        (
            "table",
            "2026-11-22T09:41:07Z  failed     06bq3k8zv1h4wcn2x9tg  scanner@acme.example → bob@customer.example  recipient-refused: 550 5.1.10 no such user\n".to_owned(),
        ),
        ("name", "06bq3k8zv1h4wcn2x9tg\n".to_owned()),
    ] {
        let relayctl = Relayctl::new();
        let socket = relayctl.home().join("admin.sock");
        serve(UnixListener::bind(&socket).unwrap(), vec![event("2-0")]);
        let relayctl = relayctl.env("RELAYCTL_SOCKET", socket.to_str().unwrap());
        let run = relayctl.run(&["log", "tail", "-o", format]);
        assert_eq!(run.stdout, expected);
    }
}

#[test]
fn what_cannot_be_reached_at_the_start_is_an_error_at_once() {
    let relayctl = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/socket");
    let run = relayctl.run(&["log", "tail"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(6), ""));
    assert!(run.stderr.contains("cannot reach relayd"), "{}", run.stderr);
    let api = Api::start(&[]);
    let run = Relayctl::at(&api).run(&["api", "GET", "/v1/log/events?lines=1"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("relayctl log tail"), "{}", run.stderr);
    let run = Relayctl::at(&api).run(&["log", "tail", "--columns", "at"]);
    assert_eq!(run.code, Some(2));
    let run = Relayctl::at(&api).run(&["log", "tail", "--since", "1h", "--lines", "5"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(api.lines(), Vec::<String>::new());
}

#[test]
fn a_wait_ends_with_the_state_the_time_or_the_certainty_that_it_will_not_be() {
    let queue = r#"{"depth":DEPTH,"held":2,"oldest_at":null,"lanes":[]}"#;
    let empty = queue.replace("DEPTH", "0");
    let api = Api::start(&[("GET /v1/queue/summary", 200, &empty)]);
    let run = Relayctl::at(&api).run(&["wait", "queue-empty"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "No mail waits for an attempt; 2 messages held.\n"
    );
    let run = Relayctl::at(&api).run(&["wait", "queue-empty", "-o", "json"]);
    assert_eq!(run.stdout, format!("{empty}\n"));
    let full = queue.replace("DEPTH", "3");
    let api = Api::start(&[("GET /v1/queue/summary", 200, &full)]);
    let run = Relayctl::at(&api).run(&["wait", "queue-empty", "--timeout", "2s"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(8), ""));
    assert!(
        run.stderr.starts_with(
            "Not yet: 3 messages waiting.\nerror: waited for 2 s until the queue is empty\n"
        ),
        "{}",
        run.stderr
    );
    let patient = Relayctl::at(&api).env("RELAYCTL_TIMEOUT", "1500ms");
    let run = patient.run(&["wait", "queue-empty"]);
    assert_eq!(run.code, Some(8));
    assert!(run.stderr.contains("waited for 1.5 s"), "{}", run.stderr);
    // What is not there at first is another place than was meant.
    let nowhere = Relayctl::new().env("RELAYCTL_SOCKET", "/nonexistent/admin.sock");
    let run = nowhere.run(&["wait", "queue-empty"]);
    assert_eq!(run.code, Some(6), "{}", run.stderr);
    // Hangs up twice, as a relayd that restarts.
    let api = Api::start_silent(2, &[("GET /v1/queue/summary", 200, &empty)]);
    let run = Relayctl::at(&api).run(&["wait", "queue-empty", "-q"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(api.lines().len(), 3);
    let run = Relayctl::at(&api).run(&["wait", "message", "06bq3k8zv1h4wcn2x9tg"]);
    assert_eq!(run.code, Some(3));
}

#[test]
fn an_export_follows_the_pages_and_takes_its_place_when_it_is_whole() {
    let message = |id: &str| {
        format!(
            r#"{{"id":"{id}","account":"acme","user":"scanner","system":"printer","state":"delivered","sender":"scanner@acme.example","recipient":"bob@customer.example","recipient_count":1,"header_from":"","subject":"a\tb","message_id":"","size":5,"client":"192.0.2.7","helo":"","tls":"","accepted_at":"2026-11-22T09:41:07Z","due_at":null,"finished_at":null,"attempts":1,"last_reply":""}}"#
        )
    };
    let (one, two) = (message("m1"), message("m2"));
    // The first page holds nothing: what is looked for is rare.
    let api = Api::start(&[
        (
            "GET /v1/log/messages?cursor=c2",
            200,
            &format!(r#"{{"items":[{one}],"next_cursor":"c3"}}"#),
        ),
        (
            "GET /v1/log/messages?cursor=c3",
            200,
            &format!(r#"{{"items":[{two}],"next_cursor":null}}"#),
        ),
        (
            "GET /v1/log/messages",
            200,
            r#"{"items":[],"next_cursor":"c2"}"#,
        ),
    ]);
    let relayctl = Relayctl::at(&api);
    let run = relayctl.run(&["log", "export"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lines: Vec<_> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2);
    let parsed: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(parsed["id"], "m1");
    let tsv = relayctl.run(&["log", "export", "-o", "tsv", "--columns", "id,subject"]);
    assert_eq!(tsv.stdout, "id\tsubject\nm1\ta\\tb\nm2\ta\\tb\n");
    let file = relayctl.home().join("log.jsonl");
    let path = file.to_str().unwrap();
    let run = relayctl.run(&["log", "export", "--to-file", path]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert_eq!(run.stderr, format!("Wrote 2 messages to {path}.\n"));
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 2);
    // An export that breaks off leaves what was there.
    let api = Api::start(&[(
        "GET /v1/log/messages?limit",
        200,
        &format!(r#"{{"items":[{one}],"next_cursor":"c2"}}"#),
    )]);
    let run = Relayctl::at(&api).run(&["log", "export", "--to-file", path]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 2);
    let run = relayctl.run(&["log", "export", "-o", "json"]);
    assert_eq!(run.code, Some(2));
}
