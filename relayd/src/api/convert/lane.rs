//! Lanes of the queue, and what holds them.

use relay_proto as proto;

use crate::{accounts::Lane, model};

pub(in crate::api) fn lane(lane: Lane) -> proto::Lane {
    let row = lane.row;
    proto::Lane {
        route: row.route_id.to_string(),
        account: row.account,
        role: row.role.into(),
        kind: row.kind.into(),
        server: row.server,
        state: lane.phase.into(),
        why: lane.why,
        hold: row.hold.map(hold),
        depth: row.depth,
        held: row.held,
        oldest_at: row.oldest_at,
        next_due_at: row.next_due_at,
        connections: lane.connections,
    }
}

pub(in crate::api) fn hold(hold: model::Hold) -> proto::Hold {
    proto::Hold {
        kind: hold.kind.into(),
        reason: hold.reason.to_string(),
        detail: hold.detail,
        since: hold.since,
        until: hold.until,
    }
}
