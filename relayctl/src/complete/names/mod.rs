//! The names of what there is: of relayd, of the configuration, of relayctl itself.

mod own;
mod relayd;

use super::Kind;
use super::request::Request;

/// What may be typed, and a few words about it for shells that show them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) value: String,
    pub(super) help: String,
}

fn name(value: impl Into<String>, help: impl Into<String>) -> Name {
    Name {
        value: value.into(),
        help: help.into(),
    }
}

/// All names of a kind; none when they cannot be had in time.
pub(super) fn find(kind: Kind, request: &Request) -> Vec<Name> {
    match kind {
        Kind::Codes => own::codes(),
        Kind::HelpWords => own::help_words(request.words().split_first().map_or(&[], |(_, it)| it)),
        Kind::ManWords => own::man_words(request.words().split_first().map_or(&[], |(_, it)| it)),
        Kind::Paths => own::paths(),
        Kind::Columns => {
            let columns = request.columns().iter();
            columns.map(|column| name(*column, "")).collect()
        }
        Kind::Files => Vec::new(),
        _ if !request.may_ask() => Vec::new(),
        _ => relayd::in_time(kind, request),
    }
}
