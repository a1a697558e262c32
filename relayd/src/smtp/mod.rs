//! The door: SMTP submission over TCP. Knows no store, no queue, no HTTP; asks a [`Backend`].

mod backend;

pub use backend::{
    Backend, Credentials, MailParameters, Peer, Receipt, RefusalContext, Sink, Stage,
};
