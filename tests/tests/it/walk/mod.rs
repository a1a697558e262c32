//! The life of a customer from registration to leaving, as a script and as a person at a terminal,
//! on both databases, between the real relayd and the stand-in for Exchange Online.

mod page;
mod person;
mod script;
mod secrets;

use std::path::Path;

use relay_tests::{
    dns::DnsServer,
    harness::{Config, Relayd, code_in, eventually},
    postgres::Postgres,
    sim::{Settings, Simulator},
};
use tempfile::TempDir;

/// A provider's relayd that anybody may register with, and the mailboxes of provider and customer.
struct Provider {
    relayd: Relayd,
    simulator: Simulator,
    /// Knows what customers publish.
    dns: DnsServer,
    /// Last, so that it outlives the processes that work in it.
    folder: TempDir,
}

/// Mailboxes of the stand-in, and their passwords.
const MAILBOXES: [(&str, &str); 2] = [
    ("relay@provider.example", "provider mailbox secret"),
    ("relay@acme.example", "acme mailbox secret"),
];

impl Provider {
    async fn open(database: Option<&str>) -> Self {
        Self::open_with(database, &[], |config| config).await
    }

    /// With another configuration, and relayd under a wrapper.
    async fn open_with(
        database: Option<&str>,
        wrapper: &[String],
        change: impl FnOnce(Config) -> Config,
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::in_folder(folder.path()).registration(
            "open",
            "provider",
            "relay@provider.example",
        );
        if let Some(url) = database {
            config = config.store(url);
        }
        let config = change(config).to_toml().unwrap();
        Self::open_as_written(folder, wrapper, &config).await
    }

    /// With a configuration as it stands in a file, but for the DNS.
    async fn open_as_written(folder: TempDir, wrapper: &[String], config: &str) -> Self {
        let mut settings = Settings::in_folder(folder.path().join("exchange"));
        settings.mailboxes = MAILBOXES
            .map(|(name, pw)| (name.into(), pw.into()))
            .to_vec();
        let simulator = Simulator::start(settings).await.unwrap();
        let dns = DnsServer::start().unwrap();
        let server = dns.address();
        // A registration may name the stand-in, too.
        let exchange = simulator.address();
        let accounts = format!(
            "[accounts]\nregistration_servers = [\"localhost:{}\"]\n",
            exchange.port()
        );
        let config = config.replace("[accounts]\n", &accounts);
        let operator = "[notifications]\noperator = \"desk@provider.example\"\n";
        let config = if config.contains("operator =") {
            config
        } else {
            config.replace("[notifications]\n", operator)
        };
        let config =
            format!("{config}\n[dns]\nservers = [\"{server}\"]\nauthoritative = [\"{server}\"]\n");
        let relayd = Relayd::start_as_written(wrapper, folder.path(), &config).unwrap();
        Self {
            relayd,
            simulator,
            dns,
            folder,
        }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Publishes the record of acme.example that `domain add` has shown.
    fn publish_proof(&self, shown: &str) {
        let (_, rest) = shown.split_once("relayd-domain-proof=").unwrap();
        let is_part = |letter: &char| letter.is_ascii_alphanumeric();
        let value: String = rest.chars().take_while(is_part).collect();
        let record = format!("relayd-domain-proof={value}");
        self.dns
            .publish("_relayd-challenge.acme.example", &[&record]);
    }

    /// The code in the mail with this subject.
    fn code(&self, address: &str, subject: &str) -> String {
        let mail = eventually(subject, || {
            let mut mails = self.simulator.messages().into_iter().rev();
            let found = mails.find_map(|entry| {
                let body = self.simulator.body(&entry).ok()?;
                let body = String::from_utf8(body).ok()?;
                let is_meant = entry.recipients.iter().any(|it| it == address);
                (is_meant && body.contains(&format!("\nSubject: {subject}"))).then_some(body)
            });
            Ok(found)
        });
        let mail = mail.unwrap();
        let code = code_in(&mail);
        code.unwrap_or_else(|| panic!("{mail}")).to_owned()
    }
}

/// A database of a server of its own.
fn postgresql() -> (Postgres, String) {
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database("walk").unwrap();
    (postgres, url)
}
