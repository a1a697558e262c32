//! Where the secrets of a route go. A stored secret goes only where it went before, as proven by the
//! certificates that were trusted before: otherwise whoever may change a route could have it sent to
//! a server of their own.

use crate::model::{OAuth, Route};

/// Whether the secrets of one route would go to the same place, for the same name, by the other.
pub(super) fn is_same(one: &Route, other: &Route) -> bool {
    one.kind == other.kind
        && one.server == other.server
        && one.mx_of == other.mx_of
        && one.port == other.port
        && one.security == other.security
        && one.mailbox == other.mailbox
        && one.ca_pem == other.ca_pem
        && access(one) == access(other)
}

fn access(route: &Route) -> Option<(&str, &str, &str)> {
    route.oauth.as_ref().map(|oauth: &OAuth| {
        (
            oauth.authority(),
            oauth.tenant.as_str(),
            oauth.client_id.as_str(),
        )
    })
}
