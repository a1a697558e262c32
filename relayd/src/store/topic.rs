//! What a change is about, and how it looks in the audit log: the columns that people may see.
//! A secret is told to be there, never shown.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::{AnyConnection, AssertSqlSafe, any::AnyRow};

use super::{StoreError, engine::Engine, record::Record};
use crate::model::{
    AccountId, DomainId, InvitationId, PlanId, RouteId, SessionId, Subject, SystemId, TokenId,
    UserId, WebhookId, WebhookUrl,
};

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "(secret)";

/// What people may see of the URL of a webhook: its path is the owner's alone to know.
pub(crate) fn authority_of(url: &str) -> String {
    let url = url.trim().parse::<WebhookUrl>();
    url.map_or_else(|_| REDACTED.to_owned(), |url| url.authority())
}

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

/// A column that people may see, by how it is stored.
#[derive(Debug, Clone, Copy)]
enum Column {
    Text(&'static str),
    Number(&'static str),
    Flag(&'static str),
    Time(&'static str),
    /// The URL of a webhook without its path.
    Place(&'static str),
    /// Only whether there is one.
    Secret(&'static str),
}

use Column::{Flag, Number, Place, Secret, Text, Time};

/// Where an object is kept. `$1` is its id.
struct Picture {
    table: &'static str,
    from: &'static str,
    columns: &'static [Column],
}

const PLAN: Picture = Picture {
    table: "plans",
    from: "plans WHERE id = $1",
    columns: &[
        Text("name"),
        Text("state"),
        Number("relay_users"),
        Number("messages_per_minute"),
        Number("messages_per_day"),
        Number("recipients_per_day"),
        Number("recipients_per_message"),
        Number("message_size"),
        Number("version"),
    ],
};

const ACCOUNT: Picture = Picture {
    table: "accounts",
    from: "accounts WHERE id = $1",
    columns: &[
        Text("name"),
        Text("kind"),
        Text("company"),
        Text("vat_id"),
        Text("first_name"),
        Text("last_name"),
        Text("email"),
        Text("phone"),
        Text("street"),
        Text("postal_code"),
        Text("city"),
        Text("country"),
        Text("state"),
        Time("verified_at"),
        Time("activated_at"),
        Flag("self_registered"),
        Text("domain_proof"),
        Text("bounces_to"),
        Text("note"),
        Text("suspended_by"),
        Text("suspended_for"),
        Time("drain_until"),
        Time("closed_at"),
    ],
};

const DOMAIN: Picture = Picture {
    table: "domains",
    from: "domains WHERE id = $1",
    columns: &[
        Text("name"),
        Text("state"),
        Time("verified_at"),
        Time("failing_since"),
        Text("found"),
    ],
};

const SUBSCRIPTION: Picture = Picture {
    table: "subscriptions",
    from: "(SELECT p.name AS plan, s.started_at AS started_at
            FROM subscriptions s JOIN plans p ON p.id = s.plan_id
            WHERE s.account_id = $1 AND s.ended_at IS NULL) AS shown",
    columns: &[Text("plan"), Time("started_at")],
};

const ROUTE: Picture = Picture {
    table: "routes",
    from: "routes WHERE id = $1",
    columns: &[
        Text("role"),
        Text("kind"),
        Text("server"),
        Number("port"),
        Text("security"),
        Text("mailbox"),
        Secret("password"),
        Secret("secret"),
        Text("details"),
        Text("ca_pem"),
        Text("folder"),
        Number("connections"),
        Number("per_minute"),
        Number("recipients_per_day"),
        Time("checked_at"),
        Number("version"),
    ],
};

const LANE: Picture = Picture {
    table: "holds",
    from: "holds WHERE route_id = $1",
    columns: &[
        Text("kind"),
        Text("reason"),
        Text("detail"),
        Time("since"),
        Time("until"),
    ],
};

const RELAY_USER: Picture = Picture {
    table: "relay_users",
    from: "(SELECT r.username AS username, r.sender AS sender, r.other_sender AS other_sender,
                r.state AS state, r.version AS version,
                (SELECT MAX(c.created_at) FROM credentials c WHERE c.user_id = r.id)
                    AS password_set_at
            FROM relay_users r WHERE r.id = $1) AS shown",
    columns: &[
        Text("username"),
        Text("sender"),
        Text("other_sender"),
        Text("state"),
        Time("password_set_at"),
        Number("version"),
    ],
};

const SYSTEM: Picture = Picture {
    table: "systems",
    from: "(SELECT s.name AS name, s.network AS address, r.username AS relay_user, s.auth AS auth,
                s.state AS state, s.priority AS priority, s.version AS version
            FROM systems s JOIN relay_users r ON r.id = s.user_id WHERE s.id = $1) AS shown",
    columns: &[
        Text("name"),
        Text("address"),
        Text("relay_user"),
        Text("auth"),
        Text("state"),
        Text("priority"),
        Number("version"),
    ],
};

const LIMITS: Picture = Picture {
    table: "limits",
    from: "limits WHERE subject_id = $1",
    columns: &[
        Text("scope"),
        Number("messages_per_minute"),
        Number("messages_per_day"),
        Number("recipients_per_day"),
        Number("recipients_per_message"),
        Number("message_size"),
        Text("set_by"),
    ],
};

const TOKEN: Picture = Picture {
    table: "tokens",
    from: "(SELECT t.name AS name, COALESCE(a.name, '') AS account, t.read_only AS read_only,
                t.created_at AS created_at, t.expires_at AS expires_at
            FROM tokens t LEFT JOIN accounts a ON a.id = t.account_id WHERE t.id = $1) AS shown",
    columns: &[
        Text("name"),
        Text("account"),
        Flag("read_only"),
        Time("created_at"),
        Time("expires_at"),
    ],
};

const SIGN_IN: Picture = Picture {
    table: "sign_ins",
    from: "(SELECT i.changed_at AS password_set_at,
                (SELECT COUNT(*) FROM sessions s WHERE s.account_id = i.account_id) AS sessions
            FROM sign_ins i WHERE i.account_id = $1) AS shown",
    columns: &[Time("password_set_at"), Number("sessions")],
};

const SECOND_FACTOR: Picture = Picture {
    table: "second_factors",
    from: "(SELECT f.created_at AS created_at, f.enabled_at AS enabled_at,
                (SELECT COUNT(*) FROM recovery_codes r WHERE r.account_id = f.account_id)
                    AS recovery_codes_left
            FROM second_factors f WHERE f.account_id = $1) AS shown",
    columns: &[
        Time("created_at"),
        Time("enabled_at"),
        Number("recovery_codes_left"),
    ],
};

const SESSION: Picture = Picture {
    table: "sessions",
    from: "(SELECT a.name AS account, s.created_at AS created_at,
                s.created_from AS created_from, s.expires_at AS expires_at
            FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1) AS shown",
    columns: &[
        Text("account"),
        Time("created_at"),
        Text("created_from"),
        Time("expires_at"),
    ],
};

const CODE: Picture = Picture {
    table: "email_codes",
    from: "email_codes WHERE account_id = $1 AND purpose = $2",
    columns: &[
        Text("purpose"),
        Text("email"),
        Time("sent_at"),
        Time("expires_at"),
    ],
};

const INVITATION: Picture = Picture {
    table: "invitations",
    from: "invitations WHERE id = $1",
    columns: &[Text("email"), Time("created_at"), Time("expires_at")],
};

const WEBHOOK: Picture = Picture {
    table: "webhooks",
    from: "(SELECT w.name AS name, COALESCE(a.name, '') AS account, w.url AS url,
                w.events AS events, w.state AS state, w.note AS note, w.secret AS secret,
                w.version AS version
            FROM webhooks w LEFT JOIN accounts a ON a.id = w.account_id WHERE w.id = $1) AS shown",
    columns: &[
        Text("name"),
        Text("account"),
        Place("url"),
        Text("events"),
        Secret("secret"),
        Text("state"),
        Text("note"),
        Number("version"),
    ],
};

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

impl Picture {
    fn show(&self, row: &AnyRow) -> Result<Value, StoreError> {
        let record = Record::new(self.table, row);
        let mut fields = Map::new();
        for column in self.columns {
            let (name, value) = match *column {
                Text(name) => (name, record.text(name)?.into()),
                Number(name) => (name, record.number::<i64>(name)?.into()),
                Flag(name) => (name, record.flag(name)?.into()),
                Place(name) => (name, authority_of(record.text(name)?).into()),
                Time(name) => (name, time(record.time_optional(name)?)),
                Secret(name) => {
                    let is_there = record.bytes_optional(name)?.is_some();
                    (name, is_there.then_some(REDACTED).into())
                }
            };
            fields.insert(name.to_owned(), value);
        }
        Ok(Value::Object(fields))
    }
}

fn time(time: Option<Timestamp>) -> Value {
    time.map(|time| time.to_string()).into()
}
