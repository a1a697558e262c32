//! Who a customer is, as flags: for `account create` and `account edit`.

use relay_proto::{Account, AccountChange, AccountKind, NewAccount};

use super::file::AccountFile;
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::session::Session;

/// Who the customer is.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Contact")]
pub(super) struct Contact {
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

impl Contact {
    /// What was not given is taken from a file.
    pub(super) fn or(self, file: &mut AccountFile) -> Self {
        Self {
            company: self.company.or(file.company.take()),
            vat_id: self.vat_id.or(file.vat_id.take()),
            first_name: self.first_name.or(file.first_name.take()),
            last_name: self.last_name.or(file.last_name.take()),
            email: self.email.or(file.email.take()),
            phone: self.phone.or(file.phone.take()),
            street: self.street.or(file.street.take()),
            postal_code: self.postal_code.or(file.postal_code.take()),
            city: self.city.or(file.city.take()),
            country: self.country.or(file.country.take()),
        }
    }

    /// Decides or asks for all that a new account takes.
    pub(super) fn fill(
        self,
        kind: Option<AccountKind>,
        form: &mut Form<'_>,
    ) -> Result<NewAccount, Failure> {
        let kind = match kind {
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
            password: None,
            invitation: None,
            domain_proof: None,
            route: None,
        })
    }

    /// Asks for each value; Enter keeps the present one.
    pub(super) fn asked(session: &Session, now: &Account) -> Result<AccountChange, Failure> {
        let form = Form::new(&session.prompts);
        let text = |question, present: &str| form.changed(question, present, check::anything);
        let is_company = now.kind == AccountKind::Company;
        Ok(AccountChange {
            company: if is_company {
                text("Company", &now.company)?
            } else {
                None
            },
            vat_id: if is_company {
                text("VAT id", &now.vat_id)?
            } else {
                None
            },
            first_name: text("First name", &now.first_name)?,
            last_name: text("Last name", &now.last_name)?,
            email: form.changed("Contact e-mail", &now.email, check::address)?,
            phone: text("Phone", &now.phone)?,
            street: text("Street and number", &now.street)?,
            postal_code: text("Postal code", &now.postal_code)?,
            city: text("City", &now.city)?,
            country: text("Country, two letters", &now.country)?,
            ..AccountChange::default()
        })
    }

    /// What was given, as a change.
    pub(super) fn change(self) -> AccountChange {
        AccountChange {
            company: self.company,
            vat_id: self.vat_id,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
            street: self.street,
            postal_code: self.postal_code,
            city: self.city,
            country: self.country,
            domain_proof: None,
            bounces_to: None,
            current_password: None,
        }
    }
}
