//! What a sandbox tells whoever started it.

use std::{
    io::{self, Write},
    path::Path,
};

use super::demo::{self, Demo};
use crate::{accounts::Trace, app::Relay};

/// Where it listens, who may sign in, and commands to paste.
pub(super) fn introduce(demo: &Demo, relay: &Relay, folder: &Path) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (name, sender, folder) = (demo::NAME, demo::SENDER, folder.display());
    writeln!(out, "\nrelayd sandbox in {folder}\n")?;
    for listener in &relay.addresses().listeners {
        writeln!(out, "  SMTP      {}  {}", listener.address, listener.tls)?;
    }
    writeln!(
        out,
        "  User      {name}, sends as {sender}, from 127.0.0.0/8"
    )?;
    match &demo.password {
        Some(password) => {
            writeln!(
                out,
                "  Password  {}   shown once, not stored",
                password.expose()
            )?;
        }
        None => writeln!(out, "  Password  was shown at the first start")?,
    }
    writeln!(out, "  Mail      ends in {}\n", demo.mail.display())?;
    let password = demo
        .password
        .as_ref()
        .map_or("PASSWORD", |password| password.expose());
    let port = relay
        .addresses()
        .listeners
        .first()
        .map_or(587, |listener| listener.address.port());
    writeln!(
        out,
        "Send a mail:\n  \
         printf 'From: {sender}\\r\\nTo: ops@example.com\\r\\nSubject: Hello\\r\\n\\r\\nHello.\\r\\n' |\n    \
         curl --url smtp://127.0.0.1:{port} --ssl-reqd --insecure --user '{name}:{password}' \\\n      \
         --mail-from {sender} --mail-rcpt ops@example.com --upload-file -\n"
    )?;
    writeln!(
        out,
        "See what became of it:\n  \
         export RELAYCTL_SOCKET={folder}/admin.sock RELAYCTL_ACCOUNT={name}\n  \
         relayctl log search\n"
    )?;
    if demo.password.is_none() {
        writeln!(
            out,
            "A new password:\n  relayctl user rotate-password {name} --generate --yes\n"
        )?;
    }
    writeln!(out, "Ctrl-C stops it. Delete {folder} to begin anew.\n")?;
    out.flush()
}

/// The history of one mail.
pub(super) fn tell(trace: &Trace) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let message = &trace.message;
    writeln!(
        out,
        "{}  {} bytes, {}",
        message.id, message.size, message.tls
    )?;
    for event in &trace.events {
        let at = event.at.strftime("%H:%M:%S%.3f");
        let words = [event.reply.as_str(), event.detail.as_str()];
        let words: Vec<_> = words
            .into_iter()
            .filter(|words| !words.is_empty())
            .collect();
        let line = format!("{at}  {:<10} {}", event.kind, words.join(", "));
        writeln!(out, "{}", line.trim_end())?;
    }
    out.flush()
}
