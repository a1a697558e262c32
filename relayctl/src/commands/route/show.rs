//! `relayctl route show`

use relay_proto::{AccountPath, Nothing, Route, ShowRoute};

use super::{VIEW, Which};
use crate::complete;
use crate::error::Failure;
use crate::output::Format;
use crate::output::cell::harmless;
use crate::session::Session;

/// Show the route of an account, what ends soon, and what makes it work in Exchange Online
///
/// --setup prints only the PowerShell that an administrator of the tenant runs once, ready to
/// paste: for a connector, an application, or a mailbox that signs in.
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(after_help = "Examples:
  relayctl route show --account acme
  relayctl route show --account acme --fallback
  relayctl route show --account acme --setup > setup.ps1")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Print only what an administrator of the tenant runs once
    #[arg(long)]
    setup: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path = AccountPath {
            account: session.account()?,
        };
        let client = session.client()?;
        let query = self.which.query();
        let answer = client.call_with::<ShowRoute>(&path, &query, &Nothing {}, None)?;
        let route = &answer.value;
        let out = &session.out;
        if self.setup {
            return match out.format {
                Format::Json | Format::Jsonl => out.own_json(&route.setup),
                _ => out.block(&lines(route, "")),
            };
        }
        if !out.format.is_for_people() {
            return out.item(&answer, &VIEW);
        }
        out.known(route, &VIEW)?;
        if !route.setup.is_empty() && !out.quiet {
            out.block("\nOnce, by an administrator of the tenant (--setup prints only this):\n\n")?;
            out.block(&lines(route, "  "))?;
        }
        for warning in &route.warnings {
            out.note(&format!("Warning: {}", harmless(warning)));
        }
        Ok(())
    }
}

fn lines(route: &Route, indent: &str) -> String {
    let mut text = String::new();
    for line in &route.setup {
        text.extend([indent, &harmless(line), "\n"]);
    }
    text
}
