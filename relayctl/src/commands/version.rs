//! `relayctl version`

use relay_proto::{GetVersion, Nothing};

use crate::error::Failure;
use crate::session::Session;

/// Print the versions of relayctl and of the relayd it speaks to
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
        let server = if self.client {
            None
        } else {
            match session
                .client()?
                .call::<GetVersion>(&Nothing {}, &Nothing {})
            {
                Ok(answer) => Some(answer.value.version),
                Err(failure) => {
                    session
                        .out
                        .note(&format!("relayd was not asked: {failure}"));
                    None
                }
            }
        };
        if session.out.format.is_json() {
            return session
                .out
                .own_json(&serde_json::json!({"relayctl": own, "relayd": server}));
        }
        let relayd = server.map_or_else(String::new, |version| format!("relayd {version}\n"));
        session.out.block(&format!("relayctl {own}\n{relayd}"))
    }
}
