//! `relayctl route rollback`

use relay_proto::{AccountPath, Nothing, RollRouteBack, RouteRollback, RouteVersion};

use super::advise;
use super::history::versions;
use super::set::{current, report, way};
use crate::client::Part;
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Put an earlier version of the route back in force: check it against the server first
///
/// When the check fails, the route stays as it is and relayctl ends with code 9. Secrets come back,
/// too. Affects live mail: asks for confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl route rollback --dry-run
  relayctl route rollback 3 --account acme --yes")]
pub(crate) struct Args {
    /// Number of the version [default: the one before the present]
    #[arg(value_name = "VERSION")]
    version: Option<i64>,
    /// Check only; change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let account = session.account()?;
        let nothing = || {
            Failure::new(
                Exit::NotFound,
                "not-found",
                "there is no such version of the route",
            )
            .hint("relayctl route history shows what there is")
        };
        let present = current(session, &account)?.ok_or_else(nothing)?;
        let kept = versions(session, &account, &Part::default())?.items;
        let is_wanted = |it: &&RouteVersion| match self.version {
            Some(version) => it.version == version,
            None => it.version < present.value.version,
        };
        let wanted = kept.iter().find(is_wanted).ok_or_else(nothing)?;
        if !self.dry_run {
            session.confirm(&format!(
                "the mail of account {account} then leaves by version {} of its route again: {}",
                wanted.version,
                way(wanted.kind, &wanted.server)
            ))?;
        }
        let body = RouteRollback {
            version: Some(wanted.version),
            dry_run: self.dry_run,
        };
        session
            .out
            .note(&format!("Checking {}", way(wanted.kind, &wanted.server)));
        let path = AccountPath {
            account: account.clone(),
        };
        let client = session.client()?;
        let answer = client
            .call_with::<RollRouteBack>(&path, &Nothing {}, &body, present.etag)
            .map_err(|failure| {
                advise(
                    failure,
                    "relayctl route history shows other versions; the present route goes on",
                )
            })?;
        let version = wanted.version;
        let sentence = if answer.value.applied {
            format!("The route of account {account} is as in version {version} again.")
        } else {
            format!("Version {version} works; the route of account {account} was not changed.")
        };
        report(session, &answer, &sentence)
    }
}
