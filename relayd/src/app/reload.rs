//! What SIGHUP does: certificates are read again, and relayd.toml is compared with what is in use.

use std::{error::Error as _, path::Path};

use super::doors::Doors;
use crate::config::{Config, ConfigError};

/// Reads certificates again. What fails is logged and stays as it was.
pub(super) fn certificates(doors: &Doors) {
    let mut failed = 0_u32;
    for set in doors.certificates() {
        let Err(error) = set.reload() else { continue };
        failed += 1;
        let (listener, remedy) = (set.listener(), error.remedy());
        let path = error.path().map(|path| path.display().to_string());
        let cause = error
            .source()
            .map_or_else(|| error.to_string(), ToString::to_string);
        tracing::error!(
            listener,
            path,
            cause,
            remedy,
            "the certificates stay as they were"
        );
    }
    if failed == 0 {
        tracing::info!("certificates were read again");
    } else {
        tracing::warn!(failed, "the certificates of some listeners stay");
    }
}

/// Reads the file again and says what of it waits for a restart. Nothing of it is taken over.
pub(super) fn configuration(path: &Path, running: &Config) {
    let file = path.display();
    let fresh = match Config::load(path) {
        Ok(fresh) => fresh,
        Err(error) => {
            let cause = match &error {
                ConfigError::Unreadable { source, .. } => source.to_string(),
                ConfigError::Wrong(complaints) => complaints.to_string(),
            };
            let remedy = "mend it before the next start; relayd check-config says what is wrong";
            tracing::error!(path = %file, cause, remedy, "the configuration cannot be used, and \
                the old one stays");
            return;
        }
    };
    let changed = running.differences(&fresh).join(", ");
    if !changed.is_empty() {
        let remedy = "systemctl restart relayd";
        tracing::warn!(path = %file, changed, remedy, "the configuration has changed, and waits \
            for a restart");
    }
}
