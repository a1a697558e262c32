//! The columns of a route.

use relay_proto::{Route, RouteOAuth};

use crate::output::cell::Cell;
use crate::output::{Rank, View, column};

fn oauth(route: &Route, cell: fn(&RouteOAuth) -> Cell) -> Cell {
    route.oauth.as_ref().map_or(Cell::None, cell)
}

/// What stands for the server: the name, or the domain whose MX it is.
pub(in crate::commands) fn server(server: &str, mx_of: Option<&str>) -> String {
    mx_of.map_or_else(|| server.to_owned(), |domain| format!("MX of {domain}"))
}

fn port(port: u16) -> Cell {
    if port == 0 {
        Cell::None
    } else {
        Cell::text(port.to_string())
    }
}

fn stored(is_stored: bool) -> Cell {
    Cell::text(if is_stored { "stored" } else { "" })
}

/// When what it lives on ends: a secret, a certificate, a sign-in.
fn ends_at(route: &Route) -> Cell {
    let of_oauth = route.oauth.as_ref().and_then(|it| {
        let sign_in = it.signed_in.as_ref().map(|it| it.ends_at);
        it.expires_at.or(sign_in)
    });
    let of_certificate = route.certificate.as_ref().map(|it| it.expires_at);
    Cell::maybe(of_oauth.or(of_certificate), Cell::Time)
}

pub(super) static VIEW: View<Route> = View {
    columns: &[
        column("account", Rank::Key, |it| Cell::text(&it.account)),
        column("role", Rank::Column(8), |it| Cell::text(it.role.as_str())),
        column("kind", Rank::Key, |it| Cell::text(it.kind.as_str())),
        column("server", Rank::Column(8), |it| {
            Cell::text(server(&it.server, it.mx_of.as_deref()))
        }),
        column("port", Rank::Column(7), |it| port(it.port)),
        column("security", Rank::Column(6), |it| {
            Cell::text(it.security.as_str())
        }),
        column("mailbox", Rank::Column(6), |it| Cell::text(&it.mailbox)),
        column("password", Rank::Wide, |it| stored(it.has_password)),
        column("cloud", Rank::Wide, |it| {
            oauth(it, |it| Cell::text(it.cloud.as_str()))
        }),
        column("tenant", Rank::Wide, |it| {
            oauth(it, |it| Cell::text(&it.tenant))
        }),
        column("client_id", Rank::Wide, |it| {
            oauth(it, |it| Cell::text(&it.client_id))
        }),
        column("grant", Rank::Wide, |it| {
            oauth(it, |it| Cell::text(it.grant.as_str()))
        }),
        column("signed_in", Rank::Wide, |it| {
            oauth(it, |it| {
                Cell::maybe(it.signed_in.as_ref(), |it| Cell::text(&it.username))
            })
        }),
        column("authority", Rank::Wide, |it| {
            oauth(it, |it| Cell::maybe(it.authority.as_ref(), Cell::text))
        }),
        column("scope", Rank::Wide, |it| {
            oauth(it, |it| Cell::maybe(it.scope.as_ref(), Cell::text))
        }),
        column("certificate", Rank::Wide, |it| {
            Cell::maybe(it.certificate.as_ref(), |it| Cell::text(&it.subject))
        }),
        column("names", Rank::Wide, |it| {
            Cell::maybe(it.certificate.as_ref(), |it| Cell::List(it.names.clone()))
        }),
        column("ends_at", Rank::Column(3), ends_at),
        column("server_ca", Rank::Wide, |it| stored(it.has_ca)),
        column("folder", Rank::Column(5), |it| {
            Cell::maybe(it.folder.as_ref(), Cell::text)
        }),
        column("connections", Rank::Wide, |it| Cell::count(it.connections)),
        column("per_minute", Rank::Wide, |it| {
            Cell::maybe(it.per_minute, Cell::count)
        }),
        column("recipients_per_day", Rank::Wide, |it| {
            Cell::maybe(it.recipients_per_day, Cell::count)
        }),
        column("recipients_per_mail", Rank::Wide, |it| {
            Cell::maybe(
                Some(it.recipients_per_mail).filter(|it| *it > 0),
                Cell::count,
            )
        }),
        column("keep_open", Rank::Wide, |it| {
            Cell::Millis(it.keep_open.saturating_mul(1000))
        }),
        column("unknown_outcome", Rank::Wide, |it| {
            Cell::text(it.unknown_outcome.as_str())
        }),
        column("size_limit", Rank::Wide, |it| {
            Cell::maybe(it.size_limit, Cell::Bytes)
        }),
        column("offers", Rank::Wide, |it| {
            Cell::maybe(it.offers.clone(), Cell::List)
        }),
        column("checked_at", Rank::Column(4), |it| {
            Cell::maybe(it.checked_at, Cell::Time)
        }),
        column("ready", Rank::Column(9), |it| Cell::YesNo(it.ready)),
        column("held_for", Rank::Column(9), |it| {
            Cell::maybe(it.hold.as_ref(), |hold| Cell::text(&hold.reason))
        }),
        column("held_reply", Rank::Text(3), |it| {
            Cell::maybe(it.hold.as_ref(), |hold| Cell::text(&hold.detail))
        }),
        column("held_until", Rank::Wide, |it| {
            Cell::maybe(it.hold.as_ref().and_then(|hold| hold.until), Cell::Time)
        }),
        column("fallback", Rank::Wide, |it| {
            Cell::maybe(it.fallback.as_ref(), Cell::text)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.id,
    empty: "",
};
