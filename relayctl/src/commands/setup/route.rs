//! How mail leaves: asks what the person has, then for the values of that way only, tries them
//! against the server, and lets them be corrected until it works.

use relay_proto::{
    CheckRoute, NewSignIn, Nothing, Route, RouteChange, RouteKind, RouteQuery, RouteSettings,
    SetRoute,
};

use super::route_kinds::{WAYS, Way};
use super::screen::Screen;
use super::{Desk, domain_of, later};
use crate::commands::route::{
    Settings, USER_NAME, Which, authorize, checking, current, server, way,
};
use crate::error::{Exit, Failure};
use crate::output::cell::harmless;
use crate::prompt::{Form, check};
use crate::session::Session;

/// What becomes of a way that did not work.
enum Next {
    /// The same values again, after something was mended elsewhere.
    Again,
    Correct,
    /// A certificate authority that this file holds is trusted, too.
    Trust(String),
    Other,
}

pub(super) fn set(desk: &Desk) -> Result<(), Failure> {
    let current = current(&desk.session, &desk.account, Which::default())?;
    let mut etag = None;
    if let Some(answer) = current {
        if works(desk, &answer.value)? {
            return Ok(());
        }
        etag = answer.etag;
    }
    desk.screen.head(
        "Route",
        "How mail leaves. Say what you have; the settings are tried before they count.",
    );
    loop {
        let way = chosen(desk)?;
        desk.screen.gap();
        desk.screen.say(way.about);
        if let Some(route) = establish(desk, way, etag.as_deref())? {
            tell(desk, &route);
            return Ok(());
        }
    }
}

/// Whether the route that is there works, or does so now.
fn works(desk: &Desk, route: &Route) -> Result<bool, Failure> {
    let (screen, session) = (desk.screen, &desk.session);
    if route.ready {
        screen.ok("route", &named(route));
        return Ok(true);
    }
    loop {
        screen.head(
            "Route",
            &format!(
                "There is {}, and no mail may leave by it now.",
                named(route)
            ),
        );
        let client = session.client()?;
        let query = RouteQuery::default();
        let checked = client.call_with::<CheckRoute>(&desk.path(), &query, &Nothing {}, None)?;
        let check = checked.value;
        screen.steps(&check.steps);
        if check.ok && check.route.ready {
            screen.ok("route", &named(&check.route));
            return Ok(true);
        }
        if let Some(hold) = &check.route.hold {
            screen.say(&format!("Its lane is held: {}", hold.detail));
            screen.say("relayctl queue release --lane ends that.");
        }
        let items = [
            "check it again".to_owned(),
            "set another".to_owned(),
            "leave, and come back later".to_owned(),
        ];
        match session.prompts.choice("Route", &items, 0)? {
            0 => {}
            1 => return Ok(false),
            _ => return Err(later(screen, "The route does not work yet.")),
        }
    }
}

fn named(route: &Route) -> String {
    let server = server(&route.server, route.mx_of.as_deref());
    let mut name = way(route.kind, &server);
    for more in [Some(route.mailbox.as_str()), route.folder.as_deref()] {
        let more = more.unwrap_or_default();
        if !more.is_empty() {
            name += ", ";
            name += more;
        }
    }
    name
}

fn chosen(desk: &Desk) -> Result<&'static Way, Failure> {
    let suits = |way: &&Way| desk.is_operator || way.kind != RouteKind::Capture;
    choice(&desk.session, desk.screen, WAYS.iter().filter(suits))
}

fn choice<'w>(
    session: &Session,
    screen: Screen,
    ways: impl Iterator<Item = &'w Way>,
) -> Result<&'w Way, Failure> {
    let ways: Vec<_> = ways.collect();
    let items: Vec<_> = ways.iter().map(|way| way.label(screen)).collect();
    let chosen = session.prompts.choice("I have", &items, 0)?;
    ways.get(chosen)
        .copied()
        .ok_or_else(|| Failure::usage("nothing was chosen"))
}

/// Asks for the values of a way. Those of the try before are there to be taken by Enter, but for
/// secrets.
fn asked(
    session: &Session,
    way: &Way,
    domain: &str,
    last: Option<&RouteSettings>,
) -> Result<RouteSettings, Failure> {
    let mut form = Form::new(&session.prompts).thorough();
    form.suggest("--tenant", domain);
    form.suggest("--mx-of (or --server)", domain);
    if let Some(last) = last {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        form.suggest("--mailbox", &text(&last.mailbox));
        form.suggest(USER_NAME, &text(&last.mailbox));
        form.suggest("--server", &text(&last.server));
        let port = last.port.map(|port| port.to_string());
        form.suggest("--port", &text(&port));
        form.suggest("--tenant", &text(&last.tenant));
        form.suggest("--client-id", &text(&last.client_id));
        form.suggest("--mx-of (or --server)", &text(&last.mx_of));
    }
    let settings = Settings::of_environment()?.of_preset(way.preset);
    let settings = if way.by_sign_in {
        settings.by_device_code()
    } else {
        settings
    };
    let mut settings = settings.fill(&mut form, way.kind, None)?;
    if way.kind == RouteKind::Connector {
        certificate(session, &mut settings)?;
    }
    Ok(settings)
}

/// A connector knows the relay by a certificate, or else by its address.
fn certificate(session: &Session, settings: &mut RouteSettings) -> Result<(), Failure> {
    if settings.certificate_pem.is_some() {
        return Ok(());
    }
    let prompts = &session.prompts;
    let file = |question: &str| prompts.line(question, None, true, check::anything);
    let path = file("Certificate file (empty: by address)")?;
    if path.is_empty() {
        return Ok(());
    }
    let (chain, within) = Settings::certificate_in(path.as_ref())?;
    let key = match within {
        Some(key) => key,
        None => Settings::key_in(file("File of its private key")?.as_ref())?,
    };
    settings.certificate_pem = Some(chain);
    settings.key_pem = Some(secrecy::ExposeSecret::expose_secret(&key).to_owned());
    Ok(())
}

/// The route, once it works; `None` where the person wants another way.
fn establish(desk: &Desk, way: &Way, etag: Option<&str>) -> Result<Option<Route>, Failure> {
    let email = desk.account()?.email;
    let ask = |last: Option<&RouteSettings>| {
        retried(desk.screen, || {
            asked(&desk.session, way, domain_of(&email), last)
        })
    };
    let mut settings = ask(None)?;
    loop {
        let failure = match try_out(desk, way, &settings, etag.map(str::to_owned)) {
            Ok(change) => return Ok(Some(change.route)),
            Err(failure) if is_hopeless(&failure) => return Err(failure),
            Err(failure) => failure,
        };
        tell_trouble(desk.screen, &failure);
        match next(desk, &failure)? {
            Next::Again => {}
            Next::Correct => settings = ask(Some(&settings))?,
            Next::Trust(pem) => settings.ca_pem = Some(pem),
            Next::Other => return Ok(None),
        }
    }
}

/// A file that cannot be read is no reason to lose the dialogue.
fn retried<T>(screen: Screen, mut ask: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
    loop {
        match ask() {
            Err(failure) if failure.exit() == Exit::Usage => screen.trouble(&failure),
            done => return done,
        }
    }
}

fn is_hopeless(failure: &Failure) -> bool {
    failure.is_silent()
        || failure.code() == "unreachable"
        || matches!(failure.exit(), Exit::Unexpected | Exit::NotFound)
}

/// What is to be run by an administrator goes with it: mostly that was not done yet.
fn tell_trouble(screen: Screen, failure: &Failure) {
    screen.trouble(failure);
    let setup: Vec<String> = failure.part("setup").unwrap_or_default();
    let setup: Vec<_> = setup.iter().map(|line| harmless(line)).collect();
    screen.copy(
        "An administrator of the tenant runs this once, in PowerShell; changes take some minutes \
         to work:",
        &setup,
    );
}

fn next(desk: &Desk, failure: &Failure) -> Result<Next, Failure> {
    let prompts = &desk.session.prompts;
    let may_trust = failure.code() == "route-tls-failed";
    let mut items = vec![
        "correct the values",
        "try the same again",
        "something else",
        "leave, and come back later",
    ];
    if may_trust {
        items.push("trust another authority (PEM)");
    }
    let items: Vec<_> = items.into_iter().map(str::to_owned).collect();
    loop {
        return Ok(match prompts.choice("Next", &items, 0)? {
            0 => Next::Correct,
            1 => Next::Again,
            2 => Next::Other,
            3 => return Err(later(desk.screen, "There is no route yet.")),
            _ => {
                let file =
                    prompts.line("File of its certificates", None, false, check::anything)?;
                match Settings::authority_in(file.as_ref()) {
                    Ok(pem) => Next::Trust(pem),
                    Err(failure) => {
                        desk.screen.trouble(&failure);
                        continue;
                    }
                }
            }
        });
    }
}

/// Tries the settings; they count when they work.
fn try_out(
    desk: &Desk,
    way: &Way,
    settings: &RouteSettings,
    etag: Option<String>,
) -> Result<RouteChange, Failure> {
    let (session, path) = (&desk.session, desk.path());
    desk.screen.gap();
    let change = if way.by_sign_in {
        let new = NewSignIn {
            settings: Some(settings.clone()),
        };
        let done = authorize::sign_in_for(session, (&path, Which::default()), &new, etag)?;
        done.value
            .change
            .ok_or_else(|| Failure::new(Exit::Unexpected, "unknown-answer", "no route was set"))?
    } else {
        checking(session, settings);
        let client = session.client()?;
        let query = RouteQuery::default();
        client
            .call_with::<SetRoute>(&path, &query, settings, etag)?
            .value
    };
    desk.screen.steps(&change.steps);
    Ok(change)
}

/// A connector is not tried with mail: what the other side needs is told all the same.
fn tell(desk: &Desk, route: &Route) {
    if route.kind == RouteKind::Connector {
        let lines: Vec<_> = route.setup.iter().map(|line| harmless(line)).collect();
        desk.screen.copy(
            "An administrator of the tenant runs this once, in PowerShell, if that was not done \
             yet:",
            &lines,
        );
    }
    for warning in &route.warnings {
        desk.screen.say(&format!("Warning: {}", harmless(warning)));
    }
    desk.screen.ok("route", &named(route));
}

/// The settings of a route that goes with a registration.
pub(super) fn for_registration(
    session: &Session,
    screen: Screen,
    email: &str,
) -> Result<RouteSettings, Failure> {
    let suits = |way: &&Way| way.suits_registration();
    let way = choice(session, screen, WAYS.iter().filter(suits))?;
    screen.gap();
    screen.say(way.about);
    retried(screen, || asked(session, way, domain_of(email), None))
}
