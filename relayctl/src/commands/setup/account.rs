//! For which account: the operator chooses or makes one, an owner signs in or registers. Ends with
//! one that is active.

use relay_proto::{
    Account, AccountPath, AccountState, ActivateAccount, Nothing, Role, ShowAccount, ShowCaller,
    VerifyAccount,
};

use super::screen::Screen;
use super::{Desk, later, person};
use crate::args::Globals;
use crate::commands::account::{holder, next_step};
use crate::error::{Exit, Failure};
use crate::session::Session;

/// Ends where the account is active, or somebody else has to act.
pub(super) fn open(session: &Session, screen: Screen) -> Result<Desk, Failure> {
    match session.role()? {
        Some(Role::Operator) => as_operator(session, screen),
        Some(Role::Owner) => as_owner(session, screen),
        None => as_owner(&person::comes_in(session, screen)?, screen),
    }
}

/// Whoever signed in has an account whose e-mail was confirmed and that was activated.
fn as_owner(session: &Session, screen: Screen) -> Result<Desk, Failure> {
    let client = session.client()?;
    let caller = match client.call::<ShowCaller>(&Nothing {}, &Nothing {}) {
        Err(failure) if failure.code() == "account-not-active" => {
            return Err(later(screen, &format!("{failure}.")));
        }
        answer => answer?.value,
    };
    let name = caller.account.unwrap_or_default();
    let desk = desk(session, screen, false, &name);
    let account = desk.account()?;
    tell(screen, &account);
    screen.ok("e-mail", &account.email);
    refuse_idle(&desk, &account)?;
    Ok(desk)
}

fn desk(session: &Session, screen: Screen, is_operator: bool, account: &str) -> Desk {
    let globals = Globals {
        account: Some(account.to_owned()),
        ..session.globals.clone()
    };
    Desk {
        session: session.for_dialogue(globals),
        screen,
        is_operator,
        account: account.to_owned(),
    }
}

fn tell(screen: Screen, account: &Account) {
    screen.ok(
        "account",
        &format!("{}, {}", account.name, holder(account).trim()),
    );
}

/// One that is suspended or at its end takes no part in this.
fn refuse_idle(desk: &Desk, account: &Account) -> Result<(), Failure> {
    if account.state == AccountState::Active {
        desk.screen.ok("activation", "the account is active");
        return Ok(());
    }
    let what = format!("account {} is {}", account.name, account.state);
    let failure = Failure::new(Exit::Pending, "account-not-active", what);
    Err(match next_step(account) {
        Some(step) => failure.hint(step),
        None => failure,
    })
}

fn as_operator(session: &Session, screen: Screen) -> Result<Desk, Failure> {
    let (account, is_new) = match session.named_account()? {
        Some(account) => {
            let path = AccountPath { account };
            let shown = session.client()?.call::<ShowAccount>(&path, &Nothing {})?;
            (shown.value, false)
        }
        None => chosen(session, screen)?,
    };
    let desk = desk(session, screen, true, &account.name);
    tell(screen, &account);
    confirm_email(&desk, &account, is_new)?;
    let account = activate(&desk)?;
    refuse_idle(&desk, &account)?;
    Ok(desk)
}

/// One of those that there are, or a new one. Whether it is new.
fn chosen(session: &Session, screen: Screen) -> Result<(Account, bool), Failure> {
    let mut accounts = session.accounts()?;
    accounts.retain(|it| !matches!(it.state, AccountState::Closing | AccountState::Closed));
    if !accounts.is_empty() {
        screen.gap();
        let mut items: Vec<_> = accounts.iter().map(item).collect();
        items.push("a new one".to_owned());
        // Whoever comes back goes on with the one that lacks something.
        let unfinished = accounts.iter().rposition(|account| !account.sends);
        let place = unfinished.unwrap_or(accounts.len() - 1);
        let chosen = session.prompts.choice("Account", &items, place)?;
        if let Some(account) = accounts.into_iter().nth(chosen) {
            return Ok((account, false));
        }
    }
    let (account, _) = person::register(session, screen, false)?;
    Ok((account, true))
}

fn item(account: &Account) -> String {
    let lacks = match (account.state, account.sends) {
        (AccountState::Registered, _) => " (waits)".to_owned(),
        (AccountState::Active, true) => String::new(),
        (AccountState::Active, false) => " (not ready)".to_owned(),
        (state, _) => format!(" ({state})"),
    };
    format!("{}{lacks}", account.name)
}

/// The operator may know whose address it is; else the code from the mail tells.
fn confirm_email(desk: &Desk, account: &Account, is_new: bool) -> Result<(), Failure> {
    let (screen, email) = (desk.screen, &account.email);
    if account.verified_at.is_none() {
        screen.head(
            "E-mail",
            &format!(
                "Codes and notices for the account go to {email}. You may vouch that it is the \
                 customer's; else the code that was sent there proves it."
            ),
        );
        let items = ["I vouch for it".to_owned(), "I have the code".to_owned()];
        let default = usize::from(!is_new);
        match desk.session.prompts.choice("E-mail", &items, default)? {
            0 => {
                let client = desk.session.client()?;
                client.call::<VerifyAccount>(&desk.path(), &Nothing {})?;
            }
            _ => person::confirms(&desk.session, screen, &account.name)?,
        }
    }
    screen.ok("e-mail", email);
    Ok(())
}

/// That is the operator's to do, who sits here.
fn activate(desk: &Desk) -> Result<Account, Failure> {
    let account = desk.account()?;
    if account.state != AccountState::Registered {
        return Ok(account);
    }
    let client = desk.session.client()?;
    Ok(client
        .call::<ActivateAccount>(&desk.path(), &Nothing {})?
        .value)
}
