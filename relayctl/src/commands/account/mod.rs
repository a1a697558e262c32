//! `relayctl account`: customers.

mod activate;
mod close;
mod contact;
pub(super) mod create;
mod edit;
mod export;
mod file;
mod invitations;
mod invite;
mod list;
mod reject;
mod resend_code;
mod resume;
mod revoke_invitation;
mod show;
mod suspend;
mod verify;

pub(crate) use self::file::RouteFile;
use relay_proto::{
    Account, AccountKind, AccountPath, AccountState, Endpoint, ListRelayUsers, ListSystems,
    Nothing, PageQuery, ShowAccount,
};

use crate::client::Part;
use crate::commands::counted;
use crate::complete;
use crate::error::Failure;
use crate::output::cell::Cell;
use crate::output::{Rank, View, column};
use crate::session::Session;

super::verbs! {
    /// Accounts.
    Verb {
        Create(create::Args),
        List(list::Args),
        Show(show::Args),
        Edit(edit::Args),
        Verify(verify::Args),
        ResendCode(resend_code::Args),
        Invite(invite::Args),
        Invitations(invitations::Args),
        RevokeInvitation(revoke_invitation::Args),
        Activate(activate::Args),
        Reject(reject::Args),
        Suspend(suspend::Args),
        Resume(resume::Args),
        Close(close::Args),
        Export(export::Args),
    }
}

/// Names the account to act on.
#[derive(Debug, clap::Args)]
struct Name {
    /// Name or id of the account; --account or the only one when not given
    #[arg(value_name = "ACCOUNT", add = complete::accounts())]
    name: Option<String>,
}

impl Name {
    fn resolve(self, session: &Session) -> Result<String, Failure> {
        self.name.map_or_else(|| session.account(), Ok)
    }

    /// Brings the account a step nearer to sending; says that, and what it still lacks.
    fn advance<E>(self, session: &Session, said: impl Fn(&str) -> String) -> Result<(), Failure>
    where
        E: Endpoint<Path = AccountPath, Query = Nothing, Body = Nothing, Reply = Account>,
    {
        let account = self.resolve(session)?;
        let path = AccountPath { account };
        let answer = session.client()?.call::<E>(&path, &Nothing {})?;
        let account = &answer.value;
        let sentence = format!("{} {}", said(&account.name), standing(account));
        session.out.changed(&answer, &VIEW, &sentence)?;
        if let Some(step) = next_step(account) {
            session.out.next(&step);
        }
        Ok(())
    }
}

/// Who the account belongs to, for people.
pub(super) fn holder(account: &Account) -> String {
    match account.kind {
        AccountKind::Company => account.company.clone(),
        AccountKind::Person => format!("{} {}", account.first_name, account.last_name),
    }
}

static VIEW: View<Account> = View {
    columns: &[
        column("name", Rank::Key, |it| Cell::text(&it.name)),
        column("state", Rank::Column(9), |it| Cell::text(it.state.as_str())),
        column("holder", Rank::Text(5), |it| Cell::text(holder(it).trim())),
        column("email", Rank::Column(4), |it| Cell::text(&it.email)),
        column("plan", Rank::Column(7), |it| {
            Cell::maybe(it.plan.as_ref(), Cell::text)
        }),
        column("sends", Rank::Column(8), |it| Cell::YesNo(it.sends)),
        column("missing", Rank::Wide, |it| Cell::List(it.missing.clone())),
        column("kind", Rank::Wide, |it| Cell::text(it.kind.as_str())),
        column("vat_id", Rank::Wide, |it| Cell::text(&it.vat_id)),
        column("phone", Rank::Wide, |it| Cell::text(&it.phone)),
        column("street", Rank::Wide, |it| Cell::text(&it.street)),
        column("postal_code", Rank::Wide, |it| Cell::text(&it.postal_code)),
        column("city", Rank::Wide, |it| Cell::text(&it.city)),
        column("country", Rank::Wide, |it| Cell::text(&it.country)),
        column("verified_at", Rank::Wide, |it| {
            Cell::maybe(it.verified_at, Cell::Time)
        }),
        column("activated_at", Rank::Wide, |it| {
            Cell::maybe(it.activated_at, Cell::Time)
        }),
        column("domain_proof", Rank::Wide, |it| {
            Cell::text(it.domain_proof.as_str())
        }),
        column("bounces_to", Rank::Wide, |it| {
            Cell::text(it.bounces_to.as_str())
        }),
        column("new_email", Rank::Wide, |it| {
            Cell::maybe(it.new_email.as_ref(), Cell::text)
        }),
        column("note", Rank::Wide, |it| Cell::text(&it.note)),
        column("suspended_by", Rank::Wide, |it| {
            Cell::maybe(it.suspended_by, |by| Cell::text(by.as_str()))
        }),
        column("suspended_for", Rank::Wide, |it| {
            Cell::text(&it.suspended_for)
        }),
        column("queued", Rank::Wide, |it| Cell::count(it.queued)),
        column("drain_until", Rank::Wide, |it| {
            Cell::maybe(it.drain_until, Cell::Time)
        }),
        column("closed_at", Rank::Wide, |it| {
            Cell::maybe(it.closed_at, Cell::Time)
        }),
        column("created_at", Rank::Column(2), |it| {
            Cell::Time(it.created_at)
        }),
        column("id", Rank::Wide, |it| Cell::text(&it.id)),
    ],
    name: |it| &it.name,
    empty: "There are no accounts yet. Next: relayctl account create",
};

/// Where an account is in its life: a sentence for people.
fn standing(account: &Account) -> String {
    if account.state != AccountState::Registered {
        return format!("It is {}.", account.state);
    }
    let waits_for = match (account.verified_at, account.activated_at) {
        (None, None) => "its e-mail to be confirmed, and to be activated",
        (None, Some(_)) => "its e-mail to be confirmed",
        (Some(_), _) => "the operator to activate it",
    };
    format!("It still waits for {waits_for}.")
}

/// How many relay users and systems an account has, in words.
fn stock(session: &Session, account: &AccountPath) -> Result<String, Failure> {
    let client = session.client()?;
    let (query, all) = (PageQuery::default(), Part::default());
    let users = client.list::<ListRelayUsers, _>(account, &query, &all)?;
    let systems = client.list::<ListSystems, _>(account, &query, &all)?;
    Ok(format!(
        "{} and {}",
        counted(users.items.len(), "relay user"),
        counted(systems.items.len(), "system"),
    ))
}

/// Tells what comes next for an account that got nearer to sending. That is done, so whatever stands
/// in the way of this is no failure.
pub(super) fn tell_next(session: &Session, account: &str) {
    if session.out.quiet || !session.out.format.is_for_people() {
        return;
    }
    let path = AccountPath {
        account: account.to_owned(),
    };
    let shown = session
        .client()
        .and_then(|client| client.call::<ShowAccount>(&path, &Nothing {}));
    if let Ok(answer) = shown {
        let step = next_step(&answer.value);
        let step = step.as_deref();
        session
            .out
            .next(step.unwrap_or("relayctl user create NAME --sender ADDRESS"));
    }
}

/// The command that mends the first thing an account lacks.
pub(super) fn next_step(account: &Account) -> Option<String> {
    let name = &account.name;
    if matches!(account.state, AccountState::Closing | AccountState::Closed) {
        return None;
    }
    let first = account.missing.first()?;
    Some(match first.as_str() {
        "account-not-active" if account.verified_at.is_none() => {
            format!("relayctl account verify {name}")
        }
        "account-not-active" if account.activated_at.is_none() => {
            format!("relayctl account activate {name}")
        }
        "account-not-active" => format!("relayctl account resume {name}"),
        "no-subscription" => format!("relayctl subscription start --account {name} --plan NAME"),
        "route-not-ready" => {
            format!("relayctl route set --account {name}, or relayctl route check --account {name}")
        }
        code => format!("relayctl help error {code}"),
    })
}
