//! Plugs a handler into the route of its endpoint: what goes in and out is typed by the endpoint.

use std::{future::Future, net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use relay_proto::{Endpoint, Method, SignOut, beyond_bounds, etag, parse_etag};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Api,
    access::{self, Caller, Connection, Grant},
    audit,
    failure::Failure,
    idempotency,
    router::RequestId,
    serve::Activity,
    stream::{Feed, GrantedLog},
    wording::{field_of_query, of_json, of_query},
};
use crate::{
    accounts::{AuditedRequest, LogTail, Scope},
    model::{Authority, Reason},
};

/// Largest body of a request: the settings of a route with its certificates.
const BODY_LIMIT: usize = 1024 * 1024;
/// For the body of a request to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// For everything that a request asks for, the probe of a route included.
const DEADLINE: Duration = Duration::from_secs(90);

/// A request to an endpoint.
pub(super) struct Call<E: Endpoint> {
    /// The values of the placeholders.
    pub(super) path: E::Path,
    /// What stands behind the `?`.
    pub(super) query: E::Query,
    /// The JSON of the request.
    pub(super) body: E::Body,
    /// The version that the client expects.
    pub(super) if_match: Option<i64>,
    /// Who calls.
    pub(super) caller: Caller,
    /// Whose objects the caller may see.
    pub(super) scope: Scope,
    /// In whose name the caller acts.
    pub(super) authority: Authority,
    /// Where the request comes from, as far as that is known.
    pub(super) client: Option<IpAddr>,
}

/// Collects the routes.
pub(super) struct Routes {
    router: Router<Api>,
    names: Vec<&'static str>,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self {
            router: Router::new(),
            names: Vec::new(),
        }
    }

    /// Adds an endpoint.
    pub(super) fn add<E, H, F>(self, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(Api, Call<E>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<E::Reply, Failure>> + Send + 'static,
    {
        self.route::<E, H, F>(|_| None, handler)
    }

    /// Adds an endpoint whose reply has a version, told as `ETag`.
    pub(super) fn add_versioned<E, H, F>(self, version: fn(&E::Reply) -> i64, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(Api, Call<E>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<E::Reply, Failure>> + Send + 'static,
    {
        self.route::<E, H, F>(move |reply| Some(version(reply)), handler)
    }

    /// Adds an endpoint whose reply is a stream of the log.
    pub(super) fn add_stream<E, H, F>(mut self, handler: H) -> Self
    where
        E: Endpoint,
        H: Fn(Api, Call<E>, HeaderMap) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<LogTail, Failure>> + Send + 'static,
    {
        let serve = move |State(api): State<Api>, request: Request| {
            let handler = handler.clone();
            async move {
                let id = RequestId::of(&request);
                let work = open_stream::<E, H, F>(api, request, handler);
                let result = match tokio::time::timeout(DEADLINE, work).await {
                    Ok(result) => result,
                    Err(_) => Err(Failure::timeout()),
                };
                result.unwrap_or_else(|failure| failure.into_response(&id.0))
            }
        };
        self.router = self.router.route(E::PATH, axum::routing::get(serve));
        self.names.push(E::NAME);
        self
    }

    fn route<E, H, F>(
        mut self,
        version: impl Fn(&E::Reply) -> Option<i64> + Clone + Send + Sync + 'static,
        handler: H,
    ) -> Self
    where
        E: Endpoint,
        H: Fn(Api, Call<E>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<E::Reply, Failure>> + Send + 'static,
    {
        let serve = move |State(api): State<Api>, request: Request| {
            let (handler, version) = (handler.clone(), version.clone());
            async move {
                let id = RequestId::of(&request);
                let work = answer::<E, H, F>(api, request, version, handler);
                let result = match tokio::time::timeout(DEADLINE, work).await {
                    Ok(result) => result,
                    Err(_) => Err(Failure::timeout()),
                };
                result.unwrap_or_else(|failure| failure.into_response(&id.0))
            }
        };
        let method: MethodRouter<Api> = match E::METHOD {
            Method::Get => axum::routing::get(serve),
            Method::Post => axum::routing::post(serve),
            Method::Put => axum::routing::put(serve),
            Method::Patch => axum::routing::patch(serve),
            Method::Delete => axum::routing::delete(serve),
        };
        self.router = self.router.route(E::PATH, method);
        self.names.push(E::NAME);
        self
    }

    /// The routes, and the names of the endpoints they serve.
    pub(super) fn into_parts(self) -> (Router<Api>, Vec<&'static str>) {
        (self.router, self.names)
    }
}

async fn answer<E, H, F>(
    api: Api,
    request: Request,
    version: impl Fn(&E::Reply) -> Option<i64> + Send + 'static,
    handler: H,
) -> Result<Response, Failure>
where
    E: Endpoint,
    H: Fn(Api, Call<E>) -> F + Send + 'static,
    F: Future<Output = Result<E::Reply, Failure>> + Send + 'static,
{
    let id = RequestId::of(&request);
    let (mut parts, body) = request.into_parts();
    let connection = parts.extensions.get::<Connection>().copied();
    let connection = connection.unwrap_or(Connection::Anybody(None));
    let client = api.client_of(connection, &parts.headers);
    let ends_session = E::NAME == SignOut::NAME;
    let caller = access::identify(&api, connection, client, &parts.headers, ends_session).await?;
    note_caller(&caller);
    let mut path = path::<E>(&mut parts).await?;
    let key = idempotency::key_of::<E>(&parts.headers, || caller.key_space(client));
    let call = Call {
        scope: caller.may::<E>(&mut path)?,
        authority: caller.authority(),
        caller,
        client,
        if_match: if_match(&parts.headers)?,
        path,
        query: query::<E>(&parts)?,
        body: json_body::<E>(&parts.headers, body).await?,
    };
    let is_tried = E::may_be_tried() && audit::is_dry_run(&call.body)?;
    if E::may_be_tried() && !is_tried {
        call.caller.may_change::<E>()?;
    }
    let _work = parts.extensions.get::<Activity>().map(Activity::begin);
    // What only compares may be done again at any time.
    let mut key = key?.filter(|_| !is_tried);
    if call.caller == Caller::Nobody && key.is_some() && !api.accounts.may_keep_key(client)? {
        key = None;
    }
    let noted = audit::noted::<E>(&parts, &id.0, key.clone(), &call)?;
    let Some(key) = key else {
        let finished = perform(api, noted, version, handler, call).await?;
        return Ok(finished.into_response());
    };
    let body = serde_json::to_vec(&call.body).map_err(|e| Failure::internal(e.to_string()))?;
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let accounts = api.accounts.clone();
    let fingerprint = accounts.fingerprint(E::METHOD.as_str(), path, &body);
    let work = perform(api, noted, version, handler, call);
    idempotency::once::<E>(accounts, key, fingerprint, DEADLINE, work).await
}

/// Begins a stream; what follows is the work of a task of its own.
async fn open_stream<E, H, F>(api: Api, request: Request, handler: H) -> Result<Response, Failure>
where
    E: Endpoint,
    H: Fn(Api, Call<E>, HeaderMap) -> F + Send + 'static,
    F: Future<Output = Result<LogTail, Failure>> + Send + 'static,
{
    let (mut parts, body) = request.into_parts();
    let connection = parts.extensions.get::<Connection>().copied();
    let connection = connection.unwrap_or(Connection::Anybody(None));
    let client = api.client_of(connection, &parts.headers);
    let caller = access::identify(&api, connection, client, &parts.headers, false).await?;
    note_caller(&caller);
    let grant = Grant::of(&api, &parts.headers, &caller);
    let mut path = path::<E>(&mut parts).await?;
    let call: Call<E> = Call {
        scope: caller.may::<E>(&mut path)?,
        authority: caller.authority(),
        caller,
        client,
        if_match: None,
        path,
        query: query::<E>(&parts)?,
        body: json_body::<E>(&parts.headers, body).await?,
    };
    if api.stop.is_cancelled() {
        return Err(Failure::new(Reason::ShuttingDown));
    }
    let (streams, stop, scope) = (
        Arc::clone(&api.streams),
        api.stop.clone(),
        call.scope.clone(),
    );
    let tail = handler(api, call, parts.headers).await?;
    // Last, since it may take the place of another: what is refused does not.
    let slot = streams.open(&scope)?;
    let feed = Feed {
        source: GrantedLog { tail, grant },
        slot,
        activity: parts.extensions.get::<Activity>().cloned(),
        stop,
    };
    Ok(feed.into_response())
}

/// A reply, ready to be sent.
pub(super) struct Finished {
    pub(super) status: StatusCode,
    pub(super) etag: Option<String>,
    /// `None` for a reply without a body.
    pub(super) json: Option<String>,
}

impl Finished {
    pub(super) fn into_response(self) -> Response {
        let mut response = match self.json {
            None => self.status.into_response(),
            Some(json) => {
                let json_type = [(header::CONTENT_TYPE, "application/json")];
                (self.status, json_type, json).into_response()
            }
        };
        if let Some(tag) = self.etag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

/// Lets the handler work, and sees to it that the audit log tells of it.
async fn perform<E, H, F>(
    api: Api,
    noted: Option<AuditedRequest>,
    version: impl Fn(&E::Reply) -> Option<i64>,
    handler: H,
    call: Call<E>,
) -> Result<Finished, Failure>
where
    E: Endpoint,
    H: Fn(Api, Call<E>) -> F,
    F: Future<Output = Result<E::Reply, Failure>>,
{
    let reply = match noted {
        None => {
            // A dry run asks other servers, too.
            let is_free = E::METHOD == Method::Get || E::is_repeated();
            if let (Scope::Only(own), false) = (&call.scope, is_free) {
                api.accounts.pace_changes(own)?;
            }
            handler(api, call).await?
        }
        Some(noted) => {
            if let (Scope::Only(own), false) = (&call.scope, E::is_repeated()) {
                api.accounts.pace_changes(own)?;
            }
            let accounts = api.accounts.recording(noted).await;
            let reply = handler(api.with(accounts.clone()), call).await?;
            if !E::is_repeated() {
                accounts.record_unchanged().await?;
            }
            reply
        }
    };
    let json = if E::has_reply() {
        let json = serde_json::to_string(&reply);
        Some(json.map_err(|error| Failure::internal(error.to_string()))?)
    } else {
        None
    };
    Ok(Finished {
        status: StatusCode::from_u16(E::STATUS).unwrap_or(StatusCode::OK),
        etag: version(&reply).map(etag).filter(|_| json.is_some()),
        json,
    })
}

fn note_caller(caller: &Caller) {
    tracing::Span::current().record("caller", tracing::field::display(caller));
}

async fn path<E: Endpoint>(parts: &mut Parts) -> Result<E::Path, Failure> {
    // No object has a name beyond the limits.
    let not_found = || Failure::new(Reason::NotFound);
    let Path(path) = Path::from_request_parts(parts, &())
        .await
        .map_err(|_| not_found())?;
    within_bounds(path).map_err(|_| not_found())
}

fn query<E: Endpoint>(parts: &Parts) -> Result<E::Query, Failure> {
    let query = Query::try_from_uri(&parts.uri)
        .map(|Query(query)| query)
        .map_err(|error| {
            let text = error.to_string();
            Failure::field(
                named_in(&text)
                    .or_else(|| field_of_query(&text))
                    .unwrap_or("query"),
                of_query(&text),
            )
        })?;
    within_bounds(query)
}

/// Refuses values beyond the limits of their fields.
fn within_bounds<T: Serialize>(values: T) -> Result<T, Failure> {
    let wrong = beyond_bounds(&values);
    if wrong.is_empty() {
        Ok(values)
    } else {
        Err(Failure::fields(wrong))
    }
}

/// `If-Match: *` and a missing header expect nothing; any other form than ours fits no version.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    match value.to_str().map(str::trim) {
        Ok("*") => Ok(None),
        Ok(tag) => match parse_etag(tag) {
            Some(version) => Ok(Some(version)),
            None => Err(Failure::new(Reason::StaleVersion)),
        },
        Err(_) => Err(Failure::new(Reason::StaleVersion)),
    }
}

async fn json_body<E: Endpoint>(headers: &HeaderMap, body: Body) -> Result<E::Body, Failure> {
    if !E::has_body() {
        return parse(b"{}");
    }
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            let media_type = value.split(';').next().unwrap_or_default().trim();
            media_type.eq_ignore_ascii_case("application/json")
        });
    if !is_json {
        // Also keeps web pages of others from posting forms here.
        return Err(Failure::with_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Reason::InvalidValue,
            "the body must be application/json",
            "send the header Content-Type: application/json",
        ));
    }
    let too_large = |_| {
        Failure::with_status(
            StatusCode::PAYLOAD_TOO_LARGE,
            Reason::InvalidValue,
            "the body of a request has at most 1 MiB",
            "send less in one request; relayctl apply takes a file with a part of a configuration \
             after the other",
        )
    };
    let read = axum::body::to_bytes(body, BODY_LIMIT);
    let Ok(bytes) = tokio::time::timeout(BODY_DEADLINE, read).await else {
        return Err(Failure::with_status(
            StatusCode::REQUEST_TIMEOUT,
            Reason::Timeout,
            "the body of the request did not arrive in time",
            "send the request again",
        ));
    };
    let bytes = bytes.map_err(too_large)?;
    // serde would take the fields of an object from a list, too.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Failure::field("body", "must be an object"));
    }
    within_bounds(parse(&bytes)?)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        let text = error.to_string();
        Failure::field(named_in(&text).unwrap_or("body"), of_json(&error))
    })
}

/// The field that an error of serde names: ``missing field `name` at line 1``.
fn named_in(text: &str) -> Option<&str> {
    let (before, rest) = text.split_once('`')?;
    let is_about_a_field = before.trim_end().ends_with("field");
    is_about_a_field
        .then(|| rest.split('`').next())
        .flatten()
        .filter(|name| !name.is_empty())
}
