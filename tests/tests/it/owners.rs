//! The life of a customer through the real relayctl: invited, registered, confirmed by the code
//! in a mail, activated, signed in, at work, signed out. Without a keyring, and without a token.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use relay_tests::harness::{Config, Relayctl, Relayd, code_in, eventually};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery staple";

pub(super) struct Office {
    pub(super) relayd: Relayd,
    pub(super) operator: Relayctl,
    /// Somebody at another desk.
    pub(super) customer: Relayctl,
    pub(super) home: PathBuf,
    folder: TempDir,
}

impl Office {
    pub(super) fn open(registration: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let config = Config::in_folder(folder.path()).registration(
            registration,
            "office",
            "relay@office.example",
        );
        let relayd = Relayd::start(folder.path(), &config).unwrap();
        let operator = relayd.ctl().unwrap();
        operator
            .ok("account create office --kind company --company Office --email desk@office.example --email-vouched")
            .unwrap();
        operator.ok("account activate office").unwrap();
        operator
            .ok("route set --kind capture --account office --yes")
            .unwrap();
        let home = folder.path().join("customer");
        let customer = relayd.visitor(&home).unwrap();
        fs::write(home.join("pw"), PASSWORD).unwrap();
        Self {
            relayd,
            operator,
            customer,
            home,
            folder,
        }
    }

    /// With `acme`, made by the operator; its owner set a password by a code. Gives the command to
    /// sign in, too.
    pub(super) fn with_an_owner() -> (Self, String) {
        let office = Self::open("open");
        office
            .operator
            .ok("account create acme --kind company --company Acme --email ada@acme.example --email-vouched")
            .unwrap();
        office.operator.ok("account activate acme").unwrap();
        let reset = "auth reset-password --email ada@acme.example";
        office.customer.ok(reset).unwrap();
        let mail = office.mail_with("Code: ");
        let (code, pw) = (code_in(&mail).unwrap(), office.password_file());
        let reset = format!("{reset} --code {code} --password-file {pw}");
        office.customer.ok(&reset).unwrap();
        let login = format!("auth login --email ada@acme.example --password-file {pw}");
        (office, login)
    }

    /// The mail that relayd wrote with this in it.
    pub(super) fn mail_with(&self, text: &str) -> String {
        let folder = self.folder.path().join("state/capture/office");
        eventually(text, || {
            Ok(mails(&folder).into_iter().find(|mail| mail.contains(text)))
        })
        .unwrap()
    }

    pub(super) fn password_file(&self) -> String {
        self.home.join("pw").display().to_string()
    }

    /// Runs the customer's relayctl; gives exit code and what stands on stderr.
    fn try_customer(&self, arguments: &str) -> (i32, String) {
        let outcome = self.customer.run(arguments).unwrap();
        (outcome.code, outcome.stderr)
    }
}

fn mails(folder: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "eml"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect()
}

#[test]
fn the_life_of_a_customer() {
    let office = Office::open("invite");
    let customer = &office.customer;
    let pw = office.password_file();
    let create = format!(
        "account create acme --kind company --company Acme --email ada@acme.example \
         --sign-in-password-file {pw}"
    );
    let (code, stderr) = office.try_customer(&create);
    assert_eq!(code, 4, "{stderr}");
    assert!(stderr.contains("invitation-rejected"), "{stderr}");
    let invitation = office.operator.json("account invite").unwrap();
    let invitation = invitation["code"].as_str().unwrap();
    customer
        .ok(&format!("{create} --invitation {invitation}"))
        .unwrap();
    let waiting = office.operator.items("account list --state waiting");
    assert_eq!(waiting.unwrap()[0]["name"], "acme");

    let mail = office.mail_with("Code: ");
    assert!(mail.contains("<relay@office.example>"), "{mail}");
    assert!(mail.contains("To: ada@acme.example"), "{mail}");
    let (code, stderr) = office.try_customer("account verify acme --code 00000000");
    assert_eq!(code, 7, "{stderr}");
    let code = code_in(&mail).unwrap();
    customer
        .ok(&format!("account verify acme --code {code}"))
        .unwrap();
    let login = format!("auth login --email ada@acme.example --password-file {pw}");
    let (code, stderr) = office.try_customer(&login);
    assert_eq!(code, 8, "still to be activated: {stderr}");
    office.operator.ok("account activate acme").unwrap();
    assert!(
        office
            .mail_with("is active now")
            .contains("relayctl auth login")
    );

    let (code, stderr) = office.try_customer("auth status");
    assert_eq!(code, 4, "{stderr}");
    customer.ok(&login).unwrap();
    at_work(&office);
    signed_out(&office);
}

/// What an owner may, and what not.
fn at_work(office: &Office) {
    let customer = &office.customer;
    let status = customer.json("auth status").unwrap();
    assert_eq!(status["account"], "acme");
    // The account goes without saying.
    customer.ok("subscription start --plan starter").unwrap();
    let create = "user create scanner --sender scanner@acme.example --generate";
    // Who registered proves domains, unless the operator answers for them.
    let (code, stderr) = office.try_customer(&format!("{create} -o json"));
    assert_eq!(code, 8, "{stderr}");
    assert!(stderr.contains("domain-not-verified"), "{stderr}");
    let waive = "account edit acme --domain-proof waived";
    assert_eq!(office.try_customer(waive).0, 4);
    office.operator.ok(waive).unwrap();
    let user = customer.json(create);
    assert!(user.unwrap()["password"].is_string());
    customer
        .ok("system add floor-3 --address 127.0.0.1 --user scanner")
        .unwrap();
    assert_eq!(customer.items("system list").unwrap().len(), 1);
    assert_eq!(customer.items("account list").unwrap().len(), 1);
    assert!(customer.items("log search").unwrap().is_empty());
    assert_eq!(office.operator.items("log search").unwrap().len(), 2);
    for (arguments, expected) in [
        ("user list --account office", 3),
        ("route show --account office", 3),
        ("log search --account office", 3),
        ("token create x --account office -o json", 3),
        ("account activate acme", 4),
        ("account invite", 4),
        ("route set --kind capture --yes", 4),
    ] {
        let (code, stderr) = office.try_customer(arguments);
        assert_eq!(code, expected, "{arguments}: {stderr}");
    }
    let token = customer.json("token create erp --read-only").unwrap();
    let api = office.relayd.api().unwrap();
    let reader = Relayctl::on_tcp(api, token["secret"].as_str().unwrap(), &office.home).unwrap();
    assert_eq!(reader.items("user list").unwrap().len(), 1);
    assert_eq!(reader.run("user suspend scanner --yes").unwrap().code, 4);
}

fn signed_out(office: &Office) {
    let customer = &office.customer;
    let kept = office.home.join(".local/state/relayctl/tokens/relay");
    let mode = fs::metadata(&kept).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let token = fs::read_to_string(&kept).unwrap();
    customer.ok("auth logout").unwrap();
    assert!(!kept.exists());
    let api = office.relayd.api().unwrap();
    let thief = Relayctl::on_tcp(api, token.trim(), &office.home).unwrap();
    let late = thief.run("auth status").unwrap();
    assert_eq!(late.code, 4, "{}", late.stderr);
    assert!(!office.relayd.log().contains(token.trim()));
    assert!(!office.relayd.log().contains(PASSWORD));
}

#[test]
fn a_forgotten_password_and_a_token_from_stdin() {
    let office = Office::open("open");
    let customer = &office.customer;
    // The operator's way in one go; the owner sets the first password by a code.
    office
        .operator
        .ok("account create acme --kind company --company Acme --email ada@acme.example --email-vouched")
        .unwrap();
    office.operator.ok("account activate acme").unwrap();
    for email in ["nobody@acme.example", "ada@acme.example"] {
        customer
            .ok(&format!("auth reset-password --email {email}"))
            .unwrap();
    }
    let mail = office.mail_with("Code: ");
    let (code, pw) = (code_in(&mail).unwrap(), office.password_file());
    customer
        .ok(&format!(
            "auth reset-password --email ada@acme.example --code {code} --password-file {pw}"
        ))
        .unwrap();
    let login = customer.run_with(
        &[
            "auth",
            "login",
            "--email",
            "ada@acme.example",
            "--password-stdin",
        ],
        PASSWORD,
    );
    login.unwrap().succeeded("auth login").unwrap();
    let made = customer.json("token create desk").unwrap();
    customer.ok("auth logout").unwrap();
    let secret = made["secret"].as_str().unwrap();
    let login = customer.run_with(&["auth", "login", "--with-token"], secret);
    login.unwrap().succeeded("auth login").unwrap();
    assert_eq!(customer.json("auth status").unwrap()["token"], "desk");
    let mut known = mails(&office.folder.path().join("state/capture/office"));
    known.retain(|mail| mail.contains("nobody@acme.example"));
    assert!(known.is_empty());
}
