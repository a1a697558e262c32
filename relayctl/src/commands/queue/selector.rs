//! Which messages a bulk verb acts on. Never all by default.

use std::io::{BufRead as _, IsTerminal as _};
use std::time::Duration;

use relay_proto::{Endpoint, Nothing, QueueChange, QueueSelection};

use super::messages;
use crate::client::Answer;
use crate::complete;
use crate::error::{Exit, Failure};
use crate::session::Session;
use crate::time::parse_duration;

/// Longest list of ids that is taken from stdin.
const IDS_MAX: usize = 10_000;

/// The flags. At least one of ids, --user, --system, --from-domain, --to-domain, --older-than and
/// --all is needed.
#[derive(Debug, clap::Args)]
pub(super) struct Selector {
    /// Queue ids; `-` reads them from stdin, one a line
    #[arg(value_name = "ID", add = complete::queued(), conflicts_with_all = ["all", "user", "system", "from_domain", "to_domain", "older_than"])]
    ids: Vec<String>,
    /// Those of this relay user
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Those of this system; the operator names its --account, too
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Those with an envelope sender in this domain
    #[arg(long, value_name = "DOMAIN", add = complete::domains())]
    from_domain: Option<String>,
    /// Those with a recipient in this domain
    #[arg(long, value_name = "DOMAIN")]
    to_domain: Option<String>,
    /// Those accepted longer ago than this: 30m, 2h, 3d
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    older_than: Option<Duration>,
    /// Every message; with --account, every message of that account
    #[arg(long, conflicts_with_all = ["user", "system", "from_domain", "to_domain", "older_than"])]
    all: bool,
    /// Change nothing when more than this many would be touched
    #[arg(long, value_name = "N")]
    max: Option<u64>,
    /// Why; kept in the history of each message
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Count only; change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl Selector {
    /// Whether anything was selected.
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
            && self.user.is_none()
            && self.system.is_none()
            && self.from_domain.is_none()
            && self.to_domain.is_none()
            && self.older_than.is_none()
            && !self.all
    }

    /// What the person said why.
    pub(super) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The selection as the API takes it.
    pub(super) fn resolve(self, session: &Session) -> Result<QueueSelection, Failure> {
        if self.is_empty() {
            return Err(Failure::usage("nothing is selected")
                .cause(
                    "verbs on many messages need ids, --user, --system, --from-domain, --to-domain, \
                     --older-than or --all",
                )
                .hint("relayctl queue list shows what there is")
                .hint("hold and release take --lane for all mail of an account"));
        }
        let ids = if self.ids == ["-"] {
            ids_from_stdin()?
        } else {
            self.ids
        };
        Ok(QueueSelection {
            ids,
            account: session.named_account()?,
            user: self.user,
            system: self.system,
            from_domain: self.from_domain,
            to_domain: self.to_domain,
            older_than: self.older_than.map(|span| span.as_secs()),
            all: self.all,
            max: self.max,
            reason: self.reason.unwrap_or_default(),
            dry_run: self.dry_run,
        })
    }
}

fn ids_from_stdin() -> Result<Vec<String>, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Err(
            Failure::usage("`-` reads ids from a pipe, and stdin is a terminal")
                .hint("relayctl queue list -o name | relayctl queue retry -"),
        );
    }
    let mut ids = Vec::new();
    for line in stdin.lock().lines() {
        let line = line.map_err(|error| Failure::local("cannot read ids from stdin", &error))?;
        if !line.trim().is_empty() {
            ids.push(line.trim().to_owned());
        }
        if ids.len() > IDS_MAX {
            return Err(Failure::usage(format!("more than {IDS_MAX} ids"))
                .hint("use a selector such as --older-than"));
        }
    }
    if ids.is_empty() {
        return Err(Failure::usage("stdin holds no ids"));
    }
    Ok(ids)
}

/// What a selection would touch, asked of relayd by a dry run of the verb `E`. More than --max is
/// refused here, in the words of the flag.
pub(super) fn count<E>(
    session: &Session,
    selection: &QueueSelection,
) -> Result<Answer<QueueChange>, Failure>
where
    E: Endpoint<Path = Nothing, Query = Nothing, Body = QueueSelection, Reply = QueueChange>,
{
    let trial = QueueSelection {
        dry_run: true,
        max: None,
        ..selection.clone()
    };
    let answer = session.client()?.call::<E>(&Nothing {}, &trial)?;
    let matched = answer.value.matched;
    match selection.max {
        Some(max) if matched > max => Err(Failure::new(
            Exit::Rejected,
            "too-many-messages",
            format!(
                "{} match, more than --max {max}; nothing was changed",
                messages(matched)
            ),
        )
        .hint("narrow the selection, or allow more by --max")),
        _ => Ok(answer),
    }
}
