//! `relayctl stats domains`

use ratatui::style::Color;
use relay_proto::{DomainStats, ListDomainStats, ListRecipientDomainStats, RecipientDomainStats};

use super::picture::{Picture, Piece};
use super::report::rows;
use super::{Show, Span, begin, name, number, sent};
use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// What was sent from each domain of senders, or to each of recipients
#[derive(Debug, clap::Args)]
#[command(add = complete::columns(&VIEW))]
#[command(
    after_help = "Examples:\n  relayctl stats domains --since 7d\n  relayctl stats domains --recipients --since 30d\n  relayctl stats domains --recipients --domain example.com --by day --since 30d\n  relayctl stats domains --recipients --since 30d --chart"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    #[command(flatten)]
    show: Show,
    /// Domains of recipients instead: counted by account and day (UTC), so that spans are widened to
    /// whole days; 200 of an account and day one by one, the rest as `(others)`. --domain is one of
    /// these then
    #[arg(long, conflicts_with_all = ["user", "system"])]
    recipients: bool,
    #[command(flatten)]
    part: Part,
}

static VIEW: View<DomainStats> = View {
    columns: sent::columns!(domain),
    name: |it| it.domain.as_deref().unwrap_or("-"),
    empty: "Nothing was sent in this time.",
};

static TO: View<RecipientDomainStats> = View {
    columns: &[
        column("begins_at", Rank::Key, |it| begin(it.begins_at)),
        column("account", Rank::Column(2), |it| name(it.account.as_ref())),
        column("domain", Rank::Key, |it| Cell::text(&it.domain)),
        column("recipients", Rank::Column(20), |it| number(it.recipients)),
        column("delivered", Rank::Column(19), |it| number(it.delivered)),
        column("deferred", Rank::Column(5), |it| number(it.deferred)),
        column("failed", Rank::Column(18), |it| number(it.failed)),
    ],
    name: |it| &it.domain,
    empty: "Nothing was sent in this time.",
};

static PICTURE: Picture<DomainStats> = sent::picture!("Accepted messages by sender domain", domain);

static TO_PICTURE: Picture<RecipientDomainStats> = Picture {
    title: "Recipients by domain",
    heads: &["recipients", "failed", "deferred"],
    piece: |it| Piece {
        begins_at: it.begins_at,
        account: it.account.clone(),
        name: it.domain.clone(),
        figures: vec![it.recipients, it.failed, it.deferred],
        color: Color::Cyan,
    },
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let asked = (&self.span, &self.show, &self.part);
        if self.recipients {
            return rows::<ListRecipientDomainStats, _>(session, asked, &TO, &TO_PICTURE);
        }
        rows::<ListDomainStats, _>(session, asked, &VIEW, &PICTURE)
    }
}
