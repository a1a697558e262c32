//! Keeps mail in a folder and sends nothing: the sandbox.
//!
//! Each message becomes `<queue id>.json` with its envelope and `<queue id>.eml`, byte for byte.
//! Both are written aside, synced and renamed, the mail last: who sees an `.eml` sees a whole one,
//! with its envelope beside it.

use std::{
    io,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};

use super::{BodySource, Connection, Outcome, Outgoing, Setback, Upstream, Verdict};
use crate::model::{DsnReturn, Reason, RemoteReply};

/// A folder that takes mail.
#[derive(Debug, Clone)]
pub(super) struct Capture {
    folder: PathBuf,
}

impl Capture {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the folder is there, or can be made, and takes files.
    pub(super) async fn probe(&self) -> Result<(), Setback> {
        let file = self.folder.join(format!(".probe.{}", std::process::id()));
        let probe = async {
            self.make_folder().await?;
            fs::write(&file, b"").await?;
            fs::remove_file(&file).await
        };
        probe.await.map_err(|error| {
            Setback::new(
                Verdict::HoldCredentials,
                Reason::RouteMisconfigured,
                format!("{}: {error}", self.folder.display()),
            )
        })
    }

    /// Mail is for its owner's eyes: the folder is made so that nobody else may enter it.
    async fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&self.folder).await
    }

    async fn keep(
        &self,
        message: &Outgoing<'_>,
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        let envelope = self.aside(message, "json");
        let mail = self.aside(message, "eml");
        let kept = async {
            write_synced(&envelope, &envelope_json(message)).await?;
            let mut file = create_private(&mail).await?;
            while let Some(piece) = body.next().await.map_err(io::Error::other)? {
                file.write_all(&piece).await?;
            }
            file.flush().await?;
            file.sync_all().await?;
            let target = self.folder.join(format!("{}.eml", message.id));
            fs::rename(&envelope, target.with_extension("json")).await?;
            fs::rename(&mail, &target).await?;
            File::open(&self.folder).await?.sync_all().await?;
            Ok(target)
        };
        match kept.await {
            Ok(path) => Ok(RemoteReply {
                code: 250,
                text: format!("2.0.0 kept as {}", path.display()),
            }),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// A name in the same folder that no reader takes for a mail.
    fn aside(&self, message: &Outgoing<'_>, extension: &str) -> PathBuf {
        self.folder
            .join(format!(".{}.{extension}.part", message.id))
    }

    fn failed(&self, error: &io::Error) -> Setback {
        Setback::new(
            Verdict::Retry,
            Reason::RemoteTemporary,
            format!("{}: {error}", self.folder.display()),
        )
    }
}

async fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path).await
}

async fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create_private(path).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    file.sync_all().await
}

fn envelope_json(message: &Outgoing<'_>) -> Vec<u8> {
    let recipients: Vec<_> = message
        .recipients
        .iter()
        .map(|recipient| recipient.address.as_str())
        .collect();
    let envelope = serde_json::json!({
        "id": message.id.to_string(),
        "mail_from": message.reverse_path.as_str(),
        "rcpt_to": recipients,
        "encoding": message.encoding.as_str(),
        "smtputf8": message.smtputf8,
        "ret": message.dsn_return.map(DsnReturn::as_str),
        "envid": message.envelope_id,
        "size": message.size,
    });
    let mut text = format!("{envelope:#}").into_bytes();
    text.push(b'\n');
    text
}

#[async_trait]
impl Upstream for Capture {
    async fn connect(&self) -> Result<Box<dyn Connection>, Setback> {
        self.probe().await?;
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl Connection for Capture {
    async fn send(&mut self, message: &Outgoing<'_>, body: &mut dyn BodySource) -> Vec<Outcome> {
        let outcome = match self.keep(message, body).await {
            Ok(reply) => Outcome::Delivered(reply),
            Err(setback) => Outcome::Setback(setback),
        };
        vec![outcome; message.recipients.len()]
    }

    fn is_usable(&self) -> bool {
        true
    }

    async fn close(self: Box<Self>) {}
}
