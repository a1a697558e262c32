//! What is said of lanes, and which words of lanes and refusals a filter looks in.

use relay_proto::{Lane, Reject, RouteRole};

use crate::output::cell::harmless;

/// Whose lane it is.
pub(super) fn name(lane: &Lane) -> String {
    match lane.role {
        RouteRole::Primary => harmless(&lane.account),
        RouteRole::Fallback => format!("{} (2nd)", harmless(&lane.account)),
    }
}

/// Why mail of the lane waits.
pub(super) fn why(lane: &Lane) -> String {
    match &lane.hold {
        Some(hold) if hold.detail.is_empty() => hold.reason.clone(),
        Some(hold) => format!("{}: {}", hold.reason, hold.detail),
        None => lane.why.clone(),
    }
}

/// What became of the lane.
pub(super) fn told(lane: &Lane) -> String {
    let waiting = waiting(lane.depth);
    let account = &lane.account;
    match lane.hold {
        Some(_) => format!("The lane of {account} is held; {waiting}."),
        None => format!("The lane of {account} was released; {waiting}."),
    }
}

pub(super) fn waiting(depth: u64) -> String {
    match depth {
        0 => "none waits".to_owned(),
        1 => "1 message waits".to_owned(),
        count => format!("{count} messages wait"),
    }
}

/// Words that a filter looks in.
pub(super) fn of_lane(lane: &Lane) -> String {
    let words = [
        lane.account.as_str(),
        lane.state.as_str(),
        lane.kind.as_str(),
        &lane.server,
        &why(lane),
    ];
    words.join("\n")
}

/// The same of a refusal.
pub(super) fn of_reject(reject: &Reject) -> String {
    let words = [
        reject.account.as_deref().unwrap_or_default(),
        reject.system.as_deref().unwrap_or_default(),
        &reject.username,
        &reject.client,
        &reject.helo,
        &reject.sender,
        &reject.recipient,
        &reject.reason,
        &reject.reply,
    ];
    words.join("\n")
}
