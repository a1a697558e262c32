//! The demo account: active, subscribed, on a capture route, with one relay user and one system.

use std::path::{Path, PathBuf};

use crate::{
    accounts::{Accounts, AdminError, NewAccount, NewRelayUser, NewSystem, RouteSettings},
    model::{
        AccountKind, Authority, DomainProof, OtherSender, Priority, RouteKind, RouteRole, Secret,
        SystemAuth,
    },
};

/// Name of the account and of its relay user.
pub(super) const NAME: &str = "demo";
/// What the relay user sends as.
pub(super) const SENDER: &str = "scanner@example.com";

/// What a sandbox has for whoever started it.
pub(super) struct Demo {
    /// `None` when the account was there already: a password is shown once.
    pub(super) password: Option<Secret>,
    /// Where its mail ends.
    pub(super) mail: PathBuf,
}

/// Makes the demo account unless it is there.
pub(super) async fn prepare(accounts: &Accounts, folder: &Path) -> Result<Demo, AdminError> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mail = folder.join("mail");
    let password = match accounts.find_account(NAME).await {
        Ok(_) => None,
        Err(AdminError::NotFound { .. }) => Some(create(accounts, &mail).await?),
        Err(error) => return Err(error),
    };
    Ok(Demo { password, mail })
}

async fn create(accounts: &Accounts, mail: &Path) -> Result<Secret, AdminError> {
    accounts
        .create_account(NewAccount {
            name: Some(NAME.to_owned()),
            kind: AccountKind::Company,
            company: "Demo".to_owned(),
            email: "demo@example.com".to_owned(),
            vat_id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            phone: String::new(),
            street: String::new(),
            postal_code: String::new(),
            city: String::new(),
            country: String::new(),
            email_vouched: true,
            password: None,
            invitation: None,
            domain_proof: Some(DomainProof::Waived),
            route: None,
        })
        .await?;
    accounts.activate_account(NAME).await?;
    accounts
        .start_subscription(NAME, "business", Authority::Operator)
        .await?;
    let account = accounts.find_account(NAME).await?;
    let route = RouteSettings {
        folder: Some(mail.display().to_string()),
        ..RouteSettings::new(RouteKind::Capture)
    };
    let primary = RouteRole::Primary;
    accounts.set_route(&account, primary, route, None).await?;
    let user = NewRelayUser {
        username: Some(NAME.to_owned()),
        password: None,
        sender: SENDER.to_owned(),
        allowed_senders: Vec::new(),
        other_sender: OtherSender::Reject,
    };
    let made = accounts.create_relay_user(&account, user).await?;
    let system = NewSystem {
        priority: Priority::Normal,
        name: "this-machine".to_owned(),
        address: "127.0.0.0/8".to_owned(),
        user: NAME.to_owned(),
        auth: SystemAuth::Password,
    };
    accounts
        .add_system(&account, system, Authority::Operator)
        .await?;
    let no_password = || AdminError::Internal("no password was made".to_owned());
    made.made_password.ok_or_else(no_password)
}
