//! What operators look at: health, metrics, logs, check-config, and the shapes of relayctl's output.

use std::{fs, process::Command};

use relay_tests::{
    harness::{Config, Device, Relayctl, binary},
    load::send::Encryption,
};
use tempfile::TempDir;

use crate::world::World;

pub(crate) async fn get(world: &World, path: &str, token: &str) -> (u16, String) {
    // Another test of this process may have installed it.
    let _installed = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let url = format!("http://{}{path}", world.relayd.api().unwrap());
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn operator_token(world: &World) -> String {
    let made = world
        .relayd
        .ctl()
        .unwrap()
        .json("token create ops --operator")
        .unwrap();
    let token = made["token"].as_str().or(made["secret"].as_str());
    token
        .unwrap_or_else(|| panic!("no token in {made}"))
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_metrics() {
    let world = World::new().await;
    let mut device = Device::connect(world.submission(), Encryption::Starttls)
        .await
        .unwrap();
    assert_eq!(device.sign_in("nobody", "nothing").await.unwrap().code, 535);
    let mail = world.submit("counted").await;
    world.arrived(&[mail]).await;
    world.logged("delivered");
    assert_eq!(get(&world, "/healthz", "").await.0, 200);
    assert_eq!(get(&world, "/readyz", "").await.0, 200);
    assert_eq!(get(&world, "/metrics", "").await.0, 401);
    let (status, metrics) = get(&world, "/metrics", &operator_token(&world)).await;
    assert_eq!(status, 200, "{metrics}");
    for name in [
        "relayd_sessions_total",
        "relayd_accepted_total 1",
        "relayd_refusals_total{reason=\"credentials-rejected\"} 1",
        "relayd_queue_depth{lane=",
        "relayd_queue_oldest_seconds{lane=",
        "relayd_attempts_total{verdict=\"delivered\"} 1",
        "relayd_journal_batch_size_count",
        "relayd_journal_commit_seconds_count",
    ] {
        assert!(
            metrics.contains(name),
            "no {name} in
{metrics}"
        );
    }
    assert!(!metrics.contains(&world.user.password));
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_json_on_request_and_hold_no_secret_and_no_body() {
    let world = World::builder()
        .config(|config| config.log_format("json"))
        .build()
        .await;
    let mail = world.submit("logged").await;
    world.arrived(std::slice::from_ref(&mail)).await;
    world.logged("delivered");
    let log = world.relayd.log();
    for line in log.lines().filter(|line| !line.is_empty()) {
        assert!(
            serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "{line}"
        );
    }
    let body = String::from_utf8(mail.bytes).unwrap();
    let line_of_body = body.lines().last().unwrap();
    for secret in [world.user.password.as_str(), "mailbox-secret", line_of_body] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn check_config_says_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let check = |file: &std::path::Path| {
        Command::new(binary("relayd").unwrap())
            .args(["check-config", "--config"])
            .arg(file)
            .output()
            .unwrap()
    };
    let file = folder.path().join("good.toml");
    let config = Config::in_folder(folder.path());
    fs::write(&file, config.to_toml().unwrap()).unwrap();
    let good = check(&file);
    assert!(
        good.status.success(),
        "{}",
        String::from_utf8_lossy(&good.stderr)
    );

    let bad = folder.path().join("bad.toml");
    fs::write(&bad, "hostnam = \"relay.example.com\"\n").unwrap();
    let output = check(&bad);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("hostnam") && said.contains("hostname"),
        "{said}"
    );
}

/// Two would deliver its mail twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_relayd_on_the_same_store_refuses_to_start() {
    let world = World::new().await;
    let database = world.relayd.state_dir().join("relayd.db");
    assert!(database.exists());
    let config = world.folder.path().join("second.toml");
    let text = format!(
        "state_dir = \"second\"\n\
         [store]\nurl = \"sqlite:{}\"\n\
         [[listener]]\nname = \"a\"\naddress = \"127.0.0.1:0\"\ntls = \"starttls\"\n\
         [api]\nsocket = \"second.sock\"\n",
        database.display()
    );
    fs::write(&config, text).unwrap();
    let output = Command::new(binary("relayd").unwrap())
        .arg("--config")
        .arg(&config)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("another relayd"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn relayctl_keeps_its_promises_to_scripts() {
    let world = World::new().await;
    let ctl = &world.ctl;
    for (arguments, code) in [
        ("system list", 0),
        ("system show nothing-like-it", 3),
        (
            "user create scanner --sender scanner@acme.example --generate -o json",
            5,
        ),
        ("user create", 2),
        ("no-such-noun", 2),
        ("account suspend acme", 2),
    ] {
        let outcome = ctl.run(arguments).unwrap();
        assert_eq!(
            outcome.code, code,
            "{arguments}: {}{}",
            outcome.stdout, outcome.stderr
        );
        if code != 0 {
            assert!(outcome.stdout.is_empty(), "{arguments}: {}", outcome.stdout);
            let prefix = if arguments.ends_with("json") {
                "{"
            } else {
                "error: "
            };
            assert!(
                outcome.stderr.starts_with(prefix),
                "{arguments}: {}",
                outcome.stderr
            );
        }
    }
    let words = [
        "user",
        "create",
        "weak",
        "--sender",
        "a@acme.example",
        "--password-stdin",
    ];
    let outcome = ctl.run_with(&words, "password1234\n").unwrap();
    assert_eq!(outcome.code, 7, "{}{}", outcome.stdout, outcome.stderr);

    let problem = ctl.run("system show nothing-like-it -o json").unwrap();
    let problem: serde_json::Value = serde_json::from_str(&problem.stderr).unwrap();
    assert_eq!(
        (&problem["exit_code"], &problem["code"]),
        (&3.into(), &"not-found".into())
    );

    let systems = ctl.items("system list").unwrap();
    assert_eq!(systems[0]["name"], "scanner-device");
    assert_eq!(systems[0]["address"], "127.0.0.1/32");
    let tsv = ctl.ok("system list -o tsv --no-header").unwrap();
    assert_eq!(tsv.lines().count(), 1);
    assert!(tsv.contains("scanner-device\t"), "{tsv}");
    let names = ctl.ok("user list -o name").unwrap();
    assert_eq!(names, "scanner\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_a_token_gets_in_over_tcp() {
    let world = World::new().await;
    let home = world.folder.path();
    let api = world.relayd.api().unwrap();
    let stranger = Relayctl::on_tcp(api, "not-a-token", home).unwrap();
    assert_eq!(stranger.run("account list").unwrap().code, 4);

    let operator = Relayctl::on_tcp(api, &operator_token(&world), home).unwrap();
    assert_eq!(operator.items("account list").unwrap().len(), 1);
}
