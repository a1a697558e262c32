//! What an operation of the API is.

use std::{any::TypeId, fmt::Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// HTTP methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; changes nothing.
    Get,
    /// Creates or acts.
    Post,
    /// Replaces a whole object.
    Put,
    /// Changes the fields that are given.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Header of a POST, or of a whole configuration, that may be repeated: with the same value it is done once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Header of a reply that was given before, with its secrets left out.
pub const IDEMPOTENCY_REPLAYED: &str = "idempotency-replayed";
/// Operations that a key does not make repeatable: a session begins or a code is tried each time,
/// and what was answered is kept nowhere.
pub(crate) const NEVER_REPLAYED: [&str; 11] = [
    "SignIn",
    "RequestPasswordReset",
    "ResetPassword",
    "ConfirmEmail",
    "ResendCode",
    "PrepareTotp",
    "EnableTotp",
    "DisableTotp",
    "RenewRecoveryCodes",
    "AuthorizeRoute",
    "ContinueSignIn",
];
/// Operations that are repeated until something has happened: one that finds nothing new leaves no
/// entry in the audit log.
const REPEATED: [&str; 1] = ["ContinueSignIn"];

/// Operations beside those of POST that a key makes repeatable.
const REPLAYED: [&str; 1] = ["ApplyConfiguration"];
/// Operations that a read-only token may ask for with `dry_run`: they ask nobody else then.
const TRIED: [&str; 1] = ["ApplyConfiguration"];
/// Operations that only tell something, though what is asked stands in a body: nothing is changed,
/// so a read-only token may call them, no key is needed, and the audit log has no entry.
const QUESTIONS: [&str; 1] = ["ExplainMail"];

/// Operations whose reply is a stream of server-sent events, each with a JSON object.
const STREAMS: [&str; 1] = ["TailLog"];

/// Header by which a stream goes on where it broke off.
pub const LAST_EVENT_ID: &str = "last-event-id";
/// How often a stream without events says that it is alive.
pub const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(15);

/// Who may call an operation. This is the one place where it is said; the server enforces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anybody, signed in or not.
    Anyone,
    /// Whoever is signed in, for whatever account.
    SignedIn,
    /// The operator, and whoever is signed in for the account that it is about. For all others
    /// the object does not exist.
    Owner,
    /// The operator alone.
    Operator,
}

impl Access {
    /// As it stands in the `OpenAPI` document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed-in",
            Self::Owner => "owner",
            Self::Operator => "operator",
        }
    }
}

/// No path parameters, no query, no body, or an empty reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// One operation of the API.
pub trait Endpoint: Send + Sync + 'static {
    /// Name of the operation, in the words of the code: `CreateAccount`.
    const NAME: &'static str;
    /// What it does, in one sentence.
    const SUMMARY: &'static str;
    /// Who may call it.
    const ACCESS: Access;
    /// The method.
    const METHOD: Method;
    /// The path, with `{placeholders}`.
    const PATH: &'static str;
    /// The status of success.
    const STATUS: u16;
    /// The values of the placeholders: a struct with a field of each name.
    type Path: Serialize + DeserializeOwned + Send + 'static;
    /// What stands behind the `?`.
    type Query: Serialize + DeserializeOwned + ToSchema + Send + 'static;
    /// The JSON of the request.
    type Body: Serialize + DeserializeOwned + ToSchema + Send + 'static;
    /// The JSON of a successful reply; of a stream, that of each event.
    type Reply: Serialize + DeserializeOwned + ToSchema + Send + 'static;

    /// Whether a request carries a body.
    fn has_body() -> bool {
        TypeId::of::<Self::Body>() != TypeId::of::<Nothing>()
    }

    /// Whether a request with an [`IDEMPOTENCY_KEY`] is done once, however often it comes.
    fn takes_key() -> bool {
        let is_post = Self::METHOD == Method::Post
            && !NEVER_REPLAYED.contains(&Self::NAME)
            && Self::changes_something();
        is_post || REPLAYED.contains(&Self::NAME)
    }

    /// Whether a read-only token may ask for it with `dry_run`.
    fn may_be_tried() -> bool {
        TRIED.contains(&Self::NAME)
    }

    /// Whether it may change anything.
    fn changes_something() -> bool {
        Self::METHOD != Method::Get && !QUESTIONS.contains(&Self::NAME)
    }

    /// Whether it is repeated until something has happened.
    fn is_repeated() -> bool {
        REPEATED.contains(&Self::NAME)
    }

    /// Whether the reply is a stream of server-sent events.
    fn is_stream() -> bool {
        STREAMS.contains(&Self::NAME)
    }

    /// Whether a successful reply carries a body.
    fn has_reply() -> bool {
        TypeId::of::<Self::Reply>() != TypeId::of::<Nothing>()
    }
}

/// Path values that do not fit the path; a fault of the program, not of its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError(&'static str);

impl std::fmt::Display for PathError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the path {} cannot be filled in", self.0)
    }
}

impl std::error::Error for PathError {}

/// The path of `E` with its placeholders filled in and percent-encoded (RFC 3986 §2.1).
///
/// An empty value is refused, since it would name another path.
pub fn path_of<E: Endpoint>(values: &E::Path) -> Result<String, PathError> {
    let refused = || PathError(E::PATH);
    let values = serde_json::to_value(values).map_err(|_| refused())?;
    let mut path = String::with_capacity(E::PATH.len() + 32);
    for segment in E::PATH.split('/').skip(1) {
        path.push('/');
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            None => path.push_str(segment),
            Some(name) => {
                let value = values.get(name).and_then(serde_json::Value::as_str);
                // A dot segment would be removed by the URL parser (RFC 3986 §5.2.4).
                let value = value
                    .filter(|value| !matches!(*value, "" | "." | ".."))
                    .ok_or_else(refused)?;
                push_encoded(&mut path, value);
            }
        }
    }
    Ok(path)
}

fn push_encoded(path: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

/// The entity tag of a version, for `ETag` and `If-Match`.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that an entity tag stands for.
pub fn parse_etag(tag: &str) -> Option<i64> {
    tag.trim()
        .strip_prefix('"')?
        .strip_suffix('"')?
        .parse()
        .ok()
}

/// Declares endpoints: `Name: Access Method "path" (Path, Query, Body) -> status Reply;`, and the function
/// that lists them for the `OpenAPI` document.
macro_rules! endpoints {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $access:ident $method:ident $path:literal
        ($params:ty, $query:ty, $body:ty) -> $status:literal $reply:ty;
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl $crate::Endpoint for $name {
                const NAME: &'static str = stringify!($name);
                const SUMMARY: &'static str = concat!($($doc),+);
                const ACCESS: $crate::Access = $crate::Access::$access;
                const METHOD: $crate::Method = $crate::Method::$method;
                const PATH: &'static str = $path;
                const STATUS: u16 = $status;
                type Path = $params;
                type Query = $query;
                type Body = $body;
                type Reply = $reply;
            }
        )+

        pub(crate) fn list() -> Vec<$crate::EndpointInfo> {
            vec![$($crate::EndpointInfo::of::<$name>()),+]
        }
    };
}

pub(crate) use endpoints;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RelayUserPath, ShowRelayUser};

    #[test]
    fn placeholders_are_filled_in_and_encoded() {
        let path = |account: &str, user: &str| {
            path_of::<ShowRelayUser>(&RelayUserPath {
                account: account.to_owned(),
                user: user.to_owned(),
            })
        };
        assert_eq!(
            path("acme", "scan@a/b").as_deref(),
            Ok("/v1/accounts/acme/users/scan%40a%2Fb")
        );
        for (account, user) in [
            ("", "scanner"),
            ("acme", ""),
            ("..", "scanner"),
            ("acme", "."),
        ] {
            assert!(path(account, user).is_err(), "{account:?} {user:?}");
        }
    }

    #[test]
    fn what_is_never_replayed_exists() {
        let all = crate::endpoints();
        for name in NEVER_REPLAYED {
            let found = all.iter().find(|endpoint| endpoint.name == name);
            assert_eq!(found.map(|it| it.method), Some(Method::Post), "{name}");
        }
    }

    #[test]
    fn entity_tags_read_back() {
        assert_eq!(parse_etag(&etag(17)), Some(17));
        for tag in ["", "17", "\"\"", "\"a\"", "W/\"17\""] {
            assert_eq!(parse_etag(tag), None, "{tag}");
        }
    }
}
