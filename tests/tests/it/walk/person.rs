//! As a person at a terminal, who answers what relayctl asks.

use std::{fs, path::PathBuf, process::Command};

use relay_tests::{
    harness::{Device, Mail, UserAccess, binary, eventually},
    pty::{INTERRUPT, Terminal},
};

use super::{MAILBOXES, Provider, postgresql};

const PASSWORD: &str = "correct horse battery staple";
const ANOTHER: &str = "another staple of many horses";
/// Long enough, and easy to guess of the account.
const WEAK: &str = "acme12345678";
const TYPED: &str = "scanner on floor number three";
const RECIPIENT: &str = "archive@example.net";

/// Somebody with a terminal.
struct Person {
    home: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Person {
    fn new(provider: &Provider, name: &str, environment: &[(&'static str, String)]) -> Self {
        let home = provider.folder().join(name);
        fs::create_dir(&home).unwrap();
        Self {
            home,
            environment: environment.to_vec(),
        }
    }

    /// Enters a command.
    fn enters(&self, arguments: &str) -> Terminal {
        let mut command = Command::new(binary("relayctl").unwrap());
        command
            .args(arguments.split_ascii_whitespace())
            .current_dir(&self.home)
            .env("HOME", &self.home)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        Terminal::start(&command).unwrap()
    }

    /// Enters a command that asks nothing; gives what is shown.
    fn sees(&self, arguments: &str) -> String {
        done(self.enters(arguments))
    }
}

/// Ended well, and showed nobody's secret that was typed.
fn done(terminal: Terminal) -> String {
    ended(terminal, 0)
}

fn ended(terminal: Terminal, expected: i32) -> String {
    let (code, shown) = terminal.finish().unwrap();
    assert_eq!(code, expected, "{shown}");
    for (_, secret) in MAILBOXES {
        assert!(!shown.contains(secret), "{shown}");
    }
    for secret in [PASSWORD, ANOTHER, WEAK, TYPED] {
        assert!(!shown.contains(secret), "{shown}");
    }
    shown
}

struct Walk {
    provider: Provider,
    operator: Person,
    customer: Person,
}

impl Walk {
    async fn begin(database: Option<&str>) -> Self {
        let provider = Provider::open(database).await;
        let socket = provider.folder().join("admin.sock");
        let socket = [("RELAYCTL_SOCKET", socket.display().to_string())];
        let walk = Self {
            operator: Person::new(&provider, "operator", &socket),
            customer: Person::new(&provider, "customer", &[]),
            provider,
        };
        walk.provider_has_a_route();
        walk
    }

    /// Through it go codes and notices.
    fn provider_has_a_route(&self) {
        let mut terminal = self
            .operator
            .enters("account create provider --email-vouched");
        terminal.choose("Account for", 0).unwrap();
        fill_contact(&mut terminal, "Relay Provider", "desk@provider.example");
        // "decide later", since the certificate of the stand-in is to be trusted first.
        terminal.choose("Its mail leaves through", 6).unwrap();
        assert!(done(terminal).contains("Account provider created."));
        self.operator.sees("account activate provider");
        self.set_route(&self.operator, "--account provider", 0);
    }

    /// Sets the route to the stand-in, with the mailbox in that place.
    fn set_route(&self, person: &Person, more: &str, mailbox: usize) {
        let (mailbox, password) = MAILBOXES[mailbox];
        let mut terminal = person.enters(&self.with_route(&format!("route set {more}")));
        terminal.choose("Kind of route", 4).unwrap();
        terminal.answer("Mail server", "localhost").unwrap();
        terminal.answer("User name", mailbox).unwrap();
        terminal.answer_hidden("Password", password).unwrap();
        let shown = done(terminal);
        assert!(shown.contains("ok      starttls"), "{shown}");
        assert!(shown.contains("is set."), "{shown}");
    }

    /// The command, with where the stand-in is.
    fn with_route(&self, command: &str) -> String {
        let authority = self.provider.simulator.ca_file();
        let port = self.provider.simulator.address().port();
        let authority = authority.display();
        format!("{command} --port {port} --server-ca {authority}")
    }

    fn registers(&self) {
        let url = format!("http://{}", self.provider.relayd.api().unwrap());
        self.customer
            .sees(&format!("context add relay --url {url}"));
        self.changes_its_mind();
        let create = self.with_route("account create acme --route smarthost");
        let mut terminal = self.customer.enters(&create);
        terminal.choose("Account for", 0).unwrap();
        fill_contact(&mut terminal, "Acme GmbH", "ada@acme.example");
        terminal
            .answer_hidden("Sign-in password", "eleven char")
            .unwrap();
        terminal.expect("at least 12 characters").unwrap();
        terminal.answer_hidden("Sign-in password", WEAK).unwrap();
        terminal.answer_hidden(", again", WEAK).unwrap();
        terminal.answer("Mail server", "localhost").unwrap();
        terminal.answer("User name", MAILBOXES[1].0).unwrap();
        terminal.answer_hidden("Password", MAILBOXES[1].1).unwrap();
        // Only this is asked again; all else stays as it was answered.
        terminal.expect("too easy to guess").unwrap();
        terminal
            .answer_hidden("Another sign-in password", PASSWORD)
            .unwrap();
        terminal.answer_hidden(", again", PASSWORD).unwrap();
        let shown = done(terminal);
        assert!(shown.contains("ok      starttls"), "{shown}");
        assert!(
            shown.contains("A code was sent to ada@acme.example"),
            "{shown}"
        );
        assert!(shown.contains("relayctl account verify acme"), "{shown}");

        let mut terminal = self.customer.enters("auth login");
        terminal.answer("E-mail", "ada@acme.example").unwrap();
        terminal.answer_hidden("Password", PASSWORD).unwrap();
        let shown = ended(terminal, 8);
        assert!(
            shown.contains("waits for the code that was sent by mail"),
            "{shown}"
        );

        let mut terminal = self.customer.enters("account verify acme");
        let code = self.provider.code("ada@acme.example", "Confirm");
        terminal.answer("Code from the mail", &code).unwrap();
        assert!(done(terminal).contains("is confirmed"));
    }

    /// Ctrl-C at a line and at a secret: nothing was made, and the terminal is as before.
    fn changes_its_mind(&self) {
        let mut terminal = self.customer.enters("account create acme");
        terminal.choose("Account for", 1).unwrap();
        terminal.expect("First name").unwrap();
        terminal.press(INTERRUPT).unwrap();
        let shown = ended(terminal, 130);
        assert!(shown.contains("nothing was changed"), "{shown}");

        let create = "account create acme --kind person --first-name Ada --last-name Acme \
                      --email ada@acme.example";
        let mut terminal = self.customer.enters(create);
        terminal.expect("Sign-in password").unwrap();
        terminal.press(INTERRUPT).unwrap();
        terminal.expect("nothing was changed").unwrap();
        assert!(terminal.echoes().unwrap());
        ended(terminal, 130);
        let shown = self.operator.sees("account list --state waiting");
        assert!(!shown.contains("acme"), "{shown}");
    }

    fn is_activated_and_signs_in(&self) {
        let shown = self.operator.sees("account list --state waiting");
        assert!(shown.contains("acme"), "{shown}");
        let shown = self.operator.sees("account activate acme");
        assert!(shown.contains("It is active."), "{shown}");
        self.signs_in("ada@acme.example", PASSWORD);

        let mut terminal = self.customer.enters("auth password");
        terminal
            .answer_hidden("Present password", PASSWORD)
            .unwrap();
        terminal.answer_hidden("New password", ANOTHER).unwrap();
        terminal.answer_hidden(", again", ANOTHER).unwrap();
        done(terminal);

        let mut terminal = self.customer.enters("auth reset-password");
        terminal.answer("E-mail", "ada@acme.example").unwrap();
        done(terminal);
        let code = self
            .provider
            .code("ada@acme.example", "Code for a new password");
        let reset = format!("auth reset-password --code {code}");
        let mut terminal = self.customer.enters(&reset);
        terminal.answer("E-mail", "ada@acme.example").unwrap();
        terminal.answer_hidden("New password", PASSWORD).unwrap();
        terminal.answer_hidden(", again", PASSWORD).unwrap();
        done(terminal);
        self.signs_in("ada@acme.example", PASSWORD);
    }

    fn signs_in(&self, email: &str, password: &str) {
        let mut terminal = self.customer.enters("auth login");
        terminal.answer("E-mail", email).unwrap();
        terminal.answer_hidden("Password", password).unwrap();
        let shown = done(terminal);
        assert!(
            shown.contains("Signed in as owner of account acme"),
            "{shown}"
        );
    }

    fn books_a_plan_and_changes_the_route(&self) {
        let mut terminal = self.customer.enters("subscription start");
        // The smallest comes first.
        terminal.choose("Plan", 0).unwrap();
        let shown = done(terminal);
        assert!(
            shown.contains("has plan starter (3 relay users)"),
            "{shown}"
        );

        // A change is tried before it counts, and can be taken back.
        let set = self.with_route("route set --security implicit");
        let mut terminal = self.customer.enters(&set);
        terminal.answer_hidden("Password", MAILBOXES[1].1).unwrap();
        terminal.expect("Go on?").unwrap();
        terminal.press("y").unwrap();
        let shown = ended(terminal, 9);
        assert!(shown.contains("route-tls-failed"), "{shown}");
        for command in ["route set --connections 2", "route rollback"] {
            let mut terminal = self.customer.enters(command);
            terminal.expect("Go on?").unwrap();
            terminal.press("y").unwrap();
            done(terminal);
        }
        let shown = self.customer.sees("route history");
        assert!(shown.contains("connections"), "{shown}");
    }

    fn proves_the_domain(&self) {
        let mut terminal = self.customer.enters("domain add");
        terminal.answer("Domain", "acme.example").unwrap();
        let shown = done(terminal);
        self.provider.publish_proof(&shown);
        let shown = self.customer.sees("domain verify acme.example");
        assert!(shown.contains("acme.example is proven"), "{shown}");
    }

    /// Gives what the scanner signs in with.
    fn creates_relay_users_and_systems(&self) -> UserAccess {
        let mut terminal = self.customer.enters("user create");
        terminal
            .answer("Sender address", "copier@acme.example")
            .unwrap();
        terminal.answer("User name", "copier").unwrap();
        terminal.choose("Password", 0).unwrap();
        let shown = done(terminal);
        assert!(shown.contains("shown once"), "{shown}");

        let mut terminal = self.customer.enters("user create");
        terminal
            .answer("Sender address", "scanner@acme.example")
            .unwrap();
        terminal.answer("User name", "scanner").unwrap();
        terminal.choose("Password", 1).unwrap();
        terminal.answer_hidden("Password", TYPED).unwrap();
        terminal.answer_hidden(", again", TYPED).unwrap();
        done(terminal);

        let shown = self.customer.sees("user credential list scanner");
        assert!(shown.contains("never") || shown.contains("LAST"), "{shown}");
        let mut terminal = self.customer.enters("system add");
        terminal.answer("Name of the system", "floor-3").unwrap();
        terminal.answer("Address or network", "127.0.0.1").unwrap();
        terminal.choose("Sends as", 1).unwrap();
        let shown = done(terminal);
        assert!(shown.contains("sends as scanner"), "{shown}");
        let shown = self.customer.sees("system test floor-3");
        assert!(!shown.contains("failed"), "{shown}");
        let shown = self.customer.sees("system list");
        assert!(shown.contains("127.0.0.1/32"), "{shown}");
        UserAccess {
            username: "scanner".to_owned(),
            password: TYPED.to_owned(),
            sender: "scanner@acme.example".to_owned(),
        }
    }

    async fn sends(&self, access: &UserAccess) {
        let door = self.provider.relayd.listener("submission").unwrap();
        let mail = Mail::new(&access.sender, RECIPIENT, "first", 2000);
        let mut device = Device::signed_in(door, access).await.unwrap();
        let reply = device.send(&access.sender, &[RECIPIENT], &mail.bytes).await;
        assert_eq!(reply.unwrap().code, 250);
        device.quit().await.unwrap();
        eventually("the mail", || {
            let shown = self.customer.sees("log search --status delivered");
            Ok(shown.contains(RECIPIENT).then_some(()))
        })
        .unwrap();
        let shown = self.customer.sees("stats summary");
        assert!(shown.contains("delivered         1 "), "{shown}");
    }

    fn changes_data(&self) {
        let edit = "account edit acme --email post@acme.example";
        let mut terminal = self.customer.enters(edit);
        terminal
            .answer_hidden("Present password", PASSWORD)
            .unwrap();
        let shown = done(terminal);
        assert!(shown.contains("post@acme.example"), "{shown}");
        let mut terminal = self.customer.enters("account verify acme");
        let code = self.provider.code("post@acme.example", "Confirm");
        terminal.answer("Code from the mail", &code).unwrap();
        done(terminal);
        // Whoever says no changes nothing.
        let set = "route set --per-minute 20";
        let mut terminal = self.customer.enters(set);
        terminal.expect("Go on?").unwrap();
        terminal.press("n").unwrap();
        let shown = ended(terminal, 130);
        assert!(shown.contains("nothing was changed"), "{shown}");
        let mut terminal = self.customer.enters(set);
        terminal.expect("Go on?").unwrap();
        terminal.press("y").unwrap();
        done(terminal);
    }

    fn is_suspended_and_resumed(&self) {
        let mut terminal = self
            .operator
            .enters("account suspend acme --reason invoice-17");
        terminal.expect("Go on?").unwrap();
        terminal.press("y").unwrap();
        done(terminal);
        self.operator.sees("account resume acme");
        self.signs_in("post@acme.example", PASSWORD);
    }

    fn leaves(&self) {
        let shown = self.customer.sees("account export acme");
        assert!(shown.contains("relayd-account"));
        let mut terminal = self.customer.enters("account close acme");
        terminal.choose("What is in its queue", 0).unwrap();
        terminal.answer("Type acme", "acme").unwrap();
        let shown = done(terminal);
        assert!(
            shown.contains("closing") || shown.contains("closed"),
            "{shown}"
        );
        eventually("the end of the account", || {
            let shown = self.operator.sees("account list --state closed");
            Ok(shown.contains("acme").then_some(()))
        })
        .unwrap();
    }
}

/// Answers the questions about a company; what may be left out is.
fn fill_contact(terminal: &mut Terminal, company: &str, email: &str) {
    terminal.answer("Company", company).unwrap();
    terminal.answer("Contact e-mail", email).unwrap();
    for question in [
        "First name",
        "Last name",
        "VAT id",
        "Phone",
        "Street and number",
        "Postal code",
        "City",
        "Country",
    ] {
        terminal.answer(question, "").unwrap();
    }
}

async fn walk(database: Option<&str>) {
    let walk = Walk::begin(database).await;
    walk.registers();
    walk.is_activated_and_signs_in();
    walk.books_a_plan_and_changes_the_route();
    walk.proves_the_domain();
    let access = walk.creates_relay_users_and_systems();
    walk.sends(&access).await;
    walk.changes_data();
    walk.is_suspended_and_resumed();
    walk.leaves();
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_person_on_sqlite() {
    walk(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_person_on_postgresql() {
    let (_postgres, url) = postgresql();
    walk(Some(&url)).await;
}
