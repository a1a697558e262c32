//! Values of a file, each of the type that it should have; what is wrong is noted with its place.

use std::fmt::Display;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ROUTE_NAMES;
use super::complaint::{Complaints, meant};

type Value<'t> = Spanned<DeValue<'t>>;

/// Reads values of a file; what is wrong is noted.
pub(super) struct Reader<'r, 'c> {
    pub(super) folder: &'r Path,
    pub(super) complaints: &'r mut Complaints<'c>,
}

/// A table of the file, and where it is in the configuration.
#[derive(Clone, Copy)]
pub(super) struct Section<'s, 't> {
    pub(super) path: &'s str,
    pub(super) table: &'s DeTable<'t>,
}

impl<'t> Reader<'_, '_> {
    /// Objects to keys that mean nothing, and says where the others stand.
    pub(super) fn check_keys(&mut self, it: Section<'_, 't>, known: &[&str]) {
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

    pub(super) fn required<T>(
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

    pub(super) fn text(&mut self, it: Section<'_, 't>, key: &str) -> Option<String> {
        self.read(it, key, "a text in quotes", |value| {
            Some(Ok(value.as_str()?.to_owned()))
        })
    }

    /// The path of a file, which lies beside this one unless it is absolute.
    pub(super) fn path(&mut self, it: Section<'_, 't>, key: &str) -> Option<PathBuf> {
        let text = self.text(it, key)?;
        // What relayctl knows by a word of its own.
        if key == "certificate" && text == "none" {
            return Some(text.into());
        }
        Some(self.folder.join(text))
    }

    pub(super) fn word<T: FromStr<Err: Display>>(
        &mut self,
        it: Section<'_, 't>,
        key: &str,
    ) -> Option<T> {
        self.read(it, key, "a word in quotes", |value| {
            Some(parsed(value.as_str()?))
        })
    }

    pub(super) fn number<T: TryFrom<u64>>(&mut self, it: Section<'_, 't>, key: &str) -> Option<T> {
        self.read(it, key, "a number", |value| {
            let number = integer(value)?
                .ok()
                .and_then(|number| T::try_from(number).ok());
            Some(number.ok_or_else(|| "the number is out of range".to_owned()))
        })
    }

    pub(super) fn texts(&mut self, it: Section<'_, 't>, key: &str) -> Vec<String> {
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
    pub(super) fn read<T>(
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

    pub(super) fn table<'s>(&mut self, it: Section<'s, 't>, key: &str) -> Option<&'s DeTable<'t>> {
        let (_, value) = it.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            let what = format!("`{key}` is a table: [{}]", it.path_of(key));
            self.complaints.add(value.span(), what);
        }
        table
    }

    /// The tables of a table, with their names and paths, in the order of the file.
    pub(super) fn tables<'s>(
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
    pub(super) fn get(&self, key: &str) -> Option<(Range<usize>, &'s Value<'t>)> {
        let mut entries = self.table.iter();
        let (name, value) = entries.find(|(name, _)| name.get_ref() == key)?;
        Some((name.span(), value))
    }

    /// The path of a value of this table as the API has it.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            return key.to_owned();
        }
        let is_route = matches!(self.path, "route" | "fallback");
        let known = ROUTE_NAMES.iter().filter(|_| is_route);
        let known = known.clone().find(|(_, ours)| *ours == key);
        format!("{}.{}", self.path, known.map_or(key, |(theirs, _)| theirs))
    }
}

pub(super) fn table_of<'s, 't>(path: &'s str, table: &'s DeTable<'t>) -> Section<'s, 't> {
    Section { path, table }
}

fn is_secret(key: &str) -> bool {
    const WORDS: [&str; 4] = ["password", "secret", "token", "pem"];
    key.split(['_', '-']).any(|word| WORDS.contains(&word))
}

pub(super) fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// A number that is not negative; `None` of anything else than a whole number.
pub(super) fn integer(value: &DeValue<'_>) -> Option<Result<u64, ()>> {
    let integer = value.as_integer()?;
    Some(u64::from_str_radix(integer.as_str(), integer.radix()).map_err(|_| ()))
}
