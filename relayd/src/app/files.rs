//! Open files: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files besides the connections of devices: database, log, upstream connections, the API.
const OTHERS: u64 = 512;

/// Raises the limit of open files to what the system allows, and warns when that is too few for
/// `connections`.
pub(super) fn raise_limit(connections: u32) {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let files = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            limit.current
        }
    };
    // Those who must give way to others are here for a moment more.
    let needed = u64::from(connections) + u64::from(connections) / 10 + OTHERS;
    if files.is_some_and(|files| files < needed) {
        tracing::warn!(
            files,
            needed,
            "too few open files for limits.connections; raise LimitNOFILE of the service"
        );
    }
}
