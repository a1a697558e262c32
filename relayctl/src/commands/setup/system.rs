//! The device itself: its name, and the address it comes from.

use relay_proto::{AddSystem, ListSystems, PageQuery, System};

use super::user::Known;
use super::{Desk, is_mendable};
use crate::client::Part;
use crate::commands::system::{add::Args, tell_listeners};
use crate::context::Endpoint;
use crate::error::Failure;
use crate::prompt::Form;

const NAME: &str = "NAME";
const ADDRESS: &str = "--address";

pub(super) fn add(desk: &Desk, user: &Known) -> Result<System, Failure> {
    let client = desk.session.client()?;
    let part = Part::default();
    let listed = client.list::<ListSystems, _>(&desk.path(), &PageQuery::default(), &part)?;
    let mut systems = listed.items.into_iter();
    let system = match systems.find(|system| system.user == user.username) {
        Some(system) => system,
        None => added(desk, user)?,
    };
    desk.screen
        .ok("system", &format!("{}, {}", system.name, system.address));
    Ok(system)
}

fn added(desk: &Desk, user: &Known) -> Result<System, Failure> {
    let session = &desk.session;
    desk.screen.head(
        "System",
        "The device or program that sends, and where it connects from: its address in your \
         network, a whole network such as 192.0.2.0/28, or 127.0.0.1 on the machine of relayd.",
    );
    let mut form = Form::new(&session.prompts);
    form.suggest(NAME, &format!("{}-1", user.username.replace('@', "-")));
    if matches!(session.target()?.endpoint, Endpoint::Socket(_)) {
        form.suggest(ADDRESS, "127.0.0.1");
    }
    loop {
        let new = Args::of_user(&user.username).fill(session, &mut form)?;
        form.suggest(NAME, &new.name);
        form.suggest(ADDRESS, &new.address);
        match session.client()?.call::<AddSystem>(&desk.path(), &new) {
            Ok(answer) => {
                tell_listeners(session, &answer.value)?;
                return Ok(answer.value);
            }
            Err(failure) if is_mendable(&failure) => desk.screen.trouble(&failure),
            Err(failure) => return Err(failure),
        }
    }
}
