//! The body of a mail, by DATA or BDAT, and what becomes of it.

use std::io;

use tokio::time::Instant;

use super::{
    journal::{Entry, Transfer},
    locked, replies,
    rules::Stage,
    session::{Session, now},
    transaction::{Transaction, header_field},
};
use crate::wire::DotBody;

impl Session {
    /// A binary body comes by BDAT only (RFC 3030).
    fn is_binary(&self) -> bool {
        let transaction = self.transaction.as_ref();
        transaction.is_some_and(|transaction| {
            let mut parameters = transaction.parameters.iter();
            parameters.any(|parameter| parameter == "BODY=BINARYMIME")
        })
    }

    pub(super) async fn data(&mut self) -> io::Result<()> {
        if !self.has_recipients() {
            self.wire.say("503 5.5.2 Need rcpt command");
            return Ok(());
        }
        if self.is_binary() {
            self.wire.say(replies::BAD_SEQUENCE);
            return Ok(());
        }
        if !self.may(Stage::Data).await? {
            self.transaction = None;
            return Ok(());
        }
        self.wire
            .say("354 Start mail input; end with <CRLF>.<CRLF>");
        let mut dots = DotBody::default();
        while let Some(piece) = dots.next(&mut self.wire).await? {
            self.take_piece(&piece).await?;
        }
        self.end_of_data(Transfer::Data).await
    }

    pub(super) async fn bdat(&mut self, rest: &str) -> io::Result<()> {
        let mut words = rest.split_ascii_whitespace();
        let Some(mut left) = words.next().and_then(|size| size.parse::<usize>().ok()) else {
            self.wire.say(replies::BAD_ARGUMENTS);
            return Ok(());
        };
        let is_last = words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case("LAST"));
        // The octets follow whatever the answer is.
        let mut refused = !self.has_recipients();
        if refused {
            self.wire.say("503 5.5.2 Need rcpt command");
        } else if !self
            .transaction
            .as_ref()
            .is_some_and(|open| open.body.began)
        {
            refused = !self.may(Stage::Data).await?;
        }
        let size = left;
        while left > 0 {
            let piece = self.wire.octets(left).await?;
            left -= piece.len();
            if !refused {
                self.take_piece(&piece).await?;
            }
        }
        if refused {
            self.transaction = None;
        } else if is_last {
            self.end_of_data(Transfer::Bdat).await?;
        } else {
            self.wire
                .say(&format!("250 2.6.0 CHUNK received OK, {size} octets"));
        }
        Ok(())
    }

    async fn take_piece(&mut self, piece: &[u8]) -> io::Result<()> {
        let Some(transaction) = &mut self.transaction else {
            return Ok(());
        };
        transaction.body.take(piece);
        if !std::mem::replace(&mut transaction.body.began, true) {
            self.may(Stage::Body).await?;
        }
        Ok(())
    }

    async fn end_of_data(&mut self, transfer: Transfer) -> io::Result<()> {
        let allowed = self.may(Stage::EndOfData).await?;
        let after = self.interference(Stage::TakenIn, None);
        let Some(transaction) = self.transaction.take().filter(|_| allowed) else {
            return Ok(());
        };
        if transaction.body.size > transaction.body.limit {
            self.wire.say(replies::TOO_LARGE);
            return Ok(());
        }
        let mailbox = self.mailbox.clone().unwrap_or_default();
        let recipients = transaction.recipients.len();
        let counted =
            locked(&self.shared.ledger).submit(&mailbox, self.id, recipients, Instant::now());
        if let Err(reply) = counted {
            self.wire.say(reply);
            return Ok(());
        }
        // A notice says nothing of the sender that is at fault.
        if !transaction.from.is_empty() {
            locked(&self.shared.bars).took(&mailbox);
        }
        let withheld = after
            .as_ref()
            .is_some_and(|after| after.drop || after.reply.is_some());
        let message_id = self.take_in(transaction, transfer, withheld)?;
        let says_more = match after {
            Some(after) => self.obey(after).await?,
            None => true,
        };
        if says_more {
            self.wire
                .say(&format!("250 2.0.0 OK {message_id} [Hostname=SIM]"));
        }
        Ok(())
    }

    /// Writes a message down; gives its Message-ID.
    fn take_in(
        &self,
        transaction: Transaction,
        transfer: Transfer,
        reply_withheld: bool,
    ) -> io::Result<String> {
        let (digests, body) = transaction.body.finish();
        let message_id = header_field(&digests.head, "message-id:");
        let entry = Entry {
            number: 0,
            time: now().to_string(),
            session: self.id,
            helo: self.helo.clone(),
            tls: self.wire.tls_version(),
            mailbox: self.mailbox.clone().unwrap_or_default(),
            mechanism: self.mechanism.to_owned(),
            from: transaction.from,
            parameters: transaction.parameters,
            recipients: transaction.recipients,
            recipient_parameters: transaction.recipient_parameters,
            transfer,
            size: digests.size,
            message_id: message_id.clone(),
            sha256: digests.whole,
            content_sha256: digests.content,
            reply_withheld,
        };
        self.shared.journal.take_in(entry, body.as_deref())?;
        Ok(message_id)
    }
}
