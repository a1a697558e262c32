//! What is asked for, how often, and what becomes of the answers.

mod assertion;
mod caching;
mod device;
mod server;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::json;

use super::*;
use crate::{
    clock::ManualClock,
    model::{AccountId, ClientCertificate, Cloud, IdSource, Reason, RouteId, Secret, Tenant},
    upstream::{Setback, TokenSource, Verdict, tls::Trust},
};
use server::Server;

const APPLICATION: &str = "8a6f1c2e-0000-4000-8000-00000000000a";

static IDS: IdSource = IdSource::new();

/// Tokens of routes to one endpoint.
struct World {
    clock: Arc<ManualClock>,
    kept: Arc<Kept>,
    tokens: Tokens,
    server: Server,
}

/// Refresh tokens in memory; storing fails so many times.
#[derive(Debug, Default)]
struct Kept {
    token: Mutex<Option<String>>,
    failures: Mutex<u32>,
}

impl Kept {
    fn set(&self, token: &str) {
        *self.token.lock().unwrap() = Some(token.to_owned());
    }

    fn get(&self) -> String {
        self.token.lock().unwrap().clone().unwrap()
    }
}

#[async_trait]
impl RefreshTokens for Kept {
    async fn load(&self, _route: &Route) -> Result<Option<Secret>, String> {
        Ok(self.token.lock().unwrap().clone().map(Secret::new))
    }

    async fn replace(&self, _route: RouteId, old: &Secret, new: &Secret) -> Result<(), String> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err("the disk is full".to_owned());
        }
        let mut token = self.token.lock().unwrap();
        if token.as_deref() == Some(old.expose()) {
            *token = Some(new.expose().to_owned());
        }
        Ok(())
    }
}

impl World {
    /// An endpoint that answers by the number of the request.
    async fn new(answer: impl Fn(usize) -> (u16, String) + Send + Sync + 'static) -> Self {
        let clock = ManualClock::at("2026-11-22T09:00:00Z".parse().unwrap());
        let kept = Arc::new(Kept::default());
        let shared: crate::clock::SharedClock = Arc::clone(&clock) as _;
        let trust = Arc::new(Trust::new());
        Self {
            tokens: Tokens::new(shared, trust, Arc::clone(&kept) as _),
            clock,
            kept,
            server: Server::start(answer).await,
        }
    }

    fn route(&self, grant: Grant) -> Route {
        let now = Timestamp::UNIX_EPOCH;
        let mut route = Route::new(
            RouteId::new(&IDS, now),
            AccountId::new(&IDS, now),
            RouteKind::SmtpOauth,
        );
        route.mailbox = "relay@acme.example".to_owned();
        route.ca_pem = Some(self.server.pem.clone());
        route.oauth = Some(OAuth {
            cloud: Cloud::World,
            tenant: "acme.example".parse::<Tenant>().unwrap(),
            client_id: APPLICATION.to_owned(),
            grant,
            authority: Some(self.server.authority()),
            scope: None,
        });
        route
    }

    fn by_secret(&self) -> Route {
        self.route(Grant::ClientSecret {
            secret: Secret::new("hunter2"),
            expires_at: None,
        })
    }

    fn source(&self, route: &Route) -> Arc<dyn TokenSource> {
        self.tokens.of(route).unwrap()
    }
}

/// A good answer with a token that tells its number.
fn token(number: usize, seconds: u64) -> (u16, String) {
    let answer = json!({
        "token_type": "Bearer", "expires_in": seconds, "access_token": format!("token-{number}"),
    });
    (200, answer.to_string())
}

fn refusal(status: u16, error: &str, description: &str) -> (u16, String) {
    let answer = json!({ "error": error, "error_description": description });
    (status, answer.to_string())
}

#[test]
#[rustfmt::skip]
fn scopes_fit_kind_and_cloud() {
    let now = Timestamp::UNIX_EPOCH;
    let of = |kind, cloud, grant: Grant, scope: Option<&str>| {
        let route = Route::new(RouteId::new(&IDS, now), AccountId::new(&IDS, now), kind);
        let oauth = OAuth {
            cloud,
            tenant: "acme.example".parse().unwrap(),
            client_id: APPLICATION.to_owned(),
            grant,
            authority: None,
            scope: scope.map(str::to_owned),
        };
        super::scope(&route, &oauth)
    };
    let secret = || Grant::ClientSecret {
        secret: Secret::new("x"),
        expires_at: None,
    };
    let certificate = || {
        Grant::Certificate(ClientCertificate {
            chain_pem: String::new(),
            key: Secret::new("x"),
        })
    };
    let smtp = RouteKind::SmtpOauth;
    for (kind, cloud, grant, given, expected) in [
        (smtp, Cloud::World, secret(), None, "https://outlook.office365.com/.default"),
        (smtp, Cloud::GccHigh, certificate(), None, "https://outlook.office365.us/.default"),
        (smtp, Cloud::China, secret(), None, "https://partner.outlook.cn/.default"),
        (smtp, Cloud::World, Grant::DeviceCode, None, "https://outlook.office.com/SMTP.Send offline_access"),
        (RouteKind::Graph, Cloud::Dod, secret(), None, "https://dod-graph.microsoft.us/.default"),
        (RouteKind::Graph, Cloud::World, Grant::DeviceCode, None, "https://graph.microsoft.com/Mail.Send offline_access"),
        (smtp, Cloud::World, secret(), Some("own"), "own"),
    ] {
        assert_eq!(of(kind, cloud, grant, given), expected);
    }
}
