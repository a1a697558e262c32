//! Rows of what relay users, systems and domains sent: the same figures for each of them.

/// The columns of such rows: `$who` is the field that names whose row it is, `$more` are columns
/// beside the figures, which find in scope what these take.
macro_rules! columns {
    ($who:ident $(, $more:expr)* $(,)?) => {{
        use $crate::commands::stats::{accepted, begin, half, most, name, number};
        use $crate::output::{Rank, cell::Cell, column};
        &[
            column("begins_at", Rank::Key, |it| begin(it.begins_at)),
            column("account", Rank::Column(2), |it| name(it.account.as_ref())),
            column(stringify!($who), Rank::Key, |it| name(it.$who.as_ref())),
            column("accepted", Rank::Column(20), |it| accepted(&it.counts)),
            column("recipients", Rank::Column(4), |it| number(it.counts.recipients)),
            column("bytes", Rank::Column(3), |it| Cell::Bytes(it.counts.bytes)),
            column("delivered", Rank::Column(19), |it| number(it.counts.delivered)),
            column("deferred", Rank::Column(5), |it| number(it.counts.deferred)),
            column("failed", Rank::Column(18), |it| number(it.counts.failed)),
            column("cancelled", Rank::Wide, |it| number(it.counts.cancelled)),
            column("refused", Rank::Column(17), |it| number(it.refused)),
            column("notices", Rank::Wide, |it| number(it.counts.notices)),
            column("p50", Rank::Column(6), |it| half(it.delivery_time)),
            column("p95", Rank::Column(7), |it| most(it.delivery_time)),
            $($more),*
        ]
    }};
}
pub(super) use columns;

/// The picture of such rows.
macro_rules! picture {
    ($title:literal, $who:ident) => {
        $crate::commands::stats::picture::Picture {
            title: $title,
            heads: &["accepted", "failed", "refused"],
            piece: |it| $crate::commands::stats::picture::Piece {
                begins_at: it.begins_at,
                account: it.account.clone(),
                name: it.$who.clone().unwrap_or_else(|| "-".to_owned()),
                figures: vec![it.counts.accepted, it.counts.failed, it.refused],
                color: ratatui::style::Color::Cyan,
            },
        }
    };
}
pub(super) use picture;
