//! Requests, one after the other: who may, what the script says, and what is done.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hyper::{Method, Request, Response, body::Incoming};
use serde_json::{Value, json};

use super::{
    super::locked,
    Shared,
    http::{self, Cut, Whole, error, made},
    mail::{Attached, Mail},
    mailbox::{Refused, SMALLEST_SESSION},
    rules::{Operation, Then},
};
use crate::sim::sha256;

/// Bytes of a request.
const LARGEST_REQUEST: usize = 4 * 1024 * 1024;

/// Status and code of an error.
type Refusal = (u16, &'static str);

/// A request that was understood.
struct Asked {
    on: Operation,
    mailbox: String,
    /// The draft, or the number of the session.
    id: String,
}

impl Asked {
    fn of<B>(request: &Request<B>) -> Option<Self> {
        let path = http::segments(request);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (on, mailbox, id) = match (request.method(), path.as_slice()) {
            (&Method::PUT, ["upload", id]) => (Operation::Upload, "", *id),
            (&Method::GET, ["v1.0", "users", mailbox]) => (Operation::Look, *mailbox, ""),
            (method, ["v1.0", "users", mailbox, rest @ ..]) => {
                let (on, id) = match (method, rest) {
                    (&Method::POST, ["sendMail"]) => (Operation::SendMail, ""),
                    (&Method::POST, ["messages"]) => (Operation::Draft, ""),
                    (&Method::DELETE, ["messages", id]) => (Operation::Delete, *id),
                    (&Method::POST, ["messages", id, "send"]) => (Operation::Send, *id),
                    (&Method::POST, ["messages", id, "attachments"]) => (Operation::Attach, *id),
                    (&Method::POST, ["messages", id, "attachments", "createUploadSession"]) => {
                        (Operation::Session, *id)
                    }
                    _ => return None,
                };
                (on, *mailbox, id)
            }
            _ => return None,
        };
        Some(Self {
            on,
            mailbox: mailbox.to_owned(),
            id: id.to_owned(),
        })
    }

    /// The permission that it takes.
    const fn permission(&self) -> &'static str {
        match self.on {
            Operation::SendMail | Operation::Send => "Mail.Send",
            Operation::Look => "User.Read.All",
            _ => "Mail.ReadWrite",
        }
    }
}

/// A place among the requests of a mailbox.
struct Place<'a>(&'a Shared, String);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(load) = locked(&self.0.load).get_mut(&self.1) {
            load.now -= 1;
        }
    }
}

impl Shared {
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Result<Response<Whole>, Cut> {
        let line = format!("{} {}", request.method(), request.uri().path());
        locked(&self.asked).push(line);
        let Some(asked) = Asked::of(&request) else {
            return Ok(error(404, "ResourceNotFound", None));
        };
        let scripted = locked(&self.rules)
            .iter_mut()
            .find_map(|rule| rule.matches(asked.on, &asked.mailbox));
        let (delay, then) = scripted.unzip();
        if let Some(delay) = delay {
            tokio::time::sleep(delay).await;
        }
        if then == Some(Then::CutUnread) {
            return Err(Cut);
        }
        let _place = match self.place(&asked) {
            Ok(place) => place,
            Err((status, code)) => return Ok(error(status, code, Some("1".to_owned()))),
        };
        if let Err((status, code)) = self.admits(&asked, &request) {
            return Ok(error(status, code, None));
        }
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, ());
        let Some(body) = http::read(body, LARGEST_REQUEST).await? else {
            return Ok(error(413, "RequestEntityTooLarge", None));
        };
        match then {
            None => Ok(self.act(&asked, &request, &body, false)),
            Some(Then::Refuse {
                status,
                code,
                retry_after,
            }) => Ok(error(
                status,
                &code,
                retry_after.map(super::RetryAfter::text),
            )),
            Some(Then::DoAndRefuse { status, code }) => {
                self.act(&asked, &request, &body, true);
                Ok(error(status, &code, None))
            }
            Some(Then::CutDone) => {
                self.act(&asked, &request, &body, true);
                Err(Cut)
            }
            Some(Then::CutUndone | Then::CutUnread) => Err(Cut),
        }
    }

    /// Counts a request; Graph takes four at a time for a mailbox.
    fn place(&self, asked: &Asked) -> Result<Place<'_>, Refusal> {
        let mut loads = locked(&self.load);
        let load = loads.entry(asked.mailbox.clone()).or_default();
        // Pieces go to another host.
        if asked.on != Operation::Upload && load.now >= self.settings.concurrency {
            return Err((429, "ApplicationThrottled"));
        }
        load.now += 1;
        if asked.on != Operation::Upload {
            load.peak = load.peak.max(load.now);
        }
        Ok(Place(self, asked.mailbox.clone()))
    }

    /// Whether the token is good and allows it, and the mailbox is there.
    fn admits<B>(&self, asked: &Asked, request: &Request<B>) -> Result<(), Refusal> {
        let token = http::field(request, "authorization");
        if asked.on == Operation::Upload {
            // The address is the key; a token here is one shown to a stranger.
            return match token {
                None => Ok(()),
                Some(_) => Err((401, "InvalidAuthenticationToken")),
            };
        }
        let token = token.and_then(|token| token.strip_prefix("Bearer "));
        let Some(permissions) = token.and_then(|token| (self.settings.bearer)(token)) else {
            return Err((401, "InvalidAuthenticationToken"));
        };
        if !permissions.iter().any(|held| held == asked.permission()) {
            let code = match asked.on {
                Operation::Look => "Authorization_RequestDenied",
                _ => "ErrorAccessDenied",
            };
            return Err((403, code));
        }
        let known = &self.settings.mailboxes;
        if !known.is_empty()
            && !known
                .iter()
                .any(|it| it.eq_ignore_ascii_case(&asked.mailbox))
        {
            return Err((404, "ErrorInvalidUser"));
        }
        Ok(())
    }

    fn act(
        &self,
        asked: &Asked,
        request: &Request<()>,
        body: &[u8],
        withheld: bool,
    ) -> Response<Whole> {
        match asked.on {
            Operation::Look => made(200, &json!({"mail": asked.mailbox})),
            Operation::SendMail => self.send_mail(asked, request, body, withheld),
            Operation::Upload => self.take_piece(asked, request, body),
            Operation::Delete => match locked(&self.drafts).remove(&asked.mailbox, &asked.id) {
                Some(_) => http::answer(204, Vec::new(), &[]),
                None => error(404, "ErrorItemNotFound", None),
            },
            Operation::Send => self.send_draft(asked, withheld),
            Operation::Draft | Operation::Attach | Operation::Session => {
                let is_json = http::field(request, "content-type") == Some("application/json");
                match serde_json::from_slice(body) {
                    Ok(json) if is_json => self.take_json(asked, &json),
                    _ => error(400, "RequestBodyRead", None),
                }
            }
        }
    }

    fn send_mail(
        &self,
        asked: &Asked,
        request: &Request<()>,
        body: &[u8],
        withheld: bool,
    ) -> Response<Whole> {
        if http::field(request, "content-type") != Some("text/plain") {
            return error(415, "RequestBodyRead", None);
        }
        let Ok(mime) = BASE64_STANDARD.decode(body) else {
            return error(400, "ErrorMimeContentInvalidBase64String", None);
        };
        self.let_go(Mail::of_mime(&asked.mailbox, &mime), Some(&mime), withheld)
    }

    fn send_draft(&self, asked: &Asked, withheld: bool) -> Response<Whole> {
        let Some(draft) = locked(&self.drafts).remove(&asked.mailbox, &asked.id) else {
            return error(404, "ErrorItemNotFound", None);
        };
        self.let_go(draft, None, withheld)
    }

    fn let_go(&self, mut mail: Mail, mime: Option<&[u8]>, withheld: bool) -> Response<Whole> {
        if mail.recipients().is_empty() {
            return error(400, "ErrorInvalidRecipients", None);
        }
        let may = |allowed: &Vec<String>| {
            let mut allowed = allowed.iter().chain([&mail.mailbox]);
            allowed.any(|address| address.eq_ignore_ascii_case(&mail.from))
        };
        if !self.settings.send_as.as_ref().is_none_or(may) {
            return error(403, "ErrorSendAsDenied", None);
        }
        mail.reply_withheld = withheld;
        match self.book.take_in(mail, mime) {
            Ok(()) => http::answer(202, Vec::new(), &[("request-id", "sim".to_owned())]),
            Err(_) => error(500, "ErrorInternalServerError", None),
        }
    }

    fn take_json(&self, asked: &Asked, json: &Value) -> Response<Whole> {
        let mut drafts = locked(&self.drafts);
        if asked.on == Operation::Draft {
            let id = drafts.put(&asked.mailbox, json);
            return made(
                201,
                &json!({"id": id, "isDraft": true, "body": json["body"]}),
            );
        }
        let Some(draft) = drafts.get(&asked.mailbox, &asked.id) else {
            return error(404, "ErrorItemNotFound", None);
        };
        if asked.on == Operation::Attach {
            let bytes = json["contentBytes"]
                .as_str()
                .map(|text| BASE64_STANDARD.decode(text));
            let (Some(Ok(bytes)), Some(name)) = (bytes, json["name"].as_str()) else {
                return error(400, "ErrorInvalidRequest", None);
            };
            draft.files.push(Attached {
                name: name.to_owned(),
                size: bytes.len() as u64,
                sha256: sha256(&bytes),
                by_session: false,
            });
            return made(201, &json!({"id": "file"}));
        }
        let item = &json["AttachmentItem"];
        let (Some(name), Some(size)) = (item["name"].as_str(), item["size"].as_u64()) else {
            return error(400, "ErrorInvalidRequest", None);
        };
        if size < SMALLEST_SESSION {
            return error(
                400,
                "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
                None,
            );
        }
        let (number, key) = drafts.open(&asked.id, name, size);
        let port = self.address.port();
        made(
            201,
            &json!({
                "uploadUrl": format!("https://localhost:{port}/upload/{number}?authtoken={key}"),
                "nextExpectedRanges": ["0-"],
            }),
        )
    }

    fn take_piece(&self, asked: &Asked, request: &Request<()>, body: &[u8]) -> Response<Whole> {
        let query = request.uri().query().unwrap_or_default();
        let key = query.strip_prefix("authtoken=").unwrap_or_default();
        let range = http::field(request, "content-range").unwrap_or_default();
        match locked(&self.drafts).piece(&asked.id, key, range, body) {
            Ok((_, true)) => http::answer(201, Vec::new(), &[("location", "file".to_owned())]),
            Ok((end, false)) => made(200, &json!({"nextExpectedRanges": [end.to_string()]})),
            Err(Refused::Unknown) => error(404, "ErrorItemNotFound", None),
            Err(Refused::Key) => error(401, "InvalidAuthenticationToken", None),
            Err(Refused::Range) => error(416, "ErrorInvalidRange", None),
        }
    }
}
