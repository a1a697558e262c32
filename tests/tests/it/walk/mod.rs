//! The life of a customer from registration to leaving, as a script and as a person at a terminal,
//! on both databases, between the real relayd and the stand-in for Exchange Online.

mod person;
mod script;

use relay_tests::{
    harness::{Config, Relayd},
    postgres::Postgres,
    sim::{Settings, Simulator},
};
use tempfile::TempDir;

/// A provider's relayd that anybody may register with, and the mailboxes of provider and customer.
struct Provider {
    relayd: Relayd,
    simulator: Simulator,
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
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::in_folder(folder.path().join("exchange"));
        settings.mailboxes = MAILBOXES
            .map(|(name, pw)| (name.into(), pw.into()))
            .to_vec();
        let simulator = Simulator::start(settings).await.unwrap();
        let mut config = Config::in_folder(folder.path()).registration(
            "open",
            "provider",
            "relay@provider.example",
        );
        if let Some(url) = database {
            config = config.store(url);
        }
        let relayd = Relayd::start(folder.path(), &config).unwrap();
        Self {
            relayd,
            simulator,
            folder,
        }
    }
}

/// A database of a server of its own.
fn postgresql() -> (Postgres, String) {
    let postgres = Postgres::start().unwrap();
    let url = postgres.create_database("walk").unwrap();
    (postgres, url)
}
