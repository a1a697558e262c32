//! Where the key comes from that seals secrets: a credential of the service manager, or a file.

use std::path::Path;

use crate::store::{SealError, SealKey};

/// Name of the credential (`LoadCredential=relayd.key:…` in the unit, systemd.exec(5)).
const CREDENTIAL: &str = "relayd.key";

/// The key in the folder of credentials, if there is one; else that of `file`, which is made when
/// there is none. A file that lies in the folder of credentials is one, too, and is never made.
pub(super) fn load(file: &Path, credentials: Option<&Path>) -> Result<SealKey, SealError> {
    let Some(folder) = credentials else {
        return SealKey::load_or_create(file);
    };
    let credential = folder.join(CREDENTIAL);
    if credential.exists() {
        tracing::info!(path = %credential.display(), "the key is a credential of the service");
        return SealKey::load_credential(&credential);
    }
    if file.starts_with(folder) {
        return SealKey::load_credential(file);
    }
    SealKey::load_or_create(file)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_credential_takes_the_place_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        let credentials = folder.path().join("credentials");
        fs::create_dir(&credentials).unwrap();
        let id = |file: &Path, folder| load(file, folder).map(|key| key.id());

        let of_file = id(&file, Some(&credentials)).unwrap();
        assert_eq!(id(&file, None).unwrap(), of_file);
        let named = credentials.join("mine");
        assert!(id(&named, Some(&credentials)).is_err(), "it is not made");
        assert!(!named.exists());

        for name in ["mine", CREDENTIAL] {
            let path = credentials.join(name);
            fs::write(&path, format!("{:064x}\n", name.len())).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        }
        let of_credential = id(&file, Some(&credentials)).unwrap();
        assert_ne!(of_credential, of_file);
        assert_eq!(id(&named, Some(&credentials)).unwrap(), of_credential);
        fs::remove_file(credentials.join(CREDENTIAL)).unwrap();
        assert_ne!(id(&named, Some(&credentials)).unwrap(), of_credential);
        assert_eq!(id(&file, Some(&credentials)).unwrap(), of_file);
        assert!(id(&named, None).is_err(), "elsewhere its mode is too wide");
    }
}
