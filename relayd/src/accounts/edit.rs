//! Changes of company data and contact e-mail.

use super::{
    AccountOverview, Accounts, AdminError, NewAccount,
    account::{refuse_ended, validate},
};
use crate::{
    model::{Account, Authority, DomainProof, Reason},
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
}

impl Accounts {
    /// Changes the data of an account, which must have the version `if_match` where one is given.
    /// The operator vouches for another contact e-mail; changed by the owner it counts once its
    /// code was given, and nothing changes when none can be sent.
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
        if change.domain_proof.is_some() && by != Authority::Operator {
            return Err(AdminError::refused(
                Reason::Forbidden,
                "the operator decides whether domains have to be proven",
            ));
        }
        let domain_proof = change.domain_proof.unwrap_or(before.domain_proof);
        let (_, contact) = validate(&changed(&before, change))?;
        let mut account = Account {
            contact,
            domain_proof,
            ..before.clone()
        };
        if account.contact.email != before.contact.email {
            if by == Authority::Operator {
                account.verified_at = Some(self.clock.now());
            } else {
                let email = &account.contact.email;
                self.send_code(&before, CodePurpose::ChangeEmail, email)
                    .await?;
                account.contact.email = before.contact.email.clone();
            }
        }
        if account != before {
            self.store
                .update_contact(&account)
                .await
                .map_err(AdminError::on_update)?;
            account.version += 1;
            tracing::info!(account = %account.name, "data of the account changed");
        }
        self.overview(account).await
    }
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
