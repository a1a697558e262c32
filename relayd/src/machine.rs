//! What the machine gives relayd, and what relayd needs of it: room on disks, open files, memory
//! that nobody else sees.

use std::{io, path::Path};

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Files besides the connections of devices: database, log, upstream connections, the API.
const OTHER_FILES: u64 = 512;

/// Bytes that are free for relayd on the disk of `folder`.
pub fn free_space(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Open files that so many connections need.
pub fn files_needed(connections: u32) -> u64 {
    let connections = u64::from(connections);
    // Those who must give way to others are here for a moment more.
    connections + connections / 10 + OTHER_FILES
}

/// Keeps the memory of this process, which holds keys and passwords, to itself: no core dumps, no
/// debugger of the same user. The limit alone does not stop a core handler that the kernel pipes
/// to (core(5)), and a process may be made dumpable again by nobody else.
pub fn hide_memory() -> io::Result<()> {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_hidden() {
        use rustix::process::{dumpable_behavior, getrlimit};
        hide_memory().unwrap();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }

    #[test]
    fn connections_need_files_and_so_do_others() {
        for (connections, needed) in [(0, 512), (5000, 6012), (u32::MAX, 4_724_464_536)] {
            assert_eq!(files_needed(connections), needed);
        }
    }

    #[test]
    fn the_room_of_a_folder_is_told_or_why_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_space(folder.path()).is_ok());
        assert!(free_space(&folder.path().join("nowhere")).is_err());
    }
}
