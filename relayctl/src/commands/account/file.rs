//! What `account create` is told by a file: TOML or JSON, without secrets.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use relay_proto::{
    AccountKind, Cloud, DomainProof, RouteKind, RoutePreset, RouteSecurity, UnknownOutcome,
};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::error::{Failure, json_fault};
use crate::time::{parse_date, parse_duration};

/// The keys are those of the flags.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AccountFile {
    pub(super) name: Option<String>,
    pub(super) kind: Option<AccountKind>,
    pub(super) company: Option<String>,
    pub(super) vat_id: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) street: Option<String>,
    pub(super) postal_code: Option<String>,
    pub(super) city: Option<String>,
    pub(super) country: Option<String>,
    pub(super) email_vouched: bool,
    pub(super) domain_proof: Option<DomainProof>,
    pub(super) sign_in_password_file: Option<PathBuf>,
    pub(super) invitation: Option<String>,
    pub(super) route: Option<RouteFile>,
}

/// The table `route`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RouteFile {
    pub(crate) kind: Option<RouteKind>,
    pub(crate) preset: Option<RoutePreset>,
    pub(crate) server: Option<String>,
    pub(crate) mx_of: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) security: Option<RouteSecurity>,
    pub(crate) mailbox: Option<String>,
    pub(crate) password_file: Option<PathBuf>,
    pub(crate) cloud: Option<Cloud>,
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret_file: Option<PathBuf>,
    #[serde(deserialize_with = "date")]
    pub(crate) client_secret_expires: Option<Timestamp>,
    pub(crate) certificate: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    pub(crate) authority: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) server_ca: Option<PathBuf>,
    pub(crate) folder: Option<String>,
    pub(crate) connections: Option<u32>,
    pub(crate) per_minute: Option<u32>,
    pub(crate) per_day: Option<u32>,
    pub(crate) recipients_per_mail: Option<u32>,
    #[serde(deserialize_with = "duration")]
    pub(crate) keep_open: Option<Duration>,
    pub(crate) unknown_outcome: Option<UnknownOutcome>,
}

impl RouteFile {
    /// The kind that its keys tell where it names none.
    pub(super) fn kind(&self) -> RouteKind {
        match self.kind {
            Some(kind) => kind,
            None if self.preset.is_some() => RouteKind::Smarthost,
            None if self.mx_of.is_some() => RouteKind::Connector,
            None if self.client_id.is_some() || self.tenant.is_some() => RouteKind::SmtpOauth,
            None => RouteKind::SmtpAuth,
        }
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_date(&text).map(Some).map_err(D::Error::custom)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).map(Some).map_err(D::Error::custom)
}

impl AccountFile {
    /// Reads it. Files that it names lie beside it, unless their paths are absolute.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::unreadable(format!("cannot read {}", path.display()), &error)
        })?;
        let mut file: Self = parse(path, &text)?;
        let beside = |named: &mut Option<PathBuf>| {
            if let (Some(named), Some(folder)) = (named, path.parent()) {
                *named = folder.join(&named);
            }
        };
        beside(&mut file.sign_in_password_file);
        if let Some(route) = &mut file.route {
            beside(&mut route.password_file);
            beside(&mut route.client_secret_file);
            beside(&mut route.certificate);
            beside(&mut route.key);
            if route.server_ca.as_deref() != Some(Path::new("system")) {
                beside(&mut route.server_ca);
            }
        }
        Ok(file)
    }
}

/// The errors of both parsers name the place, and for an unknown key the valid ones.
fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Failure> {
    let is_json =
        path.extension().is_some_and(|it| it == "json") || text.trim_start().starts_with('{');
    let parsed = if is_json {
        serde_json::from_str(text).map_err(|error| json_fault(&error))
    } else {
        toml::from_str(text).map_err(|error| error.to_string())
    };
    parsed.map_err(|why| {
        Failure::usage(format!("{} is not understood", path.display())).cause(why.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<AccountFile, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        AccountFile::read(&path).inspect(|file| {
            let password = file
                .route
                .as_ref()
                .and_then(|route| route.password_file.clone());
            assert_eq!(password, Some(folder.path().join("relay.pw")));
        })
    }

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = "kind = \"company\"\ncompany = \"Acme GmbH\"\n\n[route]\nkind = \"smtp-auth\"\n\
                    mailbox = \"relay@acme.example\"\npassword_file = \"relay.pw\"\nper_minute = 20\n";
        let json = r#"{"kind": "company", "company": "Acme GmbH",
            "route": {"kind": "smtp-auth", "mailbox": "relay@acme.example",
                      "password_file": "relay.pw", "per_minute": 20}}"#;
        for (name, text) in [
            ("acme.toml", toml),
            ("acme", toml),
            ("acme.json", json),
            ("acme", json),
        ] {
            let file = read(name, text).unwrap();
            assert_eq!(file.kind, Some(AccountKind::Company), "{name}");
            let route = file.route.unwrap();
            assert_eq!(route.kind, Some(RouteKind::SmtpAuth));
            assert_eq!(route.per_minute, Some(20));
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_valid_ones() {
        for (name, text) in [
            ("a.toml", "compnay = \"Acme\"\n"),
            ("a.json", r#"{"compnay": "Acme"}"#),
            ("a.toml", "[route]\npassword = \"secret\"\n"),
        ] {
            let failure = read(name, text).unwrap_err().to_text(false);
            assert!(failure.contains("expected one of"), "{failure}");
            let valid = if text.contains("route") {
                "password_file"
            } else {
                "company"
            };
            assert!(failure.contains(valid), "{failure}");
        }
    }
}
