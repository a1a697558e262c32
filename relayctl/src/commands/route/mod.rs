//! `relayctl route`: how the mail of an account leaves.

pub(super) mod authorize;
mod check;
mod history;
mod remove;
mod rollback;
mod set;
mod settings;
mod show;
mod view;

use relay_proto::{RouteQuery, RouteRole};

pub(super) use self::set::{advise, checking, current, way};
pub(super) use self::settings::{SECRET_END, Settings, USER_NAME, certificate_file, key_file};
use self::view::VIEW;
pub(super) use self::view::server;

super::verbs! {
    /// Routes.
    Verb {
        Set(set::Args),
        Show(show::Args),
        Authorize(authorize::Args),
        Check(check::Args),
        History(history::Args),
        Rollback(rollback::Args),
        Remove(remove::Args),
    }
}

/// Which of an account's routes.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct Which {
    /// The fallback, instead of the first route
    #[arg(long)]
    fallback: bool,
}

impl Which {
    fn role(self) -> RouteRole {
        if self.fallback {
            RouteRole::Fallback
        } else {
            RouteRole::Primary
        }
    }

    fn query(self) -> RouteQuery {
        self.role().into()
    }

    /// What it is called in a sentence.
    fn noun(self) -> &'static str {
        if self.fallback { "fallback" } else { "route" }
    }

    /// The flag that names it, to append to a command.
    fn flag(self) -> &'static str {
        if self.fallback { " --fallback" } else { "" }
    }
}
