//! `relayctl test`: the whole way, tried.

mod auth;
pub(super) mod send;

super::verbs! {
    /// Tests.
    Verb { Send(send::Args), Auth(auth::Args) }
}
