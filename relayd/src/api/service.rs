//! relayd itself: health, version, settings for devices, reasons, figures.

use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use relay_proto as proto;

use super::{
    Api,
    access::{self, Caller, Connection},
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
    router::RequestId,
};
use crate::model::{Reason, Refusal};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::GetHealth, _, _>(health)
        .add::<proto::GetVersion, _, _>(version)
        .add::<proto::GetServer, _, _>(server)
        .add::<proto::ListReasons, _, _>(list_reasons)
        .add::<proto::ShowReason, _, _>(show_reason)
}

async fn health(api: Api, _: Call<proto::GetHealth>) -> Result<proto::Health, Failure> {
    api.accounts.ping().await?;
    Ok(proto::Health {
        status: "ok".to_owned(),
    })
}

async fn version(_: Api, _: Call<proto::GetVersion>) -> Result<proto::Version, Failure> {
    Ok(proto::Version {
        name: "relayd".to_owned(),
        version: VERSION.to_owned(),
        api: "v1".to_owned(),
    })
}

async fn server(api: Api, _: Call<proto::GetServer>) -> Result<proto::ServerInfo, Failure> {
    Ok(proto::ServerInfo {
        hostname: api.info.hostname.clone(),
        version: VERSION.to_owned(),
        listeners: api.info.listeners.clone(),
        message_size: api.info.message_size,
        started_at: api.info.started_at,
    })
}

async fn list_reasons(
    _: Api,
    _: Call<proto::ListReasons>,
) -> Result<proto::Page<proto::ReasonInfo>, Failure> {
    Ok(cursor::whole(Reason::ALL.to_vec(), convert::reason))
}

async fn show_reason(_: Api, call: Call<proto::ShowReason>) -> Result<proto::ReasonInfo, Failure> {
    let code = call.path.code;
    let reason = code
        .parse()
        .map_err(|_| Failure::new(Refusal::new(Reason::NotFound, format!("reason {code}"))))?;
    Ok(convert::reason(reason))
}

/// The document of the API. Needs no token: it is the same everywhere.
pub(super) async fn openapi() -> Response {
    axum::Json(proto::document(VERSION)).into_response()
}

/// Whether the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether work should be sent here: not while relayd stops, nor while its
/// store does not answer or cannot be written.
pub(super) async fn readyz(State(api): State<Api>, request: Request) -> Response {
    let id = RequestId::of(&request);
    if let Err(refusal) = (api.ready)() {
        return Failure::new(refusal).into_response(&id.0);
    }
    match api.accounts.ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => Failure::from(error).into_response(&id.0),
    }
}

/// The figures, for operators and the holders of their tokens: they tell about customers' mail.
pub(super) async fn metrics(State(api): State<Api>, request: Request) -> Response {
    let id = RequestId::of(&request);
    let connection = request.extensions().get::<Connection>().copied();
    let connection = connection.unwrap_or(Connection::Anybody(None));
    let client = api.client_of(connection, request.headers());
    match access::identify(&api, connection, client, request.headers()).await {
        Ok(caller) if caller.is_operator() => {
            let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
            (text, (api.metrics)()).into_response()
        }
        Ok(Caller::Nobody) => Failure::new(Reason::NotSignedIn).into_response(&id.0),
        Ok(_) => Failure::new(Reason::Forbidden).into_response(&id.0),
        Err(failure) => failure.into_response(&id.0),
    }
}
