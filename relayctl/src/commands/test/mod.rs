//! `relayctl test`: the whole way, tried.

mod send;

super::verbs! {
    /// Tests.
    Verb { Send(send::Args) }
}
