//! Routes of every kind: defaults, refusals, where secrets go, the fallback, and what ends.

use relay_proto as proto;

use super::bench::{Bench, NOTHING, at, new_account, smarthost};
use crate::model::Grant;

const CLIENT: &str = "4b1d7c20-0000-4000-8000-000000000000";
const FALLBACK: proto::RouteQuery = proto::RouteQuery {
    role: Some(proto::RouteRole::Fallback),
};

async fn registered() -> Bench {
    let bench = Bench::new().await;
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("acme"))
        .await
        .unwrap();
    bench
}

fn oauth(kind: proto::RouteKind) -> proto::RouteSettings {
    proto::RouteSettings {
        mailbox: Some("relay@acme.example".to_owned()),
        tenant: Some("Acme.example".to_owned()),
        client_id: Some(CLIENT.to_owned()),
        client_secret: Some("planted secret".to_owned()),
        ..proto::RouteSettings::new(kind)
    }
}

fn connector() -> proto::RouteSettings {
    proto::RouteSettings {
        mx_of: Some("acme.example".to_owned()),
        ..proto::RouteSettings::new(proto::RouteKind::Connector)
    }
}

fn certificate(not_after: i32) -> (String, String) {
    let mut params = rcgen::CertificateParams::new(["relay.acme.example".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(not_after, 12, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let chain = params.self_signed(&key).unwrap().pem();
    (chain, key.serialize_pem())
}

async fn set(
    bench: &Bench,
    settings: proto::RouteSettings,
) -> Result<proto::RouteChange, proto::Problem> {
    bench
        .call::<proto::SetRoute>(at("acme"), NOTHING, settings)
        .await
}

async fn set_fallback(
    bench: &Bench,
    settings: proto::RouteSettings,
) -> Result<proto::RouteChange, proto::Problem> {
    bench
        .call::<proto::SetRoute>(at("acme"), FALLBACK, settings)
        .await
}

type Change = fn(&mut proto::RouteSettings);

#[tokio::test]
#[rustfmt::skip]
async fn each_kind_has_the_defaults_of_its_cloud_or_preset() {
    use proto::{Cloud, RouteKind, RoutePreset};

    let bench = registered().await;
    let preset = |preset| proto::RouteSettings {
        preset: Some(preset),
        server: None,
        ..smarthost()
    };
    let in_cloud = |kind, cloud| proto::RouteSettings {
        cloud: Some(cloud),
        ..oauth(kind)
    };
    for (settings, server, port, per_minute, recipients) in [
        (oauth(RouteKind::SmtpOauth), "smtp.office365.com", 587, Some(30), 500),
        (in_cloud(RouteKind::SmtpOauth, Cloud::China), "smtp.partner.outlook.cn", 587, Some(30), 500),
        (oauth(RouteKind::Graph), "graph.microsoft.com", 443, Some(30), 500),
        (in_cloud(RouteKind::Graph, Cloud::Dod), "dod-graph.microsoft.us", 443, Some(30), 500),
        (connector(), "", 25, None, 200),
        (preset(RoutePreset::Acs), "smtp.azurecomm.net", 587, Some(30), 50),
        (preset(RoutePreset::Hve), "smtp.hve.mx.microsoft", 587, None, 50),
    ] {
        let kind = settings.kind;
        let route = set(&bench, settings).await.unwrap().route;
        assert_eq!(
            (
                route.server.as_str(),
                route.port,
                route.per_minute,
                route.recipients_per_mail
            ),
            (server, port, per_minute, recipients),
            "{kind}"
        );
        let text = serde_json::to_string(&route).unwrap();
        assert!(
            !text.contains("planted") && !text.contains("upstream secret"),
            "{text}"
        );
    }
    let last = bench.probe.seen.lock().unwrap()[0].clone();
    let oauth = last.oauth.unwrap();
    assert_eq!(oauth.tenant.as_str(), "acme.example");
    assert!(
        matches!(oauth.grant, Grant::ClientSecret { secret, .. } if secret.expose() == "planted secret")
    );
}

#[tokio::test]
#[rustfmt::skip]
async fn values_that_make_no_sense_are_named_all_at_once() {
    let bench = registered().await;
    let (chain, _) = certificate(2030);
    let (_, other_key) = certificate(2030);
    let cases: [(proto::RouteSettings, Change, &[&str]); 14] = [
        (oauth(proto::RouteKind::SmtpOauth), |it| { it.tenant = Some("common".to_owned()); it.client_id = Some("relay".to_owned()); it.authority = Some("http://login.example".to_owned()); it.mailbox = Some("relay".to_owned()); }, &["authority", "client_id", "mailbox", "tenant"]),
        (oauth(proto::RouteKind::SmtpOauth), |it| it.authority = Some("https://login.example/acme".to_owned()), &["authority"]),
        (oauth(proto::RouteKind::SmtpOauth), |it| it.authority = Some("https://a@login.example".to_owned()), &["authority"]),
        (oauth(proto::RouteKind::SmtpOauth), |it| it.client_secret = Some(CLIENT.to_owned()), &["client_secret"]),
        (oauth(proto::RouteKind::SmtpOauth), |it| it.client_secret = None, &["client_secret"]),
        (oauth(proto::RouteKind::SmtpOauth), |it| it.client_secret_expires_at = Some("2020-01-01T00:00:00Z".parse().unwrap()), &["client_secret_expires_at"]),
        (oauth(proto::RouteKind::Graph), |it| it.security = Some(proto::RouteSecurity::StartTls), &["security"]),
        (oauth(proto::RouteKind::Graph), |it| it.password = Some("pw".to_owned()), &["password"]),
        (oauth(proto::RouteKind::Graph), |it| it.key_pem = Some("a key alone".to_owned()), &["certificate_pem", "client_secret"]),
        (connector(), |it| it.mx_of = None, &["server"]),
        (connector(), |it| { it.server = Some("mx.acme.example".to_owned()); it.mailbox = Some("relay@acme.example".to_owned()); it.security = Some(proto::RouteSecurity::Implicit); }, &["mailbox", "mx_of", "security"]),
        (connector(), |it| it.tenant = Some("acme.example".to_owned()), &["tenant"]),
        (smarthost(), |it| { it.recipients_per_mail = Some(0); it.keep_open = Some(301); it.mx_of = Some("acme.example".to_owned()); }, &["keep_open", "mx_of", "recipients_per_mail"]),
        (proto::RouteSettings { certificate_pem: Some(chain), key_pem: Some(other_key), ..connector() }, |_| {}, &["key_pem"]),
    ];
    for (mut settings, change, expected) in cases {
        change(&mut settings);
        let problem = set(&bench, settings.clone()).await.unwrap_err();
        let mut fields: Vec<_> = problem.errors.iter().map(|it| it.field.as_str()).collect();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(fields, expected, "{settings:?}: {problem:?}");
        let text = serde_json::to_string(&problem).unwrap();
        assert!(
            !text.contains("planted") && !text.contains("PRIVATE"),
            "{text}"
        );
    }
    assert!(
        bench.probe.seen.lock().unwrap().is_empty(),
        "nothing was tried"
    );
}

#[tokio::test]
async fn a_stored_client_secret_goes_only_where_it_went() {
    let bench = registered().await;
    let ends = "2028-11-30T00:00:00Z".parse().unwrap();
    let first = proto::RouteSettings {
        client_secret_expires_at: Some(ends),
        ..oauth(proto::RouteKind::SmtpOauth)
    };
    set(&bench, first).await.unwrap();
    let without = || proto::RouteSettings {
        client_secret: None,
        ..oauth(proto::RouteKind::SmtpOauth)
    };
    let slower = proto::RouteSettings {
        per_minute: Some(5),
        ..without()
    };
    let kept = set(&bench, slower).await.unwrap().route.oauth.unwrap();
    assert_eq!(kept.expires_at, Some(ends));
    let moves: [Change; 6] = [
        |it| it.server = Some("thief.example".to_owned()),
        |it| it.authority = Some("https://thief.example".to_owned()),
        |it| it.tenant = Some("thief.example".to_owned()),
        |it| it.client_id = Some("4b1d7c20-0000-4000-8000-000000000001".to_owned()),
        |it| it.mailbox = Some("thief@acme.example".to_owned()),
        |it| it.cloud = Some(proto::Cloud::GccHigh),
    ];
    let tried = bench.probe.seen.lock().unwrap().len();
    for change in moves {
        let mut elsewhere = without();
        change(&mut elsewhere);
        let problem = set(&bench, elsewhere.clone()).await.unwrap_err();
        assert_eq!(problem.errors[0].field, "client_secret", "{elsewhere:?}");
    }
    assert_eq!(bench.probe.seen.lock().unwrap().len(), tried, "no probe");
}

#[tokio::test]
async fn a_connector_shows_its_certificate_and_says_what_to_run() {
    let bench = registered().await;
    let by_address = set(&bench, connector()).await.unwrap().route;
    assert!(by_address.warnings.is_empty());
    let line = by_address.setup.last().unwrap();
    assert!(line.contains("-SenderIPAddresses ADDRESS"), "{line}");

    // Another account with the same address is a reason to worry.
    bench
        .call::<proto::CreateAccount>(NOTHING, NOTHING, new_account("office"))
        .await
        .unwrap();
    bench
        .call::<proto::SetRoute>(at("office"), NOTHING, connector())
        .await
        .unwrap();
    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert!(shown.warnings[0].starts_with("1 other account of this relay"));

    let (chain, key) = certificate(2026);
    let certified = proto::RouteSettings {
        certificate_pem: Some(chain.clone()),
        key_pem: Some(key.clone()),
        ..connector()
    };
    let route = set(&bench, certified).await.unwrap().route;
    let line = route.setup.last().unwrap();
    assert!(
        line.ends_with("-TlsSenderCertificateName 'relay.acme.example'"),
        "{line}"
    );
    assert_eq!(route.certificate.unwrap().names, ["relay.acme.example"]);
    assert_eq!(
        route.warnings,
        ["the certificate that it shows to the server ends in 9 days, on 2026-12-01"]
    );
    // It stays, moves nowhere unasked, and goes when that is said.
    assert!(
        set(&bench, connector())
            .await
            .unwrap()
            .route
            .certificate
            .is_some()
    );
    let moved = proto::RouteSettings {
        mx_of: None,
        server: Some("mx.thief.example".to_owned()),
        ..connector()
    };
    let refused = set(&bench, moved).await.unwrap_err();
    assert_eq!(refused.errors[0].field, "certificate_pem");
    let dropped = proto::RouteSettings {
        certificate_pem: Some(String::new()),
        ..connector()
    };
    assert!(
        set(&bench, dropped)
            .await
            .unwrap()
            .route
            .certificate
            .is_none()
    );

    // An elliptic key signs no assertion.
    let signing = proto::RouteSettings {
        client_secret: None,
        certificate_pem: Some(chain),
        key_pem: Some(key),
        ..oauth(proto::RouteKind::SmtpOauth)
    };
    let refused = set(&bench, signing).await.unwrap_err();
    assert!(refused.errors[0].message.contains("RSA"), "{refused:?}");
}

#[tokio::test]
async fn a_fallback_is_another_way_and_can_be_removed() {
    let bench = registered().await;
    let early = set_fallback(&bench, smarthost()).await.unwrap_err();
    assert_eq!(early.code, "state-conflict");
    set(&bench, smarthost()).await.unwrap();
    let same = set_fallback(&bench, smarthost()).await.unwrap_err();
    assert_eq!(same.errors[0].field, "server");
    let second = set_fallback(&bench, connector()).await.unwrap().route;
    assert_eq!(second.role, proto::RouteRole::Fallback);

    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(shown.role, proto::RouteRole::Primary);
    assert_eq!(
        shown.fallback.as_deref(),
        Some("connector MX of acme.example")
    );
    let onto = set(&bench, connector()).await.unwrap_err();
    assert!(onto.errors[0].message.contains("of the fallback"));

    let everybody = proto::QueueSummaryQuery::default();
    let lanes = bench
        .call::<proto::SummarizeQueue>(NOTHING, everybody, NOTHING)
        .await
        .unwrap()
        .lanes;
    let roles: Vec<_> = lanes.iter().map(|lane| lane.role.as_str()).collect();
    assert_eq!(roles, ["primary", "fallback"]);

    // Its history is its own, and goes with it.
    let slower = proto::RouteSettings {
        per_minute: Some(3),
        ..connector()
    };
    set_fallback(&bench, slower).await.unwrap();
    let query = proto::RouteHistoryQuery {
        role: Some(proto::RouteRole::Fallback),
        ..proto::RouteHistoryQuery::default()
    };
    let versions = bench
        .call::<proto::ListRouteVersions>(at("acme"), query, NOTHING)
        .await
        .unwrap()
        .items;
    assert_eq!(versions.len(), 2);
    let back = proto::RouteRollback::default();
    let back = bench
        .call::<proto::RollRouteBack>(at("acme"), FALLBACK, back)
        .await
        .unwrap();
    assert_eq!((back.route.per_minute, back.route.version), (None, 3));
    let first = bench
        .call::<proto::RemoveRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap_err();
    assert_eq!(first.code, "state-conflict");
    bench
        .call::<proto::RemoveRoute>(at("acme"), FALLBACK, NOTHING)
        .await
        .unwrap();
    let gone = bench
        .call::<proto::CheckRoute>(at("acme"), FALLBACK, NOTHING)
        .await
        .unwrap_err();
    assert_eq!(gone.status, 404);
    // Another one begins anew.
    let anew = set_fallback(&bench, connector()).await.unwrap();
    assert_eq!(anew.route.version, 1);
}

#[tokio::test]
async fn what_a_route_lives_on_is_told_of_before_it_ends() {
    let bench = registered().await;
    let soon = proto::RouteSettings {
        client_secret_expires_at: Some("2026-12-26T20:41:07Z".parse().unwrap()),
        ..oauth(proto::RouteKind::Graph)
    };
    let route = set(&bench, soon).await.unwrap().route;
    assert!(route.warnings.is_empty());
    for (days, told) in [(4, 0), (1, 1), (1, 0), (22, 1), (6, 1), (1, 0)] {
        bench
            .clock
            .advance(std::time::Duration::from_hours(24 * days));
        let noted = bench.accounts.note_what_ends(&[]).await.unwrap();
        assert_eq!(noted, told, "{days}");
    }
    let shown = bench
        .call::<proto::ShowRoute>(at("acme"), NOTHING, NOTHING)
        .await
        .unwrap();
    assert_eq!(
        shown.warnings,
        ["the client secret ends within a day, on 2026-12-26"]
    );
}
