//! `relayctl user`: what devices sign in as.

pub(super) mod create;
mod credential;
mod delete;
mod edit;
mod list;
pub(super) mod password;
mod resume;
mod rotate_password;
mod show;
mod suspend;

use relay_proto::{AccountPath, ListSystems, PageQuery, RelayUser, RelayUserPath};

use crate::client::Part;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Relay users.
    Verb {
        Create(create::Args),
        List(list::Args),
        Show(show::Args),
        Edit(edit::Args),
        RotatePassword(rotate_password::Args),
        Credential(credential::Args),
        Suspend(suspend::Args),
        Resume(resume::Args),
        Delete(delete::Args),
    }
}

/// Names the relay user to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// User name or id of the relay user
    #[arg(value_name = "USER", add = complete::users())]
    user: String,
}

impl Name {
    fn path(self, session: &Session) -> Result<RelayUserPath, Failure> {
        Ok(RelayUserPath {
            account: session.account()?,
            user: self.user,
        })
    }
}

/// Names of the systems that send as this relay user.
pub(super) fn systems_of(session: &Session, path: &RelayUserPath) -> Result<Vec<String>, Failure> {
    let account = AccountPath {
        account: path.account.clone(),
    };
    let systems = session.client()?.list::<ListSystems, _>(
        &account,
        &PageQuery::default(),
        &Part::default(),
    )?;
    let mine = systems
        .items
        .into_iter()
        .filter(|system| system.user == path.user);
    Ok(mine.map(|system| system.name).collect())
}

static VIEW: View<RelayUser> = View {
    columns: &[
        column("username", Rank::Key, |it| Cell::text(&it.username)),
        column("sender", Rank::Column(9), |it| Cell::text(&it.sender)),
        column("allowed_senders", Rank::Text(4), |it| {
            Cell::List(it.allowed_senders.clone())
        }),
        column("other_sender", Rank::Column(5), |it| {
            Cell::text(it.other_sender.as_str())
        }),
        column("state", Rank::Column(8), |it| Cell::text(it.state.as_str())),
        column("created_at", Rank::Column(2), |it| {
            Cell::Time(it.created_at)
        }),
        column("account", Rank::Wide, |it| Cell::text(&it.account)),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.username,
    empty: "There are no relay users yet. Next: relayctl user create NAME --sender ADDRESS --generate --password-out FILE",
};
