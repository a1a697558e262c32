//! `relayctl account create`

#![expect(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, which know no Markdown"
)]

use std::path::{Path, PathBuf};

use relay_proto::{
    AccountKind, CreateAccount, CreatedAccount, DomainProof, NewAccount, Nothing, Role, RouteKind,
};
use secrecy::ExposeSecret as _;

use super::{VIEW, contact::Contact, file::AccountFile, next_step};
use crate::args::words;
use crate::client::Answer;
use crate::commands::route::{Settings, advise, checking};
use crate::commands::steps;
use crate::error::Failure;
use crate::output::Format;
use crate::prompt::Form;
use crate::session::Session;

/// Register an account, with the route that its mail leaves by
///
/// Over the network, without a token, this is a registration: it takes a sign-in password, where
/// the operator wants it an invitation, and a code is sent to the e-mail. At a terminal, what is
/// missing is asked for, and then what may be left out; nothing is asked when all that is needed was
/// given. The route is checked step by step first: when that fails, nothing is created and relayctl
/// ends with code 9. The file of --from-file is TOML or JSON; its keys are the names of the flags with
/// underscores, those of the route in the table `route`. Flags win over it.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  relayctl account create
  relayctl account create acme --kind company --company 'Acme GmbH' \\
      --email ops@acme.example
  relayctl account create acme --kind company --company 'Acme GmbH' \\
      --email ops@acme.example --route smtp-auth \\
      --mailbox relay@acme.example --password-file relay.pw
  relayctl account create --from-file acme.toml --sign-in-password-file acme.pw
  relayctl account create --kind company --company 'Acme GmbH' \\
      --email ops@acme.example --sign-in-password-file acme.pw \\
      --invitation 8rk4ckbfzddwubxabcyan2aa")]
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
    #[arg(long, value_name = "HOW", value_parser = words!(DomainProof), env = "RELAYCTL_DOMAIN_PROOF", hide_env = true)]
    domain_proof: Option<DomainProof>,
    /// Take what is not given by flags from this file
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    /// Set the route, too: its kind
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE", hide_env = true)]
    route: Option<RouteKind>,
    #[command(flatten)]
    settings: Settings,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let this = self.with_file()?;
        let registers = session.role()? != Some(Role::Operator);
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let mut new = this.fill(session, &mut form, registers)?;
        let was_asked = form.in_dialogue();
        form.finish(&example(new.kind, registers))?;
        if let Some(route) = &new.route {
            checking(session, route);
        }
        let answer = loop {
            match session.client()?.call::<CreateAccount>(&Nothing {}, &new) {
                // All else that was answered is not to be lost for that.
                Err(failure) if was_asked && failure.code() == "weak-password" => {
                    session.out.note(&format!("{failure}."));
                    let password = session.prompts.new_secret("Another sign-in password")?;
                    new.password = Some(password.expose_secret().to_owned());
                }
                answer => break answer,
            }
        };
        let answer = answer.map_err(|failure| match failure.code() {
            "route-not-for-registration" => failure,
            _ => advise(
                failure,
                "correct the values and repeat relayctl account create",
            ),
        })?;
        created(session, answer, registers)
    }

    /// Takes from the file what was not given.
    fn with_file(mut self) -> Result<Self, Failure> {
        let Some(path) = self.from_file.take() else {
            return Ok(self);
        };
        let mut file = AccountFile::read(&path)?;
        let route = file.route.take();
        let has_password = std::env::var_os("RELAYCTL_SIGN_IN_PASSWORD").is_some();
        Ok(Self {
            name: self.name.or(file.name.take()),
            kind: self.kind.or(file.kind),
            contact: self.contact.or(&mut file),
            email_vouched: self.email_vouched || file.email_vouched,
            domain_proof: self.domain_proof.or(file.domain_proof),
            sign_in_password_file: self
                .sign_in_password_file
                .or(file.sign_in_password_file.filter(|_| !has_password)),
            invitation: self.invitation.or(file.invitation),
            from_file: None,
            route: self.route.or_else(|| {
                let route = route.as_ref()?;
                Some(route.kind())
            }),
            settings: self.settings.or(route.unwrap_or_default()),
        })
    }

    fn fill(
        self,
        session: &Session,
        form: &mut Form<'_>,
        registers: bool,
    ) -> Result<NewAccount, Failure> {
        let mut new = self.contact.fill(self.kind, form)?;
        new.name = self.name;
        new.email_vouched = self.email_vouched;
        new.invitation = self.invitation;
        new.domain_proof = self.domain_proof;
        let file = self.sign_in_password_file.as_deref();
        new.password = password(session, form, file, registers)?;
        let route = match self.route {
            Some(kind) => Some(kind),
            None if self.settings.is_given() => Some(self.settings.meant_kind()),
            None => ask_for_route(form, registers)?,
        };
        if route.is_some() && self.settings.is_device_code() {
            return Err(Failure::usage(
                "--device-code is for relayctl route authorize, once the account is there",
            )
            .hint("relayctl account create without a route, then relayctl route authorize"));
        }
        new.route = match route {
            Some(kind) => Some(self.settings.fill(form, kind, None)?),
            None => None,
        };
        Ok(new)
    }
}

/// What the owner signs in with; whoever registers needs it.
fn password(
    session: &Session,
    form: &mut Form<'_>,
    file: Option<&Path>,
    registers: bool,
) -> Result<Option<String>, Failure> {
    let given = crate::commands::auth::given(session, file, false)?;
    let password = match given {
        None if registers => form.new_secret("--sign-in-password-file", "Sign-in password")?,
        given => given,
    };
    Ok(password.map(|password| password.expose_secret().to_owned()))
}

/// Asks a person for all that a new account takes, but for its route.
pub(in crate::commands) fn ask(
    session: &Session,
    form: &mut Form<'_>,
    registers: bool,
) -> Result<NewAccount, Failure> {
    let mut new = Contact::default().fill(None, form)?;
    new.password = password(session, form, None, registers)?;
    Ok(new)
}

/// What would have worked where values are missing.
fn example(kind: AccountKind, registers: bool) -> String {
    let whom = match kind {
        AccountKind::Company => "--kind company --company NAME",
        AccountKind::Person => "--kind person --first-name NAME --last-name NAME",
    };
    let password = if registers {
        " --sign-in-password-file FILE"
    } else {
        ""
    };
    format!(
        "relayctl account create NAME {whom} --email ADDRESS{password} \
         [--route smtp-auth --mailbox ADDRESS --password-file FILE]"
    )
}

/// Shows what was made and what comes next.
fn created(
    session: &Session,
    answer: Answer<CreatedAccount>,
    registers: bool,
) -> Result<(), Failure> {
    let CreatedAccount { account, steps } = answer.value;
    let out = &session.out;
    if matches!(out.format, Format::Table | Format::Wide) && !out.quiet {
        out.block(&steps::lines(&steps))?;
    }
    let (name, email) = (account.name.clone(), account.email.clone());
    let step = next_step(&account);
    let sentence = if registers {
        format!("Account {name} created. A code was sent to {email}.")
    } else {
        format!("Account {name} created. It is {}.", account.state)
    };
    let answer = Answer {
        value: account,
        text: answer.text,
        etag: answer.etag,
    };
    out.changed(&answer, &VIEW, &sentence)?;
    if registers {
        out.next(&format!("relayctl account verify {name} --code CODE"));
        out.note(&format!(
            "The operator activates the account then, and a mail to {email} tells you. Until then \
             relayctl auth login says what it still waits for."
        ));
    } else if let Some(step) = step {
        out.next(&step);
    }
    Ok(())
}

/// A folder on its machine is for the operator to choose.
fn ask_for_route(form: &mut Form<'_>, registers: bool) -> Result<Option<RouteKind>, Failure> {
    if !form.in_dialogue() {
        return Ok(None);
    }
    let ways = [
        (
            Some(RouteKind::SmtpAuth),
            "Exchange Online, with the password of a mailbox",
        ),
        (
            Some(RouteKind::SmtpOauth),
            "Exchange Online, with an application (OAuth 2.0)",
        ),
        (
            Some(RouteKind::Graph),
            "Microsoft Graph, with an application",
        ),
        (
            Some(RouteKind::Connector),
            "an inbound connector of Exchange Online",
        ),
        (Some(RouteKind::Smarthost), "another mail server"),
        (
            Some(RouteKind::Capture),
            "a folder (sandbox; nothing is sent)",
        ),
        (None, "decide later"),
    ];
    let offered =
        |(kind, _): &&(Option<RouteKind>, &str)| !(registers && *kind == Some(RouteKind::Capture));
    let ways: Vec<_> = ways.iter().filter(offered).collect();
    let items: Vec<_> = ways.iter().map(|(_, item)| (*item).to_owned()).collect();
    let chosen = form.choice("--route", "Its mail leaves through", &items, Some(0))?;
    Ok(ways.get(chosen).and_then(|(kind, _)| *kind))
}
