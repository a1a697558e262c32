//! The environment variables that relayctl reads, as a snapshot that tests can make.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::error::Failure;

/// Names and values. An empty value counts as unset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// That of this process. Values that are not UTF-8 are left out: none of ours can be.
    pub(crate) fn of_process() -> Self {
        let text = |value: std::ffi::OsString| value.into_string().ok();
        Self(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((text(name)?, text(value)?)))
                .collect(),
        )
    }

    /// A value that is set and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A switch: on unless it is unset, empty, or says no.
    pub(crate) fn switch(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| {
            !matches!(
                value.to_lowercase().as_str(),
                "0" | "false" | "no" | "off" | "n" | "f"
            )
        })
    }

    /// Whether the terminal can neither move its cursor nor show colour.
    pub(crate) fn is_dumb(&self) -> bool {
        self.text("TERM") == Some("dumb")
    }

    /// A base folder of the XDG specification: `$XDG_…`, else below the home folder.
    pub(crate) fn xdg(&self, name: &str, below_home: &str) -> Result<PathBuf, Failure> {
        // The specification says to ignore relative paths.
        if let Some(base) = self.text(name).filter(|base| base.starts_with('/')) {
            return Ok(PathBuf::from(base).join("relayctl"));
        }
        let home = self.text("HOME").ok_or_else(|| {
            Failure::usage("there is no home folder to look for the configuration in")
                .hint("set HOME or RELAYCTL_CONFIG")
        })?;
        Ok(PathBuf::from(home).join(below_home).join("relayctl"))
    }
}

#[cfg(test)]
impl Environment {
    /// Sets a variable of the snapshot.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_follow_what_people_write() {
        for (value, on) in [
            ("1", true),
            ("true", true),
            ("yes", true),
            ("", false),
            ("0", false),
            ("False", false),
            ("off", false),
        ] {
            assert_eq!(
                Environment::from([("CI", value)]).switch("CI"),
                on,
                "{value:?}"
            );
        }
        assert!(!Environment::default().switch("CI"));
    }

    #[test]
    fn relative_xdg_paths_are_ignored() {
        let environment = Environment::from([("XDG_CONFIG_HOME", "here"), ("HOME", "/home/a")]);
        let path = environment.xdg("XDG_CONFIG_HOME", ".config").unwrap();
        assert_eq!(path, PathBuf::from("/home/a/.config/relayctl"));
        assert!(
            Environment::default()
                .xdg("XDG_CONFIG_HOME", ".config")
                .is_err()
        );
    }
}
