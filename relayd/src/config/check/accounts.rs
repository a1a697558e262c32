//! `[accounts]`: who may register, and with which server for a route.

use toml::Spanned;

use crate::{
    config::{Registration, complaint::Collector},
    model::{MailServer, NoMailServer},
};

/// What a registration may name as the server of its route, unless something else is set.
const EXCHANGE_ONLINE: &str = "smtp.office365.com";

/// Who registers gets a code by mail, so there must be a way for it: that of `[notifications]`, or a
/// route that comes with the registration.
pub(super) fn check_registration(
    given: Option<Spanned<Registration>>,
    can_notify: bool,
    servers: &[MailServer],
    complaints: &mut Collector,
) -> Registration {
    let Some(given) = given else {
        return Registration::Closed;
    };
    let span = given.span();
    let registration = given.into_inner();
    if registration != Registration::Closed && !can_notify && servers.is_empty() {
        complaints.add(
            span,
            "codes could not be sent",
            "add [notifications] with the account whose route carries them, or name \
             registration_servers",
        );
    }
    registration
}

/// The servers that a registration may name; an empty list lets nobody bring a route.
pub(super) fn check_servers(
    given: Option<Vec<Spanned<String>>>,
    complaints: &mut Collector,
) -> Vec<MailServer> {
    let Some(given) = given else {
        return EXCHANGE_ONLINE.parse().into_iter().collect();
    };
    let servers = given.into_iter().filter_map(|text| {
        let parsed = text.get_ref().parse();
        if let Err(error) = &parsed {
            let error: &NoMailServer = error;
            complaints.add(text.span(), "not a server", &error.to_string());
        }
        parsed.ok()
    });
    servers.collect()
}
