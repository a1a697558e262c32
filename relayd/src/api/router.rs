//! All routes, and what surrounds each request: id, host check, log line.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use relay_proto::Problem;
use tracing::Instrument;

use super::{
    Api, access::Connection, accounts, audit, auth, bans, call::Routes, configuration, credentials,
    doctor, domains, explain, export, failure::Failure, limits, log, log_events, plans, queue,
    relay_users, routes, second_factor, service, stats, subscriptions, systems, tokens, webhooks,
};
use crate::model::Reason;

/// Names a request in its reply and in the log.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// The id that [`surround`] gave a request.
    pub(super) fn of(request: &Request) -> Self {
        let known = request.extensions().get::<Self>().cloned();
        known.unwrap_or_else(|| Self(String::new()))
    }
}

const REQUEST_ID: &str = "x-request-id";

fn endpoints() -> Routes {
    let nouns = [
        service::routes,
        doctor::routes,
        plans::routes,
        subscriptions::routes,
        limits::routes,
        accounts::routes,
        auth::routes,
        second_factor::routes,
        routes::routes,
        relay_users::routes,
        credentials::routes,
        systems::routes,
        domains::routes,
        configuration::routes,
        stats::routes,
        log::routes,
        log_events::routes,
        queue::routes,
        bans::routes,
        tokens::routes,
        webhooks::routes,
        audit::routes,
        explain::routes,
        export::routes,
    ];
    nouns.into_iter().fold(Routes::new(), |all, add| add(all))
}

/// The whole API. Requests carry a `Connection` as extension; without it they need a token.
pub fn router(api: Api) -> Router {
    let (router, _) = endpoints().into_parts();
    router
        .route("/v1/openapi.json", get(service::openapi))
        .route("/healthz", get(service::healthz))
        .route("/readyz", get(service::readyz))
        .route("/metrics", get(service::metrics))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(api.clone(), surround))
        .with_state(api)
}

async fn no_such_path(request: Request) -> Response {
    Failure::with_status(
        StatusCode::NOT_FOUND,
        Reason::NotFound,
        Problem::NO_SUCH_PATH,
        "/v1/openapi.json lists the paths",
    )
    .into_response(&RequestId::of(&request).0)
}

async fn no_such_method(request: Request) -> Response {
    Failure::new(Reason::MethodNotAllowed).into_response(&RequestId::of(&request).0)
}

async fn surround(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = format!("req_{:016x}", rand::random::<u64>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        "request",
        id = %id,
        method = %request.method(),
        path = %request.uri().path(),
        caller = tracing::field::Empty,
    );
    let begun = tokio::time::Instant::now();
    let reply = async {
        let mut response = if is_host_known(&api, &request) {
            next.run(request).await
        } else {
            Failure::with_status(
                StatusCode::MISDIRECTED_REQUEST,
                Reason::InvalidValue,
                "the API is not served under this host name",
                "use localhost, the loopback address or the hostname of relayd",
            )
            .into_response(&id)
        };
        tracing::debug!(
            status = response.status().as_u16(),
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    };
    let mut response = reply.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A web page that resolves its own name to this machine (DNS rebinding) sends that name.
fn is_host_known(api: &Api, request: &Request) -> bool {
    if request.extensions().get::<Connection>() == Some(&Connection::Operator) {
        return true;
    }
    let given = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let Some(given) = given else { return false };
    let host = match given.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => given,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    is_loopback
        || api
            .info
            .api_hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_endpoint_is_served() {
        let (_, served) = endpoints().into_parts();
        let served: BTreeSet<_> = served.into_iter().collect();
        let declared: BTreeSet<_> = relay_proto::endpoints().iter().map(|e| e.name).collect();
        assert_eq!(served, declared);
    }
}
