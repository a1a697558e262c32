//! `relayctl export` and `relayctl apply`: the configuration of an account as one file.

pub(super) mod apply;
mod complaint;
mod difference;
pub(super) mod export;
mod passwords;
mod read;
mod reader;
mod secrets;
mod toml_text;

/// What a setting of a route is called in the file, where the API has another name for it. The file
/// has those of the flags, which take files where the API takes what is in them.
const ROUTE_NAMES: [(&str, &str); 7] = [
    ("client_secret_expires_at", "client_secret_expires"),
    ("recipients_per_day", "per_day"),
    ("ca_pem", "server_ca"),
    ("password", "password_file"),
    ("client_secret", "client_secret_file"),
    ("certificate_pem", "certificate"),
    ("key_pem", "key"),
];
