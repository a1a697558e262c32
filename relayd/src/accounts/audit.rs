//! The audit log: every request that may change something leaves an entry.

use std::{net::IpAddr, sync::Arc};

use serde_json::Value;

use super::{Accounts, AdminError, Listing, RegistrationPolicy, field::Fields, session::origin};
use crate::model::Account;
use crate::store::{
    AuditCheck, AuditEntry, AuditFilter, AuditHash, KeptReply, Origin, REDACTED, RequestKey,
    Reservation, StoreError, authority_of, excerpt, shortened,
};

/// Items of one list in an entry; the rest is left out.
const MAX_ITEMS: usize = 100;

/// Words that the name of a field with a secret has one of.
const SECRET_WORDS: [&str; 7] = [
    "password",
    "secret",
    "token",
    "code",
    "key",
    "totp",
    "invitation",
];

/// The field with the URL of a webhook.
const URL: &str = "url";

/// A request that may change something.
#[derive(Debug)]
pub struct AuditedRequest {
    /// Who asks.
    pub actor: String,
    /// From where.
    pub source: String,
    /// Name of the operation.
    pub action: &'static str,
    /// Path of the request.
    pub object: String,
    /// Name or id of the account that it names, if it names one.
    pub account: Option<String>,
    /// Identifier of the request.
    pub request_id: String,
    /// The key by which it may be repeated.
    pub key: Option<RequestKey>,
    /// The request as JSON, with its secrets.
    pub request: Value,
}

impl Accounts {
    /// The same use cases, whose changes go down in the audit log as asked for by `request`.
    pub async fn recording(&self, request: AuditedRequest) -> Self {
        let account = match &request.account {
            // Whether there is such an account is for the use case to say.
            Some(key) => self.find_account(key).await.ok(),
            None => None,
        };
        let mut content = request.request;
        redact(&mut content);
        let is_empty = content.as_object().is_none_or(serde_json::Map::is_empty);
        let now = self.clock.now();
        let mut origin = Origin::new(now, request.actor, request.source, request.action);
        origin.account = account.map(|account| account.id);
        origin.object = shortened(request.object);
        origin.request_id = request.request_id;
        origin.key = request.key;
        if !is_empty {
            origin.request = excerpt(&content);
        }
        Self {
            store: self.store.on_behalf_of(Arc::new(origin)),
            ..self.clone()
        }
    }

    /// Counts a change that an owner asks for, and refuses it when there were too many: each
    /// leaves an entry.
    pub fn pace_changes(&self, account: &Account) -> Result<(), AdminError> {
        let key = account.id.to_string();
        self.throttles.changes.admit(&key, self.clock.now())
    }

    /// Whether a key of somebody who did not sign in is kept: only where it could be of use, and
    /// so many of one address, since each is written before anything else is looked at.
    pub fn may_keep_key(&self, client: Option<IpAddr>) -> Result<bool, AdminError> {
        if self.settings.registration == RegistrationPolicy::Closed {
            return Ok(false);
        }
        let throttle = &self.throttles.keys_client;
        throttle.admit(&origin(client), self.clock.now())?;
        Ok(true)
    }

    /// Leaves an entry for a request that was done and left none: it changed nothing in the store.
    pub async fn record_unchanged(&self) -> Result<(), AdminError> {
        Ok(self.store.record_unchanged().await?)
    }

    /// What a request is recognised by when it is repeated.
    pub fn fingerprint(&self, method: &str, path: &str, body: &[u8]) -> [u8; 32] {
        self.store.fingerprint(method, path, body)
    }

    /// Takes a key for a request, or says what is known of it.
    pub async fn reserve_key(
        &self,
        key: &RequestKey,
        fingerprint: &[u8; 32],
    ) -> Result<Reservation, StoreError> {
        self.store
            .reserve_key(key, fingerprint, self.clock.now())
            .await
    }

    /// Keeps the reply to a request that may be repeated.
    pub async fn keep_reply(&self, key: &RequestKey, reply: &KeptReply) -> Result<(), StoreError> {
        self.store.keep_reply(key, reply).await
    }

    /// Gives a key back: its request failed and may be tried again.
    pub async fn release_key(&self, key: &RequestKey) -> Result<(), StoreError> {
        self.store.release_key(key).await
    }

    /// The entries before the one numbered `before`, newest first.
    pub async fn list_audit(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Listing<AuditEntry, u64>, AdminError> {
        let page = self.store.audit_entries(filter, before, limit).await?;
        let last = page.entries.last().map(|entry| entry.id);
        Ok(Listing {
            items: page.entries,
            next: last.filter(|_| page.has_more),
        })
    }

    /// Follows the chain of the audit log. `expected` is a hash in hexadecimal that was noted
    /// earlier.
    pub async fn check_audit(&self, expected: Option<&str>) -> Result<AuditCheck, AdminError> {
        let mut fields = Fields::default();
        let expected = expected.and_then(|text| {
            let hash = blake3::Hash::from_hex(text.trim());
            if hash.is_err() {
                fields.refuse("expect", "a hash has 64 hexadecimal digits");
            }
            hash.ok().map(AuditHash::from)
        });
        fields.check()?;
        Ok(self.store.check_audit(expected).await?)
    }
}

/// Whether a field of that name holds a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let is_secret = name.split('_').any(|word| SECRET_WORDS.contains(&word));
    is_secret && name != "postal_code"
}

/// Puts a note in the place of secrets, and cuts what is long.
fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Null | Value::Bool(_) => {}
                    value if is_secret(name) => *value = REDACTED.into(),
                    Value::String(url) if name == URL => *url = authority_of(url),
                    value => redact(value),
                }
            }
        }
        Value::Array(items) => {
            let count = items.len();
            items.truncate(MAX_ITEMS);
            items.iter_mut().for_each(redact);
            if count > MAX_ITEMS {
                items.push(format!("… {count} in all").into());
            }
        }
        // Somebody may have put the key into the file of the certificate.
        Value::String(text) if text.contains("PRIVATE KEY") => REDACTED.clone_into(text),
        Value::String(text) => {
            *text = shortened(std::mem::take(text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MAX_TEXT: usize = 500;

    #[test]
    fn secrets_are_redacted_at_any_depth_and_long_values_cut() {
        let mut value = json!({
            "password": "p1", "client_secret": "p2", "password_file": null, "read_only": true,
            "name": "acme", "route": {"password": {"text": "p3"}, "mailbox": "relay@acme.example"},
            "url": "https://hooks.example.com:8443/p4?p5",
            "ca_pem": "é".repeat(MAX_TEXT + 1), "ids": vec!["x"; MAX_ITEMS + 1],
        });
        redact(&mut value);
        let text = value.to_string();
        for secret in ["p1", "p2", "p3", "p4", "p5"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(value["url"], "hooks.example.com:8443");
        assert_eq!(value["name"], "acme");
        assert_eq!(value["read_only"], true);
        assert_eq!(value["route"]["mailbox"], "relay@acme.example");
        assert!(
            value["ca_pem"]
                .as_str()
                .unwrap()
                .ends_with("1002 bytes in all")
        );
        assert_eq!(value["ids"].as_array().unwrap().len(), MAX_ITEMS + 1);
        assert_eq!(value["ids"][MAX_ITEMS], "… 101 in all");
    }

    /// Fields of requests that hold no secret.
    const PLAIN: &[&str] = &[
        "account",
        "address",
        "allowed_senders",
        "auth",
        "authority",
        "bounces_to",
        "ca_pem",
        "certificate_pem",
        "city",
        "client_id",
        "cloud",
        "company",
        "country",
        "credential",
        "domain_proof",
        "email",
        "events",
        "expires_at",
        "first_name",
        "from",
        "from_domain",
        "folder",
        "grant",
        "header_from",
        "ids",
        "kind",
        "last_name",
        "limits_set_by",
        "listener",
        "mailbox",
        "mx_of",
        "name",
        "other_sender",
        "phone",
        "plan",
        "postal_code",
        "preset",
        "priority",
        "queue",
        "reason",
        "scope",
        "security",
        "sender",
        "server",
        "state",
        "street",
        "subject",
        "system",
        "tenant",
        "to",
        "to_domain",
        "unknown_outcome",
        "url",
        "user",
        "username",
        "vat_id",
    ];

    /// A field of a request is redacted or cut by its name, or was looked at and holds no secret.
    #[test]
    fn every_text_of_a_request_is_known_to_be_secret_or_plain() {
        let document = serde_json::to_value(relay_proto::document("0")).unwrap();
        let mut names = Vec::new();
        for operations in document["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                texts_of(&document, body, "", &mut names);
            }
        }
        assert!(names.iter().any(|name| name == "password"), "{names:?}");
        for name in names {
            let is_plain = name == URL || PLAIN.contains(&name.as_str());
            assert!(
                is_plain || is_secret(&name),
                "{name}: redact it by its name, or add it to the plain fields"
            );
            assert!(!(is_plain && is_secret(&name)), "{name} is both");
        }
    }

    /// Names of the fields below a schema that are not numbers or truth values.
    fn texts_of(document: &Value, schema: &Value, name: &str, names: &mut Vec<String>) {
        if let Some(path) = schema["$ref"].as_str() {
            let schema = document.pointer(path.trim_start_matches('#')).unwrap();
            return texts_of(document, schema, name, names);
        }
        for list in ["oneOf", "anyOf", "allOf"] {
            for part in schema[list].as_array().into_iter().flatten() {
                texts_of(document, part, name, names);
            }
        }
        if let Some(fields) = schema["properties"].as_object() {
            for (name, schema) in fields {
                texts_of(document, schema, name, names);
            }
        } else if schema["items"].is_object() {
            texts_of(document, &schema["items"], name, names);
        } else if schema["type"].to_string().contains("string") {
            names.push(name.to_owned());
        }
    }
}
