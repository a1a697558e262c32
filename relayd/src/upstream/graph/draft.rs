//! A mail that is too large for `sendMail`: a draft in the mailbox, its files one by one, and then
//! it is sent.
//!
//! The files below 3 MB go with one request each, larger ones by an upload session in pieces. Until
//! it is sent nothing has happened that could happen twice; a draft that came to nothing is deleted.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use mail_parser::Message;
use reqwest::{
    Method, RequestBuilder,
    header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderValue},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{sync::SemaphorePermit, time::timeout};
use url::Url;

use super::{
    LARGEST, SEND_MAIL, Shared,
    claims::Writing,
    errors::{self, Weight},
    head::{self, Addressing, Opened, Person},
    http::{self, Reply},
    mime::{File, Letter, Uncarried},
    next_piece, too_large,
};
use crate::{
    model::{Cloud, Reason, RemoteReply},
    upstream::{BodySource, Outgoing, Setback, Verdict},
};

/// The smallest file that is uploaded in pieces. A session takes none below 2 MiB, and a single
/// request none beyond 3,145,611 bytes.
const IN_PIECES: u64 = 3_000_000;
/// Bytes of a piece: a multiple of 320 KiB, below 4 MB.
const PIECE: usize = 10 * 320 * 1024;
/// Longest JSON of a draft.
const MAX_DRAFT: usize = 4_000_000;

/// A reply that names what was made.
#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    upload_url: String,
}

impl Shared {
    /// Takes the mail apart and sends it as a draft.
    pub(super) async fn send_draft(
        &self,
        message: &Outgoing<'_>,
        opened: Opened,
        addressing: &Addressing,
        body: &mut dyn BodySource,
    ) -> Result<RemoteReply, Setback> {
        if message.size > LARGEST {
            return Err(too_large_for_graph(message.size));
        }
        if self.writing().await? == Writing::Refused {
            return Err(needs_permission(message.size));
        }
        let _room = self.room_for(message.size).await?;
        let mail = collect(message.size, opened, body).await?;
        let letter = Letter::read(&mail).map_err(|why| uncarried(&why, message.size))?;
        let draft =
            describe(&mail, &letter, addressing).map_err(|why| uncarried(&why, message.size))?;
        let made = self.create(draft).await?;
        let sent = self.complete(&made.id, &letter).await;
        if sent
            .as_ref()
            .is_err_and(|setback| setback.verdict != Verdict::Unknown)
        {
            self.delete(&made.id).await;
        }
        sent
    }

    /// Waits until others are done, if need be: no attempt.
    async fn room_for(&self, size: u64) -> Result<SemaphorePermit<'_>, Setback> {
        let kilobytes = u32::try_from(size.div_ceil(1024)).unwrap_or(u32::MAX);
        let room = timeout(
            self.settings.end_of_data,
            self.room.0.acquire_many(kilobytes),
        );
        match room.await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Setback::new(
                Verdict::SlowDown,
                Reason::RouteThrottled,
                "other large mails take up the memory for them",
            )),
        }
    }

    async fn create(&self, draft: Vec<u8>) -> Result<Made, Setback> {
        let request = self.request(Method::POST, &["messages"]);
        let reply = self.ask(with_json(request, draft), Weight::Light).await;
        let reply = reply.map_err(|setback| {
            // The permission to send was never in doubt, or small mails would not go either.
            let is_permission = setback.reason == Reason::RouteMisconfigured
                && setback
                    .reply
                    .as_ref()
                    .is_some_and(|reply| reply.code == 403);
            if is_permission {
                Setback {
                    reply: setback.reply,
                    ..needs_permission(SEND_MAIL)
                }
            } else {
                setback
            }
        })?;
        answered(&reply)
    }

    /// Adds the files, then lets the draft go.
    async fn complete(&self, id: &str, letter: &Letter<'_>) -> Result<RemoteReply, Setback> {
        for file in &letter.files {
            if file.content.len() < IN_PIECES {
                self.attach(id, file).await?;
            } else {
                self.upload(id, file).await?;
            }
        }
        let request = self.request(Method::POST, &["messages", id, "send"]);
        let request = request.header(CONTENT_LENGTH, HeaderValue::from_static("0"));
        let reply = self.ask(request, Weight::Decisive).await?;
        if reply.status == 202 {
            return Ok(reply.literal());
        }
        Err(errors::judge(&reply, Weight::Decisive))
    }

    async fn attach(&self, id: &str, file: &File<'_>) -> Result<(), Setback> {
        let bytes = file.content.reader().take(usize::MAX);
        let json = json!({
            "@odata.type": "#microsoft.graph.fileAttachment",
            "name": file.name,
            "contentType": file.content_type,
            "contentBytes": BASE64_STANDARD.encode(&bytes),
            "isInline": file.is_inline,
            "contentId": (!file.content_id.is_empty()).then_some(&file.content_id),
        });
        drop(bytes);
        let request = self.request(Method::POST, &["messages", id, "attachments"]);
        self.ask(
            with_json(request, json.to_string().into_bytes()),
            Weight::Light,
        )
        .await?;
        Ok(())
    }

    async fn upload(&self, id: &str, file: &File<'_>) -> Result<(), Setback> {
        let total = file.content.len();
        let json = json!({"AttachmentItem": {
            "attachmentType": "file",
            "name": file.name,
            "size": total,
            "contentType": file.content_type,
            "isInline": file.is_inline,
            "contentId": (!file.content_id.is_empty()).then_some(&file.content_id),
        }});
        let path = ["messages", id, "attachments", "createUploadSession"];
        let request = self.request(Method::POST, &path);
        let reply = self
            .ask(
                with_json(request, json.to_string().into_bytes()),
                Weight::Light,
            )
            .await?;
        let session: Session = answered(&reply)?;
        let to = self.upload_address(&session.upload_url);
        let to = to.ok_or_else(|| incomplete(&reply))?;
        let mut reader = file.content.reader();
        let mut begin = 0;
        while begin < total {
            let piece = reader.take(PIECE);
            let end = begin + piece.len() as u64;
            if piece.is_empty() || end > total {
                let detail = "a file is not as long as it was counted";
                return Err(Setback::new(Verdict::FailMessage, Reason::Internal, detail));
            }
            let range = format!("bytes {begin}-{}/{total}", end - 1);
            self.put(&to, range, piece).await?;
            begin = end;
        }
        Ok(())
    }

    /// Where Graph wants the pieces. Microsoft's own may name any host, as theirs is another one; a
    /// server that an account chose may name itself only.
    fn upload_address(&self, text: &str) -> Option<Url> {
        let server = self.route.server.as_str();
        let url = Url::parse(text).ok()?;
        let is_microsoft = Cloud::ALL.iter().any(|cloud| cloud.graph_host() == server);
        let is_itself = url.host_str() == self.mailbox.host_str();
        (url.scheme() == "https" && (is_microsoft || is_itself)).then_some(url)
    }

    /// One piece of a file. The address is its own key: the access token does not go there.
    async fn put(&self, to: &Url, range: String, piece: Vec<u8>) -> Result<(), Setback> {
        let request = self
            .http
            .put(to.clone())
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_RANGE, range)
            .body(piece);
        let server = to.host_str().unwrap_or_default();
        let reply = http::exchange(request, self.settings.command)
            .await
            .map_err(|silence| errors::lost(&silence, server, Weight::Light))?;
        match reply.status {
            200..=299 => Ok(()),
            // The session's own key: nothing that a person could mend.
            401 | 403 | 404 => Err(Setback {
                verdict: Verdict::Retry,
                reason: Reason::RemoteTemporary,
                advice: None,
                ..errors::judge(&reply, Weight::Light)
            }),
            _ => Err(errors::judge(&reply, Weight::Light)),
        }
    }

    /// A draft that came to nothing. If it cannot be deleted it stays in Drafts, unsent.
    async fn delete(&self, id: &str) {
        let request = self.request(Method::DELETE, &["messages", id]);
        if let Err(setback) = self.ask(request, Weight::Light).await {
            tracing::warn!(route = %self.route.id, %setback, "an unsent draft stays in the mailbox");
        }
    }

    /// A request with a token, and once more with a fresh one when that is refused. Gives a reply
    /// of success.
    async fn ask(&self, request: RequestBuilder, weight: Weight) -> Result<Reply, Setback> {
        let again = request.try_clone();
        let (reply, token) = self.ask_once(request, weight).await?;
        if let (401, Some(again)) = (reply.status, again) {
            self.tokens.reject(&token);
            let (reply, _) = self.ask_once(again, weight).await?;
            return success(reply, weight);
        }
        success(reply, weight)
    }

    async fn ask_once(
        &self,
        request: RequestBuilder,
        weight: Weight,
    ) -> Result<(Reply, crate::upstream::AccessToken), Setback> {
        let token = self.tokens.token().await?;
        let request = request.bearer_auth(token.token.expose());
        let reply = http::exchange_within(request, self.settings.command, http::DRAFT_REPLY).await;
        let reply = reply.map_err(|silence| errors::lost(&silence, &self.route.server, weight))?;
        Ok((reply, token))
    }
}

fn success(reply: Reply, weight: Weight) -> Result<Reply, Setback> {
    match reply.status {
        200..=299 => Ok(reply),
        _ => Err(errors::judge(&reply, weight)),
    }
}

fn with_json(request: RequestBuilder, json: Vec<u8>) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/json").body(json)
}

/// What a reply of success must hold.
fn answered<T: for<'de> Deserialize<'de>>(reply: &Reply) -> Result<T, Setback> {
    serde_json::from_slice(&reply.body).map_err(|_| incomplete(reply))
}

fn incomplete(reply: &Reply) -> Setback {
    let detail = format!(
        "Graph answered {} without what it should hold",
        reply.status
    );
    Setback::new(Verdict::Retry, Reason::RemoteTemporary, detail)
}

/// The whole mail, in memory once.
async fn collect(size: u64, opened: Opened, body: &mut dyn BodySource) -> Result<Vec<u8>, Setback> {
    let capacity = usize::try_from(size).unwrap_or_default();
    let mut mail = Vec::with_capacity(capacity);
    mail.extend_from_slice(&opened.fields);
    mail.extend_from_slice(&opened.rest);
    while let Some(piece) = next_piece(body).await? {
        mail.extend_from_slice(&piece);
        if mail.len() as u64 > size {
            break;
        }
    }
    if mail.len() as u64 == size {
        return Ok(mail);
    }
    let detail = "the stored message is not as long as it should be";
    Err(Setback::new(Verdict::FailMessage, Reason::Internal, detail))
}

/// The JSON of the draft, without its files.
fn describe(
    mail: &[u8],
    letter: &Letter<'_>,
    addressing: &Addressing,
) -> Result<Vec<u8>, Uncarried> {
    let end = memchr::memmem::find(mail, b"\r\n\r\n").map_or(mail.len(), |end| end + 2);
    let header = head::parse(mail.get(..end).unwrap_or_default());
    let text = letter.text.as_ref();
    let mut draft = json!({
        "subject": header.subject().unwrap_or_default(),
        "body": {
            "contentType": if text.is_some_and(|text| text.is_html) { "html" } else { "text" },
            "content": text.map_or("", |text| text.content.as_str()),
        },
        "toRecipients": people(&addressing.to),
        "ccRecipients": people(&addressing.cc),
        "bccRecipients": people(&addressing.bcc),
        "replyTo": addresses(header.reply_to()),
        "importance": importance(&header),
        "isReadReceiptRequested": header.header("Disposition-Notification-To").is_some(),
    });
    if let Some(fields) = draft.as_object_mut() {
        if let Some(from) = addresses(header.from()).into_iter().next() {
            fields.insert("from".to_owned(), from);
        }
        if let Some(id) = header.message_id() {
            fields.insert("internetMessageId".to_owned(), format!("<{id}>").into());
        }
    }
    let json = draft.to_string().into_bytes();
    if json.len() > MAX_DRAFT {
        return Err(Uncarried::Text);
    }
    Ok(json)
}

fn people(people: &[Person]) -> Vec<Value> {
    let named = people.iter().map(|it| named(&it.name, &it.address));
    named.collect()
}

fn addresses(list: Option<&mail_parser::Address<'_>>) -> Vec<Value> {
    let entries = list.into_iter().flat_map(mail_parser::Address::iter);
    entries
        .filter_map(|it| Some(named(it.name().unwrap_or_default(), it.address()?)))
        .collect()
}

fn named(name: &str, address: &str) -> Value {
    if name.is_empty() {
        json!({"emailAddress": {"address": address}})
    } else {
        json!({"emailAddress": {"name": name, "address": address}})
    }
}

/// By Importance (RFC 2156), else by X-Priority, as devices write it.
fn importance(header: &Message<'_>) -> &'static str {
    let text = |name: &str| {
        let value = header.header_raw(name.to_owned()).unwrap_or_default();
        value.trim().to_ascii_lowercase()
    };
    let (importance, priority) = (text("Importance"), text("X-Priority"));
    if importance == "high" || priority.starts_with(['1', '2']) {
        "high"
    } else if importance == "low" || priority.starts_with(['4', '5']) {
        "low"
    } else {
        "normal"
    }
}

const OTHER_ROUTE: &str = "send it in smaller parts, or give the account a route of the kind smtp-oauth or connector, which carry a mail as it is";

fn uncarried(why: &Uncarried, size: u64) -> Setback {
    too_large(
        format!("{size} bytes, and {why}"),
        format!(
            "Graph takes the MIME of mails up to 3 MB; a larger one is taken apart, and this one cannot be: {why}"
        ),
        OTHER_ROUTE,
    )
}

fn needs_permission(size: u64) -> Setback {
    too_large(
        format!("{size} bytes, and the application has no permission Mail.ReadWrite"),
        "Mails beyond 3 MB are made as drafts in the mailbox, for which Mail.Send is not enough"
            .to_owned(),
        "Entra admin center > App registrations > API permissions: add the application permission Mail.ReadWrite of Microsoft Graph and grant admin consent; then relayctl route check",
    )
}

fn too_large_for_graph(size: u64) -> Setback {
    too_large(
        format!("{size} bytes; Graph is given {LARGEST} at most"),
        "The mail is larger than a mailbox sends".to_owned(),
        "send smaller attachments",
    )
}
