//! AUTH: the two mechanisms that Exchange Online offers.

use std::io;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;

use super::{locked, replies, rules::Stage, session::Session};

/// Who somebody says to be.
struct Claim {
    mailbox: String,
    mechanism: &'static str,
    is_good: bool,
}

impl Session {
    pub(super) async fn sign_in(&mut self, rest: &str) -> io::Result<()> {
        if self.mailbox.is_some() || self.transaction.is_some() {
            self.wire.say(replies::BAD_SEQUENCE);
            return Ok(());
        }
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let claim = match mechanism.to_ascii_uppercase().as_str() {
            "LOGIN" if self.wire.is_encrypted() => self.auth_login(initial).await?,
            "XOAUTH2" if self.wire.is_encrypted() => self.auth_xoauth2(initial).await?,
            _ => {
                self.wire.say(replies::UNKNOWN_MECHANISM);
                return Ok(());
            }
        };
        // For the rules, the mailbox counts from here on.
        self.mailbox = claim.as_ref().map(|claim| claim.mailbox.clone());
        let allowed = self.may(Stage::Auth).await?;
        match claim {
            Some(claim) if allowed && claim.is_good => {
                locked(&self.shared.ledger).signed_in(&claim.mailbox, self.id);
                self.mechanism = claim.mechanism;
                self.wire.say(replies::SIGNED_IN);
            }
            _ => {
                self.mailbox = None;
                if allowed {
                    self.wire.say(replies::CREDENTIALS_WRONG);
                }
            }
        }
        Ok(())
    }

    async fn auth_login(&mut self, initial: &str) -> io::Result<Option<Claim>> {
        let mailbox = if initial.is_empty() {
            self.wire.say("334 VXNlcm5hbWU6");
            self.wire.line().await?
        } else {
            Bytes::copy_from_slice(initial.as_bytes())
        };
        self.wire.say("334 UGFzc3dvcmQ6");
        let password = self.wire.line().await?;
        let (Some(mailbox), Some(password)) = (decoded(&mailbox), decoded(&password)) else {
            return Ok(None);
        };
        let is_good = is_listed(&self.shared.settings.mailboxes, &mailbox, &password);
        Ok(Some(Claim {
            mailbox,
            mechanism: "LOGIN",
            is_good,
        }))
    }

    /// `user=MAILBOX ^A auth=Bearer TOKEN ^A ^A`, in base64.
    async fn auth_xoauth2(&mut self, initial: &str) -> io::Result<Option<Claim>> {
        let blob = if initial.is_empty() {
            self.wire.say("334 ");
            self.wire.line().await?
        } else {
            Bytes::copy_from_slice(initial.as_bytes())
        };
        let Some(blob) = decoded(&blob) else {
            return Ok(None);
        };
        let mut parts = blob.split('\u{1}');
        let mailbox = parts.next().and_then(|part| part.strip_prefix("user="));
        let token = parts
            .next()
            .and_then(|part| part.strip_prefix("auth=Bearer "));
        let (Some(mailbox), Some(token)) = (mailbox, token) else {
            return Ok(None);
        };
        let listed = &self.shared.settings.tokens;
        let is_good = match &self.shared.entra {
            Some(entra) => {
                let is_known = !listed.is_empty() && is_listed(listed, mailbox, token);
                is_known || entra.opens(token, mailbox)
            }
            None => is_listed(listed, mailbox, token),
        };
        if !is_good && self.shared.settings.challenge {
            let told = BASE64.encode(r#"{"status":"401","schemes":"bearer"}"#);
            self.wire.say(&format!("334 {told}"));
            if !self.wire.line().await?.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(Claim {
            is_good,
            mailbox: mailbox.to_owned(),
            mechanism: "XOAUTH2",
        }))
    }
}

fn is_listed(list: &[(String, String)], mailbox: &str, secret: &str) -> bool {
    let matches =
        |(name, known): &(String, String)| name.eq_ignore_ascii_case(mailbox) && known == secret;
    list.is_empty() || list.iter().any(matches)
}

fn decoded(base64: &[u8]) -> Option<String> {
    let bytes = BASE64.decode(base64).ok()?;
    String::from_utf8(bytes).ok()
}
