//! May this principal submit this, now? Pure: no I/O, no clock.

mod access;
mod bans;
mod guesses;
mod limits;
mod sender;

pub use access::{Admission, admit};
pub use bans::{BanChanges, MOST_BANS, REMEMBERED as BANS_REMEMBERED};
pub use guesses::{Attempt, Consequence, GuessSettings, Guesses};
pub use limits::Meter;
pub use sender::{SenderRule, judge_header_address, judge_reverse_path};
