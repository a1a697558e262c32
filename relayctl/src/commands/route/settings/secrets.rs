//! Passwords, secrets, keys and certificates, from files, stdin and the environment.

use std::path::Path;

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::Settings;
use crate::error::Failure;
use crate::password;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Not a clap argument, so that it never shows in help, completion or a process list.
pub(super) fn from_environment(name: &str) -> Option<SecretString> {
    std::env::var(name)
        .ok()
        .filter(|text| !text.is_empty())
        .map(SecretString::from)
}

impl Settings {
    pub(super) fn given_password(&self) -> Result<Option<SecretString>, Failure> {
        if self.password_stdin {
            return password::from_stdin("password").map(Some);
        }
        match &self.password_file {
            Some(path) => password::from_file(path, "password").map(Some),
            None => Ok(self.password.clone()),
        }
    }

    pub(super) fn given_client_secret(&self) -> Result<Option<SecretString>, Failure> {
        if self.client_secret_stdin {
            return password::from_stdin("client secret").map(Some);
        }
        match &self.client_secret_file {
            Some(path) => password::from_file(path, "client secret").map(Some),
            None => Ok(self.client_secret.clone()),
        }
    }
}

/// The certificates to send; none at all makes relayd drop those it has.
pub(super) fn authority(path: &Path) -> Result<String, Failure> {
    if path == Path::new("system") {
        return Ok(String::new());
    }
    std::fs::read_to_string(path)
        .map_err(|error| Failure::unreadable(format!("cannot read {}", path.display()), &error))
}

/// The certificates of a file, and the private key where that stands in it, too. `none` makes
/// relayd drop the one it has.
pub(in crate::commands) fn certificate(
    path: &Path,
) -> Result<(String, Option<SecretString>), Failure> {
    if path == Path::new("none") {
        return Ok((String::new(), None));
    }
    let text = read(path, "certificate")?;
    let sections = text.split(BEGIN).skip(1);
    let bodies = sections.filter_map(|section| section.split_once(END));
    let mut chain = String::new();
    for (body, _) in bodies {
        chain.extend([BEGIN, body, END, "\n"]);
    }
    if chain.is_empty() {
        return Err(no_pem(path, "certificate"));
    }
    let key = text.contains("PRIVATE KEY-----");
    Ok((chain, key.then(|| SecretString::from(text.as_str()))))
}

/// A private key.
pub(in crate::commands) fn key(path: &Path) -> Result<SecretString, Failure> {
    let text = read(path, "private key")?;
    if text.contains("ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(Failure::usage(format!(
            "the private key in {} is encrypted",
            path.display()
        ))
        .hint(format!(
            "openssl pkey -in {} -out plain.key",
            path.display()
        )));
    }
    if !text.contains("PRIVATE KEY-----") {
        return Err(no_pem(path, "private key"));
    }
    Ok(SecretString::from(text.as_str()))
}

fn read(path: &Path, noun: &str) -> Result<Zeroizing<String>, Failure> {
    let bytes = std::fs::read(path).map(Zeroizing::new).map_err(|error| {
        let what = format!("cannot read the {noun} from {}", path.display());
        Failure::unreadable(what, &error)
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| no_pem(path, noun))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn no_pem(path: &Path, noun: &str) -> Failure {
    let file = path.display();
    Failure::usage(format!("there is no {noun} in PEM form in {file}")).hint(format!(
        "of a PFX file: openssl pkcs12 -in {file} -nodes -out relayd.pem, then --certificate relayd.pem"
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_file_may_hold_certificate_and_key() {
        let both = format!(
            "subject=x\n{BEGIN}\nAAAA\n{END}\n-----BEGIN PRIVATE KEY-----\nBBBB\n\
             -----END PRIVATE KEY-----\n{BEGIN}\nCCCC\n{END}\n"
        );
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(both.as_bytes()).unwrap();
        let (chain, within) = certificate(file.path()).unwrap();
        assert_eq!(
            chain,
            format!("{BEGIN}\nAAAA\n{END}\n{BEGIN}\nCCCC\n{END}\n")
        );
        assert!(within.unwrap().expose_secret().contains("BBBB"));
        assert!(key(file.path()).is_ok());
        let mut other = tempfile::NamedTempFile::new().unwrap();
        other.write_all(b"\x30\x82 no text \xff").unwrap();
        for refused in [
            certificate(other.path()).unwrap_err(),
            key(other.path()).unwrap_err(),
        ] {
            assert!(refused.to_text(false).contains("PFX"), "{refused:?}");
        }
        assert_eq!(certificate(Path::new("none")).unwrap().0, "");
    }
}
