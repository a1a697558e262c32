//! `relayctl account create`

use relay_proto::{Account, AccountKind, CreateAccount, NewAccount, Nothing, RouteKind};

use super::{VIEW, next_step};
use crate::args::words;
use crate::client::Answer;
use crate::commands::route::{Settings, advise, apply};
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Register an account, and set its route in the same breath if you like
///
/// At a terminal, what is missing is asked for, and then what may be left out; nothing is asked
/// when all that is needed was given. With --route the account's mail gets its way out,
/// too, as with `relayctl route set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl account create
  relayctl account create acme --kind company --company 'Acme GmbH' --email ops@acme.example
  relayctl account create acme --kind company --company 'Acme GmbH' --email ops@acme.example \\
      --route smtp-auth --mailbox relay@acme.example --password-file relay.pw")]
pub(crate) struct Args {
    /// Short name for commands; made from the company's or person's name when not given
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    contact: Contact,
    /// The operator vouches for the e-mail address; no code is needed
    #[arg(long)]
    email_vouched: bool,
    /// Set the route, too: its kind
    #[arg(long, value_name = "KIND", value_parser = words!(RouteKind), env = "RELAYCTL_ROUTE", hide_env = true)]
    route: Option<RouteKind>,
    #[command(flatten)]
    settings: Settings,
}

/// Who the customer is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Contact")]
struct Contact {
    /// Whom the account belongs to
    #[arg(long, value_name = "KIND", value_parser = words!(AccountKind), env = "RELAYCTL_KIND", hide_env = true)]
    kind: Option<AccountKind>,
    /// Name of the company
    #[arg(long, value_name = "NAME", env = "RELAYCTL_COMPANY", hide_env = true)]
    company: Option<String>,
    /// VAT identification number
    #[arg(long, value_name = "ID", env = "RELAYCTL_VAT_ID", hide_env = true)]
    vat_id: Option<String>,
    /// First name of the person or contact
    #[arg(
        long,
        value_name = "NAME",
        env = "RELAYCTL_FIRST_NAME",
        hide_env = true
    )]
    first_name: Option<String>,
    /// Last name of the person or contact
    #[arg(long, value_name = "NAME", env = "RELAYCTL_LAST_NAME", hide_env = true)]
    last_name: Option<String>,
    /// Contact e-mail: codes and notifications go there
    #[arg(long, value_name = "ADDRESS", env = "RELAYCTL_EMAIL", hide_env = true)]
    email: Option<String>,
    /// Telephone number
    #[arg(long, value_name = "NUMBER", env = "RELAYCTL_PHONE", hide_env = true)]
    phone: Option<String>,
    /// Street and number
    #[arg(long, value_name = "TEXT", env = "RELAYCTL_STREET", hide_env = true)]
    street: Option<String>,
    /// Postal code
    #[arg(
        long,
        value_name = "CODE",
        env = "RELAYCTL_POSTAL_CODE",
        hide_env = true
    )]
    postal_code: Option<String>,
    /// City
    #[arg(long, value_name = "NAME", env = "RELAYCTL_CITY", hide_env = true)]
    city: Option<String>,
    /// Country, two letters of ISO 3166
    #[arg(long, value_name = "CODE", env = "RELAYCTL_COUNTRY", hide_env = true)]
    country: Option<String>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        session.reach()?;
        let mut form = Form::new(&session.prompts);
        let mut new = self.contact.fill(&mut form)?;
        new.name = self.name;
        new.email_vouched = self.email_vouched;
        let route = match self.route {
            Some(kind) => Some(kind),
            None if self.settings.is_given() => Some(RouteKind::SmtpAuth),
            None => ask_for_route(&mut form)?,
        };
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

impl Contact {
    fn fill(self, form: &mut Form<'_>) -> Result<NewAccount, Failure> {
        let kind = match self.kind {
            Some(kind) => kind,
            // Flags that only one kind has tell which it is.
            None if self.company.is_some() => AccountKind::Company,
            None => {
                let items = ["a company".to_owned(), "a person".to_owned()];
                match form.choice("--kind", "Account for", &items, None)? {
                    0 => AccountKind::Company,
                    _ => AccountKind::Person,
                }
            }
        };
        let is_company = kind == AccountKind::Company;
        let (mut company, mut first_name, mut last_name) =
            (self.company, self.first_name, self.last_name);
        // All that must be there comes first; only then is it known whether to ask on.
        if is_company {
            let value = form.required("--company", "Company", company, check::anything)?;
            company = Some(value);
        } else {
            let value = form.required("--first-name", "First name", first_name, check::anything)?;
            first_name = Some(value);
            let value = form.required("--last-name", "Last name", last_name, check::anything)?;
            last_name = Some(value);
        }
        let email = form.required("--email", "Contact e-mail", self.email, check::address)?;
        Ok(NewAccount {
            name: None,
            kind,
            company: company.unwrap_or_default(),
            first_name: form.optional("First name of a contact (may be empty)", first_name)?,
            last_name: form.optional("Last name of a contact (may be empty)", last_name)?,
            email,
            vat_id: if is_company {
                form.optional("VAT id (may be empty)", self.vat_id)?
            } else {
                self.vat_id.unwrap_or_default()
            },
            phone: form.optional("Phone (may be empty)", self.phone)?,
            street: form.optional("Street and number (may be empty)", self.street)?,
            postal_code: form.optional("Postal code (may be empty)", self.postal_code)?,
            city: form.optional("City (may be empty)", self.city)?,
            country: form.optional("Country, two letters (may be empty)", self.country)?,
            email_vouched: false,
        })
    }
}
