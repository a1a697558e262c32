//! Reads the file of a configuration: completely, so that all mistakes are named at once.

use std::path::Path;

use relay_proto::{
    ByteSize, Configuration, ConfiguredAccount, ConfiguredDomain, ConfiguredSystem, ConfiguredUser,
    LimitSettings, RouteSettings,
};
use toml::de::DeTable;

use super::complaint::Complaints;
use super::reader::{Reader, Section, integer, parsed, table_of};
use super::secrets::SecretFiles;
use crate::time::{parse_date, parse_duration};

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) configuration: Configuration,
    /// Where the secrets of the routes are, as the file names them.
    pub(super) route: SecretFiles,
    pub(super) fallback: SecretFiles,
}

/// Reads a file; what is wrong is noted in `complaints`. Files that it names lie in `folder`.
pub(super) fn read(text: &str, folder: &Path, complaints: &mut Complaints<'_>) -> File {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        complaints.add(error.span().unwrap_or(0..0), error.message());
    }
    let mut file = File::default();
    if !errors.is_empty() {
        // What stands behind a slip of the pen is not what was meant.
        return file;
    }
    let mut reader = Reader { folder, complaints };
    reader.whole(root.get_ref(), &mut file);
    file
}

const ROOT: &[&str] = &[
    "plan", "domains", "account", "route", "fallback", "limits", "users", "systems",
];
const ACCOUNT: &[&str] = &[
    "name",
    "kind",
    "company",
    "vat_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "bounces_to",
    "domain_proof",
];
const ROUTE: &[&str] = &[
    "kind",
    "preset",
    "server",
    "mx_of",
    "port",
    "security",
    "mailbox",
    "password_file",
    "cloud",
    "tenant",
    "client_id",
    "grant",
    "client_secret_file",
    "client_secret_expires",
    "certificate",
    "key",
    "authority",
    "scope",
    "server_ca",
    "folder",
    "connections",
    "per_minute",
    "per_day",
    "recipients_per_mail",
    "keep_open",
    "unknown_outcome",
];
const LIMITS: &[&str] = &[
    "messages_per_minute",
    "messages_per_day",
    "recipients_per_day",
    "recipients_per_message",
    "message_size",
];
const USER: &[&str] = &[
    "sender",
    "allowed_senders",
    "other_sender",
    "state",
    "limits",
];
const SYSTEM: &[&str] = &["address", "user", "auth", "priority", "state", "limits"];

impl<'t> Reader<'_, '_> {
    fn whole(&mut self, root: &DeTable<'t>, file: &mut File) {
        let root = Section {
            path: "",
            table: root,
        };
        self.check_keys(root, ROOT);
        let it = &mut file.configuration;
        it.plan = self.text(root, "plan");
        it.domains = self.domains(root);
        if let Some(table) = self.table(root, "account") {
            it.account = self.account(table_of("account", table));
        }
        if let Some(table) = self.table(root, "route") {
            it.route = self.route(table_of("route", table), &mut file.route);
        }
        if let Some(table) = self.table(root, "fallback") {
            it.fallback = self.route(table_of("fallback", table), &mut file.fallback);
        }
        it.limits = self.limits(root, "limits");
        for (name, path, table) in self.tables(root, "users") {
            let section = table_of(&path, table);
            it.users.extend(self.user(name, section));
        }
        for (name, path, table) in self.tables(root, "systems") {
            let section = table_of(&path, table);
            it.systems.extend(self.system(name, section));
        }
    }

    fn account(&mut self, it: Section<'_, 't>) -> ConfiguredAccount {
        self.check_keys(it, ACCOUNT);
        ConfiguredAccount {
            name: self.text(it, "name"),
            kind: self.word(it, "kind"),
            company: self.text(it, "company"),
            vat_id: self.text(it, "vat_id"),
            first_name: self.text(it, "first_name"),
            last_name: self.text(it, "last_name"),
            email: self.text(it, "email"),
            phone: self.text(it, "phone"),
            street: self.text(it, "street"),
            postal_code: self.text(it, "postal_code"),
            city: self.text(it, "city"),
            country: self.text(it, "country"),
            bounces_to: self.word(it, "bounces_to"),
            domain_proof: self.word(it, "domain_proof"),
        }
    }

    fn route(&mut self, it: Section<'_, 't>, files: &mut SecretFiles) -> Option<RouteSettings> {
        self.check_keys(it, ROUTE);
        *files = SecretFiles {
            password: self.path(it, "password_file"),
            client_secret: self.path(it, "client_secret_file"),
            certificate: self.path(it, "certificate"),
            key: self.path(it, "key"),
        };
        let keep_open = self.read(it, "keep_open", "a span such as \"30s\"", |value| {
            Some(parse_duration(value.as_str()?).map(|span| span.as_secs()))
        });
        let ends = self.read(it, "client_secret_expires", "a date", |value| {
            let date = value.as_datetime().map(ToString::to_string);
            let date = date.or_else(|| value.as_str().map(str::to_owned))?;
            Some(parse_date(&date))
        });
        let has_own_trust = it.get("server_ca").is_some();
        let ca_pem = self.authority(it);
        let kind = self.required(it, "kind", Self::word);
        Some(RouteSettings {
            preset: self.word(it, "preset"),
            server: self.text(it, "server"),
            mx_of: self.text(it, "mx_of"),
            port: self.number(it, "port"),
            security: self.word(it, "security"),
            mailbox: self.text(it, "mailbox"),
            cloud: self.word(it, "cloud"),
            tenant: self.text(it, "tenant"),
            client_id: self.text(it, "client_id"),
            grant: self.word(it, "grant"),
            client_secret_expires_at: ends,
            authority: self.text(it, "authority"),
            scope: self.text(it, "scope"),
            // Nothing is the trust of the machine, and not what is stored.
            ca_pem: if has_own_trust {
                ca_pem
            } else {
                Some(String::new())
            },
            folder: self.text(it, "folder"),
            connections: self.number(it, "connections"),
            per_minute: self.number(it, "per_minute"),
            recipients_per_day: self.number(it, "per_day"),
            recipients_per_mail: self.number(it, "recipients_per_mail"),
            keep_open,
            unknown_outcome: self.word(it, "unknown_outcome"),
            ..RouteSettings::new(kind?)
        })
    }

    /// Certificates, or the name of a file with them.
    fn authority(&mut self, it: Section<'_, 't>) -> Option<String> {
        let text = self.text(it, "server_ca")?;
        if text == "system" {
            return Some(String::new());
        }
        if text.contains("-----BEGIN CERTIFICATE-----") {
            return Some(text);
        }
        let path = self.folder.join(&text);
        match std::fs::read_to_string(&path) {
            Ok(pem) => Some(pem),
            Err(error) => {
                let span = it.get("server_ca").map_or(0..0, |(_, value)| value.span());
                let why = format!("{} cannot be read: {error}", path.display());
                self.complaints.add(span, why);
                None
            }
        }
    }

    fn user(&mut self, name: &str, it: Section<'_, 't>) -> Option<ConfiguredUser> {
        self.check_keys(it, USER);
        let sender = self.required(it, "sender", Self::text);
        let user = ConfiguredUser {
            username: name.to_owned(),
            sender: String::new(),
            allowed_senders: self.texts(it, "allowed_senders"),
            other_sender: self.word(it, "other_sender"),
            state: self.word(it, "state"),
            limits: self.limits(it, "limits"),
            limits_set_by: None,
            password: None,
        };
        Some(ConfiguredUser {
            sender: sender?,
            ..user
        })
    }

    fn system(&mut self, name: &str, it: Section<'_, 't>) -> Option<ConfiguredSystem> {
        self.check_keys(it, SYSTEM);
        let address = self.required(it, "address", Self::text);
        let user = self.required(it, "user", Self::text);
        let system = ConfiguredSystem {
            name: name.to_owned(),
            address: String::new(),
            user: String::new(),
            auth: self.word(it, "auth"),
            priority: self.word(it, "priority"),
            state: self.word(it, "state"),
            limits: self.limits(it, "limits"),
            limits_set_by: None,
        };
        Some(ConfiguredSystem {
            address: address?,
            user: user?,
            ..system
        })
    }

    fn limits(&mut self, it: Section<'_, 't>, key: &str) -> Option<LimitSettings> {
        let table = self.table(it, key)?;
        let path = it.path_of(key);
        let it = table_of(&path, table);
        self.check_keys(it, LIMITS);
        let size = "a size such as 500000 or \"25MiB\"";
        Some(LimitSettings {
            messages_per_minute: self.number(it, "messages_per_minute"),
            messages_per_day: self.number(it, "messages_per_day"),
            recipients_per_day: self.number(it, "recipients_per_day"),
            recipients_per_message: self.number(it, "recipients_per_message"),
            message_size: self.read(it, "message_size", size, |value| match value.as_str() {
                Some(text) => Some(parsed::<ByteSize>(text).map(|size| size.0)),
                None => Some(integer(value)?.map_err(|()| "0 or more".to_owned())),
            }),
        })
    }

    fn domains(&mut self, root: Section<'_, 't>) -> Vec<ConfiguredDomain> {
        let names = self.texts(root, "domains").into_iter();
        names
            .map(|name| ConfiguredDomain { name, state: None })
            .collect()
    }
}
