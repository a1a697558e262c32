//! `relayctl token`: tokens for the API.

mod create;
mod list;
mod revoke;

use relay_proto::Token;

use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Tokens.
    Verb { Create(create::Args), List(list::Args), Revoke(revoke::Args) }
}

static VIEW: View<Token> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("account", Rank::Column(7), |it| {
            Cell::maybe(it.account.as_ref(), Cell::text)
        }),
        column("may", Rank::Column(8), |it| {
            Cell::text(if it.read_only { "read" } else { "everything" })
        }),
        column("expires_at", Rank::Column(7), |it| {
            Cell::maybe(it.expires_at, Cell::Time)
        }),
        column("last_used_at", Rank::Column(6), |it| {
            Cell::maybe(it.last_used_at, Cell::Time)
        }),
        column("created_at", Rank::Column(4), |it| {
            Cell::Time(it.created_at)
        }),
        column("created_by", Rank::Wide, |it| Cell::text(&it.created_by)),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "There are no tokens. Next: relayctl token create NAME",
};

/// Whose tokens a command is about.
#[derive(Debug, clap::Args)]
struct Owner {
    /// Of the operator, whatever account the context or the environment names
    #[arg(long, conflicts_with = "account")]
    operator: bool,
}

impl Owner {
    /// The account that was named, unless the operator is meant.
    fn account(&self, session: &Session) -> Result<Option<String>, Failure> {
        if self.operator {
            return Ok(None);
        }
        session.named_account()
    }
}
