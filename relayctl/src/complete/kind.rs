//! What the arguments of commands name, as the commands declare it.

use clap::builder::{ArgExt, CommandExt};
use clap::{Arg, ValueHint};

use crate::output::View;

/// What an argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Contexts,
    Accounts,
    Plans,
    Users,
    Systems,
    Webhooks,
    Domains,
    /// Messages that have not left.
    Queued,
    /// The latest messages, wherever they are.
    Messages,
    Tokens,
    Invitations,
    Credentials,
    RouteVersions,
    Sessions,
    /// Whatever `--scope` says.
    Limited,
    /// Codes of failures.
    Codes,
    /// Commands, topics and codes.
    HelpWords,
    /// Commands and topics.
    ManWords,
    /// Paths of the API.
    Paths,
    /// Columns of what the command prints.
    Columns,
    Files,
}

impl ArgExt for Kind {}

/// The columns of what a command prints.
#[derive(Debug, Clone)]
pub(crate) struct Columns(pub(super) Vec<&'static str>);

impl CommandExt for Columns {}

/// Says what a command prints.
pub(crate) fn columns<T>(view: &'static View<T>) -> Columns {
    Columns(view.columns.iter().map(|column| column.name).collect())
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident $kind:ident;)+) => {
        $($(#[$meta])* pub(crate) const fn $name() -> Kind { Kind::$kind })+
    };
}

kinds! {
    /// Names of contexts.
    contexts Contexts;
    /// Names of accounts.
    accounts Accounts;
    /// Names of plans.
    plans Plans;
    /// Names of relay users of the account in question.
    users Users;
    /// Names of systems of the account in question.
    systems Systems;
    /// Names of webhooks: of the operator, or of the account that was named.
    webhooks Webhooks;
    /// Names of sender domains of the account in question.
    domains Domains;
    /// Ids of messages that have not left.
    queued Queued;
    /// Ids of the latest messages.
    messages Messages;
    /// Names of tokens.
    tokens Tokens;
    /// Ids of invitations.
    invitations Invitations;
    /// Names of the credentials of the relay user before it.
    credentials Credentials;
    /// Numbers of the versions of a route.
    route_versions RouteVersions;
    /// Ids of sessions.
    sessions Sessions;
    /// What has limits, by `--scope`.
    limited Limited;
    /// Codes of refusals.
    codes Codes;
    /// What `help` explains.
    help_words HelpWords;
    /// What `man` has a page of.
    man_words ManWords;
    /// Paths of the API.
    paths Paths;
    /// Columns of what the command prints.
    column_names Columns;
}

/// What an argument names: as declared, or files, where its value is called so.
pub(super) fn kind_of(argument: &Arg) -> Option<Kind> {
    let declared = argument.get::<Kind>().copied();
    declared.or_else(|| {
        let is_file = |name: &str| {
            ["FILE", "FOLDER", "DIR"]
                .iter()
                .any(|file| name == *file || name.starts_with(&format!("{file}|")))
        };
        let is_called_so = |names: &[clap::builder::Str]| names.iter().any(|name| is_file(name));
        let is_path = matches!(
            argument.get_value_hint(),
            ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath
        );
        let is_one = is_path
            || argument.get_id() == "socket"
            || argument.get_value_names().is_some_and(is_called_so);
        is_one.then_some(Kind::Files)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_as_a_file_is_one() {
        let argument = |name: &'static str| Arg::new("x").value_name(name);
        assert_eq!(kind_of(&argument("FILE")), Some(Kind::Files));
        assert_eq!(kind_of(&argument("FILE|none")), Some(Kind::Files));
        assert_eq!(kind_of(&argument("NAME")), None);
        assert_eq!(kind_of(&argument("NAME").add(users())), Some(Kind::Users));
    }
}
