//! The ways out that the dialogue leads to beside a password: an application with a secret or a
//! certificate, a person who signs in with a browser, Microsoft Graph, an inbound connector. The
//! stand-in gives the tokens; that a route leads there is for the operator to say, by variables.

use std::{fs, net::Ipv4Addr, path::Path, process::Output, sync::Arc};

use relay_tests::{
    harness::{Config, PATIENCE, Relayd, binary},
    pty::Terminal,
    sim::{
        Connector, Entry, Rule, Settings, Simulator, Stage,
        entra::{self, Application, Entra},
        graph::{self, Graph},
    },
    tls::Authority,
};
use tempfile::TempDir;

use super::{
    ACCOUNT, Answer, Choice, Desk, EMAIL, Hidden, LAST, Line, MAIL, MAILBOX, PLAN, Question, ROUTE,
    SYSTEM, USER, WRONG, answer, answers, asked, ended, interrupted,
};
use crate::page;

const CLIENT: &str = "4b1d7c20-0000-4000-8000-000000000000";
pub(super) const SECRET: &str = "value-of-the-client-secret";
/// Who signs in for the mailbox, which is a shared one.
const PERSON: &str = "ada@acme.example";
const MX: &str = "acme-example.mail.protection.outlook.com";

const MAILBOX_AND_APP: Answer = Choice(0);
const BROWSER: Answer = Choice(1);
const GRAPH: Answer = Choice(3);
const CONNECTOR: Answer = Choice(4);

/// Account of a person, who signs in.
const ACCOUNT_OF_A_PERSON: [Question; 9] = [
    ("Account for", Choice(1)),
    ("First name", Line("Ada")),
    ("Last name", Line("Berg")),
    ("Contact e-mail", Line(PERSON)),
    ("Phone", Line("")),
    ("Street", Line("")),
    ("Postal code", Line("")),
    ("City", Line("")),
    ("Country", Line("")),
];
const APP: [Question; 3] = [
    ("Mailbox to", Line(MAILBOX.0)),
    ("Tenant", Line("")),
    ("Application (client) id", Line(CLIENT)),
];
/// The values of the try before are taken by Enter.
const APP_AGAIN: [Question; 3] = [
    ("Mailbox to", Line("")),
    ("Tenant", Line("")),
    ("Application (client) id", Line("")),
];
const PROOF: &str = "proves itself by";
const MENDED: &str = "try again: it was mended there";

/// The usual desk, where an application is registered, with its files in the folder.
async fn desk(columns: u16) -> Desk {
    let made = Authority::new("some authority")
        .unwrap()
        .issue_rsa(&["relay.acme.example"])
        .unwrap();
    let application = Application {
        tenant: "acme.example".to_owned(),
        client_id: CLIENT.to_owned(),
        secrets: vec![SECRET.to_owned()],
        certificates: vec![made.certificate_pem.clone()],
        roles: vec!["SMTP.SendAsApp".to_owned(), "Mail.Send".to_owned()],
        mailboxes: vec![MAILBOX.0.to_owned()],
    };
    let sim = |settings: &mut Settings| {
        settings.entra = Some(entra::Settings::of(vec![application]));
    };
    let mut desk = Desk::before(columns, sim, |config, _| config).await;
    let authority = entra(&desk).authority().to_owned();
    desk.place.push(("RELAYCTL_AUTHORITY", authority));
    let folder = desk.folder.path();
    fs::write(folder.join("relay.pem"), made.certificate_pem).unwrap();
    fs::write(folder.join("relay.key"), made.key_pem).unwrap();
    desk
}

fn entra(desk: &Desk) -> &Entra {
    desk.simulator.entra().unwrap()
}

/// Microsoft Graph, which the routes of the desk lead to from now on.
async fn graph(desk: &mut Desk) -> Graph {
    let entra = entra(desk).clone();
    let settings = graph::Settings {
        bearer: Arc::new(move |token| entra.permissions(token, "graph")),
        ..graph::Settings::in_folder(desk.folder.path().join("graph"))
    };
    let graph = Graph::start(settings, desk.simulator.authority());
    let graph = graph.await.unwrap();
    set(desk, "RELAYCTL_PORT", graph.address().port().to_string());
    graph
}

/// The MX of a tenant with an inbound connector, which knows the certificate of `own.pem`.
async fn connector(desk: &mut Desk) -> Simulator {
    let root = Authority::new("public root").unwrap();
    let own = root.issue(&["relay.acme.example"]).unwrap();
    let folder = desk.folder.path();
    let chain = format!("{}{}{}", own.certificate_pem, root.pem(), own.key_pem);
    fs::write(folder.join("own.pem"), chain).unwrap();
    let mut settings = Settings::in_folder(folder.join("tenant"));
    settings.names = vec![MX.to_owned()];
    settings.connector = Some(Connector {
        certificate_name: "relay.acme.example".to_owned(),
        authorities: root.pem().to_owned(),
    });
    let tenant = Simulator::start(settings).await.unwrap();
    desk.dns.publish_mx("acme.example", &[(0, MX)]).unwrap();
    desk.dns.publish_address(MX, Ipv4Addr::LOCALHOST);
    desk.place.retain(|(name, _)| *name != "RELAYCTL_SERVER");
    set(desk, "RELAYCTL_PORT", tenant.address().port().to_string());
    let authority = tenant.ca_file().display().to_string();
    set(desk, "RELAYCTL_SERVER_CA", authority);
    tenant
}

fn set(desk: &mut Desk, name: &'static str, value: String) {
    desk.place.retain(|(known, _)| *known != name);
    desk.place.push((name, value));
}

/// What arrived there, but for mail of relayd itself.
fn test_mails(simulator: &Simulator) -> Vec<Entry> {
    let mut mails = simulator.messages();
    mails.retain(|mail| mail.from == "scanner@acme.example");
    mails
}

/// From nothing to the question for the route.
fn comes_to_the_route(desk: &Desk, account: &[Question]) -> Terminal {
    let mut terminal = desk.as_operator();
    answers(&mut terminal, account.iter().chain(&EMAIL).chain(&PLAN));
    terminal
}

/// From a route that works to the end.
fn goes_to_the_end(mut terminal: Terminal) -> String {
    answers(&mut terminal, USER.iter().chain(&SYSTEM).chain(&MAIL));
    ended(terminal, 0, LAST)
}

/// Runs the commands at the end for another relay that has nothing yet, beside these files.
fn runs_the_script(desk: &Desk, screen: &str, files: &[(&str, &Path)]) -> Output {
    let folder = TempDir::new().unwrap();
    let config = Config::in_folder(folder.path()).dns(desk.dns.address());
    let _relayd = Relayd::start(folder.path(), &config).unwrap();
    for (name, from) in files {
        fs::copy(desk.folder.path().join(from), folder.path().join(name)).unwrap();
    }
    let (_, script) = screen.split_once("set -e\n").unwrap();
    let relayctl = binary("relayctl").unwrap();
    let output = page::run(script, &relayctl, folder.path(), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{told}");
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_proves_itself_by_a_secret_or_a_certificate() {
    let secret = |value, end| {
        let secret = ("Client secret", Hidden(value));
        [(PROOF, Choice(0)), secret, ("Day it ends", Line(end))]
    };
    // A wrong secret, and a file that is not there, are corrected on the spot.
    let by_secret: Vec<Question> = [("I have", MAILBOX_AND_APP)]
        .into_iter()
        .chain(APP)
        .chain(secret(WRONG, "2028-11-30"))
        .chain([("Next", Choice(0))])
        .chain(APP_AGAIN)
        .chain(secret(SECRET, ""))
        .collect();
    let by_certificate: Vec<Question> = [("I have", MAILBOX_AND_APP)]
        .into_iter()
        .chain(APP)
        .chain([
            (PROOF, Choice(1)),
            ("File of the certificate", Line("nowhere.pem")),
            ("cannot read", Line("relay.pem")),
            ("File of its private key", Line("relay.key")),
        ])
        .collect();
    for (questions, told, flag, file) in [
        (
            by_secret,
            "AADSTS7000215",
            "--client-secret-expires 2028-11-30",
            ("route.secret", "right.secret"),
        ),
        (
            by_certificate,
            "nowhere.pem: No such file",
            "--certificate route.pem",
            ("route.key", "relay.key"),
        ),
    ] {
        let mut desk = desk(80).await;
        if flag.starts_with("--certificate") {
            // It is not for a certificate.
            let end = "2028-11-30".to_owned();
            set(&mut desk, "RELAYCTL_CLIENT_SECRET_EXPIRES", end);
        }
        fs::write(desk.folder.path().join("right.secret"), SECRET).unwrap();
        let mut terminal = comes_to_the_route(&desk, &ACCOUNT);
        answers(&mut terminal, &questions);
        let screen = goes_to_the_end(terminal);
        assert!(screen.contains(told) && screen.contains(flag), "{screen}");
        let mails = test_mails(&desk.simulator);
        assert_eq!(mails[0].mechanism, "XOAUTH2");
        assert_eq!(mails[0].mailbox, MAILBOX.0);
        let authority = desk.simulator.ca_file();
        let files = [
            (file.0, Path::new(file.1)),
            ("route.pem", Path::new("relay.pem")),
            ("route-ca.pem", &authority),
        ];
        runs_the_script(&desk, &screen, &files);
        assert_eq!(test_mails(&desk.simulator).len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_browser() {
    for columns in [80, 40] {
        let desk = desk(columns).await;
        let mut terminal = comes_to_the_route(&desk, &ACCOUNT_OF_A_PERSON);
        answer(&mut terminal, &("I have", BROWSER));
        answers(&mut terminal, &APP);
        shown_code(&desk, &terminal);
        // Left while the code is open: the next time begins with the route, and another code.
        interrupted(terminal, "the sign-in");

        let mut terminal = desk.as_operator();
        answer(&mut terminal, &("Account", Choice(0)));
        answer(&mut terminal, &("I have", BROWSER));
        answers(&mut terminal, &APP);
        let declined = shown_code(&desk, &terminal);
        assert!(entra(&desk).decline(&declined));
        terminal.expect("declined").unwrap();
        answer(&mut terminal, &("Next", Choice(1)));
        let code = shown_code(&desk, &terminal);
        assert!(entra(&desk).approve(&code, PERSON, &[MAILBOX.0]));
        let screen = goes_to_the_end(terminal);
        assert!(screen.contains(&format!("{PERSON} signed in")), "{screen}");
        let mails = test_mails(&desk.simulator);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].mechanism, "XOAUTH2");
        for words in ["relayctl route authorize", "--authority https://localhost"] {
            assert!(screen.contains(words), "{screen}");
        }
    }
}

/// The code that is shown last, and open.
fn shown_code(desk: &Desk, terminal: &Terminal) -> String {
    let last = |screen: &str| {
        let open = entra(desk).open_codes();
        let (_, rest) = screen.rsplit_once("Enter  ")?;
        open.into_iter().find(|code| rest.starts_with(code))
    };
    let screen = terminal.expect_screen(|screen| last(screen).is_some());
    last(&screen.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_sends_through_graph() {
    let mut desk = desk(80).await;
    let graph = graph(&mut desk).await;
    let mut terminal = comes_to_the_route(&desk, &ACCOUNT);
    answer(&mut terminal, &("I have", GRAPH));
    answers(&mut terminal, &APP);
    answer(&mut terminal, &(PROOF, Choice(1)));
    // One file holds both.
    let both = ["relay.pem", "relay.key"].map(|name| desk.folder.path().join(name));
    let both = both.map(|path| fs::read_to_string(path).unwrap()).concat();
    fs::write(desk.folder.path().join("both.pem"), both).unwrap();
    answer(
        &mut terminal,
        &("File of the certificate", Line("both.pem")),
    );
    let screen = goes_to_the_end(terminal);
    let mails = graph.wait_for(1, PATIENCE).await.unwrap();
    assert_eq!(mails[0].recipients(), ["ops@acme.example"]);
    let authority = desk.simulator.ca_file();
    let files = [
        ("route.pem", Path::new("relay.pem")),
        ("route.key", Path::new("relay.key")),
        ("route-ca.pem", &authority),
    ];
    runs_the_script(&desk, &screen, &files);
    assert_eq!(graph.mails().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connector_lets_the_relay_in_by_its_certificate() {
    for columns in [80, 40] {
        let mut desk = desk(columns).await;
        let tenant = connector(&mut desk).await;
        let mut terminal = comes_to_the_route(&desk, &ACCOUNT);
        answer(&mut terminal, &("I have", CONNECTOR));
        answer(&mut terminal, &("Domain of the tenant", Line("")));
        // This one does not know the address: only mail tells that.
        answer(&mut terminal, &("Certificate file", Line("")));
        answers(&mut terminal, USER.iter().chain(&SYSTEM).chain(&MAIL));
        // What waits goes on once the route is right.
        terminal.expect("5.7.64").unwrap();
        answer(&mut terminal, &("set the route anew", Choice(1)));
        assert!(tenant.messages().is_empty());
        answer(&mut terminal, &("I have", CONNECTOR));
        answer(&mut terminal, &("Domain of the tenant", Line("")));
        answer(&mut terminal, &("Certificate file", Line("own.pem")));
        let screen = ended(terminal, 0, LAST);
        let arrived = test_mails(&tenant);
        assert_eq!(arrived.len(), 1);
        assert_eq!(arrived[0].mechanism, "CERTIFICATE");
        assert!(screen.contains("New-InboundConnector"), "{screen}");
    }
}

/// To a test mail that stands before the route, since the other side refuses the relay.
async fn comes_to_a_held_mail() -> (Desk, Terminal) {
    let desk = Desk::new(80).await;
    let rule = Rule::at(Stage::Rcpt).rcpt("ops@acme.example");
    desk.simulator.add_rule(rule.reply("relay-denied"));
    let mut terminal = comes_to_the_route(&desk, &ACCOUNT);
    answers(&mut terminal, ROUTE.iter().chain(&USER).chain(&SYSTEM));
    answers(&mut terminal, &MAIL);
    terminal.expect(MENDED).unwrap();
    assert!(desk.simulator.messages().is_empty());
    desk.simulator.clear_rules();
    (desk, terminal)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_held_goes_on_when_the_other_side_was_mended() {
    let (_desk, mut terminal) = comes_to_a_held_mail().await;
    answer(&mut terminal, &(MENDED, Choice(0)));
    let screen = ended(terminal, 0, LAST);
    assert_eq!(screen.matches("Accepted as").count(), 1, "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_somebody_else_changed_meanwhile_is_told_and_replaced() {
    let (desk, mut terminal) = comes_to_a_held_mail().await;
    answer(&mut terminal, &(MENDED, Choice(1)));
    answers(&mut terminal, &ROUTE[..2]);
    asked(&mut terminal, ROUTE[2].0);
    let ctl = desk.relayd.ctl().unwrap();
    ctl.ok("route set --connections 2 --account acme --yes")
        .unwrap();
    answer(&mut terminal, &ROUTE[2]);
    terminal.expect("Somebody else changed the route").unwrap();
    answer(&mut terminal, &("Next", Choice(1)));
    ended(terminal, 0, LAST);
    assert_eq!(test_mails(&desk.simulator).len(), 1);
}
