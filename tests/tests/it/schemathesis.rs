//! schemathesis tries each operation of the API with what its document allows and forbids: nothing
//! may fail inside, no reply may differ from the document, and what is wrong must be refused.
//!
//! Pinned by `tests/clients/schemathesis/requirements.txt`; `schemathesis.toml` there says how.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use relay_tests::{harness::Relayctl, postgres::Postgres};
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
fn builder() -> Builder {
    World::builder().config(|config| config.registration("open", "acme", "relay@acme.example"))
}

fn token(ctl: &Relayctl, arguments: &str) -> Value {
    ctl.json(&format!("token create schemathesis {arguments}"))
        .unwrap()
}

/// Tries the API with a token, which may not take itself away.
fn runs_clean(api: SocketAddr, token: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/schemathesis");
    let own = format!("{} schemathesis", token["token"]["id"].as_str().unwrap());
    let secret = token["secret"].as_str().unwrap();
    let output = Command::new(program())
        .args(["--config-file", "schemathesis.toml", "run", "--no-color"])
        .args(["--url", &format!("http://{api}")])
        .args(["--header", &format!("Authorization: Bearer {secret}")])
        .arg(format!("http://{api}/v1/openapi.json"))
        .current_dir(folder)
        .env("PYTHONPATH", ".")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("OWN_TOKEN", own)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let report = stdout.split_once("= FAILURES =").unwrap_or(("", &stdout)).1;
    assert!(output.status.success(), "{report}\n{stderr}");
    // An API that refuses the token would be clean, too.
    assert!(!stdout.contains("401 Unauthorized ("), "{report}");
    let tested = stdout.lines().find(|line| line.contains("Tested:"));
    let selected = format!("  Tested: {}", relay_proto::endpoints().len());
    assert_eq!(tested, Some(selected.as_str()), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_on_postgresql() {
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database("schemathesis").unwrap();
    let world = builder().store(&url).build().await;
    let operator = world.relayd.ctl().unwrap();
    runs_clean(world.relayd.api().unwrap(), &token(&operator, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_on_sqlite() {
    let world = builder().build().await;
    let operator = world.relayd.ctl().unwrap();
    let token = token(&operator, "--account acme");
    runs_clean(world.relayd.api().unwrap(), &token);
}
