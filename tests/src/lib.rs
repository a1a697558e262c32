//! Exchange Online stand-in, harness and load generator for the end-to-end tests.

pub mod postgres;
