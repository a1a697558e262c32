//! Where relayctl keeps a session: with a real Secret Service on a bus of its own, locked and
//! unlocked, and without one.

use std::{
    fs,
    io::Write as _,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use relay_tests::harness::{Relayctl, eventually};
use tempfile::TempDir;

use super::owners::Office;

/// A bus with GNOME's keyring on it.
struct Desktop {
    address: String,
    processes: Vec<Child>,
    folder: TempDir,
}

impl Desktop {
    /// With a password the keyring is unlocked, as by a sign-in to the desktop.
    fn start(password: Option<&str>) -> Self {
        let folder = TempDir::new().unwrap();
        let home = folder.path();
        let address = format!("unix:path={}", home.join("bus").display());
        let bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile"])
            .arg(format!("--address={address}"))
            .env("HOME", home)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/test installs dbus");
        let mut desktop = Self {
            address,
            processes: vec![bus],
            folder,
        };
        eventually("the bus", || {
            Ok(desktop.ask(ON_BUS, "DBus.ListNames", &[]).map(drop))
        })
        .unwrap();
        desktop.start_keyring(password);
        desktop
    }

    fn start_keyring(&mut self, password: Option<&str>) {
        let home = self.folder.path().to_owned();
        let how = if password.is_some() {
            "--unlock"
        } else {
            "--start"
        };
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args([how, "--foreground", "--components=secrets"])
            .env("HOME", &home)
            .env("XDG_RUNTIME_DIR", &home)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/test installs gnome-keyring");
        let mut input = keyring.stdin.take().unwrap();
        input
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(input);
        self.processes.push(keyring);
        eventually("the keyring", || {
            let name = "string:org.freedesktop.secrets";
            let owned = self.ask(ON_BUS, "DBus.NameHasOwner", &[name]);
            Ok(owned
                .filter(|reply| reply.contains("boolean true"))
                .map(drop))
        })
        .unwrap();
    }

    /// The reply to a call of `org.freedesktop.…`.
    fn ask(&self, (name, path): (&str, &str), method: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new("dbus-send")
            .arg(format!("--bus={}", self.address))
            .args(["--print-reply", &format!("--dest={name}"), path])
            .arg(format!("org.freedesktop.{method}"))
            .args(arguments)
            .output()
            .expect("scripts/test installs dbus");
        let reply = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(reply)
    }

    /// How many entries of relayctl the keyring has.
    fn entries(&self) -> usize {
        let ours = "dict:string:string:service,relayctl";
        let reply = self.ask(KEYRING, "Secret.Service.SearchItems", &[ours]);
        reply.unwrap().matches("object path").count()
    }
}

const ON_BUS: (&str, &str) = ("org.freedesktop.DBus", "/");
const KEYRING: (&str, &str) = ("org.freedesktop.secrets", "/org/freedesktop/secrets");

impl Drop for Desktop {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// A customer at work.
struct Desk {
    office: Office,
    login: String,
    kept: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let (office, login) = Office::with_an_owner();
        Self {
            kept: office.home.join(".local/state/relayctl/tokens/relay"),
            login,
            office,
        }
    }

    /// relayctl on that desktop.
    fn on(&self, desktop: &Desktop) -> Relayctl {
        let customer = self.office.customer.clone();
        customer.env("DBUS_SESSION_BUS_ADDRESS", &desktop.address)
    }

    /// Signs in where no keyring takes the session.
    fn signs_in_without_keyring(&self, customer: &Relayctl) {
        let login = customer.run(&self.login).unwrap();
        assert_eq!(login.code, 0, "{}", login.stderr);
        let said = "there is no keyring";
        assert!(login.stderr.contains(said), "{}", login.stderr);
    }

    fn sessions(&self) -> usize {
        let sessions = self.office.operator.items("auth sessions --account acme");
        sessions.unwrap().len()
    }
}

fn kept_in(ctl: &Relayctl) -> String {
    let status = ctl.json("auth status").unwrap();
    status["kept_in"].as_str().unwrap().to_owned()
}

fn file(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_session_is_kept_in_the_keyring_of_the_desktop() {
    let desk = Desk::new();
    let desktop = Desktop::start(Some("open sesame"));
    let customer = desk.on(&desktop);
    customer.ok(&desk.login).unwrap();
    assert_eq!(kept_in(&customer), "the keyring (Secret Service)");
    assert_eq!(file(&desk.kept), "@keyring\n");
    assert_eq!(desktop.entries(), 1, "what it was tried with is gone");
    customer.ok(&desk.login).unwrap();
    assert_eq!(desktop.entries(), 1, "replaced");
    assert_eq!(desk.sessions(), 2);

    // Somewhere else from now on.
    customer
        .ok(&format!("{} --store file", desk.login))
        .unwrap();
    assert_eq!(kept_in(&customer), desk.kept.display().to_string());
    assert!(file(&desk.kept).starts_with("rls_"));
    assert_eq!(desktop.entries(), 0);

    let by_variable = customer.clone().env("RELAYCTL_STORE", "keyring");
    by_variable.ok(&desk.login).unwrap();
    assert_eq!(desktop.entries(), 1);
    let before = desk.sessions();
    customer.ok("auth logout").unwrap();
    assert_eq!((desktop.entries(), desk.kept.exists()), (0, false));
    assert_eq!(desk.sessions(), before - 1);

    // A context takes its token along.
    customer.ok(&desk.login).unwrap();
    customer.ok("context remove relay --yes").unwrap();
    assert_eq!((desktop.entries(), desk.kept.exists()), (0, false));
}

#[test]
fn a_keyring_that_ends_meanwhile_is_told_and_signing_in_anew_helps() {
    let desk = Desk::new();
    let mut desktop = Desktop::start(Some("open sesame"));
    let customer = desk.on(&desktop);
    customer.ok(&desk.login).unwrap();
    customer.ok("account show").unwrap();
    let mut keyring = desktop.processes.pop().unwrap();
    keyring.kill().unwrap();
    keyring.wait().unwrap();
    let gone = customer.run("account show").unwrap();
    assert_eq!(
        (gone.code, gone.stdout.as_str()),
        (4, ""),
        "{}",
        gone.stderr
    );
    for part in [
        "keyring-closed",
        "  cause: ",
        "try:   unlock it, or sign in anew",
    ] {
        assert!(gone.stderr.contains(part), "{}", gone.stderr);
    }
    desk.signs_in_without_keyring(&customer);
    customer.ok("account show").unwrap();
    // What others may read is not used.
    let wide = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    fs::set_permissions(&desk.kept, wide).unwrap();
    let refused = customer.run("account show").unwrap();
    assert_eq!(refused.code, 4, "{}", refused.stderr);
    assert!(refused.stderr.contains("chmod 600"), "{}", refused.stderr);
}

#[test]
fn a_keyring_that_is_locked_is_not_waited_for() {
    let desk = Desk::new();
    let desktop = Desktop::start(None);
    let customer = desk.on(&desktop);
    let refused = customer.run(&format!("{} --store keyring", desk.login));
    let refused = refused.unwrap();
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("keyring-closed"),
        "{}",
        refused.stderr
    );
    assert_eq!(desk.sessions(), 0, "none began that cannot be kept");

    desk.signs_in_without_keyring(&customer);
    assert_eq!(kept_in(&customer), desk.kept.display().to_string());

    // What the keyring has, and does not give, is told from a sign-in that ended.
    fs::write(&desk.kept, "@keyring\n").unwrap();
    let closed = customer.run("auth status").unwrap();
    assert_eq!(closed.code, 4, "{}", closed.stderr);
    assert!(
        closed.stderr.contains("keyring-closed"),
        "{}",
        closed.stderr
    );
}

#[test]
fn a_bus_that_does_not_answer_is_given_up() {
    let desk = Desk::new();
    let path = desk.office.home.join("bus");
    // Connections queue up there, and nobody takes them.
    let _deaf = UnixListener::bind(&path).unwrap();
    let address = format!("unix:path={}", path.display());
    let customer = desk.office.customer.clone();
    let customer = customer.env("DBUS_SESSION_BUS_ADDRESS", &address);
    customer.ok(&desk.login).unwrap();
    assert_eq!(kept_in(&customer), desk.kept.display().to_string());
    let verbose = customer.run(&format!("{} -v", desk.login)).unwrap();
    assert!(
        verbose.stderr.contains("did not answer"),
        "{}",
        verbose.stderr
    );
}

#[test]
fn without_a_desktop_it_is_a_file_and_the_kernel_only_when_asked() {
    let desk = Desk::new();
    let customer = &desk.office.customer;
    customer.ok(&desk.login).unwrap();
    assert_eq!(kept_in(customer), desk.kept.display().to_string());
    let keyring = customer.run(&format!("{} --store keyring", desk.login));
    assert_eq!(keyring.unwrap().code, 1);
    assert!(file(&desk.kept).starts_with("rls_"), "the one before stays");

    // Not every machine lets its processes have keys.
    let kernel = customer.run(&format!("{} --store keyutils", desk.login));
    let kernel = kernel.unwrap();
    if kernel.code == 0 {
        assert_eq!(kept_in(customer), "the keyring of the kernel");
        assert_eq!(file(&desk.kept), "@keyutils\n");
        customer.ok("auth logout").unwrap();
    } else {
        assert!(
            kernel.stderr.contains("keyring-closed"),
            "{}",
            kernel.stderr
        );
        assert!(file(&desk.kept).starts_with("rls_"));
    }
}
