//! May this principal submit this, now? Pure: no I/O, no clock.

mod access;
mod limits;
mod sender;

pub use access::{Admission, admit};
pub use limits::Meter;
pub use sender::{SenderRule, judge_header_address, judge_reverse_path};
