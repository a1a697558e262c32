//! As `docs/getting-started.md` tells it, word for word.
//!
//! The places of relay and Exchange Online are replaced by those of the test, the code by that of
//! the mail, and the address of the device by the one it has here. Passwords are in the files that
//! the page names. The customer comes through a proxy, as the page says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use relay_tests::harness::{Proxy, binary, eventually};
use serde_json::Value;
use tempfile::TempDir;

use super::Provider;
use crate::page::{self, Block};

const PAGE: &str = "docs/getting-started.md";
/// The address that the proxy tells of the customer.
const CUSTOMER: [u8; 4] = [203, 0, 113, 77];

/// Operator and customer, each with files of their own.
struct People {
    operator: PathBuf,
    customer: PathBuf,
}

impl People {
    fn new(provider: &Provider) -> Self {
        let folder = |name: &str, files: &[(&str, &str)]| {
            let folder = provider.folder().join(name);
            fs::create_dir(&folder).unwrap();
            for (file, password) in files {
                fs::write(folder.join(file), format!("{password}\n")).unwrap();
            }
            folder
        };
        let [provider, acme] = super::MAILBOXES.map(|(_, password)| password);
        Self {
            operator: folder("operator", &[("provider.pw", provider)]),
            customer: folder(
                "customer",
                &[
                    ("relay.pw", acme),
                    ("ada.pw", "correct horse battery staple"),
                ],
            ),
        }
    }
}

/// What relayd runs with: the page's own configuration, in the folder of the test.
fn configuration(folder: &Path, page: &str) -> String {
    let blocks = page::blocks(page, "toml");
    let [block] = blocks.as_slice() else {
        panic!("{PAGE} has {} configurations", blocks.len());
    };
    let socket = format!(
        "[api]\nsocket = \"{}\"\n",
        folder.join("admin.sock").display()
    );
    let state = format!("state_dir = \"{}\"\n", folder.join("state").display());
    let text = block.text.replace("0.0.0.0:587", "127.0.0.1:0");
    state + &text.replace(":8443", ":0").replace("[api]\n", &socket)
}

fn run(provider: &Provider, proxy: &Proxy, people: &People, block: &Block) {
    let by_operator = block.heading.ends_with("(operator)");
    assert!(
        by_operator || block.heading.ends_with("(customer)"),
        "{}",
        block.heading
    );
    let mut commands = block
        .text
        .replace("https://relay.example.com", &proxy.url())
        .replace(
            "relay.example.com:587",
            &provider.relayd.listener("submission").unwrap().to_string(),
        )
        .replace("203.0.113.10", "127.0.0.1");
    if commands.contains("12345678") {
        let code = provider.code("ada@acme.example", "Confirm");
        commands = commands.replace("12345678", &code);
    }
    let mut environment = Vec::new();
    if by_operator {
        let socket = provider.folder().join("admin.sock");
        environment.push(("RELAYCTL_SOCKET", socket.display().to_string()));
    }
    if commands.contains("route set") {
        let exchange = provider.simulator.address();
        let authority = provider.simulator.ca_file();
        environment.push(("RELAYCTL_SERVER", "localhost".to_owned()));
        environment.push(("RELAYCTL_PORT", exchange.port().to_string()));
        environment.push(("RELAYCTL_SERVER_CA", authority.display().to_string()));
    }
    let folder = if by_operator {
        &people.operator
    } else {
        &people.customer
    };
    let output = page::run(
        &commands,
        &binary("relayctl").unwrap(),
        folder,
        &environment,
    );
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{commands}\n{stdout}\n{stderr}");
    if commands.contains("domain add") {
        provider.publish_proof(&stdout);
    }
}

/// relayd believed the proxy: what is allowed to one client is counted for each customer.
fn customers_are_told_apart(provider: &Provider) {
    let operator = provider.relayd.ctl().unwrap();
    let entries = operator.items("audit list --limit 1000").unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    let by_customer = |entry: &&Value| {
        let actor = text(entry, "actor");
        actor == "anyone" || actor.starts_with("account acme ")
    };
    let sources: Vec<String> = entries
        .iter()
        .filter(by_customer)
        .map(|entry| text(entry, "source"))
        .collect();
    assert!(sources.len() > 10, "{entries:?}");
    for source in sources {
        assert!(source.starts_with("203.0.113.77 through "), "{source}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_the_page_tells_it() {
    let text = page::read(PAGE);
    let folder = TempDir::new().unwrap();
    let config = configuration(folder.path(), &text);
    let provider = Provider::open_as_written(folder, &[], &config).await;
    let people = People::new(&provider);
    let api = provider.relayd.api().unwrap();
    let proxy = Proxy::start(api, "relay.example.com", CUSTOMER.into());
    let proxy = proxy.await.unwrap();
    for block in page::blocks(&text, "sh") {
        run(&provider, &proxy, &people, &block);
    }
    customers_are_told_apart(&provider);
    let scans = || {
        let arrived = provider.simulator.messages().into_iter();
        arrived
            .filter(|entry| entry.from == "scanner@acme.example")
            .count()
    };
    eventually("the scan", || Ok((scans() > 0).then_some(()))).unwrap();
    assert_eq!(scans(), 1);
}
