//! SQL, on SQLite and PostgreSQL. Every statement has one text for both engines.

mod mail;

pub use mail::{BodyChunk, NewMessage, QueuedMessage, RefusalRecord, Settlement};
