//! What to type into the device.

use relay_proto::{GetServer, Listener, ListenerTls, Nothing, ServerInfo};
use secrecy::{ExposeSecret as _, SecretString};

use super::Desk;
use super::screen::Screen;
use super::user::{self, Known};
use crate::error::Failure;
use crate::output::cell::harmless;

/// At the end, where the settings were not shown with the password: whoever lost it gets another.
pub(super) fn tell(desk: &Desk, user: &Known) -> Result<(), Failure> {
    if user.was_shown {
        return Ok(());
    }
    let name = &user.username;
    desk.screen.head(
        "Password",
        &format!(
            "relayd keeps no password that could be shown again. A new one for {name} ends the old \
             one at once, in every device that has it."
        ),
    );
    let items = [
        "I have the password".to_owned(),
        "make a new one now".to_owned(),
    ];
    match desk.session.prompts.choice("Password", &items, 0)? {
        0 => show(desk, &server(desk)?, user, None),
        _ => user::rotate(desk, user),
    }
}

/// Where a device is to connect. Asked for before a password is made: once there is one, nothing
/// but the terminal may keep it from being seen.
pub(super) fn server(desk: &Desk) -> Result<ServerInfo, Failure> {
    let client = desk.session.client()?;
    Ok(client.call::<GetServer>(&Nothing {}, &Nothing {})?.value)
}

/// The settings, with a password that was just made. Asks nobody.
pub(super) fn show(
    desk: &Desk,
    server: &ServerInfo,
    user: &Known,
    password: Option<&SecretString>,
) -> Result<(), Failure> {
    let text = settings(desk.screen, server, user, password);
    desk.session.out.block(&text)
}

fn settings(
    screen: Screen,
    server: &ServerInfo,
    user: &Known,
    password: Option<&SecretString>,
) -> String {
    let mut text = "\nType this into the device\n\n".to_owned();
    let mut line = |name: &str, value: &str| {
        for line in screen.hanging(&format!("  {name:<8}  "), value) {
            text += &line;
            text.push('\n');
        }
    };
    line("Server", &harmless(&server.hostname));
    let mut name = "Port";
    for listener in in_order(&server.listeners) {
        line(name, &port(listener));
        name = "or";
    }
    line("User", &user.username);
    match password {
        Some(password) => line("Password", password.expose_secret()),
        None => line("Password", "the one you have"),
    }
    line("Sender", &user.sender);
    if password.is_some() {
        text += "\n";
        for line in screen.hanging("  ", "The password is shown once, and stored nowhere.") {
            text += &line;
            text.push('\n');
        }
    }
    text
}

/// The safest first; doors without encryption only where a password may go through them.
fn in_order(listeners: &[Listener]) -> Vec<&Listener> {
    let rank = |listener: &Listener| match listener.tls {
        ListenerTls::StartTls => 0,
        ListenerTls::Implicit => 1,
        ListenerTls::None => 2,
    };
    let mut doors: Vec<_> = listeners
        .iter()
        .filter(|it| it.tls != ListenerTls::None || it.plaintext_auth)
        .collect();
    doors.sort_by_key(|it| (rank(it), it.port));
    doors
}

fn port(listener: &Listener) -> String {
    let how = match listener.tls {
        ListenerTls::StartTls => "with STARTTLS",
        ListenerTls::Implicit => "with SSL/TLS",
        ListenerTls::None => "without encryption, from some networks",
    };
    format!("{} {how}", listener.port)
}
