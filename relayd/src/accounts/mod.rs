//! Use cases of administration: what the API and the sandbox do to accounts.

pub mod password;
