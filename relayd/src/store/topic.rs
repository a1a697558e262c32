//! What a change is about, and what of it the audit log tells.

use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{
    StoreError,
    engine::Engine,
    picture::{
        ACCOUNT, CODE, DOMAIN, INVITATION, LANE, LIMITS, PLAN, RELAY_USER, ROUTE, SECOND_FACTOR,
        SESSION, SIGN_IN, SUBSCRIPTION, SYSTEM, TOKEN, WEBHOOK,
    },
    record::Record,
};
use crate::model::{
    AccountId, DomainId, InvitationId, PlanId, RouteId, SessionId, Subject, SystemId, TokenId,
    UserId, WebhookId,
};

/// The object of a change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Topic {
    /// A plan.
    Plan(PlanId),
    /// An account.
    Account(AccountId),
    /// The subscription of an account.
    Subscription(AccountId),
    /// A route.
    Route(RouteId),
    /// Whether the lane of a route stands still.
    Lane(RouteId),
    /// A sender domain of an account.
    Domain(DomainId),
    /// A relay user with its senders, the names of its passwords and the age of the newest.
    RelayUser(UserId),
    /// A system.
    System(SystemId),
    /// What limits are set for an account, a relay user or a system of an account.
    Limits(AccountId, Subject),
    /// A token of the operator or of an account.
    Token(TokenId),
    /// How the owner of an account signs in, and how many sessions there are.
    SignIn(AccountId),
    /// The second factor of the owner of an account, and how many recovery codes are left.
    SecondFactor(AccountId),
    /// A session of an owner, and whose it is, if that is known.
    Session(SessionId, Option<AccountId>),
    /// The code of an account for a purpose, by its name.
    Code(AccountId, &'static str),
    /// An invitation.
    Invitation(InvitationId),
    /// A webhook of the operator or of an account.
    Webhook(WebhookId),
    /// Registrations that nobody confirmed, all at once.
    Registrations,
    /// Messages in the queue. Their states are in their own histories.
    Messages,
}

impl Topic {
    /// The account that the object itself is.
    pub(super) const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Account(id)
            | Self::Subscription(id)
            | Self::Limits(id, _)
            | Self::SignIn(id)
            | Self::SecondFactor(id)
            | Self::Code(id, _) => Some(*id),
            Self::Session(_, account) => *account,
            _ => None,
        }
    }

    /// The object as it stands in this transaction; `None` where there is none.
    pub(super) async fn read(
        &self,
        tx: &mut AnyConnection,
        engine: Engine,
    ) -> Result<Option<Value>, StoreError> {
        let (picture, id) = match self {
            Self::Plan(id) => (PLAN, id.as_bytes()),
            Self::Account(id) => (ACCOUNT, id.as_bytes()),
            Self::Subscription(id) => (SUBSCRIPTION, id.as_bytes()),
            Self::Route(id) => (ROUTE, id.as_bytes()),
            Self::Lane(id) => (LANE, id.as_bytes()),
            Self::Domain(id) => (DOMAIN, id.as_bytes()),
            Self::RelayUser(id) => (RELAY_USER, id.as_bytes()),
            Self::System(id) => (SYSTEM, id.as_bytes()),
            Self::Limits(_, subject) => (LIMITS, subject.as_bytes()),
            Self::Token(id) => (TOKEN, id.as_bytes()),
            Self::SignIn(id) => (SIGN_IN, id.as_bytes()),
            Self::SecondFactor(id) => (SECOND_FACTOR, id.as_bytes()),
            Self::Session(id, _) => (SESSION, id.as_bytes()),
            Self::Code(id, _) => (CODE, id.as_bytes()),
            Self::Invitation(id) => (INVITATION, id.as_bytes()),
            Self::Webhook(id) => (WEBHOOK, id.as_bytes()),
            Self::Messages | Self::Registrations => return Ok(None),
        };
        let id = id.as_slice();
        // Nobody changes it between what is written down as before and the change itself.
        let lock = format!(
            "SELECT 1 FROM {} WHERE {} = $1{}",
            picture.table,
            self.key(),
            engine.for_update()
        );
        sqlx::query(AssertSqlSafe(lock))
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        let mut query = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {}", picture.from)));
        query = query.bind(id);
        if let Self::Code(_, purpose) = self {
            query = query.bind(*purpose);
        }
        let row = query.fetch_optional(&mut *tx).await?;
        let Some(row) = row else { return Ok(None) };
        let mut seen = picture.show(&row)?;
        if let (Self::RelayUser(_), Value::Object(fields)) = (self, &mut seen) {
            fields.insert("allowed_senders".to_owned(), texts(tx, SENDERS, id).await?);
            fields.insert("credentials".to_owned(), texts(tx, CREDENTIALS, id).await?);
        }
        Ok(Some(seen))
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::Subscription(_) | Self::SignIn(_) | Self::SecondFactor(_) | Self::Code(..) => {
                "account_id"
            }
            Self::Lane(_) => "route_id",
            Self::Limits(..) => "subject_id",
            _ => "id",
        }
    }
}

const SENDERS: &str =
    "SELECT address AS shown FROM allowed_senders WHERE user_id = $1 ORDER BY address";
const CREDENTIALS: &str = "SELECT name AS shown FROM credentials WHERE user_id = $1 ORDER BY name";

/// The texts that belong to a relay user.
async fn texts(
    tx: &mut AnyConnection,
    statement: &'static str,
    user: &[u8],
) -> Result<Value, StoreError> {
    let rows = sqlx::query(statement).bind(user).fetch_all(tx).await?;
    rows.iter()
        .map(|row| Ok(Record::new("relay_users", row).text("shown")?.into()))
        .collect::<Result<Vec<Value>, StoreError>>()
        .map(Value::Array)
}
