//! Rows of what was sent, by relay user, system, domain or time: the same figures for each of them.

/// The columns of figures, between those that say whose they are and those that only some have.
/// Both find in scope what the figures take.
macro_rules! figures {
    ([$($whose:expr),* $(,)?], [$($more:expr),* $(,)?]) => {{
        use $crate::commands::stats::{accepted, half, most, number};
        use $crate::output::{Rank, cell::Cell, column};
        &[
            $($whose,)*
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
pub(super) use figures;

/// The columns of rows of relay users, systems and domains: `$who` is the field that names whose
/// row it is, `$more` are columns beside the figures.
macro_rules! columns {
    ($who:ident $(, $more:expr)* $(,)?) => {{
        use $crate::commands::stats::{begin, name};
        $crate::commands::stats::sent::figures!(
            [
                column("begins_at", Rank::Key, |it| begin(it.begins_at)),
                column("account", Rank::Column(2), |it| name(it.account.as_ref())),
                column(stringify!($who), Rank::Key, |it| name(it.$who.as_ref())),
            ],
            [$($more),*]
        )
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
