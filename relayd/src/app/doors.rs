//! Sockets, certificates and folders of a relay.

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt},
    path::Path,
    sync::Arc,
};

use jiff::Timestamp;
use tokio::net::{TcpListener, UnixListener, UnixStream};

use super::{ApiAddresses, AppError, ListenerAddress};
use crate::{
    certificate::{self, CertificateError, CertificateSet},
    config::{Api, Config, Listener, ListenerTls, SniCertificate},
    model::{Finding, FindingLevel},
    smtp::{Bind, Caps, ListenerSettings, Mode, Server, Settings, Timeouts},
};

/// The listeners of devices with their certificates.
pub(super) struct Doors(Vec<Place>);

struct Place {
    listener: Listener,
    /// `None` where no TLS is spoken.
    certificates: Option<Arc<CertificateSet>>,
}

impl Doors {
    /// Reads or makes the certificates.
    pub(super) fn open(config: &Config) -> Result<Self, AppError> {
        let open = |listener: &Listener| {
            CertificateSet::open(listener, &config.state_dir, &config.hostname)
                .map_err(of_listener(listener))
        };
        let places = config.listeners.iter().map(|listener| {
            let certificates = match listener.tls {
                ListenerTls::None => None,
                ListenerTls::StartTls | ListenerTls::Implicit => Some(Arc::new(open(listener)?)),
            };
            Ok(Place {
                listener: listener.clone(),
                certificates,
            })
        });
        places.collect::<Result<_, _>>().map(Self)
    }

    /// The certificates of all listeners.
    pub(super) fn certificates(&self) -> Vec<Arc<CertificateSet>> {
        let all = self.0.iter();
        all.filter_map(|place| place.certificates.clone()).collect()
    }

    /// What the door is told.
    pub(super) fn settings(&self, config: &Config) -> Settings {
        let caps = Caps {
            sessions: to_usize(config.limits.connections),
            sessions_per_address: to_usize(config.limits.connections_per_address),
            sessions_per_network: to_usize(config.limits.connections_per_network),
            ..Caps::default()
        };
        Settings {
            hostname: config.hostname.clone(),
            listeners: self.0.iter().map(Place::settings).collect(),
            timeouts: Timeouts {
                drain: config.queue.drain,
                sign_in: config.limits.sign_in_time,
                ..Timeouts::default()
            },
            caps,
        }
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
        let mode = match (&self.certificates, self.listener.tls) {
            (Some(set), ListenerTls::StartTls) => Mode::StartTls(Arc::clone(set.tls())),
            (Some(set), ListenerTls::Implicit) => Mode::Implicit(Arc::clone(set.tls())),
            (_, ListenerTls::None) | (None, _) => Mode::None,
        };
        ListenerSettings {
            name: self.listener.name.clone(),
            bind: Bind::Address(self.listener.address),
            mode,
            plaintext_auth_networks: self.listener.plaintext_auth_networks.clone(),
            address_auth: self.listener.address_auth,
            proxy_networks: self.listener.proxy_networks.clone(),
        }
    }
}

/// Reads what the configuration names on this machine, as a start would. Gives everything that
/// is wrong, and what works at `now` but should not stay as it is.
pub fn check(config: &Config, now: Timestamp) -> (Vec<AppError>, Vec<Finding>) {
    let (mut wrong, mut findings) = (Vec::new(), config.warnings());
    for listener in &config.listeners {
        let own = listener.certificate.iter().map(|files| SniCertificate {
            files: files.clone(),
            names: Vec::new(),
        });
        for source in own.chain(listener.sni.iter().cloned()) {
            match certificate::read(&source.files) {
                Ok(read) => findings.extend(certificate::judge(&source, &read, now)),
                Err(error) => wrong.push(of_listener(listener)(error)),
            }
        }
    }
    if let Some(group) = &config.api.socket_group {
        wrong.extend(group_id(group).err());
    }
    findings.retain(|finding| finding.level != FindingLevel::Ok);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    (wrong, findings)
}

/// The error of a certificate of `listener`.
fn of_listener(listener: &Listener) -> impl FnOnce(CertificateError) -> AppError {
    let listener = listener.name.clone();
    |source| AppError::Certificate { listener, source }
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

/// The user that this process runs as. `/proc/self` belongs to root, since memory is hidden.
pub(super) fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
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
