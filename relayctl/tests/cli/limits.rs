//! `relayctl limits`.

use crate::{Relayctl, fake::Api};

const SHOWN: &str = r#"{"account":"acme","scope":"user","name":"scanner","set_by":"operator","limits":[{"limit":"messages_per_minute","plan":60,"override":null,"in_force":60,"origin":"plan","used":3},{"limit":"messages_per_day","plan":5000,"override":200,"in_force":200,"origin":"user","used":187},{"limit":"recipients_per_day","plan":5000,"override":null,"in_force":5000,"origin":"plan","used":190},{"limit":"recipients_per_message","plan":500,"override":null,"in_force":500,"origin":"plan","used":null},{"limit":"message_size","plan":36700160,"override":null,"in_force":26214400,"origin":"route","used":null}]}"#;

fn for_acme(api: &Api) -> Relayctl {
    Relayctl::at(api).env("RELAYCTL_ACCOUNT", "acme")
}

#[test]
fn a_table_shows_how_near_the_edge_it_is_and_fits_80_columns() {
    let api = Api::start(&[("GET /v1/accounts/acme/limits", 200, SHOWN)]);
    let run = for_acme(&api).run(&["limits", "show", "scanner", "--scope", "user"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "LIMIT                   PLAN    OVERRIDE  IN FORCE  USED  FROM\n\
         messages_per_minute     60      -         60        3     plan\n\
         messages_per_day        5,000   200       200       187   user\n\
         recipients_per_day      5,000   -         5,000     190   plan\n\
         recipients_per_message  500     -         500       -     plan\n\
         message_size            35 MiB  -         25 MiB    -     route\n"
    );
    assert!(run.stdout.lines().all(|line| line.len() <= 80));
    let asked = ["GET /v1/accounts/acme/limits?name=scanner&scope=user"];
    let mut lines = api.lines();
    // The order of a query means nothing.
    lines[0] = lines[0].replace("?scope=user&name=scanner", "?name=scanner&scope=user");
    assert_eq!(lines, asked);
}

#[test]
fn an_account_is_named_by_argument_or_flag() {
    let api = Api::start(&[("GET /v1/accounts/", 200, SHOWN)]);
    for arguments in [&["limits", "show"][..], &["limits", "show", "other"]] {
        let run = for_acme(&api).run(arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    let asked = [
        "GET /v1/accounts/acme/limits",
        "GET /v1/accounts/other/limits",
    ];
    assert_eq!(api.lines(), asked);
}

#[test]
fn changes_are_confirmed_with_their_numbers_and_sent() {
    let api = Api::start(&[
        ("PATCH /v1/accounts/acme/limits", 200, SHOWN),
        ("DELETE /v1/accounts/acme/limits", 200, SHOWN),
    ]);
    let set = [
        "limits",
        "set",
        "scanner",
        "--scope",
        "user",
        "--messages-per-day",
        "200",
        "--message-size",
        "25MiB",
    ];
    let run = for_acme(&api).run(&set);
    assert_eq!(run.code, Some(2));
    let effect = "mail of relay user scanner beyond 200 messages a day, 26214400 bytes a message \
                  will be refused";
    assert!(run.stderr.contains(effect), "{}", run.stderr);
    let reset = ["limits", "reset", "scanner", "--scope", "user"];
    assert_eq!(for_acme(&api).run(&reset).code, Some(2));
    assert_eq!(api.lines(), Vec::<String>::new());

    let run = for_acme(&api).run(&[&set[..], &["--yes"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let body: serde_json::Value = serde_json::from_str(&api.asked()[0].body).unwrap();
    let expected = serde_json::json!({"messages_per_day": 200, "message_size": 26_214_400});
    assert_eq!(body, expected);
    let run = for_acme(&api).run(&[&reset[..], &["--yes"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(api.lines()[1].starts_with("DELETE /v1/accounts/acme/limits?"));
}

#[test]
fn what_is_missing_is_asked_for() {
    let api = Api::start(&[]);
    for (arguments, part) in [
        (&["limits", "set", "--yes"][..], "nothing to set"),
        (&["limits", "show", "--scope", "system"], "which system?"),
        (&["limits", "show", "--scope", "user"], "which relay user?"),
        (
            &["limits", "set", "--message-size", "much"],
            "`much` is no size",
        ),
    ] {
        let run = for_acme(&api).run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(api.lines(), Vec::<String>::new());
}

const BANS: &str = r#"{"items":[{"address":"198.51.100.7","since":"2026-05-04T12:00:00Z","until":"2026-05-05T12:00:00Z","times":5,"username":"scanner"},{"address":"2001:db8:1234:5678::/64","since":"2026-05-04T12:00:00Z","until":"2026-05-04T12:05:00Z","times":1,"username":"a-name-that-nobody-has-but-somebody-tried@with-a-long-domain.example"}],"next_cursor":null}"#;
const BAN: &str = r#"{"address":"2001:db8:1234:5678::/64","since":"2026-05-04T12:00:00Z","until":"2026-05-04T12:05:00Z","times":1,"username":"scanner"}"#;

#[test]
fn bans_are_shown_in_a_table_or_as_they_were_sent() {
    let api = Api::start(&[
        ("GET /v1/bans?", 200, BANS),
        ("GET /v1/bans/2001:db8:1234:5678::%2F64", 200, BAN),
        ("GET /v1/bans/2001%3Adb8%3A1234%3A5678%3A%3A%2F64", 200, BAN),
    ]);
    // An account of the environment means nothing here.
    let show = ["limits", "show", "--scope", "ip"];
    let run = for_acme(&api).run(&show);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for part in ["ADDRESS", "UNTIL", "198.51.100.7", "scanner", "somebody"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    let run = for_acme(&api).run(&[&show[..], &["-o", "json"]].concat());
    assert_eq!(run.stdout.trim_end(), BANS);
    let run = for_acme(&api).run(&[&show[..], &["-o", "name"]].concat());
    assert_eq!(run.stdout, "198.51.100.7\n2001:db8:1234:5678::/64\n");
    let one = [&show[..], &["2001:db8:1234:5678::/64", "-o", "json"]].concat();
    let run = for_acme(&api).run(&one);
    assert_eq!(run.stdout.trim_end(), BAN, "{}", run.stderr);
}

#[test]
fn a_ban_is_lifted_with_confirmation_and_who_is_not_banned_is_not_found() {
    let api = Api::start(&[("DELETE /v1/bans/198.51.100.7", 204, "")]);
    let reset = ["limits", "reset", "--scope", "ip", "198.51.100.7"];
    let run = Relayctl::at(&api).run(&reset);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("198.51.100.7 may connect"),
        "{}",
        run.stderr
    );
    assert_eq!(api.lines(), Vec::<String>::new());
    let run = Relayctl::at(&api).run(&[&reset[..], &["--yes"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(api.lines(), ["DELETE /v1/bans/198.51.100.7"]);

    for verb in ["show", "reset"] {
        let run = Relayctl::at(&api).run(&["limits", verb, "--scope", "ip", "192.0.2.9", "--yes"]);
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        assert!(
            run.stderr.contains("192.0.2.9 is not banned"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr.contains("relayctl limits show --scope ip"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn addresses_have_no_account_and_no_limits_of_their_own() {
    let api = Api::start(&[]);
    for (arguments, part) in [
        (
            &["limits", "show", "--scope", "ip", "--account", "acme"][..],
            "leave --account out",
        ),
        (
            &[
                "limits",
                "reset",
                "--scope",
                "ip",
                "192.0.2.9",
                "--account",
                "acme",
                "--yes",
            ],
            "leave --account out",
        ),
        (
            &["limits", "reset", "--scope", "ip", "--yes"],
            "which address?",
        ),
        (
            &["limits", "set", "--scope", "ip", "--yes"],
            "limits.ban_after",
        ),
        (
            &[
                "limits",
                "set",
                "192.0.2.9",
                "--scope",
                "ip",
                "--messages-per-day",
                "5",
                "--yes",
            ],
            "limits.connections_per_address in relayd.toml",
        ),
    ] {
        let run = Relayctl::at(&api).run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(api.lines(), Vec::<String>::new());
}
