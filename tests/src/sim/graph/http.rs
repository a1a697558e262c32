//! The little of HTTP that hyper leaves to its user.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming, SizeHint},
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::{Value, json};

/// The connection is cut instead of an answer.
#[derive(Debug)]
pub(super) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut")
    }
}

impl std::error::Error for Cut {}

/// A body that is there at once.
pub(super) struct Whole(Option<Bytes>);

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// A reply, with the id that Microsoft gives every request.
pub(super) fn answer(
    status: u16,
    body: Vec<u8>,
    fields: &[(&'static str, String)],
) -> Response<Whole> {
    let body = (!body.is_empty()).then(|| Bytes::from(body));
    let mut response = Response::new(Whole(body));
    *response.status_mut() = status.try_into().unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in fields {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A reply of success.
pub(super) fn made(status: u16, body: &Value) -> Response<Whole> {
    answer(status, body.to_string().into_bytes(), &[])
}

/// An error as Graph writes it.
pub(super) fn error(status: u16, code: &str, retry_after: Option<String>) -> Response<Whole> {
    let body = json!({"error": {
        "code": code,
        "message": "exchange-sim refuses this request.",
        "innerError": {"date": "2026-11-22T10:00:00", "request-id": "sim", "client-request-id": "sim"},
    }});
    let fields: Vec<_> = retry_after
        .into_iter()
        .map(|wait| ("retry-after", wait))
        .collect();
    answer(status, body.to_string().into_bytes(), &fields)
}

/// The whole body, or `None` when it is longer than that.
pub(super) async fn read(mut body: Incoming, limit: usize) -> Result<Option<Vec<u8>>, Cut> {
    let mut bytes = Vec::new();
    loop {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        match frame.await {
            None => return Ok((bytes.len() <= limit).then_some(bytes)),
            Some(Err(_)) => return Err(Cut),
            Some(Ok(frame)) => {
                // What is too long is read all the same, as a gateway does, but not kept.
                if let Ok(data) = frame.into_data()
                    && bytes.len() <= limit
                {
                    bytes.extend_from_slice(&data);
                }
            }
        }
    }
}

/// The segments of a path, decoded.
pub(super) fn segments<B>(request: &Request<B>) -> Vec<String> {
    let path = request.uri().path().trim_start_matches('/');
    path.split('/').map(decode).collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| *first == b'%');
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = behind
            .get(if code.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A field of the head.
pub(super) fn field<'r, B>(request: &'r Request<B>, name: &str) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}
