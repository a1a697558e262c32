//! schemathesis tries each operation of the API with what its document allows and forbids: nothing
//! may fail inside, no reply may differ from the document, and what is wrong must be refused.
//!
//! Pinned by `tests/clients/schemathesis/requirements.txt`; `schemathesis.toml` there says how.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use relay_tests::{dns::DnsServer, harness::Relayctl, postgres::Postgres};
use serde_json::Value;

use crate::world::{Builder, World};

/// Where `scripts/test` installs it.
fn program() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = root.join("target/clients/schemathesis/bin/schemathesis");
    let remedy = "run scripts/test once: it installs schemathesis into target/clients";
    assert!(program.is_file(), "{remedy}");
    program
}

/// Anybody may register, so that this can be tried, too.
fn builder(dns: &DnsServer) -> Builder {
    let dns = dns.address();
    World::builder().config(move |config| {
        config
            .registration("open", "acme", "relay@acme.example")
            .dns(dns)
    })
}

fn token(ctl: &Relayctl, arguments: &str) -> Value {
    ctl.json(&format!("token create schemathesis {arguments}"))
        .unwrap()
}

/// Tries the API with a token, which may not take itself away.
fn runs_clean(world: &World, token: &Value) {
    let api = world.relayd.api().unwrap();
    let account = world.ctl.json("account show acme").unwrap();
    // What schemathesis.toml names.
    world.ctl.ok("domain add acme.example").unwrap();
    let add = "user credential add scanner second --generate -o json";
    world.ctl.ok(add).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/schemathesis");
    let own = format!("{} schemathesis", token["token"]["id"].as_str().unwrap());
    let secret = token["secret"].as_str().unwrap();
    let output = Command::new(program())
        .args(["--config-file", "schemathesis.toml", "run", "--no-color"])
        // It does not end.
        .args(["--exclude-path", "/v1/log/events"])
        .args(["--url", &format!("http://{api}")])
        .args(["--header", &format!("Authorization: Bearer {secret}")])
        .arg(format!("http://{api}/v1/openapi.json"))
        .current_dir(folder)
        .env("PYTHONPATH", ".")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("OWN_TOKEN", own)
        .env(
            "OWN_ACCOUNT",
            format!("{} acme", account["id"].as_str().unwrap()),
        )
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let report = stdout.split_once("= FAILURES =").unwrap_or(("", &stdout)).1;
    assert!(output.status.success(), "{report}\n{stderr}");
    // An API that refuses the token would be clean, too.
    assert!(!stdout.contains("401 Unauthorized ("), "{report}");
    let tested = stdout.lines().find(|line| line.contains("Tested:"));
    let endpoints = relay_proto::endpoints();
    let replies = endpoints.iter().filter(|endpoint| !endpoint.is_stream);
    let selected = format!("  Tested: {}", replies.count());
    assert_eq!(tested, Some(selected.as_str()), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_on_postgresql() {
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database("schemathesis").unwrap();
    let dns = DnsServer::start().unwrap();
    let world = builder(&dns).store(&url).build().await;
    let operator = world.relayd.ctl().unwrap();
    runs_clean(&world, &token(&operator, "--operator"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_on_sqlite() {
    let dns = DnsServer::start().unwrap();
    let world = builder(&dns).build().await;
    let operator = world.relayd.ctl().unwrap();
    let token = token(&operator, "--account acme");
    runs_clean(&world, &token);
}
