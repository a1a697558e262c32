//! `relayctl api`

use std::io::Read as _;
use std::path::Path;

use relay_proto::Method;

use crate::complete;
use crate::error::{Failure, json_fault};
use crate::session::Session;

/// Send a request to the API and print the answer as it comes
///
/// Signed in and addressed like any other command. /v1/openapi.json describes the API. With -o jsonl
/// a list is printed as one object a line; other formats change nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl api GET /v1/server
  relayctl api GET '/v1/log/messages?limit=5'
  relayctl api GET /v1/plans --paginate -o jsonl
  relayctl api PUT /v1/accounts/acme/subscription --body '{\"plan\":\"business\"}'
  relayctl api POST /v1/accounts --body @account.json")]
pub(crate) struct Args {
    /// GET, POST, PUT, PATCH or DELETE
    #[arg(value_name = "METHOD", value_parser = method)]
    method: Method,
    /// Path and query, such as /v1/accounts
    #[arg(value_name = "PATH", add = complete::paths())]
    path: String,
    /// JSON to send: the text itself, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-")]
    body: Option<String>,
    /// Follow a list to its end: all its pages as one
    #[arg(long, conflicts_with = "body")]
    paginate: bool,
}

fn method(text: &str) -> Result<Method, String> {
    let all = [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ];
    let wanted = text.to_ascii_uppercase();
    all.into_iter()
        .find(|method| method.as_str() == wanted)
        .ok_or_else(|| "valid are GET, POST, PUT, PATCH, DELETE".to_owned())
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if !self.path.starts_with('/') {
            return Err(Failure::usage(format!("`{}` is no path", self.path))
                .hint("write it as /v1/accounts"));
        }
        let path = self.path.split('?').next().unwrap_or_default();
        let mut known = relay_proto::endpoints().into_iter();
        if known.any(|endpoint| endpoint.is_stream && endpoint.path == path) {
            return Err(
                Failure::usage(format!("{path} is a stream, which does not end"))
                    .hint("relayctl log tail -o jsonl follows it"),
            );
        }
        if self.paginate {
            if self.method != Method::Get {
                return Err(Failure::usage("only what is read has pages")
                    .hint("relayctl api GET PATH --paginate"));
            }
            let text = session.client()?.raw_pages(&self.path)?;
            return session.out.text_of_api(&text);
        }
        let body = self.body.map(|text| read(&text)).transpose()?;
        let reply = session.client()?.raw(self.method, &self.path, body)?;
        session.out.detail(&reply.status.to_string());
        session.out.text_of_api(&reply.text)
    }
}

fn read(text: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::unreadable("cannot read the body", &error);
    let body = match text.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(Path::new(path)).map_err(failed)?,
        None if text == "-" => {
            let mut body = String::new();
            std::io::stdin()
                .lock()
                .read_to_string(&mut body)
                .map_err(failed)?;
            body
        }
        None => text.to_owned(),
    };
    // A typing mistake is better found here than explained by the server.
    serde_json::from_str::<serde::de::IgnoredAny>(&body).map_err(|error| {
        Failure::usage("the body is not JSON")
            .cause(json_fault(&error))
            .hint("write it as {\"name\":\"value\"}, or take it from a file: --body @FILE")
    })?;
    Ok(body)
}
