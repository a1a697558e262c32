//! relayd.toml: what belongs to the machine.
