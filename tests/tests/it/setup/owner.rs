//! The owner of an account, who is not the operator, leaves at each question and comes back.

use relay_tests::{
    harness::{Config, Relayctl, eventually},
    pty::Terminal,
    sim::{Settings, Simulator},
};

use super::{
    ACCOUNT, Choice, Desk, Hidden, LAST, Line, MAIL, PLAN, Question, ROUTE, SIGN_IN, SYSTEM, USER,
    WRONG, answer, answers, asked, code_in, ended, left,
};

const EMAIL: &str = "ops@acme.example";
const LATER: &str = "Come back with: relayctl setup";
const REGISTER: [Question; 1] = [("register a new", Choice(0))];
const PASSWORD: [Question; 2] = [
    ("Sign-in password", Hidden(SIGN_IN)),
    (", again", Hidden(SIGN_IN)),
];
const COMES_BACK: [Question; 3] = [
    ("sign in for acme", Choice(0)),
    ("E-mail", Line(EMAIL)),
    ("Password", Hidden(SIGN_IN)),
];
/// Looks like the id of a secret, not like its value.
const SECRET_ID: &str = "4b1d7c20-0000-4000-8000-000000000001";
const APP_BY_SECRET_ID: [Question; 7] = [
    ("I have", Choice(0)),
    ("Mailbox to sign in with", Line(EMAIL)),
    ("Tenant", Line("")),
    (
        "Application (client) id",
        Line("4b1d7c20-0000-4000-8000-000000000000"),
    ),
    ("proves itself by", Choice(0)),
    ("Client secret", Hidden(SECRET_ID)),
    ("Day it ends", Line("")),
];
const CODE: &str = "Code from the mail";

/// Leaves at each of these questions; the earlier ones are answered each time.
fn leaves_at_each(desk: &Desk, questions: &[&Question]) {
    for (place, (question, _)) in questions.iter().enumerate() {
        let mut terminal = desk.enters("setup", None);
        answers(&mut terminal, questions[..place].iter().copied());
        asked(&mut terminal, question);
        left(terminal, question);
    }
}

fn accounts(ctl: &Relayctl) -> Vec<String> {
    let all = ctl.items("account list").unwrap();
    let name = |account: &serde_json::Value| account["name"].as_str().unwrap().to_owned();
    all.iter().map(name).collect()
}

/// The address of the relay is known from now on.
fn names_the_relay(desk: &Desk) -> Terminal {
    let url: &'static str = format!("http://{}", desk.relayd.api().unwrap()).leak();
    let mut terminal = desk.enters("setup", None);
    answer(&mut terminal, &("Address of the relay", Line(url)));
    terminal
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_leaves_at_each_question_and_goes_on() {
    let registers = |config: Config| config.registration("open", "office", "relay@office.example");
    let desk = Desk::with(80, registers).await;
    let ctl = desk.relayd.ctl().unwrap();
    desk.has_an_office();

    // Nothing is known yet, then the relay; an account is there once all was answered.
    leaves_at_each(&desk, &[&("Address of the relay", Line(""))]);
    let mut terminal = names_the_relay(&desk);
    asked(&mut terminal, REGISTER[0].0);
    left(terminal, REGISTER[0].0);
    let all: Vec<_> = REGISTER.iter().chain(&ACCOUNT).chain(&PASSWORD).collect();
    leaves_at_each(&desk, &all);
    assert_eq!(accounts(&ctl), ["office"]);
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, all);
    asked(&mut terminal, CODE);
    left(terminal, CODE);
    assert_eq!(accounts(&ctl).len(), 2);

    // It is known by the context, and lacks its code.
    let to_the_code: Vec<_> = COMES_BACK.iter().chain(&[(CODE, Line(""))]).collect();
    leaves_at_each(&desk, &to_the_code);
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, &COMES_BACK);
    let code: &'static str = desk.code(EMAIL).leak();
    answer(&mut terminal, &(CODE, Line(code)));
    ended(terminal, 8, LATER);

    ctl.ok("account activate acme").unwrap();
    leaves_at_each(&desk, &COMES_BACK.iter().collect::<Vec<_>>());
    // Whoever has signed in stays so.
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, &COMES_BACK);
    asked(&mut terminal, PLAN[0].0);
    left(terminal, PLAN[0].0);
    let domain = [("Domain of the senders", Line(""))];
    for (step, next) in [
        (&PLAN[..], ROUTE[0].0),
        (&ROUTE, domain[0].0),
        // The record is waited for, then and the next time.
        (&domain, "look again"),
        (&[], "look again"),
    ] {
        leaves_at_each(&desk, &step.iter().collect::<Vec<_>>());
        let mut terminal = desk.enters("setup", None);
        answers(&mut terminal, step);
        asked(&mut terminal, next);
        left(terminal, next);
    }
    // From here on she meets the questions of the operator.
    let record = ctl.json("domain show acme.example --account acme").unwrap();
    let (name, value) = (&record["record"]["name"], &record["record"]["value"]);
    desk.dns
        .publish(name.as_str().unwrap(), &[value.as_str().unwrap()]);
    let system = [SYSTEM[0], ("Address or network", Line("192.0.2.17"))];
    for (step, next) in [(&USER[..], system[0].0), (&system, MAIL[0].0)] {
        leaves_at_each(&desk, &step.iter().collect::<Vec<_>>());
        let mut terminal = desk.enters("setup", None);
        answers(&mut terminal, step);
        asked(&mut terminal, next);
        left(terminal, next);
    }
    let mut terminal = desk.enters("setup", None);
    answer(&mut terminal, &MAIL[0]);
    answer(&mut terminal, &("Password", Choice(0)));
    let screen = ended(terminal, 0, LAST);
    assert!(screen.contains("delivered to ops@acme.example"), "{screen}");
}

/// Where relayd sends its codes through the routes of those who register.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_registers_with_a_route_of_her_own() {
    let keeps = |settings: &mut Settings| settings.keep_bodies = true;
    let registers = |config: Config, simulator: &Simulator| {
        config.registration_by(&format!("localhost:{}", simulator.address().port()))
    };
    let desk = Desk::before(80, keeps, registers).await;
    let ctl = desk.relayd.ctl().unwrap();
    let mut terminal = names_the_relay(&desk);
    let all: Vec<_> = REGISTER.iter().chain(&ACCOUNT).chain(&PASSWORD).collect();
    answers(&mut terminal, all.iter().copied());
    asked(&mut terminal, "I have");
    left(terminal, "I have");
    assert!(accounts(&ctl).is_empty());

    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, all);
    answers(&mut terminal, &APP_BY_SECRET_ID);
    terminal.expect("route.client_secret").unwrap();
    // All that was answered before stays.
    answer(&mut terminal, &("Next", Choice(2)));
    answer(&mut terminal, &("I have", Choice(1)));
    answer(&mut terminal, &ROUTE[1]);
    answer(&mut terminal, &("Password of the mailbox", Hidden(WRONG)));
    answer(&mut terminal, &("Next", Choice(0)));
    answer(&mut terminal, &("Mailbox to sign in with", Line("")));
    answer(&mut terminal, &ROUTE[2]);
    asked(&mut terminal, CODE);
    left(terminal, CODE);
    assert_eq!(accounts(&ctl), ["acme"]);

    let sent = || Ok(desk.simulator.messages().pop());
    let mail = eventually("the code", sent).unwrap();
    let mail = String::from_utf8(desk.simulator.body(&mail).unwrap()).unwrap();
    let code: &'static str = code_in(&mail).unwrap().to_owned().leak();
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, &COMES_BACK);
    answer(&mut terminal, &(CODE, Line(code)));
    ended(terminal, 8, LATER);

    ctl.ok("account activate acme").unwrap();
    ctl.ok("account edit acme --domain-proof waived --yes")
        .unwrap();
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, COMES_BACK.iter().chain(&PLAN).chain(&USER));
    answers(&mut terminal, &SYSTEM[..1]);
    answer(&mut terminal, &("Address or network", Line("192.0.2.17")));
    answers(&mut terminal, &MAIL);
    let screen = ended(terminal, 0, LAST);
    assert!(screen.contains("delivered to ops@acme.example"), "{screen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_asked_for_where_one_is_needed() {
    let by_invitation =
        |config: Config| config.registration("invite", "office", "relay@office.example");
    let desk = Desk::with(80, by_invitation).await;
    let ctl = desk.relayd.ctl().unwrap();
    desk.has_an_office();
    let mut terminal = names_the_relay(&desk);
    asked(&mut terminal, REGISTER[0].0);
    left(terminal, REGISTER[0].0);

    let invitation = ctl.json("account invite").unwrap();
    let code: &'static str = invitation["code"].as_str().unwrap().to_owned().leak();
    let invited = ("Code of the invitation", Line(code));
    let all = REGISTER.iter().chain(&ACCOUNT).chain(&PASSWORD);
    let all: Vec<_> = all.chain([&invited]).collect();
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, all[..all.len() - 1].iter().copied());
    terminal.expect("whom its operator has invited").unwrap();
    asked(&mut terminal, invited.0);
    left(terminal, invited.0);
    assert_eq!(accounts(&ctl), ["office"]);
    // It is still good.
    let mut terminal = desk.enters("setup", None);
    answers(&mut terminal, all);
    asked(&mut terminal, CODE);
    left(terminal, CODE);
    assert_eq!(accounts(&ctl).len(), 2);
}
