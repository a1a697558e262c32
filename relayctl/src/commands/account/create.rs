//! `relayctl account create`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::PathBuf;

use relay_proto::{Account, AccountKind, CreateAccount, DomainProof, Nothing, RouteKind};
use secrecy::ExposeSecret as _;

use super::{VIEW, contact::Contact, next_step};
use crate::args::words;
use crate::client::Answer;
use crate::commands::route::{Settings, advise, apply};
use crate::error::Failure;
use crate::prompt::Form;
use crate::session::Session;

/// Register an account; the operator may set its route in the same breath
///
/// Over the network, without a token, this is a registration: it takes a sign-in password, where
/// the operator wants it an invitation, and a code is sent to the e-mail. At a terminal, what is missing is asked for, and then what may be left out; nothing is asked
/// when all that is needed was given. With --route the account's mail gets its way out,
/// too, as with `relayctl route set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl account create
  relayctl account create acme --kind company --company 'Acme GmbH' --email ops@acme.example
  relayctl account create acme --kind company --company 'Acme GmbH' --email ops@acme.example \\
      --route smtp-auth --mailbox relay@acme.example --password-file relay.pw
  relayctl account create --kind company --company 'Acme GmbH' --email ops@acme.example \\
      --sign-in-password-file acme.pw --invitation CODE")]
pub(crate) struct Args {
    /// Short name for commands; made from the company's or person's name when not given
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Whom the account belongs to
    #[arg(long, value_name = "KIND", value_parser = words!(AccountKind), env = "RELAYCTL_KIND", hide_env = true)]
    kind: Option<AccountKind>,
    #[command(flatten)]
    contact: Contact,
    /// The operator vouches for the e-mail address; no code is needed
    #[arg(long)]
    email_vouched: bool,
    /// Read the sign-in password of the owner from this file [env: RELAYCTL_SIGN_IN_PASSWORD]
    #[arg(long, value_name = "FILE")]
    sign_in_password_file: Option<PathBuf>,
    /// The code of an invitation, where registration takes one
    #[arg(
        long,
        value_name = "CODE",
        env = "RELAYCTL_INVITATION",
        hide_env = true
    )]
    invitation: Option<String>,
    /// Whether its senders must lie in proven domains; the operator decides
    #[arg(long, value_name = "HOW", value_parser = words!(DomainProof))]
    domain_proof: Option<DomainProof>,
    /// Set the route, too: its kind
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE", hide_env = true)]
    route: Option<RouteKind>,
    #[command(flatten)]
    settings: Settings,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let registers = session.is_stranger()?;
        let mut new = self.contact.fill(self.kind, &mut form)?;
        new.name = self.name;
        new.email_vouched = self.email_vouched;
        new.invitation = self.invitation;
        new.domain_proof = self.domain_proof;
        let given =
            crate::commands::auth::given(session, self.sign_in_password_file.as_deref(), false)?;
        let password = match given {
            None if registers => form.new_secret("--sign-in-password-file", "Sign-in password")?,
            given => given,
        };
        new.password = password.map(|password| password.expose_secret().to_owned());
        let route = match self.route {
            Some(kind) => Some(kind),
            None if self.settings.is_given() => Some(RouteKind::SmtpAuth),
            None if registers => None,
            None => ask_for_route(&mut form)?,
        };
        if registers && route.is_some() {
            return Err(Failure::usage("the route of a new account is set later")
                .cause("who registers signs in once the account is active, and sets it then")
                .hint("leave out --route and its flags"));
        }
        let settings = match route {
            Some(kind) => Some(self.settings.fill(&mut form, kind, None)?),
            None => None,
        };
        form.finish(
            "relayctl account create NAME --kind company --company NAME --email ADDRESS \
             [--route smtp-auth --mailbox ADDRESS --password-file FILE]",
        )?;
        let answer = session.client()?.call::<CreateAccount>(&Nothing {}, &new)?;
        created(session, &answer)?;
        let name = &answer.value.name;
        if let Some(settings) = settings {
            let again = format!("account {name} exists; relayctl route set --account {name}");
            apply(session, name, &settings, None).map_err(|failure| advise(failure, again))?;
        }
        if registers {
            let email = &answer.value.email;
            session.out.note(&format!("A code was sent to {email}."));
            session
                .out
                .next(&format!("relayctl account verify {name} --code CODE"));
            return Ok(());
        }
        if let Some(step) = next_step(&answer.value) {
            session.out.next(&step);
        }
        Ok(())
    }
}

fn created(session: &Session, answer: &Answer<Account>) -> Result<(), Failure> {
    let account = &answer.value;
    session.out.changed(
        answer,
        &VIEW,
        &format!("Account {} created. It is {}.", account.name, account.state),
    )
}

fn ask_for_route(form: &mut Form<'_>) -> Result<Option<RouteKind>, Failure> {
    if !form.in_dialogue() {
        return Ok(None);
    }
    let items: Vec<String> = [
        "Exchange Online, with the password of a mailbox",
        "another mail server",
        "a folder (sandbox; nothing is sent)",
        "decide later",
    ]
    .map(str::to_owned)
    .to_vec();
    let chosen = form.choice("--route", "Its mail leaves through", &items, Some(0))?;
    Ok([
        RouteKind::SmtpAuth,
        RouteKind::Smarthost,
        RouteKind::Capture,
    ]
    .get(chosen)
    .copied())
}
