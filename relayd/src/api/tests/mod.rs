//! The API over a real store: every test speaks HTTP to the router.

mod access;
mod audit;
mod bans;
mod bench;
mod configuration;
mod customers;
mod doctor;
mod domains;
mod explain;
mod idempotency;
mod lifecycle;
mod limits;
mod mail;
mod matrix;
mod notifications;
mod owners;
mod plans;
mod problems;
mod route_kinds;
mod route_sign_in;
mod routes;
mod second_factor;
mod serving;
mod sessions;
mod tail;
mod webhooks;

use relay_proto as proto;

#[test]
fn the_openapi_document_is_as_published() {
    let document = serde_json::to_string_pretty(&proto::document("0.0.0")).unwrap();
    insta::assert_snapshot!("openapi", document);
}
