//! One mail through the whole way, as a relay user, for whoever wants to see it arrive.

use super::{Accounts, AdminError, TestSubmission, field::Fields};
use crate::{
    model::{Account, Address, MessageId, Reason, System, SystemState},
    store::Login,
};

const SUBJECT: &str = "Test mail";
const MAX_SUBJECT: usize = 200;

/// A test mail as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct NewTestMail {
    /// Who gets it.
    pub to: String,
    /// Whom it is from; the sender of the relay user when not given.
    pub from: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Name or id of the system that it counts for.
    pub system: Option<String>,
}

/// A test mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestMail {
    /// Its queue id.
    pub id: MessageId,
    /// Name of the system that it counts for.
    pub system: String,
}

impl Accounts {
    /// Submits a mail as a relay user. Nothing is spared it that a device meets but the password,
    /// which is known as a hash only; `by` is who asked for it.
    pub async fn send_test_mail(
        &self,
        account: &Account,
        key: &str,
        test: NewTestMail,
        by: String,
    ) -> Result<TestMail, AdminError> {
        let user = self.find_relay_user(account, key).await?;
        let mut fields = Fields::default();
        let recipient: Option<Address> = fields.parse("to", test.to.trim());
        let sender: Option<Address> = match test.from.as_deref() {
            Some(from) => fields.parse("from", from.trim()),
            None => Some(user.sender.clone()),
        };
        let subject = test.subject.as_deref().unwrap_or(SUBJECT);
        let subject = fields.line("subject", subject, MAX_SUBJECT);
        let (recipient, sender) = fields.finish(recipient.zip(sender))?;
        let login = self.store.login(&user.username).await?;
        let login = login.ok_or_else(|| AdminError::not_found("relay user", key))?;
        let system = meant_system(&login, test.system.as_deref())?;
        let submission = TestSubmission {
            username: user.username,
            client: system.network.address(),
            sender,
            recipient,
            subject,
            by,
        };
        let id = self.door.submit(submission).await;
        let id = id.map_err(AdminError::Refused)?;
        tracing::info!(queue_id = %id, account = %account.name, "a test mail was accepted");
        Ok(TestMail {
            id,
            system: system.name.clone(),
        })
    }
}

/// The system of that name or id; without one, an active system, the one that was seen last.
fn meant_system<'l>(login: &'l Login, key: Option<&str>) -> Result<&'l System, AdminError> {
    let systems = login.standing.systems.iter();
    match key {
        Some(key) => systems
            .clone()
            .find(|system| system.name == key || system.id.to_string() == key)
            .ok_or_else(|| AdminError::not_found("system of this relay user", key)),
        None => systems
            .max_by_key(|system| (system.state == SystemState::Active, system.last_seen_at))
            .ok_or_else(|| {
                let detail = format!("{} has no system yet", login.standing.user.username);
                AdminError::refused(Reason::AddressNotRegistered, detail)
            }),
    }
}
