//! Open files: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::machine::files_needed;

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
    let needed = files_needed(connections);
    if files.is_some_and(|files| files < needed) {
        tracing::warn!(
            files,
            needed,
            "too few open files for limits.connections; raise LimitNOFILE of the service"
        );
    }
}
