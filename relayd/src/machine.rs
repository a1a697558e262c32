//! What the machine gives relayd, and what relayd needs of it: room on disks, open files, memory
//! that nobody else reads.

use std::{io, path::Path};

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

/// Leaves no core dump when the process crashes, and lets no other process of its user read its
/// memory: keys and passwords are in it. Said to the kernel twice, since a dump into a pipe heeds
/// no limit.
pub fn keep_memory_private() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit};
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    rustix::process::setrlimit(Resource::Core, nothing)?;
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
