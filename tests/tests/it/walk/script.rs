//! As a shell script: `tests/walk/walk.sh`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use relay_tests::{dns::DnsServer, harness::binary};

use super::{Provider, postgresql};

/// How often the zone is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// Publishes what the script wrote to the zone.
fn publish(dns: &DnsServer, zone: &Path) {
    let text = fs::read_to_string(zone).unwrap_or_default();
    for (name, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        dns.publish(name, &[value]);
    }
}

/// Runs the script to its end, with this relayctl; gives the folder that it worked in.
pub(super) fn walk(provider: &Provider, relayctl: &Path) -> PathBuf {
    let work = provider.folder().join("work");
    fs::create_dir(&work).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("walk/walk.sh");
    let exchange = provider.simulator.ca_file();
    let zone = provider.folder().join("zone");
    let child = Command::new("bash")
        .arg(script)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("RELAYCTL", relayctl)
        .env("RELAY_SOCKET", provider.folder().join("admin.sock"))
        .env(
            "RELAY_URL",
            format!("http://{}", provider.relayd.api().unwrap()),
        )
        .env(
            "RELAY_SMTP",
            provider.relayd.listener("submission").unwrap().to_string(),
        )
        .env(
            "EXCHANGE_PORT",
            provider.simulator.address().port().to_string(),
        )
        .env("EXCHANGE_FOLDER", exchange.parent().unwrap())
        .env("DNS_ZONE", &zone)
        .env("WORK", &work)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = std::thread::scope(|scope| {
        let walking = scope.spawn(|| child.wait_with_output().unwrap());
        while !walking.is_finished() {
            publish(&provider.dns, &zone);
            std::thread::sleep(GLANCE);
        }
        walking.join().unwrap()
    });
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let is_done = output.status.success() && stdout.contains("every step done");
    assert!(is_done, "{}\n{stdout}\n{stderr}", output.status);
    work
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_script_on_sqlite() {
    let relayctl = binary("relayctl").unwrap();
    walk(&Provider::open(None).await, &relayctl);
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_script_on_postgresql() {
    let (_postgres, url) = postgresql();
    let relayctl = binary("relayctl").unwrap();
    walk(&Provider::open(Some(&url)).await, &relayctl);
}
