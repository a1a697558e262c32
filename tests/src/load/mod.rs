//! Load for benchmarks: a server that swallows mail and a client that sends it.
//!
//! Both run in one thread each and do as little as they can, so that the machine's processors are
//! left to the relay in between.

pub mod idle;
pub mod message;
pub mod send;
pub mod sink;
pub mod timing;
