//! What the device signs in as. Its password is shown once, in the settings to type in.

use relay_proto::{
    CreateRelayUser, ListRelayUsers, NewRelayUser, OtherSender, PageQuery, PasswordChange,
    RelayUser, RelayUserPath, RotatePassword, ServerInfo,
};
use secrecy::ExposeSecret as _;

use super::{Desk, device, domain_of, is_mendable};
use crate::client::Part;
use crate::commands::user::password::{NewPassword, PasswordFlags};
use crate::error::Failure;
use crate::password::lost;
use crate::prompt::{Form, check};

/// A relay user, and whether its settings were shown with the password by now.
pub(super) struct Known {
    pub(super) username: String,
    pub(super) sender: String,
    pub(super) allowed_senders: Vec<String>,
    pub(super) other_sender: OtherSender,
    pub(super) was_shown: bool,
}

impl Known {
    fn of(user: RelayUser, was_shown: bool) -> Self {
        Self {
            username: user.username,
            sender: user.sender,
            allowed_senders: user.allowed_senders,
            other_sender: user.other_sender,
            was_shown,
        }
    }
}

pub(super) fn create(desk: &Desk) -> Result<Known, Failure> {
    let client = desk.session.client()?;
    let part = Part::default();
    let listed = client.list::<ListRelayUsers, _>(&desk.path(), &PageQuery::default(), &part)?;
    let mut users = listed.items;
    let chosen = match users.len() {
        0 => None,
        1 => users.pop(),
        _ => {
            desk.screen.gap();
            let items: Vec<_> = users.iter().map(|user| user.username.clone()).collect();
            let chosen = desk.session.prompts.choice("Relay user", &items, 0)?;
            users.into_iter().nth(chosen)
        }
    };
    let user = match chosen {
        Some(user) => Known::of(user, false),
        None => made(desk)?,
    };
    let line = format!("{}, sends as {}", user.username, user.sender);
    desk.screen.ok("relay user", &line);
    Ok(user)
}

fn made(desk: &Desk) -> Result<Known, Failure> {
    let (screen, session) = (desk.screen, &desk.session);
    screen.head(
        "Relay user",
        "What devices sign in as: a name, a password, and the address they send from. Several \
         devices may share one.",
    );
    let domain = domain_of(&desk.account()?.email).to_owned();
    let mut form = Form::new(&session.prompts);
    form.suggest(SENDER, &format!("scanner@{domain}"));
    loop {
        let sender = form.required(SENDER, "Sender address", None, check::address)?;
        form.suggest(SENDER, &sender);
        let local = sender.rsplit_once('@').map_or("", |(local, _)| local);
        form.suggest(NAME, &local.to_lowercase());
        let name = form.required(NAME, "User name", None, check::anything)?;
        let Some(password) = PasswordFlags::default().resolve(session, &mut form)? else {
            continue;
        };
        let new = NewRelayUser {
            username: Some(name),
            password: Some(password.password.expose_secret().to_owned()),
            sender,
            allowed_senders: Vec::new(),
            other_sender: None,
        };
        let server = device::server(desk)?;
        let result = session
            .client()?
            .call::<CreateRelayUser>(&desk.path(), &new);
        let name = new.username.as_deref().unwrap_or("NAME");
        let remedy = format!("relayctl user rotate-password {name}");
        match password.unless_refused(result, &remedy) {
            Ok((password, answer)) => {
                let user = Known::of(answer.value.user, true);
                show(desk, &server, &user, &password)?;
                screen.gap();
                return Ok(user);
            }
            Err(failure) if is_mendable(&failure) || failure.code() == "domain-not-verified" => {
                screen.trouble(&failure);
            }
            Err(failure) => return Err(failure),
        }
    }
}

const SENDER: &str = "--sender";
const NAME: &str = "NAME";

/// Replaces a password that nobody knows any more.
pub(super) fn rotate(desk: &Desk, user: &Known) -> Result<(), Failure> {
    let password = NewPassword::generated();
    let path = RelayUserPath {
        account: desk.account.clone(),
        user: user.username.clone(),
    };
    let change = PasswordChange {
        password: Some(password.password.expose_secret().to_owned()),
        credential: None,
    };
    let server = device::server(desk)?;
    let client = desk.session.client()?;
    client.call::<RotatePassword>(&path, &change)?;
    show(desk, &server, user, &password)
}

/// The one time that the password is seen; what cannot be shown is lost.
fn show(
    desk: &Desk,
    server: &ServerInfo,
    user: &Known,
    password: &NewPassword,
) -> Result<(), Failure> {
    device::show(desk, server, user, password.to_show()).map_err(|failure| {
        let remedy = format!("relayctl user rotate-password {}", user.username);
        lost(&failure, &remedy)
    })
}
