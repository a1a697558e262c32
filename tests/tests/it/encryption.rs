//! Certificates of a running relayd: by name, read again, and warned of; and proxies before it.

use std::{fs, net::SocketAddr, path::Path, process::Command};

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use relay_tests::{
    harness::{Config, Device, Listener, Relayd, binary, eventually},
    tls::{self, Authority},
    wire::Wire,
};
use relayd::clock::{Clock, SystemClock};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::world::World;

fn day_from_today(days: i64) -> Date {
    let today = SystemClock.now().to_zoned(TimeZone::UTC).date();
    today.checked_add(days.days()).unwrap()
}

/// Opens a session under TLS with a relay that must prove to be `name`, by an authority of
/// `authority.pem`.
async fn open(relay: SocketAddr, folder: &Path, name: &str) -> std::io::Result<Wire> {
    let config = tls::client_config(&folder.join("authority.pem")).unwrap();
    let mut wire = Wire::new(TcpStream::connect(relay).await?)?;
    let name = name.to_owned().try_into().unwrap();
    wire.connect_tls(&config, name).await?;
    assert_eq!(wire.reply().await?.0, 220);
    Ok(wire)
}

/// A relayd whose door `named` shows `default` and, for its names, `other`.
fn relayd(authority: &Authority) -> (TempDir, Relayd) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("authority.pem"), authority.pem()).unwrap();
    let default = authority.issue(&["relay.acme.example"]).unwrap();
    default.write(path, "default").unwrap();
    let other = authority.issue(&["*.example.org"]).unwrap();
    other.write(path, "other").unwrap();
    let named = Listener::new("named", "implicit")
        .certificate(path, "default")
        .sni(path, "other");
    let config = Config::in_folder(path).listener(named);
    let relayd = Relayd::start(path, &config).unwrap();
    (folder, relayd)
}

fn wait_for_log(relayd: &Relayd, text: &str) {
    eventually(text, || Ok(relayd.log().contains(text).then_some(()))).unwrap();
}

fn findings(relayd: &Relayd, area: &str) -> (i32, Vec<Value>) {
    let ctl = relayd.ctl().unwrap();
    let outcome = ctl.run(&format!("doctor {area} -o json")).unwrap();
    let list: Value = serde_json::from_str(&outcome.stdout).unwrap();
    (outcome.code, list["items"].as_array().unwrap().clone())
}

/// The sentence of the first finding of this level about `check`.
fn sentence(findings: &[Value], check: &str, level: &str) -> String {
    let found = findings
        .iter()
        .find(|it| it["check"] == check && it["level"] == level);
    let found = found.unwrap_or_else(|| panic!("no {level} about {check} in {findings:?}"));
    found["sentence"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_all_certificates_or_none_and_drops_no_session() {
    let authority = Authority::new("First").unwrap();
    let (folder, relayd) = relayd(&authority);
    let (path, door) = (folder.path(), relayd.listener("named").unwrap());
    let mut old = open(door, path, "relay.acme.example").await.unwrap();
    open(door, path, "mail.example.org").await.unwrap();
    assert!(open(door, path, "relay.example.net").await.is_err());

    // Half of a renewal: a key that does not fit yet.
    let second = Authority::new("Second").unwrap();
    fs::write(path.join("authority.pem"), second.pem()).unwrap();
    let renewed = second.issue(&["relay.acme.example"]).unwrap();
    renewed.write(path, "default").unwrap();
    let other = second.issue(&["*.example.org"]).unwrap();
    fs::write(path.join("other.pem"), &other.certificate_pem).unwrap();
    let (code, found) = findings(&relayd, "tls");
    let newer = sentence(&found, "certificate-files", "warning");
    assert!(newer.contains("default.pem is newer"), "{newer}");
    let broken = sentence(&found, "certificate-files", "error");
    assert!(broken.ends_with("the private key does not belong to the certificate"));
    assert_eq!(code, 9);
    relayd.reload().unwrap();
    wait_for_log(&relayd, "the certificates stay as they were");
    wait_for_log(&relayd, "name certificate and key of one issue");
    assert!(open(door, path, "relay.acme.example").await.is_err());

    // The other half.
    other.write(path, "other").unwrap();
    relayd.reload().unwrap();
    wait_for_log(&relayd, "certificates were read again");
    open(door, path, "relay.acme.example").await.unwrap();
    open(door, path, "a.example.org").await.unwrap();
    old.say("NOOP");
    assert_eq!(old.reply().await.unwrap().0, 250);
    let (code, found) = findings(&relayd, "tls");
    assert_eq!(code, 0, "{found:?}");
    assert!(!found.iter().any(|it| it["check"] == "certificate-files"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_tells_what_is_wrong_with_the_new_certificate_and_with_the_file() {
    let authority = Authority::new("First").unwrap();
    let (folder, relayd) = relayd(&authority);
    let other = authority.issue(&["elsewhere.example"]).unwrap();
    other.write(folder.path(), "default").unwrap();
    let file = relayd.config_file();
    fs::write(file, "hostname = \"other.example\"\n").unwrap();
    relayd.reload().unwrap();
    wait_for_log(&relayd, "no certificate of listener named is good for");
    wait_for_log(
        &relayd,
        "the configuration has changed, and waits for a restart",
    );
    fs::write(file, "[limits]\nconections = 1\n").unwrap();
    relayd.reload().unwrap();
    wait_for_log(
        &relayd,
        "the configuration cannot be used, and the old one stays",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_certificate_is_told_by_log_metrics_doctor_and_check_config() {
    let authority = Authority::new("Ends").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let names = ["relay.acme.example"];
    let soon = day_from_today(10);
    let issued = authority.issue_until(&names, soon).unwrap();
    issued.write(path, "soon").unwrap();
    let ended = authority.issue_until(&names, day_from_today(-1)).unwrap();
    ended.write(path, "ended").unwrap();
    let door = Listener::new("ending", "implicit").certificate(path, "soon");
    let config = Config::in_folder(path).listener(door.sni(path, "ended"));
    let relayd = Relayd::start(path, &config).unwrap();

    let (code, found) = findings(&relayd, "tls");
    assert_eq!(code, 9);
    let warned = sentence(&found, "certificate-expiry", "warning");
    assert!(warned.contains("soon.pem") && warned.ends_with(&format!("on {soon}")));
    let refused = sentence(&found, "certificate-expiry", "error");
    assert!(refused.contains("ended.pem") && refused.contains(") expired on "));
    for told in [&warned, &refused] {
        wait_for_log(&relayd, told);
        assert_eq!(relayd.log().matches(told.as_str()).count(), 1);
    }

    let metrics = relayd.ctl().unwrap().ok("api GET /metrics");
    let metrics = metrics.unwrap();
    let end = soon
        .to_zoned(TimeZone::UTC)
        .unwrap()
        .timestamp()
        .as_second();
    let line = metrics
        .lines()
        .find(|line| line.starts_with("relayd_certificate_expiry_") && line.contains("soon.pem"))
        .unwrap();
    assert!(line.contains("listener=\"ending\""), "{line}");
    assert!(line.ends_with(&format!(" {end}")), "{line}");

    let checked = Command::new(binary("relayd").unwrap())
        .arg("check-config")
        .arg(relayd.config_file())
        .output()
        .unwrap();
    let said = String::from_utf8(checked.stderr).unwrap();
    assert!(checked.status.success(), "{said}");
    for part in [
        format!("warning: {warned}"),
        format!("error: {refused}"),
        "warning: listener legacy never encrypts".to_owned(),
        "warning: listener legacy takes passwords in the clear from 127.0.0.1/32".to_owned(),
    ] {
        assert!(said.contains(&part), "no {part} in\n{said}");
    }
    assert!(
        String::from_utf8(checked.stdout)
            .unwrap()
            .contains(": relayd starts with it, but see ")
    );
    let (code, found) = findings(&relayd, "listeners");
    assert_eq!(code, 0);
    let same = sentence(&found, "plaintext-auth", "warning");
    assert!(said.contains(&same));
    for area in ["clock", "store"] {
        let (code, found) = findings(&relayd, area);
        assert!(code == 0 && !found.is_empty(), "{area}: {found:?}");
    }
}

/// What was refused under the name of the client is found under it; and only proxies may name it.
#[tokio::test(flavor = "multi_thread")]
async fn the_client_behind_a_proxy_is_judged_by_its_own_address() {
    let world = World::builder()
        .config(|config| {
            let door = Listener::new("proxied", "none").proxied_from("127.0.0.1");
            config.listener(door.plaintext_auth_from("192.0.2.0/24"))
        })
        .build()
        .await;
    let sign_in = async |door: &str, header: &str| {
        let door = world.relayd.listener(door).unwrap();
        let mut device = Device::open(door).await.unwrap();
        let header = format!("{header}\r\n");
        device.raw(header.as_bytes()).await.unwrap();
        assert_eq!(device.reply().await.unwrap().code, 220);
        if door == world.submission() {
            assert_eq!(device.reply().await.unwrap().code, 500);
        }
        device.say("EHLO device.example", 250).await.unwrap();
        let (name, password) = (&world.user.username, &world.user.password);
        let signed_in = device.sign_in(name, password).await.unwrap();
        if signed_in.code != 235 {
            return signed_in;
        }
        let mail = device.command("MAIL FROM:<scanner@acme.example>").await;
        mail.unwrap()
    };
    // 192.0.2.9 may sign in here, and is no system of the user; 127.0.0.1 is one.
    let header = "PROXY TCP4 192.0.2.9 198.51.100.1 50000 587";
    let reply = sign_in("proxied", header).await;
    assert_eq!(reply.code, 550, "{}", reply.line);
    assert!(reply.line.contains("address-not-registered"));
    let reject = world.rejected("address-not-registered");
    assert_eq!(reject["client"], "192.0.2.9");
    // 203.0.113.9 may not.
    let header = "PROXY TCP4 203.0.113.9 198.51.100.1 50000 587";
    assert_eq!(sign_in("proxied", header).await.code, 538);
    // Where no proxy is named, a header is a wrong command and 127.0.0.1 stays who it is.
    assert_eq!(sign_in("submission", header).await.code, 538);
    let reject = world.rejected("syntax-error");
    assert_eq!(reject["client"], "127.0.0.1");
}
