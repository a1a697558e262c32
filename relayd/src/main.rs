//! relayd, the daemon.

fn main() {}
