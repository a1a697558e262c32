//! The door: SMTP submission over TCP. Knows no store, no queue, no HTTP; asks a [`Backend`].
//!
//! `listener` takes connections, `connection` drives one, `line` and `syntax` read commands,
//! `engine` and `session` carry them out, `data` and `body` take the message in.

#![warn(clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::indexing_slicing))]

mod admission;
mod backend;
mod body;
mod connection;
mod data;
mod engine;
mod entrance;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod line;
mod listener;
mod parameters;
mod proxy;
mod quirk;
mod reply;
mod sasl;
mod session;
mod settings;
mod syntax;
#[cfg(test)]
mod tests;
mod tls;

pub use backend::{
    Backend, Credentials, MailParameters, Peer, Receipt, RefusalContext, Sink, Stage, Terms,
};
pub use entrance::{Encryption, Entrance, Offer, read_recipient, read_sender, reply_to};
pub use listener::{BindError, Server};
pub use proxy::{ProxyError, ProxyHeader, parse as parse_proxy_header};
pub use quirk::Quirk;
pub use settings::{Bind, Caps, ListenerSettings, Mode, Settings, Timeouts};
pub use tls::{Certificate, NamedCertificate, ServerTls, TlsError};
