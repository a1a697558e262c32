//! Reads the file of a configuration: completely, so that all mistakes are named at once.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use relay_proto::{
    ByteSize, Configuration, ConfiguredAccount, ConfiguredDomain, ConfiguredSystem, ConfiguredUser,
    LimitSettings, RouteSettings,
};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ROUTE_NAMES;
use super::complaint::{Complaints, meant};
use super::secrets::SecretFiles;
use crate::time::{parse_date, parse_duration};

type Value<'t> = Spanned<DeValue<'t>>;

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

struct Reader<'r, 'c> {
    folder: &'r Path,
    complaints: &'r mut Complaints<'c>,
}

/// A table of the file, and where it is in the configuration.
#[derive(Clone, Copy)]
struct Section<'s, 't> {
    path: &'s str,
    table: &'s DeTable<'t>,
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

    /// Objects to keys that mean nothing, and says where the others stand.
    fn check_keys(&mut self, it: Section<'_, 't>, known: &[&str]) {
        for (key, value) in it.table {
            let name = key.get_ref();
            if known.contains(&name.as_ref()) {
                self.complaints.place(it.path_of(name), value.span());
                continue;
            }
            let mut what = format!("unknown key `{name}`");
            if let Some(meant) = meant(name, known) {
                what.extend(["; did you mean `", meant, "`?"]);
            }
            what += if what.ends_with('?') {
                " Valid"
            } else {
                "; valid"
            };
            what.extend([" are ", &known.join(", ")]);
            if is_secret(name) {
                what = format!("secrets do not stand in this file; {what}");
                self.complaints.add_secret(key.span(), what);
            } else {
                self.complaints.add(key.span(), what);
            }
        }
    }

    fn required<T>(
        &mut self,
        it: Section<'_, 't>,
        key: &str,
        read: fn(&mut Self, Section<'_, 't>, &str) -> Option<T>,
    ) -> Option<T> {
        if it.get(key).is_none() {
            let span = self.complaints.span_of(it.path);
            self.complaints.add(span, format!("`{key}` is missing"));
        }
        read(self, it, key)
    }

    fn text(&mut self, it: Section<'_, 't>, key: &str) -> Option<String> {
        self.read(it, key, "a text in quotes", |value| {
            Some(Ok(value.as_str()?.to_owned()))
        })
    }

    /// The path of a file, which lies beside this one unless it is absolute.
    fn path(&mut self, it: Section<'_, 't>, key: &str) -> Option<PathBuf> {
        let text = self.text(it, key)?;
        // What relayctl knows by a word of its own.
        if key == "certificate" && text == "none" {
            return Some(text.into());
        }
        Some(self.folder.join(text))
    }

    fn word<T: FromStr<Err: Display>>(&mut self, it: Section<'_, 't>, key: &str) -> Option<T> {
        self.read(it, key, "a word in quotes", |value| {
            Some(parsed(value.as_str()?))
        })
    }

    fn number<T: TryFrom<u64>>(&mut self, it: Section<'_, 't>, key: &str) -> Option<T> {
        self.read(it, key, "a number", |value| {
            let number = integer(value)?
                .ok()
                .and_then(|number| T::try_from(number).ok());
            Some(number.ok_or_else(|| "the number is out of range".to_owned()))
        })
    }

    fn texts(&mut self, it: Section<'_, 't>, key: &str) -> Vec<String> {
        let Some((_, value)) = it.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            let what = format!("`{key}` is a list of texts: [\"…\", \"…\"]");
            self.complaints.add(value.span(), what);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => {
                    let path = format!("{}.{text}", it.path_of(key));
                    self.complaints.place(path, item.span());
                    texts.push(text.to_owned());
                }
                None => self.complaints.add(item.span(), "not a text in quotes"),
            }
        }
        texts
    }

    /// The value of a key, if it is there and `read` makes something of it: `None` of another type
    /// than `expected`, and an error of one that is not valid.
    fn read<T>(
        &mut self,
        it: Section<'_, 't>,
        key: &str,
        expected: &str,
        read: impl FnOnce(&DeValue<'t>) -> Option<Result<T, String>>,
    ) -> Option<T> {
        let (_, value) = it.get(key)?;
        match read(value.get_ref()) {
            Some(Ok(found)) => Some(found),
            Some(Err(why)) => {
                self.complaints.add(value.span(), why);
                None
            }
            None => {
                self.complaints
                    .add(value.span(), format!("`{key}` is {expected}"));
                None
            }
        }
    }

    fn table<'s>(&mut self, it: Section<'s, 't>, key: &str) -> Option<&'s DeTable<'t>> {
        let (_, value) = it.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            let what = format!("`{key}` is a table: [{}]", it.path_of(key));
            self.complaints.add(value.span(), what);
        }
        table
    }

    /// The tables of a table, with their names and paths, in the order of the file.
    fn tables<'s>(
        &mut self,
        it: Section<'s, 't>,
        key: &str,
    ) -> Vec<(&'s str, String, &'s DeTable<'t>)> {
        let Some(all) = self.table(it, key) else {
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (name, value) in all {
            let path = format!("{key}.{}", name.get_ref());
            let Some(table) = value.get_ref().as_table() else {
                let what = format!("`{}` is a table: [{path}]", name.get_ref());
                self.complaints.add(value.span(), what);
                continue;
            };
            self.complaints.place(path.clone(), name.span());
            tables.push((name.span().start, name.get_ref().as_ref(), path, table));
        }
        tables.sort_by_key(|(start, ..)| *start);
        tables
            .into_iter()
            .map(|(_, name, path, table)| (name, path, table))
            .collect()
    }
}

impl<'s, 't> Section<'s, 't> {
    fn get(&self, key: &str) -> Option<(Range<usize>, &'s Value<'t>)> {
        let mut entries = self.table.iter();
        let (name, value) = entries.find(|(name, _)| name.get_ref() == key)?;
        Some((name.span(), value))
    }

    /// The path of a value of this table as the API has it.
    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            return key.to_owned();
        }
        let is_route = matches!(self.path, "route" | "fallback");
        let known = ROUTE_NAMES.iter().filter(|_| is_route);
        let known = known.clone().find(|(_, ours)| *ours == key);
        format!("{}.{}", self.path, known.map_or(key, |(theirs, _)| theirs))
    }
}

fn table_of<'s, 't>(path: &'s str, table: &'s DeTable<'t>) -> Section<'s, 't> {
    Section { path, table }
}

fn is_secret(key: &str) -> bool {
    const WORDS: [&str; 4] = ["password", "secret", "token", "pem"];
    key.split(['_', '-']).any(|word| WORDS.contains(&word))
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A number that is not negative; `None` of anything else than a whole number.
fn integer(value: &DeValue<'_>) -> Option<Result<u64, ()>> {
    let integer = value.as_integer()?;
    Some(u64::from_str_radix(integer.as_str(), integer.radix()).map_err(|_| ()))
}
