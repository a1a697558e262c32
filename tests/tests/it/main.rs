//! All integration tests, in one binary. `architecture`, `completions`, `exchange_sim` and
//! `store_contract` test what their names say; the others run the real relayd and relayctl between
//! real clients and the stand-in.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what goes wrong shall fail it"
)]

mod address_auth;
mod architecture;
mod attack_page;
mod attacks;
mod audit;
mod barred;
mod binary;
mod byte_for_byte;
mod changeover;
mod clients;
mod clouds;
mod completions;
mod configuration;
mod crash;
mod dev;
mod dialogs;
mod domains;
mod encryption;
mod examples;
mod exchange_sim;
mod explain;
mod faults;
mod foreign;
mod graph;
mod graph_mail;
mod large;
mod lifecycle;
mod limits;
mod manners;
mod manual;
mod notices;
mod notifications;
mod oauth;
mod operations;
mod owners;
mod page;
mod pager;
mod pictures;
mod postgres_walk;
mod reasons;
mod refusals;
mod schemathesis;
mod second_factor;
mod secret_service;
mod setup;
mod shells;
mod shutdown;
mod store_contract;
mod tail;
mod test_mail;
mod tour;
mod upstream_trouble;
mod walk;
mod world;
