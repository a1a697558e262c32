//! TLS, STARTTLS and signing in.

use super::{
    script::{Act, Expect, Server, Tls, say},
    *,
};

const HELLO: &str = "EHLO relay.acme.example";

/// The way of every STARTTLS session up to the second EHLO.
fn starttls() -> Vec<Act> {
    vec![
        say("220 outlook ready\r\n"),
        Expect(HELLO),
        say("250-outlook\r\n250-SIZE 157286400\r\n250 STARTTLS\r\n"),
        Expect("STARTTLS"),
        say("220 2.0.0 SMTP server ready\r\n"),
        Tls,
        Expect(HELLO),
    ]
}

fn trusting(server: &Server, security: Security) -> Route {
    let mut route = with_mailbox(route(server.port, security));
    route.ca_pem = Some(server.pem.clone());
    route
}

async fn refused(route: &Route) -> (Verdict, Reason, String) {
    let setback = connect(route).await.err().unwrap();
    (setback.verdict, setback.reason, setback.to_string())
}

#[tokio::test]
async fn exchange_is_signed_in_to_by_login() {
    let mut script = starttls();
    script.extend([
        say("250-outlook\r\n250-PIPELINING\r\n250 AUTH LOGIN XOAUTH2\r\n"),
        Expect("AUTH LOGIN"),
        say("334 VXNlcm5hbWU6\r\n"),
        Expect("cmVsYXlAYWNtZS5leGFtcGxl"),
        say("334 UGFzc3dvcmQ6\r\n"),
        Expect("aHVudGVyMg=="),
        say("235 2.7.0 Authentication successful\r\n"),
        Expect("QUIT"),
        say("221 bye\r\n"),
    ]);
    let server = Server::follow(vec![script]).await;
    let check = upstreams()
        .check(&trusting(&server, Security::StartTls))
        .await;
    assert_eq!(check.setback, None);
    let steps: Vec<_> = check
        .steps
        .iter()
        .map(|step| (step.name, step.ok))
        .collect();
    let names = ["dns", "connect", "starttls", "greeting", "sign-in"];
    assert_eq!(steps, names.map(|name| (name, true)));
    assert!(
        check.steps[2].detail.starts_with("TLSv1_3"),
        "{:?}",
        check.steps[2]
    );
    assert_eq!(check.steps[3].detail, "220 outlook ready");
    server.bodies().await;
}

#[tokio::test]
async fn plain_takes_one_round_trip_where_offered() {
    let script = vec![
        Tls,
        say("220 ready\r\n"),
        Expect(HELLO),
        say("250-ready\r\n250 auth LOGIN plain\r\n"),
        Expect("AUTH PLAIN AHJlbGF5QGFjbWUuZXhhbXBsZQBodW50ZXIy"),
        say("235 ok\r\n"),
    ];
    let server = Server::follow(vec![script]).await;
    let route = trusting(&server, Security::Implicit);
    assert!(connect(&route).await.unwrap().is_usable());
    server.bodies().await;
}

#[tokio::test]
async fn a_refused_sign_in_holds_the_lane_and_is_shown_literally() {
    for (reply, reason) in [
        (
            "535 5.7.3 Authentication unsuccessful\r\n",
            Reason::RouteCredentialsRejected,
        ),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\r\n",
            Reason::RouteBasicAuthDisabled,
        ),
    ] {
        let mut script = starttls();
        script.extend([
            say("250-outlook\r\n250 AUTH PLAIN\r\n"),
            Expect("AUTH PLAIN AHJlbGF5QGFjbWUuZXhhbXBsZQBodW50ZXIy"),
            say(reply),
        ]);
        let server = Server::follow(vec![script]).await;
        let check = upstreams()
            .check(&trusting(&server, Security::StartTls))
            .await;
        let setback = check.setback.unwrap();
        assert_eq!(
            (setback.verdict, setback.reason),
            (Verdict::HoldCredentials, reason)
        );
        let last = check.steps.last().unwrap();
        assert_eq!((last.name, last.ok), ("sign-in", false));
        assert!(last.detail.contains(reply.trim_end()), "{}", last.detail);
    }
}

#[tokio::test]
async fn a_server_without_a_mechanism_of_ours_holds_the_lane() {
    let mut script = starttls();
    script.push(say("250-outlook\r\n250 AUTH XOAUTH2\r\n"));
    let server = Server::follow(vec![script]).await;
    let (verdict, reason, text) = refused(&trusting(&server, Security::StartTls)).await;
    assert_eq!(
        (verdict, reason),
        (Verdict::HoldCredentials, Reason::RouteMisconfigured)
    );
    assert!(text.contains("AUTH XOAUTH2"), "{text}");
}

#[tokio::test]
async fn replies_smuggled_in_before_tls_end_the_connection() {
    for last in ["220 ready\r\n250 injected\r\n", "220 ready\r\n2"] {
        let script = vec![
            say("220 outlook ready\r\n"),
            Expect(HELLO),
            say("250-outlook\r\n250 STARTTLS\r\n"),
            Expect("STARTTLS"),
            say(last),
        ];
        let server = Server::follow(vec![script]).await;
        let (verdict, reason, text) = refused(&trusting(&server, Security::StartTls)).await;
        assert_eq!(
            (verdict, reason),
            (Verdict::Retry, Reason::RouteTlsFailed),
            "{text}"
        );
        assert!(text.contains("before TLS began"), "{text}");
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_sent() {
    let script = vec![
        say("220 outlook ready\r\n"),
        Expect(HELLO),
        say("250-outlook\r\n250 AUTH PLAIN\r\n"),
        Expect(""),
    ];
    let server = Server::follow(vec![script]).await;
    let (verdict, reason, text) = refused(&trusting(&server, Security::StartTls)).await;
    assert_eq!(
        (verdict, reason),
        (Verdict::Retry, Reason::RouteTlsFailed),
        "{text}"
    );
}

#[tokio::test]
async fn a_certificate_of_nobody_we_trust_is_refused() {
    let known = Server::follow(vec![]).await;
    for security in [Security::Implicit, Security::StartTls] {
        let script = match security {
            Security::Implicit => vec![Tls],
            _ => starttls(),
        };
        let server = Server::follow(vec![script]).await;
        let mut route = trusting(&known, security);
        route.port = server.port;
        let (_, reason, text) = refused(&route).await;
        assert_eq!(reason, Reason::RouteTlsFailed, "{text}");
        assert!(text.contains("certificate"), "{text}");
    }
}

#[tokio::test]
async fn settings_that_make_no_way_out_are_told_before_anything_is_tried() {
    let mut nowhere = route(25, Security::None);
    nowhere.server.clear();
    let mut untrusted = route(25, Security::StartTls);
    untrusted.ca_pem = Some("not a certificate".to_owned());
    for (route, reason) in [
        (nowhere, Reason::RouteMisconfigured),
        (untrusted, Reason::RouteTlsFailed),
    ] {
        let setback = upstreams().open(&route).err().unwrap();
        assert_eq!(
            (setback.verdict, setback.reason),
            (Verdict::HoldCredentials, reason)
        );
        let check = upstreams().check(&route).await;
        assert_eq!(check.setback, Some(setback));
    }
}
