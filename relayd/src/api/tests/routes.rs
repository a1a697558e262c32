//! Routes: staged, probed, swapped in or left.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_account, smarthost};
use crate::model::{Hold, HoldKind, Reason};

async fn registered() -> Bench {
    let bench = Bench::new().await;
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await
        .unwrap();
    bench
}

#[tokio::test]
async fn a_route_that_is_set_is_checked_and_tells_no_secret() {
    let bench = registered().await;
    let settings = proto::RouteSettings {
        kind: proto::RouteKind::SmtpAuth,
        server: None,
        ..smarthost()
    };
    let change = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, settings)
        .await
        .unwrap();
    assert!(change.applied && change.route.ready && change.route.has_password);
    assert_eq!(change.route.server, "smtp.office365.com");
    assert_eq!((change.route.port, change.route.connections), (587, 3));
    assert_eq!(change.route.per_minute, Some(30));
    assert_eq!(change.steps.len(), 2);
    let seen = bench.probe.seen.lock().unwrap().clone();
    assert_eq!(
        seen[0].password.as_ref().unwrap().expose(),
        "upstream secret"
    );
    assert_eq!(bench.queue.woken.lock().unwrap().as_slice(), [seen[0].id]);

    let (headers, shown) = bench
        .call_with::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING, None)
        .await;
    assert_eq!(headers["etag"], "\"1\"");
    assert!(
        !serde_json::to_string(&shown.unwrap())
            .unwrap()
            .contains("secret")
    );
}

#[tokio::test]
async fn a_failing_probe_leaves_the_old_route() {
    let bench = registered().await;
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, smarthost())
        .await
        .unwrap();
    let reply = "535 5.7.139 Authentication unsuccessful";
    *bench.probe.failure.lock().unwrap() =
        Some((Reason::RouteCredentialsRejected, reply.to_owned()));
    let other = proto::RouteSettings {
        server: Some("mx2.acme.example".to_owned()),
        ..smarthost()
    };
    let problem = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, other)
        .await
        .unwrap_err();
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (502, "route-credentials-rejected")
    );
    assert_eq!(problem.cause.as_deref(), Some(reply));
    let failed = problem.steps.last().unwrap();
    assert!(!failed.ok && failed.ms == 41);
    assert_eq!(failed.reason.as_deref(), Some("route-credentials-rejected"));
    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        (shown.server.as_str(), shown.version),
        ("mx.acme.example", 1)
    );

    let check = bench
        .call::<proto::CheckRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(!check.ok && check.route.checked_at.is_some());
}

#[tokio::test]
async fn a_failing_probe_tells_what_an_administrator_runs_once() {
    let bench = registered().await;
    *bench.probe.failure.lock().unwrap() =
        Some((Reason::RouteCredentialsRejected, "535 5.7.139".to_owned()));
    let mailbox = proto::RouteSettings {
        mailbox: Some("relay@acme.example".to_owned()),
        password: Some("planted".to_owned()),
        ..proto::RouteSettings::new(proto::RouteKind::SmtpAuth)
    };
    // Nothing is known of other servers.
    for (settings, is_told) in [(mailbox, true), (smarthost(), false)] {
        let problem = bench
            .call::<proto::SetRoute>(at("acme"), NOTHING, settings)
            .await
            .unwrap_err();
        let allow = "Set-CASMailbox -Identity 'relay@acme.example'";
        let told = problem.setup.iter().any(|line| line.starts_with(allow));
        assert_eq!(told, is_told, "{:?}", problem.setup);
        assert_eq!(problem.setup.is_empty(), !is_told);
    }
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

#[tokio::test]
async fn a_private_authority_stays_until_it_is_dropped() {
    let bench = registered().await;
    for (given, is_kept) in [(Some(PEM), true), (None, true), (Some(""), false)] {
        let settings = proto::RouteSettings {
            ca_pem: given.map(str::to_owned),
            ..smarthost()
        };
        let change = bench
            .call::<proto::SetRoute>(at("acme"), NOTHING, settings)
            .await
            .unwrap();
        assert_eq!(change.route.has_ca, is_kept, "{given:?}");
    }
}

#[tokio::test]
async fn a_dry_run_probes_and_changes_nothing() {
    let bench = registered().await;
    let settings = proto::RouteSettings {
        dry_run: true,
        ..smarthost()
    };
    let change = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, settings)
        .await
        .unwrap();
    assert!(!change.applied);
    assert_eq!(bench.probe.seen.lock().unwrap().len(), 1);
    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await;
    assert_eq!(shown.unwrap_err().status, 404);
}

#[tokio::test]
async fn a_version_that_is_stale_is_refused() {
    let bench = registered().await;
    let set = async |if_match: Option<&str>| {
        let (headers, result) = bench
            .call_with::<proto::SetRoute>(at("acme"), NOTHING, smarthost(), if_match)
            .await;
        result.map(|_| headers["etag"].to_str().unwrap().to_owned())
    };
    assert_eq!(set(Some("\"1\"")).await.unwrap_err().status, 412);
    assert_eq!(set(None).await.unwrap(), "\"1\"");
    assert_eq!(set(Some("\"1\"")).await.unwrap(), "\"2\"");
    let stale = set(Some("\"1\"")).await.unwrap_err();
    assert_eq!((stale.status, stale.code.as_str()), (412, "stale-version"));
    assert_eq!(set(Some("W/\"2\"")).await.unwrap_err().status, 412);
    assert_eq!(set(Some("*")).await.unwrap(), "\"3\"");
}

#[tokio::test]
async fn a_stored_password_goes_only_where_it_went() {
    let bench = registered().await;
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, smarthost())
        .await
        .unwrap();
    let without = || proto::RouteSettings {
        password: None,
        ..smarthost()
    };
    let slower = proto::RouteSettings {
        per_minute: Some(10),
        ..without()
    };
    let change = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, slower)
        .await
        .unwrap();
    assert!(change.route.has_password && change.route.per_minute == Some(10));
    let moved = proto::RouteSettings {
        server: Some("thief.example".to_owned()),
        ..without()
    };
    let trusting = proto::RouteSettings {
        ca_pem: Some(PEM.to_owned()),
        ..without()
    };
    for elsewhere in [moved, trusting] {
        let problem = bench
            .call::<proto::SetRoute>(at("acme"), NOTHING, elsewhere)
            .await
            .unwrap_err();
        assert_eq!(problem.errors[0].field, "password");
    }
    assert_eq!(
        bench.probe.seen.lock().unwrap().len(),
        2,
        "no probe with it"
    );
}

#[tokio::test]
async fn settings_that_make_no_route_are_named() {
    let bench = registered().await;
    let wrong = proto::RouteSettings {
        server: Some("mx acme".to_owned()),
        port: Some(0),
        security: Some(proto::RouteSecurity::None),
        password: None,
        ca_pem: Some("no pem".to_owned()),
        connections: Some(0),
        ..smarthost()
    };
    let problem = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, wrong)
        .await
        .unwrap_err();
    let mut fields: Vec<_> = problem.errors.iter().map(|e| e.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "ca_pem",
            "connections",
            "password",
            "port",
            "security",
            "server"
        ]
    );
    // Without one, relayd takes a folder of its own.
    let capture = proto::RouteSettings {
        kind: proto::RouteKind::Capture,
        folder: Some("mails".to_owned()),
        ..smarthost()
    };
    let problem = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, capture)
        .await
        .unwrap_err();
    assert_eq!(problem.errors[0].field, "folder");
}

#[tokio::test]
async fn a_check_that_succeeds_ends_a_hold_for_credentials_only() {
    let bench = registered().await;
    let change = bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, smarthost())
        .await
        .unwrap();
    let route = change.route.id.parse().unwrap();
    for (kind, ends) in [(HoldKind::Credentials, true), (HoldKind::Manual, false)] {
        let hold = Hold {
            kind,
            reason: Reason::RouteCredentialsRejected,
            detail: String::new(),
            since: "2026-11-21T20:00:00Z".parse().unwrap(),
            until: None,
        };
        bench.store.set_hold(route, &hold).await.unwrap();
        let check = bench
            .call::<proto::CheckRoute>(at("acme"), NOTHING, NOTHING)
            .await
            .unwrap();
        assert!(check.ok);
        assert_eq!(check.route.hold.is_none(), ends, "{kind}");
        assert_eq!(check.route.ready, ends);
    }
}

async fn set(bench: &Bench, change: proto::RouteSettings) -> proto::RouteChange {
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, change)
        .await
        .unwrap()
}

async fn history(bench: &Bench) -> Vec<proto::RouteVersion> {
    let query = proto::PageQuery::default();
    bench
        .call::<proto::ListRouteVersions>(at("acme"), query, NOTHING)
        .await
        .unwrap()
        .items
}

async fn roll_back(
    bench: &Bench,
    version: Option<i64>,
    if_match: Option<&str>,
) -> Result<proto::RouteChange, proto::Problem> {
    let body = proto::RouteRollback {
        version,
        dry_run: false,
    };
    bench
        .call_with::<proto::RollRouteBack>(at("acme"), NOTHING, body, if_match)
        .await
        .1
}

#[tokio::test]
async fn every_version_is_kept_with_what_changed_and_can_be_put_back() {
    let bench = registered().await;
    set(&bench, smarthost()).await;
    let moved = proto::RouteSettings {
        server: Some("mx2.acme.example".to_owned()),
        password: Some("another secret".to_owned()),
        ..smarthost()
    };
    set(&bench, moved).await;
    let versions = history(&bench).await;
    let numbers: Vec<_> = versions
        .iter()
        .map(|it| (it.version, it.in_force))
        .collect();
    assert_eq!(numbers, [(2, true), (1, false)]);
    assert_eq!(versions[0].changed, ["server", "password"]);
    assert_eq!(versions[0].actor, "operator");
    assert!(versions[1].changed.is_empty() && versions[1].has_password);

    // The one before, secrets included; it becomes the newest.
    let back = roll_back(&bench, None, Some("\"2\"")).await.unwrap();
    assert!(back.applied && back.route.version == 3);
    assert_eq!(back.route.server, "mx.acme.example");
    let probed = bench.probe.seen.lock().unwrap().last().unwrap().clone();
    assert_eq!(probed.password.unwrap().expose(), "upstream secret");
    let forth = roll_back(&bench, Some(2), None).await.unwrap();
    assert_eq!(forth.route.server, "mx2.acme.example");

    let stale = roll_back(&bench, Some(1), Some("\"3\"")).await.unwrap_err();
    assert_eq!(stale.code, "stale-version");
    let same = roll_back(&bench, Some(2), None).await.unwrap_err();
    assert_eq!(same.code, "state-conflict");
    let unknown = roll_back(&bench, Some(17), None).await.unwrap_err();
    assert_eq!(unknown.code, "not-found");

    *bench.probe.failure.lock().unwrap() =
        Some((Reason::RouteCredentialsRejected, "535 no".to_owned()));
    let failed = roll_back(&bench, Some(1), None).await.unwrap_err();
    assert_eq!(failed.code, "route-credentials-rejected");
    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        (shown.server.as_str(), shown.version),
        ("mx2.acme.example", 4)
    );
}

#[tokio::test]
async fn the_last_ten_versions_are_kept() {
    let bench = registered().await;
    for per_minute in 1..=12 {
        let paced = proto::RouteSettings {
            per_minute: Some(per_minute),
            ..smarthost()
        };
        set(&bench, paced).await;
    }
    let versions = history(&bench).await;
    let numbers: Vec<_> = versions.iter().map(|it| it.version).collect();
    assert_eq!(numbers, (3..=12).rev().collect::<Vec<_>>());
    assert!(versions.iter().all(|it| it.changed == ["per_minute"]));
    assert_eq!(
        roll_back(&bench, Some(2), None).await.unwrap_err().status,
        404
    );
    let query = proto::PageQuery {
        limit: Some(4),
        ..proto::PageQuery::default()
    };
    let page = bench
        .call::<proto::ListRouteVersions>(at("acme"), query, NOTHING)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 4);
    let query = proto::PageQuery {
        cursor: page.next_cursor,
        ..proto::PageQuery::default()
    };
    let rest = bench
        .call::<proto::ListRouteVersions>(at("acme"), query, NOTHING)
        .await
        .unwrap();
    assert_eq!(rest.items.first().unwrap().version, 8);
}
