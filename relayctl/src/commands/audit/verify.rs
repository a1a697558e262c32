//! `relayctl audit verify`

use relay_proto::{AuditCheckQuery, CheckAudit, Nothing};

use crate::error::{Exit, Failure};
use crate::session::Session;

/// Follow the chain of the audit log and tell whether an entry was altered or removed
///
/// Prints how many entries there are and the hash of the last one. Note both somewhere else:
/// whoever can write to the database could make a new chain, and only a hash that was noted
/// earlier shows it. Exit code 9 when the chain is broken or the hash is not in it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl audit verify
  relayctl audit verify --expect \"$(cat audit.hash)\"")]
pub(crate) struct Args {
    /// A hash that was noted earlier; it must still be in the chain
    #[arg(long, value_name = "HASH")]
    expect: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = AuditCheckQuery {
            expect: self.expect.clone(),
        };
        let client = session.client()?;
        let waiting = client.doing("Reading the audit log");
        let answer = client.call_with::<CheckAudit>(&Nothing {}, &query, &Nothing {}, None)?;
        drop(waiting);
        let check = &answer.value;
        if session.out.format.is_json() {
            session.out.item_as_sent(&answer)?;
        } else {
            session.out.block(&format!(
                "  Entries  {}\n  Hash     {}\n",
                check.entries, check.hash
            ))?;
        }
        if check.ok {
            let sentence = match check.expected_entry {
                Some(entry) if self.expect.is_some() => format!(
                    "The audit log is in order, and the expected hash is that of entry {entry}."
                ),
                _ => "The audit log is in order.".to_owned(),
            };
            return session.out.sentence(&sentence);
        }
        if session.out.format.is_json() {
            return Err(Failure::silent(Exit::CheckFailed));
        }
        Err(match &check.broken {
            Some(broken) => Failure::new(
                Exit::CheckFailed,
                "audit-broken",
                format!("the audit log is broken at entry {}", broken.entry),
            )
            .cause(&broken.problem)
            .hint("compare it with a backup; somebody has written to the database"),
            None => Failure::new(
                Exit::CheckFailed,
                "audit-broken",
                "the audit log is not the one that the hash was noted from",
            )
            .cause("its chain is in order, but does not hold the expected hash")
            .hint("compare it with a backup; entries were cut off or written anew"),
        })
    }
}
