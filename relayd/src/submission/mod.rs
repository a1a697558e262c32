//! The product behind the door: who are you, may you send this, is it safe on disk.

mod author;
mod directory;
mod door;
mod explain;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod header;
mod identity;
mod judgement;
mod listing;
mod mailboxes;
mod received;
mod repair;
mod sink;
mod story;
mod test_mail;
#[cfg(test)]
mod tests;
mod uses;

pub use door::{Door, Principal, Settings};
pub use sink::MessageSink;
