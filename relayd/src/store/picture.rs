//! How objects look in the audit log: the columns that people may see. A secret is told to be there,
//! never shown.

use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;

use super::{StoreError, record::Record};
use crate::model::WebhookUrl;

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "(secret)";

/// What people may see of the URL of a webhook: its path is the owner's alone to know.
pub(crate) fn authority_of(url: &str) -> String {
    let url = url.trim().parse::<WebhookUrl>();
    url.map_or_else(|_| REDACTED.to_owned(), |url| url.authority())
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
pub(super) struct Picture {
    pub(super) table: &'static str,
    pub(super) from: &'static str,
    columns: &'static [Column],
}

pub(super) const PLAN: Picture = Picture {
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

pub(super) const ACCOUNT: Picture = Picture {
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

pub(super) const DOMAIN: Picture = Picture {
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

pub(super) const SUBSCRIPTION: Picture = Picture {
    table: "subscriptions",
    from: "(SELECT p.name AS plan, s.started_at AS started_at
            FROM subscriptions s JOIN plans p ON p.id = s.plan_id
            WHERE s.account_id = $1 AND s.ended_at IS NULL) AS shown",
    columns: &[Text("plan"), Time("started_at")],
};

pub(super) const ROUTE: Picture = Picture {
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

pub(super) const LANE: Picture = Picture {
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

pub(super) const RELAY_USER: Picture = Picture {
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

pub(super) const SYSTEM: Picture = Picture {
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

pub(super) const LIMITS: Picture = Picture {
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

pub(super) const TOKEN: Picture = Picture {
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

pub(super) const SIGN_IN: Picture = Picture {
    table: "sign_ins",
    from: "(SELECT i.changed_at AS password_set_at,
                (SELECT COUNT(*) FROM sessions s WHERE s.account_id = i.account_id) AS sessions
            FROM sign_ins i WHERE i.account_id = $1) AS shown",
    columns: &[Time("password_set_at"), Number("sessions")],
};

pub(super) const SECOND_FACTOR: Picture = Picture {
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

pub(super) const SESSION: Picture = Picture {
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

pub(super) const CODE: Picture = Picture {
    table: "email_codes",
    from: "email_codes WHERE account_id = $1 AND purpose = $2",
    columns: &[
        Text("purpose"),
        Text("email"),
        Time("sent_at"),
        Time("expires_at"),
    ],
};

pub(super) const INVITATION: Picture = Picture {
    table: "invitations",
    from: "invitations WHERE id = $1",
    columns: &[Text("email"), Time("created_at"), Time("expires_at")],
};

pub(super) const WEBHOOK: Picture = Picture {
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

impl Picture {
    /// The object as people may see it.
    pub(super) fn show(&self, row: &AnyRow) -> Result<Value, StoreError> {
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
