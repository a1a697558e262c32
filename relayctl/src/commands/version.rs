//! `relayctl version`

use relay_proto::{GetServer, GetVersion, Listener, Nothing};

use crate::client::Client;
use crate::error::Failure;
use crate::output::cell::harmless;
use crate::session::Session;

/// Print the versions of relayctl and of the relayd it speaks to, with its listeners
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  relayctl version\n  relayctl version --client")]
pub(crate) struct Args {
    /// That of relayctl only; no connection is made
    #[arg(long)]
    client: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let own = env!("CARGO_PKG_VERSION");
        let (mut server, mut listeners) = (None, None);
        if !self.client {
            let client = session.client()?;
            match client.call::<GetVersion>(&Nothing {}, &Nothing {}) {
                Ok(answer) => {
                    server = Some(answer.value.version);
                    listeners = listeners_of(client);
                }
                Err(failure) => {
                    let note = format!("relayd was not asked: {failure}");
                    session.out.note(&note);
                }
            }
        }
        if session.out.format.is_json() {
            return session.out.own_json(
                &serde_json::json!({"relayctl": own, "relayd": server, "listeners": listeners}),
            );
        }
        let relayd = server.map_or_else(String::new, |version| format!("relayd {version}\n"));
        let lines = lines(&listeners.unwrap_or_default());
        session
            .out
            .block(&format!("relayctl {own}\n{relayd}{lines}"))
    }
}

/// What to type into a device. The version needs no token, this does: without one it is left out.
fn listeners_of(client: &Client) -> Option<Vec<Listener>> {
    let answer = client.call::<GetServer>(&Nothing {}, &Nothing {}).ok()?;
    Some(answer.value.listeners)
}

fn lines(listeners: &[Listener]) -> String {
    let rows: Vec<_> = listeners
        .iter()
        .map(|it| {
            let address = if it.address.contains(':') {
                format!("[{}]:{}", it.address, it.port)
            } else {
                format!("{}:{}", it.address, it.port)
            };
            (harmless(&it.name), harmless(&address), it.tls)
        })
        .collect();
    let widest = |of: fn(&(String, String, relay_proto::ListenerTls)) -> &str| {
        rows.iter().map(|row| of(row).chars().count()).max()
    };
    let name = widest(|row| &row.0).unwrap_or(0);
    let address = widest(|row| &row.1).unwrap_or(0);
    rows.iter().fold(String::new(), |text, (own, bound, tls)| {
        text + &format!("listener {own:<name$}  {bound:<address$}  {tls}\n")
    })
}
