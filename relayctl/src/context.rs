//! Which relayd, which account: the configuration file, and what wins over what.
//!
//! Flag, then environment, then context, then default. The file holds no secrets.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::args::Globals;
use crate::environment::Environment;
use crate::error::{Exit, Failure};

/// Where relayd listens when nothing else is said.
pub(crate) const DEFAULT_SOCKET: &str = "/run/relayd/admin.sock";

/// `config.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// The context that is used when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    /// By name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) context: BTreeMap<String, Context>,
}

/// How to reach one relayd.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) socket: Option<PathBuf>,
    /// Certificates (PEM) to trust instead of the machine's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
}

/// The address of a relayd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Socket(PathBuf),
    /// Scheme, host and port, without a slash at the end.
    Url(String),
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "{}", path.display()),
            Self::Url(url) => f.write_str(url),
        }
    }
}

/// What was decided: where to connect to, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Name of the context in use, if any.
    pub(crate) context: Option<String>,
    pub(crate) endpoint: Endpoint,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) account: Option<String>,
}

impl Config {
    /// Where the file is.
    pub(crate) fn path(environment: &Environment) -> Result<PathBuf, Failure> {
        match environment.text("RELAYCTL_CONFIG") {
            Some(path) => Ok(PathBuf::from(path)),
            None => Ok(environment
                .xdg("XDG_CONFIG_HOME", ".config")?
                .join("config.toml")),
        }
    }

    /// Reads the file; one that does not exist is empty.
    pub(crate) fn load(path: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(Failure::local(
                    format!("cannot read {}", path.display()),
                    &error,
                ));
            }
        };
        toml::from_str(&text).map_err(|error| {
            Failure::new(
                Exit::Usage,
                "bad-config",
                format!("{} is not valid", path.display()),
            )
            .cause(error.to_string())
            .hint("correct the file, or name another by RELAYCTL_CONFIG")
        })
    }

    /// Replaces the file in one step, so that a crash leaves the old or the new one.
    pub(crate) fn save(&self, path: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| {
            Failure::local(format!("cannot write {}", path.display()), &error)
        };
        let text = toml::to_string(self)
            .map_err(|error| Failure::local("cannot write the configuration", &error))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let beside = path.with_extension(format!("toml.{}", std::process::id()));
        let mut file = std::fs::File::create(&beside).map_err(failed)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| std::fs::rename(&beside, path))
            .map_err(|error| {
                let _ = std::fs::remove_file(&beside);
                failed(error)
            })
    }
}

impl Target {
    /// Decides by flag, environment, context and default.
    pub(crate) fn resolve(
        globals: &Globals,
        environment: &Environment,
        config: &Config,
    ) -> Result<Self, Failure> {
        let own = |name: &str| environment.text(name).map(str::to_owned);
        let by_flag = globals.context.is_some();
        let named = globals.context.clone().or_else(|| own("RELAYCTL_CONTEXT"));
        let context_name = named.clone().or_else(|| config.current.clone());
        let context = match &context_name {
            None => Context::default(),
            Some(name) => config
                .context
                .get(name)
                .cloned()
                .ok_or_else(|| no_context(name, config))?,
        };
        let from_flags = endpoint(globals.url.clone(), globals.socket.clone())?;
        let from_environment = endpoint(
            own("RELAYCTL_URL"),
            own("RELAYCTL_SOCKET").map(PathBuf::from),
        )?;
        let from_context = endpoint(context.url.clone(), context.socket.clone())?;
        let elsewhere = from_flags.is_some() || (!by_flag && from_environment.is_some());
        // A context named by flag is stronger than an address in the environment.
        let endpoint = if by_flag {
            from_flags.or(from_context).or(from_environment)
        } else {
            from_flags.or(from_environment).or(from_context)
        };
        let in_use = if elsewhere { None } else { context_name };
        let context = if elsewhere {
            Context::default()
        } else {
            context
        };
        Ok(Self {
            context: in_use,
            endpoint: endpoint.unwrap_or_else(|| Endpoint::Socket(DEFAULT_SOCKET.into())),
            ca_file: globals.ca_file.clone().or(context.ca_file),
            account: globals
                .account
                .clone()
                .or_else(|| own("RELAYCTL_ACCOUNT"))
                .or(context.account)
                // `--account ''` means all, even where the context names one.
                .filter(|account| !account.is_empty()),
        })
    }
}

impl Target {
    /// What a context says of itself, whatever flags and environment say.
    pub(crate) fn of_context(name: &str, context: Context) -> Self {
        let socket = || Endpoint::Socket(DEFAULT_SOCKET.into());
        let given = context.url.map(Endpoint::Url);
        let given = given.or(context.socket.map(Endpoint::Socket));
        Self {
            context: Some(name.to_owned()),
            endpoint: given.unwrap_or_else(socket),
            ca_file: context.ca_file,
            account: context.account,
        }
    }
}

/// The endpoint of a pair of settings of which one may be given.
fn endpoint(url: Option<String>, socket: Option<PathBuf>) -> Result<Option<Endpoint>, Failure> {
    match (url, socket) {
        (Some(_), Some(_)) => Err(Failure::usage("a URL and a socket are both given")
            .hint("give either --url (RELAYCTL_URL) or --socket (RELAYCTL_SOCKET)")),
        (Some(url), None) => Ok(Some(Endpoint::Url(check_url(&url)?))),
        (None, Some(socket)) => Ok(Some(Endpoint::Socket(socket))),
        (None, None) => Ok(None),
    }
}

/// Takes `https://…` to anywhere and `http://…` to this machine only.
pub(crate) fn check_url(text: &str) -> Result<String, Failure> {
    let refused = |why: &str| {
        Failure::usage(format!("{text} is not the address of a relayd"))
            .cause(why.to_owned())
            .hint("write it as https://relay.example.com:8443")
    };
    let url = reqwest::Url::parse(text).map_err(|_| refused("it is no address"))?;
    let host = url.host_str().ok_or_else(|| refused("it names no host"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(
            "it holds a user name or password; use RELAYCTL_TOKEN",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refused("it has a query or a fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => {
            return Err(refused(
                "plain http is taken to this machine only; use https",
            ));
        }
        _ => return Err(refused("it begins with neither https:// nor http://")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// There is no context of this name.
pub(crate) fn no_context(name: &str, config: &Config) -> Failure {
    let known: Vec<_> = config.context.keys().map(String::as_str).collect();
    let failure = Failure::new(
        Exit::NotFound,
        "no-context",
        format!("there is no context `{name}`"),
    );
    if known.is_empty() {
        failure.hint(format!("relayctl context add {name} --url URL"))
    } else {
        failure.hint(format!("known are {}", known.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        toml::from_str(
            "current = \"prod\"\n\
             [context.prod]\nurl = \"https://relay.acme.example:8443\"\naccount = \"acme\"\n\
             [context.lab]\nsocket = \"/tmp/lab.sock\"\n",
        )
        .unwrap()
    }

    fn resolve(globals: &Globals, pairs: &[(&str, &str)]) -> Target {
        let mut environment = Environment::default();
        for (name, value) in pairs {
            environment.set(name, value);
        }
        Target::resolve(globals, &environment, &config()).unwrap()
    }

    fn socket(path: &str) -> Endpoint {
        Endpoint::Socket(path.into())
    }

    #[test]
    fn flag_beats_environment_beats_context_beats_default() {
        let none = Globals::default();
        let prod = resolve(&none, &[]);
        assert_eq!(
            prod.endpoint,
            Endpoint::Url("https://relay.acme.example:8443".into())
        );
        assert_eq!(
            (prod.context.as_deref(), prod.account.as_deref()),
            (Some("prod"), Some("acme"))
        );

        let by_environment = resolve(
            &none,
            &[("RELAYCTL_CONTEXT", "lab"), ("RELAYCTL_ACCOUNT", "b")],
        );
        assert_eq!(by_environment.endpoint, socket("/tmp/lab.sock"));
        assert_eq!(by_environment.account.as_deref(), Some("b"));

        let flag = Globals {
            context: Some("lab".into()),
            account: Some("c".into()),
            ..Globals::default()
        };
        let by_flag = resolve(
            &flag,
            &[
                ("RELAYCTL_CONTEXT", "prod"),
                ("RELAYCTL_URL", "http://127.0.0.1:1"),
                ("RELAYCTL_ACCOUNT", "b"),
            ],
        );
        assert_eq!(by_flag.endpoint, socket("/tmp/lab.sock"));
        assert_eq!(by_flag.account.as_deref(), Some("c"));

        let elsewhere = resolve(&none, &[("RELAYCTL_SOCKET", "/tmp/x.sock")]);
        assert_eq!(elsewhere.endpoint, socket("/tmp/x.sock"));
        assert_eq!(
            (elsewhere.context, elsewhere.account),
            (None, None),
            "another relayd has other accounts"
        );

        let default = Target::resolve(&none, &Environment::default(), &Config::default()).unwrap();
        assert_eq!(default.endpoint, socket(DEFAULT_SOCKET));
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for good in [
            "https://relay.example:8443/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost:1",
        ] {
            assert_eq!(check_url(good).unwrap(), good.trim_end_matches('/'));
        }
        for bad in [
            "http://relay.example",
            "ftp://x",
            "relay.example",
            "http://127.0.0.1.evil.example",
            "https://a:b@relay.example",
            "https://x/?q",
        ] {
            assert_eq!(check_url(bad).unwrap_err().exit(), Exit::Usage, "{bad}");
        }
    }

    #[test]
    fn an_unknown_context_or_key_is_an_error() {
        let globals = Globals {
            context: Some("none".into()),
            ..Globals::default()
        };
        let failure = Target::resolve(&globals, &Environment::default(), &config()).unwrap_err();
        assert_eq!(failure.exit(), Exit::NotFound);
        assert!(toml::from_str::<Config>("curent = \"x\"").is_err());
    }

    #[test]
    fn the_file_is_written_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config.toml");
        assert_eq!(Config::load(&path).unwrap(), Config::default());
        config().save(&path).unwrap();
        assert_eq!(Config::load(&path).unwrap(), config());
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1
        );
    }
}
