//! May this principal submit this, now? Pure: no I/O, no clock.

mod access;
mod allowance;
mod bans;
mod guesses;
mod limits;
mod offer;
mod scores;
mod sender;

pub use access::{Admission, Proof, admit, system_at};
pub use allowance::Allowance;
pub use bans::{BanChanges, MOST_BANS, REMEMBERED as BANS_REMEMBERED};
pub use guesses::{Attempt, Consequence, GuessSettings, Guesses};
pub use limits::{DAY, Meter, count, start_of_day};
pub use offer::check_offer;
pub use sender::{SenderRule, judge_header_address, judge_reverse_path};
