//! The audit log of a running relayd, read and verified by relayctl.

use serde_json::Value;
use sqlx::AnyPool;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_told_and_tampering_is_found() {
    let world = World::new().await;
    let ctl = world.relayd.ctl().unwrap();
    let token = ctl.json("token create deploy --operator").unwrap();
    let newest = &ctl.items("audit list").unwrap()[0];
    assert_eq!(newest["action"], "CreateToken");
    assert_eq!(newest["actor"], "operator");
    let source = newest["source"].as_str().unwrap();
    assert!(source.starts_with("unix socket, uid "), "{source}");
    let all = Value::from(ctl.items("audit list").unwrap()).to_string();
    for secret in [&world.user.password, token["secret"].as_str().unwrap()] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    let table = ctl.ok("audit list --actor operator --since 1h").unwrap();
    assert!(table.contains("CreateRelayUser"), "{table}");

    let check = ctl.json("audit verify").unwrap();
    assert_eq!(check["ok"], true);
    let noted = check["hash"].as_str().unwrap();
    ctl.ok("token revoke deploy --operator").unwrap();
    ctl.ok(&format!("audit verify --expect {noted}")).unwrap();

    sqlx::any::install_default_drivers();
    let path = world.relayd.state_dir().join("relayd.db");
    let sql = AnyPool::connect(&format!("sqlite:{}", path.display()))
        .await
        .unwrap();
    sqlx::query("UPDATE audit SET actor = 'token somebody' WHERE id = 2")
        .execute(&sql)
        .await
        .unwrap();
    sql.close().await;
    let outcome = ctl.run("audit verify").unwrap();
    assert_eq!(outcome.code, 9, "{}", outcome.stdout);
    assert!(outcome.stderr.contains("entry 2"), "{}", outcome.stderr);
}
