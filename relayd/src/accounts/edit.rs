//! Changes of company data and contact e-mail.

use super::{
    AccountOverview, Accounts, AdminError, NewAccount,
    account::{refuse_ended, validate},
    domain::proof_is_the_operators,
    notice::Notice,
};
use crate::{
    model::{Account, Address, Authority, BouncesTo, DomainProof, Reason, Secret},
    store::CodePurpose,
};

/// Changes of an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// Name of the company.
    pub company: Option<String>,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Contact e-mail.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country, two letters.
    pub country: Option<String>,
    /// Whether its domains have to be proven; the operator's alone to say.
    pub domain_proof: Option<DomainProof>,
    /// Who is told that its mail failed or is late.
    pub bounces_to: Option<BouncesTo>,
    /// The present sign-in password, without which no owner changes the contact e-mail.
    pub current_password: Option<Secret>,
}

impl Accounts {
    /// Changes the data of an account, which must have the version `if_match` where one is given.
    /// The operator vouches for another contact e-mail, and ends the sessions with it. Asked for by
    /// the owner, who gives the present password, it counts once its code was given, and nothing
    /// changes when none can be sent. The present one takes back what was asked for.
    pub async fn edit_account(
        &self,
        key: &str,
        change: AccountChange,
        by: Authority,
        if_match: Option<i64>,
    ) -> Result<AccountOverview, AdminError> {
        let before = self.find_account(key).await?;
        refuse_ended(&before)?;
        if if_match.is_some_and(|version| version != before.version) {
            return Err(AdminError::Refused(Reason::StaleVersion.into()));
        }
        let current = change.current_password.clone();
        let names_email = change.email.is_some();
        let mut account = edited(&before, change, by)?;
        let is_other = account.contact.email != before.contact.email;
        if is_other && by == Authority::Operator {
            account.verified_at = Some(self.clock.now());
        } else if is_other {
            self.ask_for_email(&before, &account.contact.email, current.as_ref())
                .await?;
            account.contact.email = before.contact.email.clone();
        } else if names_email && before.verified_at.is_some() {
            self.store.delete_codes(before.id).await?;
        }
        if account != before {
            let written = if account.contact.email == before.contact.email {
                self.store.update_contact(&account).await
            } else {
                self.store.replace_contact(&account).await
            };
            written.map_err(AdminError::on_update)?;
            account.version += 1;
            tracing::info!(account = %account.name, "data of the account changed");
        }
        self.overview(account).await
    }

    /// Sends a code to an e-mail that an owner wants, and tells the present one.
    async fn ask_for_email(
        &self,
        account: &Account,
        email: &Address,
        current: Option<&Secret>,
    ) -> Result<(), AdminError> {
        if current.is_none() {
            return Err(AdminError::refused(
                Reason::SignInRejected,
                "another contact e-mail takes the present password (current_password), of a session \
                 and of a token alike",
            ));
        }
        self.check_current(account, current).await?;
        self.send_code(account, CodePurpose::ChangeEmail, email)
            .await?;
        let name = &account.name;
        let present = &account.contact.email;
        let notice = Notice {
            subject: "Another contact e-mail was asked for".to_owned(),
            text: format!(
                "The account {name} is to have another contact e-mail: {email}\n\nIt counts once the \
                 code that was sent there is given.\n\nIf that was not you, set another password, \
                 which takes it back, by\n\n  relayctl auth reset-password --email {present}\n"
            ),
        };
        self.tell(account, present, notice).await;
        Ok(())
    }
}

/// The account with a change of its data, as far as `by` may.
pub(super) fn edited(
    before: &Account,
    change: AccountChange,
    by: Authority,
) -> Result<Account, AdminError> {
    if change.domain_proof.is_some() && by != Authority::Operator {
        return Err(AdminError::Refused(proof_is_the_operators()));
    }
    let domain_proof = change.domain_proof.unwrap_or(before.domain_proof);
    let bounces_to = change.bounces_to.unwrap_or(before.bounces_to);
    let (_, contact) = validate(&changed(before, change))?;
    Ok(Account {
        contact,
        domain_proof,
        bounces_to,
        ..before.clone()
    })
}

fn changed(account: &Account, change: AccountChange) -> NewAccount {
    let contact = account.contact.clone();
    NewAccount {
        name: Some(account.name.clone()),
        kind: contact.kind,
        company: change.company.unwrap_or(contact.company),
        vat_id: change.vat_id.unwrap_or(contact.vat_id),
        first_name: change.first_name.unwrap_or(contact.first_name),
        last_name: change.last_name.unwrap_or(contact.last_name),
        email: change.email.unwrap_or_else(|| contact.email.to_string()),
        phone: change.phone.unwrap_or(contact.phone),
        street: change.street.unwrap_or(contact.street),
        postal_code: change.postal_code.unwrap_or(contact.postal_code),
        city: change.city.unwrap_or(contact.city),
        country: change.country.unwrap_or(contact.country),
        email_vouched: false,
        password: None,
        invitation: None,
        domain_proof: None,
        route: None,
    }
}
