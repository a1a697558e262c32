//! Somebody whom relayd does not know yet: registers, confirms the e-mail, signs in.

use relay_proto::{
    Account, AccountPath, Awaited, ConfirmEmail, CreateAccount, EmailCode, NewAccount, Nothing,
    ResendCode, SignInRequest,
};
use secrecy::ExposeSecret as _;

use super::screen::Screen;
use super::{is_mendable, later, route};
use crate::args::Globals;
use crate::commands::account::create;
use crate::commands::auth::login;
use crate::commands::route::checking;
use crate::context::Context;
use crate::error::{Exit, Failure};
use crate::prompt::{Form, check};
use crate::session::Session;
use crate::tokens::{self, Store};

/// What an owner signs in with, as long as this dialogue lasts.
struct Credentials {
    email: String,
    password: String,
}

/// Gives a session that is signed in.
pub(super) fn comes_in(session: &Session, screen: Screen) -> Result<Session, Failure> {
    refuse_outranked(tokens::outranked(&session.environment))?;
    let registered = session.named_account()?;
    screen.head(
        "Account",
        "The customer that mail is sent for: a company or a person. Its owner signs in here.",
    );
    let items = match &registered {
        Some(account) => [
            format!("sign in for {account}"),
            "register a new account".to_owned(),
        ],
        None => [
            "I have one, and sign in".to_owned(),
            "register a new one".to_owned(),
        ],
    };
    let default = usize::from(registered.is_none());
    let chosen = session.prompts.choice("Account", &items, default)?;
    let (account, credentials) = if chosen == 0 {
        (registered, None)
    } else {
        let (account, credentials) = registers(session, screen)?;
        (Some(account), Some(credentials))
    };
    signs_in(session, screen, account.clone(), credentials)?;
    // It finds the token from now on, and is for whom was signed in.
    let globals = session.globals.clone();
    Ok(session.for_dialogue(Globals { account, ..globals }))
}

/// A refused token of the environment outranks the session that a sign-in would keep.
fn refuse_outranked(variable: Option<&str>) -> Result<(), Failure> {
    let Some(name) = variable else {
        return Ok(());
    };
    let refused = Failure::new(
        Exit::Forbidden,
        "not-signed-in",
        format!("relayd refused the token of {name}"),
    );
    Err(refused
        .cause("it wins over any session, so that a sign-in here would change nothing")
        .hint(format!("unset {name}")))
}

fn registers(session: &Session, screen: Screen) -> Result<(String, Credentials), Failure> {
    let (account, new) = register(session, screen, true)?;
    remember(session, screen, &account.name)?;
    screen.ok("account", &account.name);
    screen.head(
        "E-mail",
        &format!(
            "A code was sent to {}. It holds for 30 minutes.",
            account.email
        ),
    );
    confirms(session, screen, &account.name)?;
    screen.ok("e-mail", &account.email);
    let credentials = Credentials {
        email: new.email,
        password: new.password.unwrap_or_default(),
    };
    Ok((account.name, credentials))
}

/// The context says which account, so that the dialogue finds it when it goes on. One that says
/// another was told so by a person.
fn remember(session: &Session, screen: Screen, account: &str) -> Result<(), Failure> {
    let (path, mut config) = session.config()?;
    let Some(name) = session.target()?.context else {
        return Ok(());
    };
    match config
        .context
        .get_mut(&name)
        .and_then(|it| keep_account(it, account))
    {
        Some(other) => {
            screen.say(&format!(
                "Context {name} stays with account {other}; --account {account} names this one."
            ));
            Ok(())
        }
        None => config.save(&path),
    }
}

/// Has a context say which account where it says none; gives the other one that it says.
fn keep_account(context: &mut Context, account: &str) -> Option<String> {
    let kept = context.account.get_or_insert_with(|| account.to_owned());
    (kept != account).then(|| kept.clone())
}

/// Asks for a new account until relayd takes it; gives what was answered, too.
pub(super) fn register(
    session: &Session,
    screen: Screen,
    registers: bool,
) -> Result<(Account, NewAccount), Failure> {
    if !registers {
        screen.head(
            "Account",
            "The customer that mail is sent for: a company or a person.",
        );
    }
    let mut form = Form::new(&session.prompts);
    let mut new = create::ask(session, &mut form, registers)?;
    loop {
        if let Some(route) = &new.route {
            screen.gap();
            checking(session, route);
        }
        match session.client()?.call::<CreateAccount>(&Nothing {}, &new) {
            Ok(answer) => {
                screen.steps(&answer.value.steps);
                return Ok((answer.value.account, new));
            }
            Err(failure) => mend(session, screen, &mut new, failure)?,
        }
    }
}

/// Asks again for what was not taken, and for nothing else.
fn mend(
    session: &Session,
    screen: Screen,
    new: &mut NewAccount,
    failure: Failure,
) -> Result<(), Failure> {
    let prompts = &session.prompts;
    match failure.code() {
        "weak-password" => {
            screen.trouble(&failure);
            let password = prompts.new_secret("Another sign-in password")?;
            new.password = Some(password.expose_secret().to_owned());
        }
        "invitation-rejected" => {
            if new.invitation.is_some() {
                screen.trouble(&failure);
            } else {
                screen.say("This relay takes whom its operator has invited.");
            }
            let code = prompts.line("Code of the invitation", None, false, check::anything)?;
            new.invitation = Some(code);
        }
        "no-notification-route" if new.route.is_none() => {
            screen.head(
                "Route",
                "This relay sends your code through your own route, so that comes first.",
            );
            new.route = Some(route::for_registration(session, screen, &new.email)?);
        }
        _ if is_of_route(&failure) => {
            let Some(settings) = new.route.take() else {
                return Err(failure);
            };
            let tried = (settings, &failure);
            let mended = route::mended_for_registration(session, screen, &new.email, tried)?;
            new.route = Some(mended);
        }
        "invalid-value" => {
            screen.trouble(&failure);
            for (name, _) in failure.wrong_fields() {
                let Some((question, value)) = field(new, &name) else {
                    return Err(failure);
                };
                let old = Some(value.as_str()).filter(|old| !old.is_empty());
                *value = prompts.line(question, old, true, check::anything)?;
            }
        }
        _ => return Err(failure),
    }
    Ok(())
}

/// Whether the route that goes with the registration was refused, or a value of it.
fn is_of_route(failure: &Failure) -> bool {
    let wrong = failure.wrong_fields();
    failure.code().starts_with("route-") || wrong.iter().any(|(name, _)| name.starts_with("route."))
}

fn field<'n>(new: &'n mut NewAccount, name: &str) -> Option<(&'static str, &'n mut String)> {
    Some(match name {
        "company" => ("Company", &mut new.company),
        "first_name" => ("First name", &mut new.first_name),
        "last_name" => ("Last name", &mut new.last_name),
        "email" => ("Contact e-mail", &mut new.email),
        "vat_id" => ("VAT id", &mut new.vat_id),
        "phone" => ("Phone", &mut new.phone),
        "street" => ("Street and number", &mut new.street),
        "postal_code" => ("Postal code", &mut new.postal_code),
        "city" => ("City", &mut new.city),
        "country" => ("Country, two letters", &mut new.country),
        _ => return None,
    })
}

/// Takes the code from the mail, as often as it is mistyped; sends another on request.
pub(super) fn confirms(session: &Session, screen: Screen, account: &str) -> Result<(), Failure> {
    let path = AccountPath {
        account: account.to_owned(),
    };
    let client = session.client()?;
    loop {
        let question = "Code from the mail (empty: another)";
        let code = session
            .prompts
            .line(question, None, true, check::anything)?;
        if code.is_empty() {
            match client.call::<ResendCode>(&path, &Nothing {}) {
                Ok(_) => screen.say("Another code is on its way; the one before it is void."),
                Err(failure) if failure.exit() == Exit::Unavailable => screen.trouble(&failure),
                Err(failure) => return Err(failure),
            }
            continue;
        }
        match client.call::<ConfirmEmail>(&path, &EmailCode { code }) {
            Ok(_) => return Ok(()),
            Err(failure) if is_mendable(&failure) => screen.trouble(&failure),
            Err(failure) => return Err(failure),
        }
    }
}

/// Signs in and keeps the session. Ends the dialogue where the operator has to act first.
fn signs_in(
    session: &Session,
    screen: Screen,
    mut account: Option<String>,
    mut known: Option<Credentials>,
) -> Result<(), Failure> {
    let target = session.target()?;
    let mut email = None;
    loop {
        let credentials = match known.take() {
            Some(credentials) => credentials,
            None => asked(session, email.as_deref())?,
        };
        let request = SignInRequest {
            email: credentials.email.clone(),
            password: credentials.password.clone(),
            account: account.clone(),
            code: None,
        };
        match login::begin(session, target.clone(), request) {
            Ok(begun) => return keep(session, begun.secret),
            Err(failure) if login::awaited(&failure).contains(&Awaited::EmailCode) => {
                screen.head(
                    "E-mail",
                    &format!("The code that was sent to {} is next.", credentials.email),
                );
                let name = named(session, &mut account)?;
                confirms(session, screen, &name)?;
                screen.ok("e-mail", &credentials.email);
                known = Some(credentials);
            }
            Err(failure) if login::awaited(&failure).contains(&Awaited::Operator) => {
                screen.waits("activation", "the operator looks at the account first");
                return Err(later(
                    screen,
                    &format!(
                        "{failure}. A mail to {} tells when that is done.",
                        credentials.email
                    ),
                ));
            }
            Err(failure) if failure.code() == "sign-in-rejected" => {
                screen.trouble(&failure);
                email = Some(credentials.email);
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// The address of the try before is taken by Enter.
fn asked(session: &Session, email: Option<&str>) -> Result<Credentials, Failure> {
    let prompts = &session.prompts;
    let email = prompts.line("E-mail", email, false, check::address)?;
    let password = prompts.secret("Password")?;
    Ok(Credentials {
        email,
        password: password.expose_secret().to_owned(),
    })
}

fn named(session: &Session, account: &mut Option<String>) -> Result<String, Failure> {
    if let Some(account) = account {
        return Ok(account.clone());
    }
    let prompts = &session.prompts;
    let name = prompts.line("Name of the account", None, false, check::anything)?;
    Ok(account.insert(name).clone())
}

/// In a keyring where there is one, else in a file.
fn keep(session: &Session, secret: String) -> Result<(), Failure> {
    let target = session.target()?;
    let context = target.context.clone().unwrap_or_default();
    let (place, no_keyring) = tokens::choose(&session.environment, &context, Store::default())?;
    login::keep(session, (&target, &place), secret.into(), true)?;
    login::tell_where(session, &target, &place, no_keyring.as_deref());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_the_environment_is_told_before_the_questions() {
        assert!(refuse_outranked(None).is_ok());
        let failure = refuse_outranked(Some("RELAYCTL_TOKEN")).unwrap_err();
        assert_eq!(failure.hints(), ["unset RELAYCTL_TOKEN"]);
    }

    #[test]
    fn a_context_keeps_its_account() {
        let mut context = Context::default();
        assert_eq!(keep_account(&mut context, "acme"), None);
        assert_eq!(keep_account(&mut context, "acme"), None);
        let other = keep_account(&mut context, "office");
        assert_eq!(other.as_deref(), Some("acme"));
        assert_eq!(context.account.as_deref(), Some("acme"));
    }
}
