//! All integration tests, in one binary: `exchange_sim` tests the stand-in, the others run the
//! real relayd and relayctl between real clients and the stand-in.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what goes wrong shall fail it"
)]

mod architecture;
mod clients;
mod crash;
mod dev;
mod exchange_sim;
mod large;
mod operations;
mod refusals;
mod shutdown;
mod store_contract;
mod tour;
mod upstream_trouble;
mod world;
