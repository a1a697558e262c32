//! SMTP dialogues as text files, played against a relayd over real sockets.
//!
//! `tests/dialogs/README.md` describes the format. `script` reads it, `text` its escapes, `talk`
//! plays one, `stage` is the relayd with the accounts that they play on, and `verdict` compares
//! what was kept and what was logged with what the file says.

mod script;
mod stage;
mod talk;
mod text;
mod verdict;

pub use script::Script;
pub use stage::Stage;
pub use talk::{Failure, Talk, play};
pub use verdict::judge;
