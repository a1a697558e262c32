//! May this principal submit this, now? Pure: no I/O, no clock.

mod access;
mod allowance;
mod limits;
mod sender;

pub use access::{Admission, Proof, admit, system_at};
pub use allowance::Allowance;
pub use limits::{Meter, count};
pub use sender::{SenderRule, judge_header_address, judge_reverse_path};
