//! May this principal submit this, now? Pure: no I/O, no clock.

mod access;
mod sender;

pub use access::{Admission, admit};
pub use sender::{SenderRule, judge_header_address, judge_reverse_path};
