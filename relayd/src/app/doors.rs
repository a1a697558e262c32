//! Sockets, certificates and folders of a relay.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::net::{TcpListener, UnixListener, UnixStream};

use super::{ApiAddresses, AppError, ListenerAddress};
use crate::{
    certificate,
    config::{Api, Config, Listener, ListenerTls},
    smtp::{Bind, Caps, ListenerSettings, Mode, Server, ServerTls, Settings, Timeouts},
};

/// The listeners of devices with their certificates.
pub(super) struct Doors(Vec<Place>);

struct Place {
    listener: Listener,
    /// `None` where no TLS is spoken.
    tls: Option<Certificate>,
}

struct Certificate {
    files: (PathBuf, PathBuf),
    loaded: Arc<ServerTls>,
}

impl Doors {
    /// Reads or makes the certificates.
    pub(super) fn open(config: &Config) -> Result<Self, AppError> {
        let places = config.listeners.iter().map(|listener| {
            let tls = match listener.tls {
                ListenerTls::None => None,
                ListenerTls::StartTls | ListenerTls::Implicit => {
                    let files = match &listener.certificate {
                        Some(files) => files.clone(),
                        None => certificate::self_signed(&config.state_dir, &config.hostname)?,
                    };
                    let loaded = Arc::new(load(listener, &files)?);
                    Some(Certificate { files, loaded })
                }
            };
            Ok(Place {
                listener: listener.clone(),
                tls,
            })
        });
        places.collect::<Result<_, _>>().map(Self)
    }

    /// What the door is told.
    pub(super) fn settings(&self, config: &Config) -> Settings {
        let caps = Caps {
            sessions: to_usize(config.limits.connections),
            sessions_per_address: to_usize(config.limits.connections_per_address),
            ..Caps::default()
        };
        Settings {
            hostname: config.hostname.clone(),
            listeners: self.0.iter().map(Place::settings).collect(),
            timeouts: Timeouts {
                drain: config.queue.drain,
                ..Timeouts::default()
            },
            caps,
        }
    }

    /// Reads the certificate files again. Gives how many could not be used.
    pub(super) fn reload(&self) -> usize {
        let mut failed = 0;
        for place in &self.0 {
            let Some(tls) = &place.tls else { continue };
            let reloaded = read_pair(&tls.files).and_then(|(certificate, key)| {
                let name = place.listener.name.clone();
                let wrong = |source| AppError::Tls {
                    listener: name,
                    source,
                };
                tls.loaded.reload(&certificate, &key).map_err(wrong)
            });
            if let Err(error) = reloaded {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(%error, cause, "the certificate stays as it was");
                failed += 1;
            }
        }
        failed
    }

    /// Where the door listens.
    pub(super) fn addresses(&self, server: &Server) -> Vec<ListenerAddress> {
        let bound = server.local_addresses();
        self.0
            .iter()
            .zip(bound)
            .map(|(place, (name, address))| ListenerAddress {
                name: name.to_owned(),
                address,
                tls: place.listener.tls.as_str(),
            })
            .collect()
    }
}

impl Place {
    fn settings(&self) -> ListenerSettings {
        let mode = match (&self.tls, self.listener.tls) {
            (Some(tls), ListenerTls::StartTls) => Mode::StartTls(Arc::clone(&tls.loaded)),
            (Some(tls), ListenerTls::Implicit) => Mode::Implicit(Arc::clone(&tls.loaded)),
            (_, ListenerTls::None) | (None, _) => Mode::None,
        };
        ListenerSettings {
            name: self.listener.name.clone(),
            bind: Bind::Address(self.listener.address),
            mode,
            plaintext_auth_networks: self.listener.plaintext_auth_networks.clone(),
            address_auth: self.listener.address_auth,
        }
    }
}

/// Reads what the configuration names on this machine, as a start would. Gives everything that
/// is wrong.
pub fn check(config: &Config) -> Vec<AppError> {
    let mut wrong = Vec::new();
    for listener in &config.listeners {
        if let Some(files) = &listener.certificate {
            wrong.extend(load(listener, files).err());
        }
    }
    if let Some(group) = &config.api.socket_group {
        wrong.extend(group_id(group).err());
    }
    wrong
}

fn load(listener: &Listener, files: &(PathBuf, PathBuf)) -> Result<ServerTls, AppError> {
    let (certificate, key) = read_pair(files)?;
    ServerTls::from_pem(&certificate, &key).map_err(|source| AppError::Tls {
        listener: listener.name.clone(),
        source,
    })
}

fn read_pair((certificate, key): &(PathBuf, PathBuf)) -> Result<(Vec<u8>, Vec<u8>), AppError> {
    Ok((read(certificate)?, read(key)?))
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    fs::read(path).map_err(in_file(path))
}

/// Makes a folder that only its owner may enter, with those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), AppError> {
    let mut builder = fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(in_file(path))
}

/// The open sockets of the API.
pub(super) struct ApiListeners {
    pub(super) socket: UnixListener,
    pub(super) tcp: Option<TcpListener>,
}

impl ApiListeners {
    pub(super) fn addresses(&self, api: &Api) -> ApiAddresses {
        let tcp = self.tcp.as_ref().and_then(|tcp| tcp.local_addr().ok());
        ApiAddresses {
            socket: api.socket.clone(),
            tcp,
        }
    }
}

/// Opens the sockets of the API. A socket file that nobody listens on any more is replaced.
pub(super) async fn bind_api(api: &Api) -> Result<ApiListeners, AppError> {
    let path = &api.socket;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(in_file(folder))?;
    }
    remove_stale_socket(path).await?;
    let socket = UnixListener::bind(path).map_err(in_file(path))?;
    // Who may open the socket is an operator: its owner, root, and the group if one is named.
    let mode = match &api.socket_group {
        None => 0o600,
        Some(group) => {
            std::os::unix::fs::chown(path, None, Some(group_id(group)?)).map_err(in_file(path))?;
            0o660
        }
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(in_file(path))?;
    let tcp = match api.tcp {
        None => None,
        Some(address) => {
            Some(
                TcpListener::bind(address)
                    .await
                    .map_err(|source| AppError::ApiAddress {
                        address: address.to_string(),
                        source,
                    })?,
            )
        }
    };
    Ok(ApiListeners { socket, tcp })
}

/// Looks a group up in the machine's database.
fn group_id(name: &str) -> Result<u32, AppError> {
    let path = Path::new("/etc/group");
    let groups = fs::read_to_string(path).map_err(in_file(path))?;
    groups
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&name))
        .and_then(|fields| fields.get(2)?.parse().ok())
        .ok_or_else(|| AppError::Group(name.to_owned()))
}

/// The user that this process runs as.
pub(super) fn own_user() -> Result<u32, AppError> {
    let path = Path::new("/proc/self");
    fs::metadata(path)
        .map(|metadata| metadata.uid())
        .map_err(in_file(path))
}

async fn remove_stale_socket(path: &Path) -> Result<(), AppError> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !metadata.file_type().is_socket() || UnixStream::connect(path).await.is_ok() {
        return Err(in_file(path)(ErrorKind::AddrInUse.into()));
    }
    fs::remove_file(path).map_err(in_file(path))
}

/// The error of a file operation on `path`.
fn in_file(path: &Path) -> impl FnOnce(std::io::Error) -> AppError {
    let path = path.to_owned();
    |source| AppError::File { path, source }
}

fn to_usize(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
