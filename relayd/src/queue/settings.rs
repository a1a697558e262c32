//! What can be set about the queue.

use std::time::Duration;

use super::Schedule;

/// Sizes, waits and the retry schedule of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// When a message is tried again.
    pub schedule: Schedule,
    /// Messages that each lane has in memory at most. Should be well above `settlements`.
    pub window: usize,
    /// Bytes of bodies that all lanes have in memory at most; others are read from the store.
    pub body_memory: usize,
    /// Settlements of one lane that may wait for the journal while its connections go on.
    pub settlements: usize,
    /// Mails of one sender refused in a row, for the same kind of error, until its mail waits; 0 is
    /// never.
    pub breaker_failures: u32,
    /// First wait of a lane whose server is out of reach or asks for patience; doubles each time.
    pub rest: Duration,
    /// The longest such wait.
    pub longest_rest: Duration,
    /// How often the store is searched for messages that no lane knows of.
    pub rescan: Duration,
    /// How often the depth and the age of the lanes are counted.
    pub recount: Duration,
    /// Name of this machine in bounces.
    pub reporting_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schedule: Schedule::default(),
            window: 2000,
            body_memory: 64 * 1024 * 1024,
            settlements: 256,
            breaker_failures: 5,
            rest: Duration::from_secs(2),
            longest_rest: Duration::from_mins(5),
            rescan: Duration::from_mins(5),
            recount: Duration::from_secs(30),
            reporting_name: "localhost".to_owned(),
        }
    }
}
