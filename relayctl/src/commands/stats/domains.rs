//! `relayctl stats domains`

use relay_proto::{
    DomainStats, ListDomainStats, ListRecipientDomainStats, Nothing, RecipientDomainStats,
};

use super::{Span, accepted, begin, half, most, name, number};
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Column, Rank, View, column};
use crate::session::Session;

/// What was sent from each domain of senders, or to each of recipients
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl stats domains --since 7d\n  relayctl stats domains --recipients --since 30d\n  relayctl stats domains --recipients --domain example.com --by day --since 30d"
)]
pub(crate) struct Args {
    #[command(flatten)]
    span: Span,
    /// Domains of recipients instead: counted by account and day (UTC), so that spans are widened to
    /// whole days; 200 of an account and day one by one, the rest as `(others)`. --domain is one of
    /// these then
    #[arg(long, conflicts_with_all = ["user", "system"])]
    recipients: bool,
    #[command(flatten)]
    part: Part,
}

const COLUMNS: &[Column<DomainStats>] = &[
    column("begins_at", Rank::Key, |it| begin(it.begins_at)),
    column("account", Rank::Column(2), |it| name(it.account.as_ref())),
    column("domain", Rank::Key, |it| name(it.domain.as_ref())),
    column("accepted", Rank::Column(20), |it| accepted(&it.counts)),
    column("recipients", Rank::Column(4), |it| {
        number(it.counts.recipients)
    }),
    column("bytes", Rank::Column(3), |it| Cell::Bytes(it.counts.bytes)),
    column("delivered", Rank::Column(19), |it| {
        number(it.counts.delivered)
    }),
    column("deferred", Rank::Column(5), |it| number(it.counts.deferred)),
    column("failed", Rank::Column(18), |it| number(it.counts.failed)),
    column("cancelled", Rank::Wide, |it| number(it.counts.cancelled)),
    column("refused", Rank::Column(17), |it| number(it.refused)),
    column("notices", Rank::Wide, |it| number(it.counts.notices)),
    column("p50", Rank::Column(6), |it| half(it.delivery_time)),
    column("p95", Rank::Column(7), |it| most(it.delivery_time)),
];

static VIEW: View<DomainStats> = View {
    columns: COLUMNS.split_at(1).1,
    name: |it| it.domain.as_deref().unwrap_or("-"),
    empty: "Nothing was sent in this time.",
};

static BY_PERIOD: View<DomainStats> = View {
    columns: COLUMNS,
    ..VIEW
};

const TO: &[Column<RecipientDomainStats>] = &[
    column("begins_at", Rank::Key, |it| begin(it.begins_at)),
    column("account", Rank::Column(2), |it| name(it.account.as_ref())),
    column("domain", Rank::Key, |it| Cell::text(&it.domain)),
    column("recipients", Rank::Column(20), |it| number(it.recipients)),
    column("delivered", Rank::Column(19), |it| number(it.delivered)),
    column("deferred", Rank::Column(5), |it| number(it.deferred)),
    column("failed", Rank::Column(18), |it| number(it.failed)),
];

static TO_VIEW: View<RecipientDomainStats> = View {
    columns: TO.split_at(1).1,
    name: |it| &it.domain,
    empty: "Nothing was sent in this time.",
};

static TO_BY_PERIOD: View<RecipientDomainStats> = View {
    columns: TO,
    ..TO_VIEW
};

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let query = self.span.query(session)?;
        if self.recipients {
            let list = session.client()?.list::<ListRecipientDomainStats, _>(
                &Nothing {},
                &query,
                &self.part,
            )?;
            let is_cut = query.by.is_some();
            let view = if is_cut { &TO_BY_PERIOD } else { &TO_VIEW };
            return session.out.list(&list, view);
        }
        let list = session
            .client()?
            .list::<ListDomainStats, _>(&Nothing {}, &query, &self.part)?;
        let view = if query.by.is_some() {
            &BY_PERIOD
        } else {
            &VIEW
        };
        session.out.list(&list, view)
    }
}
