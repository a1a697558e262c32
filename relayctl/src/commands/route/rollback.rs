//! `relayctl route rollback`

use relay_proto::{AccountPath, RollRouteBack, RouteRollback, RouteVersion};

use super::history::versions;
use super::set::{current, report, way};
use super::{Which, advise, view};
use crate::client::Part;
use crate::complete;
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
    #[arg(value_name = "VERSION", add = complete::route_versions())]
    version: Option<i64>,
    #[command(flatten)]
    which: Which,
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
        let present = current(session, &account, self.which)?.ok_or_else(nothing)?;
        let kept = versions(session, &account, self.which, &Part::default())?.items;
        let is_wanted = |it: &&RouteVersion| match self.version {
            Some(version) => it.version == version,
            None => it.version < present.value.version,
        };
        let wanted = kept.iter().find(is_wanted).ok_or_else(nothing)?;
        let server = view::server(&wanted.server, wanted.mx_of.as_deref());
        let noun = self.which.noun();
        if !self.dry_run {
            session.confirm(&format!(
                "the mail of account {account} then leaves by version {} of its {noun} again: {}",
                wanted.version,
                way(wanted.kind, &server)
            ))?;
        }
        let body = RouteRollback {
            version: Some(wanted.version),
            dry_run: self.dry_run,
        };
        session
            .out
            .note(&format!("Checking {}", way(wanted.kind, &server)));
        let path = AccountPath {
            account: account.clone(),
        };
        let client = session.client()?;
        let answer = client
            .call_with::<RollRouteBack>(&path, &self.which.query(), &body, present.etag)
            .map_err(|failure| {
                advise(
                    failure,
                    "relayctl route history shows other versions; the present route goes on",
                )
            })?;
        let version = wanted.version;
        let sentence = if answer.value.applied {
            format!("The {noun} of account {account} is as in version {version} again.")
        } else {
            format!("Version {version} works; the {noun} of account {account} was not changed.")
        };
        report(session, &answer, &sentence)
    }
}
