//! The real binaries in temporary folders: relayd as a process, relayctl as its operator.
//!
//! A test starts a [`Relayd`], sets an account up through [`Relayctl`] as a person would, and
//! sends with real clients. Processes end with the value that owns them.

mod account;
mod binaries;
mod config;
mod daemon;
mod device;
mod hosts;
mod mail;
mod patience;
mod proxy;
mod relayctl;
mod running;
mod webhook;

pub use account::{Customer, UserAccess, change_plans, lift_limits};
pub use binaries::binary;
pub use config::{Config, Listener};
pub use daemon::Relayd;
pub use device::{Device, Reply};
pub use hosts::finding_here;
pub use mail::{Mail, code_in};
pub use patience::{PATIENCE, eventually};
pub use proxy::Proxy;
pub use relayctl::{Outcome, Relayctl};
pub use running::Running;
pub use webhook::{Delivery, Receiver};
