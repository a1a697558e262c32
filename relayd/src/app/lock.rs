//! One relayd for one embedded database: two would deliver its mail twice.

use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::PathBuf,
};

use super::AppError;
use crate::config::Config;

/// Held while a relay runs; the kernel lets it go with the process.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock beside the SQLite file, or in the state folder for a database server, where
    /// it keeps a second relayd from this folder only.
    pub(super) fn take(config: &Config) -> Result<Self, AppError> {
        let path = match config.store_url.strip_prefix("sqlite:") {
            Some(database) => {
                let database = database.strip_prefix("//").unwrap_or(database);
                let database = database.split('?').next().unwrap_or(database);
                PathBuf::from(format!("{database}.lock"))
            }
            None => config.state_dir.join("relayd.lock"),
        };
        let in_file = |source| AppError::File {
            path: path.clone(),
            source,
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(in_file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(AppError::Running {
                    store: config.store_name(),
                    holder: holder.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(in_file(source)),
        }
        // For the message above only: on a full disk it stays empty.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}
