//! `relayctl test`: the whole way, tried.

mod auth;
mod send;

super::verbs! {
    /// Tests.
    Verb { Send(send::Args), Auth(auth::Args) }
}
