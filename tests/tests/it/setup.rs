//! `relayctl setup` at a terminal: from an empty relay to a delivered mail, left at each question and
//! taken up again, between the real relayd and the stand-in for Exchange Online. What it shows
//! stands in docs/setup.md, and is compared with that.

mod owner;
mod routes;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use relay_tests::{
    dns::DnsServer,
    harness::{Config, Relayd, binary, code_in, eventually},
    pty::{DOWN, INTERRUPT, Terminal},
    sim::{Settings, Simulator},
};
use tempfile::TempDir;

use crate::page;

const MAILBOX: (&str, &str) = ("relay@acme.example", "acme mailbox secret");
const WRONG: &str = "another mailbox secret";
const SIGN_IN: &str = "correct horse battery staple";
const FAREWELL: &str = "cancelled; what was done stays; go on with relayctl setup";
/// Higher than all that is shown, so that nothing leaves the screen.
const ROWS: u16 = 400;
const PAGE: &str = "docs/setup.md";

/// relayd, the stand-in, and a person before a terminal.
struct Desk {
    relayd: Relayd,
    simulator: Simulator,
    dns: DnsServer,
    home: PathBuf,
    columns: u16,
    /// Where routes lead to: variables of relayctl.
    place: Vec<(&'static str, String)>,
    folder: TempDir,
}

impl Desk {
    async fn new(columns: u16) -> Self {
        Self::with(columns, |config| config).await
    }

    async fn with(columns: u16, change: impl FnOnce(Config) -> Config) -> Self {
        Self::before(columns, |_| {}, |config, _| change(config)).await
    }

    /// Before a stand-in that differs from the usual one.
    async fn before(
        columns: u16,
        other: impl FnOnce(&mut Settings),
        change: impl FnOnce(Config, &Simulator) -> Config,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::in_folder(folder.path().join("exchange"));
        settings.mailboxes = vec![(MAILBOX.0.into(), MAILBOX.1.into())];
        other(&mut settings);
        let simulator = Simulator::start(settings).await.unwrap();
        let dns = DnsServer::start().unwrap();
        let config = Config::in_folder(folder.path()).dns(dns.address());
        let config = change(config, &simulator);
        let relayd = Relayd::start(folder.path(), &config).unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        let place = vec![
            ("RELAYCTL_SERVER", "localhost".to_owned()),
            ("RELAYCTL_PORT", simulator.address().port().to_string()),
            (
                "RELAYCTL_SERVER_CA",
                simulator.ca_file().display().to_string(),
            ),
        ];
        Self {
            relayd,
            simulator,
            dns,
            home,
            columns,
            place,
            folder,
        }
    }

    /// Starts the dialogue; the stand-in takes the place of Exchange Online.
    fn enters(&self, arguments: &str, socket: Option<&str>) -> Terminal {
        let mut command = Command::new(binary("relayctl").unwrap());
        command
            .args(arguments.split_ascii_whitespace())
            .current_dir(self.folder.path())
            .env("HOME", &self.home)
            .env("NO_COLOR", "1")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .envs(self.place.iter().map(|(name, value)| (name, value)));
        if let Some(socket) = socket {
            command.env("RELAYCTL_SOCKET", socket);
        }
        Terminal::start_sized(&command, (self.columns, ROWS)).unwrap()
    }

    fn as_operator(&self) -> Terminal {
        self.enters("setup", Some("admin.sock"))
    }

    /// The account that mail of relayd itself leaves by: into a folder.
    fn has_an_office(&self) {
        let ctl = self.relayd.ctl().unwrap();
        let office = "account create office --kind company --company Office --email \
                      desk@office.example --email-vouched";
        ctl.ok(office).unwrap();
        ctl.ok("account activate office").unwrap();
        let route = "route set --kind capture --account office --yes";
        ctl.ok(route).unwrap();
    }

    /// The code that was sent to this address.
    fn code(&self, address: &str) -> String {
        let kept = self.folder.path().join("state/capture/office");
        let mail = eventually("the code", || {
            Ok(mails(&kept)
                .into_iter()
                .find(|mail| mail.contains(&format!("To: {address}")) && mail.contains("Code: ")))
        });
        code_in(&mail.unwrap()).unwrap().to_owned()
    }
}

fn mails(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|it| it == "eml"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect()
}

/// What is answered to a question.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// A line; an empty one takes what is suggested.
    Line(&'static str),
    Hidden(&'static str),
    /// The entry of a list at this place, below the one that is suggested.
    Choice(usize),
}

use Answer::{Choice, Hidden, Line};

type Question = (&'static str, Answer);

fn answer(terminal: &mut Terminal, (question, answer): &Question) {
    asked(terminal, question);
    match answer {
        Line(text) | Hidden(text) => terminal.press(&format!("{text}\r")),
        Choice(place) => terminal.press(&(DOWN.repeat(*place) + "\r")),
    }
    .unwrap();
}

fn answers<'q>(terminal: &mut Terminal, questions: impl IntoIterator<Item = &'q Question>) {
    for question in questions {
        answer(terminal, question);
    }
}

/// Ctrl-C at a question: the terminal is as before, and what is said last is true.
fn left(terminal: Terminal, question: &str) {
    let shown = interrupted(terminal, question);
    let visible = "\x1b[?25h";
    assert!(
        shown.ends_with(&format!("{visible}\r\r\n{FAREWELL}\r\n{visible}")),
        "{shown:?}"
    );
}

/// The same anywhere, also while something is waited for. Gives all that was shown.
fn interrupted(mut terminal: Terminal, place: &str) -> String {
    terminal.press(INTERRUPT).unwrap();
    terminal.expect(FAREWELL).unwrap();
    assert!(terminal.echoes().unwrap(), "at {place}");
    let (code, shown) = terminal.finish().unwrap();
    assert_eq!(code, 130, "{shown}");
    shows_no_secret(&shown);
    shown
}

fn shows_no_secret(shown: &str) {
    for secret in [MAILBOX.1, WRONG, SIGN_IN, routes::SECRET] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Waits until relayctl reads the answer: then the terminal itself shows nothing that is typed.
fn asked(terminal: &mut Terminal, question: &str) {
    terminal.expect(question).unwrap();
    eventually(question, || Ok((!terminal.echoes()?).then_some(()))).unwrap();
}

/// Ended with that code, and showed no secret that was typed. Gives the screen.
fn ended(terminal: Terminal, expected: i32, last: &str) -> String {
    let screen = terminal
        .expect_screen(|screen| screen.contains(last))
        .unwrap();
    let (code, shown) = terminal.finish().unwrap();
    assert_eq!(code, expected, "{shown}");
    shows_no_secret(&shown);
    screen
}

const ACCOUNT: [Question; 11] = [
    ("Account for", Choice(0)),
    ("Company", Line("Acme GmbH")),
    ("Contact e-mail", Line("ops@acme.example")),
    ("First name", Line("")),
    ("Last name", Line("")),
    ("VAT id", Line("")),
    ("Phone", Line("")),
    ("Street", Line("")),
    ("Postal code", Line("")),
    ("City", Line("")),
    ("Country", Line("")),
];
const EMAIL: [Question; 1] = [("E-mail", Choice(0))];
const PLAN: [Question; 1] = [("Plan", Choice(0))];
const ROUTE: [Question; 3] = [
    ("I have", Choice(2)),
    ("Mailbox to sign in with", Line(MAILBOX.0)),
    ("Password of the mailbox", Hidden(MAILBOX.1)),
];
const USER: [Question; 3] = [
    ("Sender address", Line("")),
    ("User name", Line("")),
    ("Password", Choice(0)),
];
const SYSTEM: [Question; 2] = [
    ("Name of the system", Line("floor-3")),
    ("Address or network", Line("")),
];
const MAIL: [Question; 1] = [("Who gets it", Line(""))];
/// The steps of an operator, whose relay has nothing yet.
const STEPS: [&[Question]; 7] = [&ACCOUNT, &EMAIL, &PLAN, &ROUTE, &USER, &SYSTEM, &MAIL];
/// The last line.
const LAST: &str = "relayctl test send --user scanner";

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_comes_from_nothing_to_a_delivered_mail() {
    let desk = Desk::new(80).await;
    let mut terminal = desk.as_operator();
    for question in ACCOUNT.iter().chain(&EMAIL).chain(&PLAN) {
        answer(&mut terminal, question);
    }
    // A wrong password is corrected on the spot; the mailbox is taken by Enter.
    answer(&mut terminal, &ROUTE[0]);
    answer(&mut terminal, &ROUTE[1]);
    answer(&mut terminal, &("Password of the mailbox", Hidden(WRONG)));
    answer(&mut terminal, &("Next", Choice(0)));
    answer(&mut terminal, &("Mailbox to sign in with", Line("")));
    answer(&mut terminal, &ROUTE[2]);
    for question in USER.iter().chain(&SYSTEM).chain(&MAIL) {
        answer(&mut terminal, question);
    }
    let screen = ended(terminal, 0, LAST);
    assert!(screen.contains("535 5.7."), "{screen}");
    let entry = desk.simulator.messages().remove(0);
    assert_eq!(entry.recipients, ["ops@acme.example"]);
    compare("As the operator", &screen);

    // Once more: all is there, and a lost password is replaced.
    let mut terminal = desk.as_operator();
    answer(&mut terminal, &("Account", Choice(0)));
    answer(&mut terminal, &("Password", Choice(1)));
    let screen = ended(terminal, 0, LAST);
    for step in ["relay user", "system", "test mail"] {
        assert!(screen.contains(&format!("  ok      {step}")), "{screen}");
    }
    compare("Taken up again", &screen);
    assert_eq!(desk.simulator.messages().len(), 1);
    the_script_does_the_same(&desk, &screen);
    assert_eq!(desk.simulator.messages().len(), 2);
}

/// The commands at the end lead to a delivered mail on another relay that has nothing yet.
fn the_script_does_the_same(desk: &Desk, screen: &str) {
    let folder = TempDir::new().unwrap();
    let config = Config::in_folder(folder.path());
    let _relayd = Relayd::start(folder.path(), &config).unwrap();
    fs::write(folder.path().join("route.pw"), MAILBOX.1).unwrap();
    let authority = folder.path().join("route-ca.pem");
    fs::copy(desk.simulator.ca_file(), authority).unwrap();
    let (_, script) = screen.split_once("set -e\n").unwrap();
    let relayctl = binary("relayctl").unwrap();
    let output = page::run(script, &relayctl, folder.path(), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_left_at_each_question_and_goes_on() {
    let desk = Desk::new(80).await;
    let ctl = desk.relayd.ctl().unwrap();
    // Steps that are done when the dialogue starts.
    let mut done = 0;
    for (step, questions) in STEPS.iter().enumerate() {
        for (place, (question, _)) in questions.iter().enumerate() {
            let mut terminal = desk.as_operator();
            if done > 0 {
                answer(&mut terminal, &("Account", Choice(0)));
            }
            for before in STEPS[done..step].iter().copied().flatten() {
                // Of an account that was there before, the code is suggested.
                let vouched = ("E-mail", Choice(1));
                let is_email = before.0 == vouched.0;
                answer(&mut terminal, if is_email { &vouched } else { before });
            }
            done = step;
            answers(&mut terminal, &questions[..place]);
            asked(&mut terminal, question);
            left(terminal, question);
        }
    }
    assert!(desk.simulator.messages().is_empty());
    assert_eq!(ctl.items("account list").unwrap().len(), 1);
    for (list, count) in [("user list", 1), ("system list", 1)] {
        let items = ctl.items(&format!("{list} --account acme"));
        assert_eq!(items.unwrap().len(), count, "{list}");
    }
    let mut terminal = desk.as_operator();
    answer(&mut terminal, &("Account", Choice(0)));
    answer(&mut terminal, &MAIL[0]);
    answer(&mut terminal, &("Password", Choice(0)));
    ended(terminal, 0, LAST);
    assert_eq!(desk.simulator.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_registers_waits_for_the_operator_and_goes_on() {
    let registers = |config: Config| config.registration("open", "office", "relay@office.example");
    let desk = Desk::with(80, registers).await;
    let ctl = desk.relayd.ctl().unwrap();
    desk.has_an_office();

    let mut terminal = desk.enters("setup", None);
    let url: &'static str = format!("http://{}", desk.relayd.api().unwrap()).leak();
    answer(&mut terminal, &("Address of the relay", Line(url)));
    answer(&mut terminal, &("Account", Choice(0)));
    for question in &ACCOUNT {
        answer(&mut terminal, question);
    }
    answer(&mut terminal, &("Sign-in password", Hidden(SIGN_IN)));
    answer(&mut terminal, &(", again", Hidden(SIGN_IN)));
    answer(&mut terminal, &("Code from the mail", Line("00000000")));
    terminal.expect("That did not work").unwrap();
    let code: &'static str = desk.code("ops@acme.example").leak();
    answer(&mut terminal, &("Code from the mail", Line(code)));
    let screen = ended(terminal, 8, "Come back with: relayctl setup");
    compare("As a customer", &screen);

    // Still waiting: the password is asked for, and nothing else.
    let mut terminal = desk.enters("setup", None);
    answer(&mut terminal, &("Account", Choice(0)));
    answer(&mut terminal, &("E-mail", Line("ops@acme.example")));
    answer(&mut terminal, &("Password", Hidden(SIGN_IN)));
    ended(terminal, 8, "Come back with: relayctl setup");

    ctl.ok("account activate acme").unwrap();
    let mut terminal = desk.enters("setup", None);
    answer(&mut terminal, &("Account", Choice(0)));
    answer(&mut terminal, &("E-mail", Line("ops@acme.example")));
    answer(&mut terminal, &("Password", Hidden(WRONG)));
    answer(&mut terminal, &("E-mail", Line("ops@acme.example")));
    answer(&mut terminal, &("Password", Hidden(SIGN_IN)));
    for question in PLAN.iter().chain(&ROUTE) {
        answer(&mut terminal, question);
    }
    answer(&mut terminal, &("Domain of the senders", Line("")));
    // The record is not there yet.
    answer(&mut terminal, &("Record", Choice(1)));
    let screen = ended(terminal, 8, "Come back with: relayctl setup");
    let (_, rest) = screen.split_once("relayd-domain-proof=").unwrap();
    let value: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let record = format!("relayd-domain-proof={value}");
    desk.dns
        .publish("_relayd-challenge.acme.example", &[&record]);

    // The session was kept.
    let mut terminal = desk.enters("setup", None);
    answer(&mut terminal, &("Sender address", Line("")));
    answer(&mut terminal, &USER[1]);
    answer(&mut terminal, &USER[2]);
    answer(&mut terminal, &SYSTEM[0]);
    answer(&mut terminal, &("Address or network", Line("192.0.2.17")));
    answer(&mut terminal, &MAIL[0]);
    let screen = ended(terminal, 0, LAST);
    compare("As a customer, to the end", &screen);
    assert_eq!(desk.simulator.messages().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_fits_forty_columns() {
    let desk = Desk::new(40).await;
    let mut terminal = desk.as_operator();
    for question in STEPS.iter().copied().flatten() {
        answer(&mut terminal, question);
    }
    let screen = ended(terminal, 0, "--to ops@acme.example");
    // Nothing ran over the edge, but words that are longer than the screen is wide, and commands.
    let (dialogue, _) = screen.split_once("set -e").unwrap();
    for line in dialogue.lines() {
        let is_word = !line.trim_start().contains(' ');
        assert!(
            line.chars().count() <= 40 || is_word,
            "{line:?} in\n{screen}"
        );
    }
    compare("In a narrow window", &screen);
}

#[test]
fn it_needs_a_terminal() {
    let output = Command::new(binary("relayctl").unwrap())
        .arg("setup")
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let told = String::from_utf8(output.stderr).unwrap();
    for command in ["account create", "route set", "user create", "test send"] {
        assert!(told.contains(command), "{told}");
    }
}

/// The screen stands in the page, below that heading. `UPDATE_DOCS=1` writes it there.
fn compare(heading: &str, screen: &str) {
    let screen: Vec<_> = screen.lines().map(str::trim_end).collect();
    let screen = screen.join("\n").trim().to_owned() + "\n";
    let text = page::read(PAGE);
    let blocks = page::blocks(&text, "text");
    let block = blocks.iter().find(|block| block.heading == heading);
    let block = block.unwrap_or_else(|| panic!("{PAGE} has no {heading:?}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let at = text.find(&format!("# {heading}\n")).unwrap();
        let (before, after) = text.split_at(at);
        let fenced = |body: &str| format!("```text\n{body}```\n");
        let after = after.replacen(&fenced(&block.text), &fenced(&screen), 1);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PAGE);
        fs::write(path, format!("{before}{after}")).unwrap();
        return;
    }
    assert_eq!(masked(&screen), masked(&block.text), "{heading}:\n{screen}");
}

const DAYS: [&str; 7] = ["Mon,", "Tue,", "Wed,", "Thu,", "Fri,", "Sat,", "Sun,"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The words, without what differs from run to run: numbers, dates, times, ids, passwords.
fn masked(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let is_unit = ["ms", "s", "min"].contains(&word.trim_end_matches([',', '.']));
        let number = |word: &String| word.trim_start_matches('+').starts_with('#');
        if is_unit && words.last().is_some_and(number) {
            words.pop();
            continue;
        }
        words.push(mask(word));
    }
    // It may be on its way, or there, when it is looked at first.
    words.retain(|word| word != "queued" && word != "delivered");
    words
}

fn mask(word: &str) -> String {
    if DAYS.contains(&word) || MONTHS.contains(&word) {
        return "DATE".to_owned();
    }
    let is_random = |part: &str| {
        part.len() >= 20
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let parts = word.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let mut masked = String::new();
    for part in parts {
        let bare = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let end = part.get(bare.len()..).unwrap_or_default();
        masked.extend([if is_random(bare) { "ID" } else { bare }, end]);
    }
    let is_password = word.len() == 27
        && word.split('-').count() == 4
        && word.split('-').all(|group| group.len() == 6);
    if is_password {
        return "PASSWORD".to_owned();
    }
    let mut text = String::new();
    for c in masked.chars() {
        if !c.is_ascii_digit() {
            text.push(c);
        } else if !text.ends_with('#') {
            text.push('#');
        }
    }
    text
}
