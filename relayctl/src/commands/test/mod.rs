//! `relayctl test`: the whole way, tried.

pub(super) mod send;

super::verbs! {
    /// Tests.
    Verb { Send(send::Args) }
}
