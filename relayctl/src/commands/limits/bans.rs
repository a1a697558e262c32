//! `--scope ip`: the addresses that are banned for guessing passwords.

use relay_proto::{Ban, BanPath, LiftBan, ListBans, Nothing, PageQuery, ShowBan};

use super::Target;
use crate::client::Part;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

/// Prints the ban of one address, or all of them.
pub(super) fn show(target: Target, session: &Session) -> Result<(), Failure> {
    of_no_account(session)?;
    let client = session.client()?;
    if let Some(address) = target.name {
        let path = BanPath { address };
        let answer = client.call::<ShowBan>(&path, &Nothing {});
        let answer = answer.map_err(|failure| not_banned(failure, &path))?;
        return session.out.item(&answer, &VIEW);
    }
    let bans = client.list::<ListBans, _>(&Nothing {}, &PageQuery::default(), &Part::default())?;
    session.out.list(&bans, &VIEW)
}

/// Lifts the ban of one address.
pub(super) fn reset(target: Target, session: &Session) -> Result<(), Failure> {
    of_no_account(session)?;
    let Some(address) = target.name else {
        return Err(Failure::usage("which address?").hint(LIST));
    };
    session.confirm(&format!(
        "{address} may connect and try passwords again at once"
    ))?;
    let path = BanPath { address };
    let lifted = session.client()?.call::<LiftBan>(&path, &Nothing {});
    lifted.map_err(|failure| not_banned(failure, &path))?;
    let sentence = format!(
        "{} is not banned, and its earlier bans are forgotten.",
        path.address
    );
    session.out.sentence(&sentence)
}

/// Refuses to set what relayd takes from its configuration.
pub(super) fn set() -> Failure {
    Failure::usage("the limits of addresses are the same for all, in relayd.toml")
        .hint("limits.ban_after or limits.connections_per_address in relayd.toml")
        .hint("one ban is lifted by relayctl limits reset --scope ip ADDRESS")
}

const LIST: &str = "relayctl limits show --scope ip";

/// An address is banned for all accounts alike. The account of the context means nothing here.
fn of_no_account(session: &Session) -> Result<(), Failure> {
    match &session.globals.account {
        Some(_) => Err(
            Failure::usage("addresses are banned for all accounts alike")
                .hint("leave --account out"),
        ),
        None => Ok(()),
    }
}

fn not_banned(failure: Failure, path: &BanPath) -> Failure {
    match failure.code() {
        "not-found" => failure
            .titled(format!("{} is not banned", path.address))
            .only_hint(LIST),
        _ => failure,
    }
}

static VIEW: View<Ban> = View {
    columns: &[
        column("address", Rank::Key, |it| Cell::text(&it.address)),
        column("since", Rank::Column(6), |it| Cell::Time(it.since)),
        column("until", Rank::Column(9), |it| Cell::Time(it.until)),
        column("times", Rank::Column(5), |it| Cell::count(it.times)),
        column("username", Rank::Text(7), |it| Cell::text(&it.username)),
    ],
    name: |it| &it.address,
    empty: "No address is banned.",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::table::{Head, list};

    #[test]
    fn a_terminal_of_80_columns_shows_all_columns() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        let ban = Ban {
            address: "2001:db8:1234:5678::/64".to_owned(),
            since: at("2026-05-04T12:00:00Z"),
            until: at("2026-05-05T12:00:00Z"),
            times: 5,
            username: "a-name-that-somebody-tried@a-long-domain.example".to_owned(),
        };
        let now = Some(at("2026-05-04T12:50:00Z"));
        let heads: Vec<_> = VIEW
            .columns
            .iter()
            .map(|column| Head {
                title: column.name.to_uppercase(),
                rank: column.rank,
            })
            .collect();
        let cells = VIEW.columns.iter();
        let row = cells.map(|column| (column.cell)(&ban).for_people(now));
        let layout = list(&heads, &[row.collect()], Some(80), true);
        assert_eq!(layout.hidden, 0, "{}", layout.text);
        assert!(
            layout.text.lines().all(|line| line.chars().count() <= 80),
            "{}",
            layout.text
        );
        for part in ["50 min ago", "in 23 h", "5"] {
            assert!(layout.text.contains(part), "{}", layout.text);
        }
    }
}
