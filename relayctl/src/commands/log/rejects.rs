//! `relayctl log rejects`

use relay_proto::{ListRejects, Nothing, Reject, RejectQuery};

use super::Span;
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// List what was refused at the door, newest first: a printer shows its owner nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl log rejects --since 1h
  relayctl log rejects --reason address-not-registered")]
pub(crate) struct Args {
    /// The user name that was tried
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// System; needs an account
    #[arg(long, value_name = "SYSTEM", add = complete::systems())]
    system: Option<String>,
    /// Code of the reason; relayctl help error CODE explains it
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<Reject> = View {
    columns: &[
        column("at", Rank::Key, |it| Cell::Time(it.at)),
        column("reason", Rank::Key, |it| Cell::text(&it.reason)),
        column("client", Rank::Column(9), |it| Cell::text(&it.client)),
        column("username", Rank::Column(8), |it| Cell::text(&it.username)),
        column("sender", Rank::Column(7), |it| Cell::text(&it.sender)),
        column("recipient", Rank::Column(4), |it| Cell::text(&it.recipient)),
        column("system", Rank::Column(5), |it| {
            Cell::maybe(it.system.as_ref(), Cell::text)
        }),
        column("account", Rank::Column(3), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("reply", Rank::Text(2), |it| Cell::text(&it.reply)),
        column("helo", Rank::Wide, |it| Cell::text(&it.helo)),
        column("listener", Rank::Wide, |it| Cell::text(&it.listener)),
    ],
    name: |it| &it.reason,
    empty: "Nothing was refused.",
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let (since, until) = self.span.ends(session);
        let query = RejectQuery {
            account: session.named_account()?,
            user: self.user,
            system: self.system,
            reason: self.reason,
            since,
            until,
            ..RejectQuery::default()
        };
        let client = session.client()?;
        let rejects = client.list::<ListRejects, _>(&Nothing {}, &query, &self.part)?;
        session.out.list(&rejects, &VIEW)?;
        let Some(account) = query.account.clone() else {
            return Ok(());
        };
        // A mistyped user name is of no account, and just what is being looked for.
        let everywhere = RejectQuery {
            account: None,
            system: None,
            ..query
        };
        let newest = client.list::<ListRejects, _>(&Nothing {}, &everywhere, &Part::first(100));
        let is_strange = |reject: &Reject| reject.account.is_none();
        // Who may not see them is not told of them.
        if newest.is_ok_and(|newest| newest.items.iter().any(is_strange)) {
            session.out.note(&without_account(&account));
        }
        Ok(())
    }
}

/// How to see the refusals that an account hides; for statistics, too.
pub(in crate::commands) fn without_account(account: &str) -> String {
    format!(
        "This is account {account} only. Refusals with an unknown user name belong to no account: \
         there are some, and `--account ''` shows them."
    )
}
