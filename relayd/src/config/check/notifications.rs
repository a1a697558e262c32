//! `[notifications]`: how mail of relayd itself leaves, and what of it the operator reads.

use toml::Spanned;

use crate::{
    config::{Notifications, complaint::Collector, raw},
    model::{NotificationKind, UnknownName},
};

pub(super) fn check_notifications(
    raw: Option<Spanned<raw::Notifications>>,
    complaints: &mut Collector,
) -> Option<Notifications> {
    let raw = raw?.into_inner();
    if raw.account.get_ref().trim().is_empty() {
        complaints.add(raw.account.span(), "no account", "write the name of one");
    }
    let events = check_events(raw.events, complaints);
    let mut address = |given: Option<Spanned<String>>| {
        let given = given?;
        let parsed = given.get_ref().parse();
        if parsed.is_err() {
            let remedy = "write it as name@domain";
            complaints.add(given.span(), "not a mail address", remedy);
        }
        parsed.ok()
    };
    Some(Notifications {
        account: raw.account.into_inner(),
        sender: address(raw.sender),
        operator: address(raw.operator),
        events,
    })
}

/// What the operator gets a mail of: what is listed, or all that calls for somebody.
fn check_events(
    given: Option<Vec<Spanned<String>>>,
    complaints: &mut Collector,
) -> Vec<NotificationKind> {
    let Some(given) = given else {
        let all = NotificationKind::ALL.iter().copied();
        return all.filter(|kind| kind.is_mailed()).collect();
    };
    let known = given.into_iter().filter_map(|name| {
        let parsed: Result<NotificationKind, UnknownName> = name.get_ref().parse();
        if let Err(error) = &parsed {
            let remedy = format!("use any of {}", error.known.join(", "));
            complaints.add(name.span(), "not an event", &remedy);
        }
        parsed.ok()
    });
    known.collect()
}
