//! Exchange Online stand-in, harness and load generator for the end-to-end tests.

pub mod bench;
pub mod dialog;
pub mod dns;
pub mod harness;
pub mod load;
pub mod postfix;
pub mod postgres;
pub mod pty;
pub mod sim;
pub mod tls;
pub mod wire;
