//! How mail leaves: asks what the person has, then for the values of that way only, tries them
//! against the server, and lets them be corrected until it works.

use relay_proto::{
    CheckRoute, NewSignIn, Nothing, Route, RouteChange, RouteCheck, RouteKind, RouteQuery,
    RouteSettings, SetRoute, SignInProgress,
};

use super::route_kept::{keep_unasked, known};
use super::route_kinds::{WAYS, Way};
use super::screen::Screen;
use super::script::day;
use super::{Desk, domain_of, later};
use crate::client::Answer;
use crate::commands::route::{
    SECRET_END, Settings, USER_NAME, Which, authorize, checking, current, server, way,
};
use crate::error::{Exit, Failure};
use crate::output::cell::harmless;
use crate::prompt::Form;
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
    if let Some(answer) = current
        && works(desk, &answer.value)?
    {
        return Ok(());
    }
    choose(desk)
}

/// Asks for a route until one works.
pub(super) fn choose(desk: &Desk) -> Result<(), Failure> {
    desk.screen.head(
        "Route",
        "How mail leaves. Say what you have; the settings are tried before they count.",
    );
    loop {
        let way = chosen(desk)?;
        desk.screen.gap();
        desk.screen.say(way.about);
        let current = current(&desk.session, &desk.account, Which::default())?;
        if let Some(route) = establish(desk, way, current.as_ref())? {
            tell(desk, &route);
            return Ok(());
        }
    }
}

/// Whether nothing leaves by the route.
pub(super) fn is_held(desk: &Desk) -> Result<bool, Failure> {
    let current = current(&desk.session, &desk.account, Which::default())?;
    Ok(current.is_some_and(|answer| answer.value.hold.is_some()))
}

/// Tries the route; where that works, what waited for it goes on.
pub(super) fn check(desk: &Desk) -> Result<RouteCheck, Failure> {
    let client = desk.session.client()?;
    let query = RouteQuery::default();
    let checked = client.call_with::<CheckRoute>(&desk.path(), &query, &Nothing {}, None)?;
    desk.screen.steps(&checked.value.steps);
    Ok(checked.value)
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
        let check = check(desk)?;
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
            "set it anew".to_owned(),
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
        let end = last.client_secret_expires_at.map(day);
        form.suggest(SECRET_END, &text(&end));
    }
    let settings = Settings::of_environment()?.of_preset(way.preset);
    let settings = if way.by_sign_in {
        settings.by_device_code()
    } else {
        settings
    };
    let settings = settings.fitting(way.kind);
    let mut settings = settings.fill(&mut form, way.kind, None)?;
    if way.kind == RouteKind::Connector {
        certificate(session, &mut settings)?;
    }
    if let Some(last) = last {
        keep_unasked(&mut settings, last);
    }
    Ok(settings)
}

/// A connector knows the relay by a certificate, or else by its address.
fn certificate(session: &Session, settings: &mut RouteSettings) -> Result<(), Failure> {
    if settings.certificate_pem.is_some() {
        return Ok(());
    }
    let prompts = &session.prompts;
    let question = "Certificate file (empty: by address)";
    let Some((chain, within)) = prompts.file(question, true, Settings::certificate_in)? else {
        return Ok(());
    };
    let key = match within {
        Some(key) => Some(key),
        None => prompts.file("File of its private key", false, Settings::key_in)?,
    };
    settings.certificate_pem = Some(chain);
    settings.key_pem = key.map(|key| secrecy::ExposeSecret::expose_secret(&key).to_owned());
    Ok(())
}

/// The route, once it works; `None` where the person wants another way.
fn establish(
    desk: &Desk,
    way: &Way,
    current: Option<&Answer<Route>>,
) -> Result<Option<Route>, Failure> {
    let mut etag = current.and_then(|answer| answer.etag.clone());
    let had = current.map(|answer| &answer.value);
    let had = had.filter(|route| route.kind == way.kind).map(known);
    let email = desk.account()?.email;
    let ask = |last: Option<&RouteSettings>| asked(&desk.session, way, domain_of(&email), last);
    let mut settings = ask(had.as_ref())?;
    loop {
        let failure = match try_out(desk, way, &settings, etag.clone()) {
            Ok(change) => return Ok(Some(change.route)),
            Err(failure) if is_hopeless(&failure) => return Err(failure),
            Err(failure) => failure,
        };
        tell_trouble(desk.screen, &failure);
        if failure.code() == "stale-version" {
            etag = changed_elsewhere(desk)?;
        }
        match next(
            (&desk.session, desk.screen),
            &failure,
            "There is no route yet.",
        )? {
            Next::Again => {}
            Next::Correct => settings = ask(Some(&settings))?,
            Next::Trust(pem) => settings.ca_pem = Some(pem),
            Next::Other => return Ok(None),
        }
    }
}

/// Tells what became of the route; the next try is about that one.
fn changed_elsewhere(desk: &Desk) -> Result<Option<String>, Failure> {
    let current = current(&desk.session, &desk.account, Which::default())?;
    let now = match &current {
        Some(answer) => format!("set it to {}", named(&answer.value)),
        None => "removed it".to_owned(),
    };
    desk.screen.say(&format!(
        "Somebody else changed the route meanwhile, and {now}. Another try replaces that."
    ));
    Ok(current.and_then(|answer| answer.etag))
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

/// `none` is said of the route where the person leaves.
fn next(
    (session, screen): (&Session, Screen),
    failure: &Failure,
    none: &str,
) -> Result<Next, Failure> {
    let prompts = &session.prompts;
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
    Ok(match prompts.choice("Next", &items, 0)? {
        0 => Next::Correct,
        1 => Next::Again,
        2 => Next::Other,
        3 => return Err(later(screen, none)),
        _ => {
            let question = "File of its certificates";
            let pem = prompts.file(question, false, Settings::authority_in)?;
            pem.map_or(Next::Again, Next::Trust)
        }
    })
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
        let done = authorize::sign_in_for(session, (&path, Which::default()), &new, etag)?.value;
        desk.screen.gap();
        tell_who(desk.screen, &done);
        desk.screen.gap();
        checking(session, settings);
        done.change
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

/// Somebody else than the mailbox may have signed in.
fn tell_who(screen: Screen, done: &SignInProgress) {
    let name = done.username.as_deref().filter(|name| !name.is_empty());
    let signed_in = name.map(|name| format!("{name} signed in."));
    if let Some(text) = done.note.as_ref().or(signed_in.as_ref()) {
        screen.say(&harmless(text));
    }
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
    let way = choice(session, screen, suiting_registration())?;
    screen.gap();
    screen.say(way.about);
    asked(session, way, domain_of(email), None)
}

/// The same, after these did not work.
pub(super) fn mended_for_registration(
    session: &Session,
    screen: Screen,
    email: &str,
    (mut settings, failure): (RouteSettings, &Failure),
) -> Result<RouteSettings, Failure> {
    tell_trouble(screen, failure);
    let none = "Nothing was registered: there is no route for the code.";
    let is_way = |way: &&Way| (way.kind, way.preset) == (settings.kind, settings.preset);
    match next((session, screen), failure, none)? {
        Next::Again => Ok(settings),
        Next::Trust(pem) => {
            settings.ca_pem = Some(pem);
            Ok(settings)
        }
        Next::Correct => match suiting_registration().find(is_way) {
            Some(way) => asked(session, way, domain_of(email), Some(&settings)),
            None => for_registration(session, screen, email),
        },
        Next::Other => for_registration(session, screen, email),
    }
}

fn suiting_registration() -> impl Iterator<Item = &'static Way> {
    WAYS.iter().filter(|way| way.suits_registration())
}
