//! `relayctl audit`: who changed what.

mod list;
mod verify;

super::verbs! {
    /// The audit log.
    Verb { List(list::Args), Verify(verify::Args) }
}
