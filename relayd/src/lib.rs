//! relayd: an SMTP submission relay for Exchange Online.
//!
//! Devices submit over TLS with a password and from a registered address; relayd checks who may
//! send as whom, makes the mail safe on disk before it says 250, and hands it to the account's
//! route. `docs/architecture.md` shows the rooms and which way imports run.

pub mod accounts;
pub mod api;
pub mod app;
pub mod certificate;
pub mod clock;
pub mod config;
pub mod dev;
pub mod dns;
pub mod doctor;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod machine;
pub mod model;
pub mod policy;
pub mod queue;
pub mod smtp;
pub mod store;
pub mod submission;
pub mod telemetry;
pub mod upstream;
pub mod webhook;
