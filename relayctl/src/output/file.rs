//! A file that is whole or not there: written beside its place, then moved into it.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::error::Failure;
use crate::signals;

/// Makes a file that only its owner may read; it must not exist.
pub(crate) fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// The same for one that the person named.
pub(crate) fn create_named(path: &Path) -> Result<File, Failure> {
    create_private(path).map_err(|error| {
        let failure = Failure::local(format!("cannot make {}", path.display()), &error);
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                failure.hint("name a file that does not exist yet")
            }
            _ => failure,
        }
    })
}

/// A file in the making, for its owner alone. Dropped before [`NewFile::finish`], or ended by
/// Ctrl-C, it is gone.
#[derive(Debug)]
pub(crate) struct NewFile {
    /// Taken when it is finished.
    writer: Option<BufWriter<File>>,
    beside: PathBuf,
    path: PathBuf,
}

impl NewFile {
    /// Begins the file that will stand at `path`.
    pub(crate) fn beside(path: &Path) -> Result<Self, Failure> {
        let Some(name) = path.file_name() else {
            return Err(Failure::usage(format!("{} names no file", path.display())));
        };
        if path.is_dir() {
            return Err(
                Failure::usage(format!("{} is a folder", path.display())).hint("name a file in it")
            );
        }
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", std::process::id()));
        let beside = path.with_file_name(hidden);
        let file = create_private(&beside).map_err(|error| {
            Failure::unreadable(format!("cannot write {}", path.display()), &error)
        })?;
        signals::unfinished(&beside);
        Ok(Self {
            writer: Some(BufWriter::new(file)),
            beside,
            path: path.to_owned(),
        })
    }

    /// Adds to it.
    pub(crate) fn write(&mut self, text: &str) -> Result<(), Failure> {
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        let written = writer.write_all(text.as_bytes());
        written.map_err(|error| self.failed(&error))
    }

    /// Puts it in its place, on disk.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let Some(mut writer) = self.writer.take() else {
            return Ok(());
        };
        let moved = writer
            .flush()
            .and_then(|()| writer.get_ref().sync_all())
            .and_then(|()| std::fs::rename(&self.beside, &self.path));
        if let Err(error) = moved {
            let failure = self.failed(&error);
            self.forget();
            return Err(failure);
        }
        signals::finished(&self.beside);
        Ok(())
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::local(format!("cannot write {}", self.path.display()), error)
    }

    fn forget(&self) {
        // What cannot be removed is named by its ending.
        let _ = std::fs::remove_file(&self.beside);
        signals::finished(&self.beside);
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            self.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        std::fs::write(&path, "old").unwrap();
        let mut file = NewFile::beside(&path).unwrap();
        file.write("half").unwrap();
        drop(file);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let mut file = NewFile::beside(&path).unwrap();
        file.write("whole").unwrap();
        file.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole");
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(NewFile::beside(folder.path()).is_err());
        assert!(NewFile::beside(&folder.path().join("none/x")).is_err());
    }
}
