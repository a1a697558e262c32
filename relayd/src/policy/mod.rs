//! May this principal submit this, now? Pure: no I/O, no clock.

mod limits;

pub use limits::Meter;
