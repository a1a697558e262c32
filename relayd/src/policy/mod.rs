//! May this principal submit this, now? No I/O, no clock, no randomness: all of that is passed in.
//!
//! Most judgements are functions of what they are given. [`Guesses`] judges by what it has seen, and
//! keeps that in memory, bounded, behind a lock that no one holds while waiting; whoever asks says
//! what time it is. What outlives the process is for `accounts` to write down.

mod access;
mod allowance;
mod bans;
mod guesses;
mod limits;
mod offer;
mod scores;
mod sender;

pub use access::{Admission, Grounds, Proof, admit, system_at};
pub use allowance::Allowance;
pub use bans::{BanChanges, MOST_BANS, REMEMBERED as BANS_REMEMBERED};
pub use guesses::{Attempt, Consequence, GuessSettings, Guesses};
pub use limits::{DAY, Meter, count, start_of_day};
pub use offer::check_offer;
pub use sender::{SenderRule, Senders, judge_header_address, judge_reverse_path, own_domain};
