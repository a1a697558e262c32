//! relayctl, the command line of relayd.

fn main() {}
