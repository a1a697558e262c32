//! Processor time and memory of a tree of processes, from `/proc`.

use std::{
    collections::HashMap,
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// `/proc/PID/stat` counts in ticks of this length (`getconf CLK_TCK` is 100 on every Linux).
const TICK: Duration = Duration::from_millis(10);

/// A process and everything it started.
#[derive(Debug, Clone, Copy)]
pub struct Tree {
    root: u32,
}

struct Stat {
    parent: u32,
    /// Its own time and that of its children that ended.
    cpu: Duration,
}

impl Tree {
    /// The tree under a process.
    pub fn of(root: u32) -> Self {
        Self { root }
    }

    /// The process on top.
    pub fn root(self) -> u32 {
        self.root
    }

    /// Processor time used so far, of processes that run and of those that ended.
    pub fn cpu(self) -> Result<Duration> {
        let members = self.members()?;
        Ok(members.iter().map(|(_, stat)| stat.cpu).sum())
    }

    /// Memory in bytes. Pages that processes share are counted once, by their proportion.
    pub fn memory(self) -> Result<u64> {
        let mut bytes = 0;
        for (process, _) in self.members()? {
            // A process may end between the listing and here. One that hides its memory tells
            // its share to root only, and to others what it has resident.
            let line = |file: &str, name: &str| {
                let text = fs::read_to_string(format!("/proc/{process}/{file}")).ok()?;
                kibibytes(&text, name)
            };
            let share = line("smaps_rollup", "Pss:").or_else(|| line("status", "VmRSS:"));
            bytes += share.unwrap_or(0) * 1024;
        }
        Ok(bytes)
    }

    /// Most memory the process on top ever had resident (`VmHWM`), in bytes.
    pub fn peak_resident(self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.root))?;
        let peak = kibibytes(&status, "VmHWM:").context("no VmHWM in /proc/PID/status")?;
        Ok(peak * 1024)
    }

    /// Waits until the tree rests: less than 2 % of a processor over half a second.
    pub fn settle(self) -> Result<()> {
        const LOOK: Duration = Duration::from_millis(500);
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let before = self.cpu()?;
            std::thread::sleep(LOOK);
            let used = self.cpu()?.saturating_sub(before);
            if used <= TICK || Instant::now() > deadline {
                return Ok(());
            }
        }
    }

    fn members(self) -> Result<Vec<(u32, Stat)>> {
        let mut all = HashMap::new();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            if let Ok(text) = fs::read_to_string(format!("/proc/{process}/stat")) {
                all.insert(process, parse(&text).context("reading /proc/PID/stat")?);
            }
        }
        all.get(&self.root).context("the relay is not running")?;
        let is_member = |mut process: u32| {
            while process != self.root {
                match all.get(&process) {
                    Some(stat) if stat.parent != 0 => process = stat.parent,
                    _ => return false,
                }
            }
            true
        };
        let members: Vec<u32> = all
            .keys()
            .copied()
            .filter(|process| is_member(*process))
            .collect();
        Ok(members
            .into_iter()
            .filter_map(|process| all.remove(&process).map(|stat| (process, stat)))
            .collect())
    }
}

/// Reads a line of `/proc/PID/stat` (proc(5)); the name in it may hold anything but `)` at its end.
fn parse(text: &str) -> Option<Stat> {
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    // The first field here is the third of the manual page: state.
    let number = |position: usize| fields.get(position - 3)?.parse::<u32>().ok();
    let ticks = number(14)? + number(15)? + number(16)? + number(17)?;
    Some(Stat {
        parent: number(4)?,
        cpu: TICK * ticks,
    })
}

fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_is_read_whatever_the_name() {
        let stat = parse("7 (a) b (c) S 1 7 7 0 -1 4194304 9 9 0 0 100 20 3 4 20 0 1 0").unwrap();
        assert_eq!(stat.parent, 1);
        assert_eq!(stat.cpu, Duration::from_millis(1270));
    }

    #[test]
    fn a_process_sees_itself() {
        let tree = Tree::of(std::process::id());
        assert!(tree.memory().unwrap() > 100_000);
        assert!(tree.peak_resident().unwrap() > 100_000);
        assert!(Tree::of(u32::MAX).cpu().is_err());
    }
}
