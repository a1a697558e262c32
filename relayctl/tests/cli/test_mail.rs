//! A test mail, followed to its end.

use crate::{Relayctl, fake::Api};

fn for_acme(api: &Api) -> Relayctl {
    Relayctl::at(api).env("RELAYCTL_ACCOUNT", "acme")
}

const STORY: &str = r#"{"message":{"id":"06bq3k8zv1h4wcn2x9tg","account":"acme","user":"scanner",
    "system":"floor-3","state":"STATE","sender":"scanner@acme.example","recipient":"ops@acme.example",
    "recipient_count":1,"header_from":"scanner@acme.example","subject":"Test mail",
    "message_id":"<1@relay.acme.example>","size":400,"client":"127.0.0.1","helo":"test","tls":"",
    "accepted_at":"2026-11-22T09:00:00Z","due_at":null,"finished_at":"2026-11-22T09:00:01.5Z",
    "attempts":1,"last_reply":""},"recipients":[{"address":"ops@acme.example","state":"delivered",
    "reply":""}],"events":[{"at":"2026-11-22T09:00:00Z","kind":"accepted","recipients":[],
    "reason":null,"reply":"","detail":"test mail, asked for by operator; listener test, ESMTP"},
    {"at":"2026-11-22T09:00:01.5Z","kind":"KIND","recipients":["ops@acme.example"],"reason":REASON,
    "reply":"REPLY","detail":"server smtp.office365.com"}]NEXT}"#;

fn story(state: &str, kind: &str, reason: &str, reply: &str, next: &str) -> String {
    STORY
        .replace("STATE", state)
        .replace("KIND", kind)
        .replace("REASON", reason)
        .replace("REPLY", reply)
        .replace("NEXT", next)
}

#[test]
fn a_test_mail_is_followed_to_its_end() {
    let sent = r#"{"id":"06bq3k8zv1h4wcn2x9tg","system":"floor-3"}"#;
    let show = "GET /v1/queue/messages/06bq3k8zv1h4wcn2x9tg";
    let held = r#","next":{"sentence":"lane held: 535 5.7.139 no","at":null,"held":true,
        "command":"relayctl route check --account acme"}"#;
    let later = r#","next":{"sentence":"next attempt at 2026-11-22T09:01:00Z",
        "at":"2026-11-22T09:01:00Z","held":false,"command":"relayctl queue retry X"}"#;
    let credentials = r#""route-credentials-rejected""#;
    for (told, code, said) in [
        (
            story("delivered", "delivered", "null", "250 2.0.0 OK", ""),
            0,
            "done       the other side has it 1.50 s after it was accepted, 1 attempt",
        ),
        (
            story(
                "failed",
                "failed",
                r#""recipient-refused""#,
                "550 5.1.10 no",
                "",
            ),
            9,
            "relayctl help error recipient-refused",
        ),
        (
            story("queued", "deferred", credentials, "535 5.7.139 no", held),
            9,
            "relayctl route check --account acme",
        ),
        (
            story(
                "queued",
                "deferred",
                r#""remote-busy""#,
                "451 4.7.0 no",
                later,
            ),
            8,
            "relayctl log trace 06bq3k8zv1h4wcn2x9tg --follow",
        ),
    ] {
        let api = Api::start(&[
            ("POST /v1/accounts/acme/users/scanner/test", 201, sent),
            (show, 200, &told),
        ]);
        let command = [
            "test",
            "send",
            "--user",
            "scanner",
            "--to",
            "ops@acme.example",
        ];
        let run = for_acme(&api).run(&[&command[..], &["--timeout", "1s"]].concat());
        assert_eq!(run.code, Some(code), "{}{}", run.stdout, run.stderr);
        let all = format!("{}{}", run.stdout, run.stderr);
        assert!(all.contains(said), "{all}");
        assert!(run.stdout.contains("test mail, asked for by operator"));
        let run = for_acme(&api).run(&[&command[..], &["--timeout", "1s", "-o", "jsonl"]].concat());
        assert_eq!(run.code, Some(code));
        let lines: Vec<serde_json::Value> = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 3, "{}", run.stdout);
        assert_eq!(lines[0]["kind"], "accepted");
        assert!(lines[2]["state"].is_string());
    }
}

#[test]
fn a_test_mail_that_is_refused_is_9_with_the_remedy() {
    for (status, reason, exit) in [
        (422, "sender-not-allowed", 9),
        (403, "user-suspended", 9),
        (409, "route-not-ready", 9),
        (404, "not-found", 3),
        (503, "store-unavailable", 6),
        (429, "rate-exceeded", 6),
    ] {
        let problem = format!(
            r#"{{"type":"about:blank","title":"No","status":{status},"code":"{reason}","remedy":"mend it"}}"#
        );
        let api = Api::start(&[(
            "POST /v1/accounts/acme/users/scanner/test",
            status,
            &problem,
        )]);
        let run = for_acme(&api).run(&["test", "send", "--user", "scanner", "--to", "a@b.example"]);
        assert_eq!(run.code, Some(exit), "{reason}: {}", run.stderr);
        assert!(run.stderr.contains("mend it"), "{}", run.stderr);
    }
}
