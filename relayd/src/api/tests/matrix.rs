//! Every endpoint against every kind of caller, derived from the OpenAPI document: an endpoint that
//! tells an owner of another account, or lets one act on it, fails here.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Request, header},
};
use proto::{Access, EndpointInfo, Method};
use relay_proto as proto;
use serde_json::{Value, json};

use super::bench::{Bench, NOTHING, Sender, at, new_system};

/// Two customers, each with one object of every kind.
struct World {
    bench: Bench,
    document: Value,
    /// What fills the placeholders: those of the stranger.
    theirs: BTreeMap<&'static str, String>,
    /// A token of `acme`.
    owner: String,
}

async fn token(bench: &Bench, account: &str, read_only: bool) -> proto::TokenWithSecret {
    let new = proto::NewToken {
        name: format!("script-{read_only}"),
        account: Some(account.to_owned()),
        read_only,
        expires_at: None,
    };
    bench
        .call::<proto::CreateToken>(NOTHING, NOTHING, new)
        .await
        .unwrap()
}

/// The id of a session that the owner of an account begins.
async fn a_session(bench: &Bench, account: &str) -> String {
    let email = bench
        .call::<proto::ShowAccount>(at(account), NOTHING, NOTHING)
        .await
        .unwrap()
        .email;
    let request = proto::SignInRequest {
        email,
        password: "correct horse battery staple".to_owned(),
        account: Some(account.to_owned()),
        code: None,
    };
    bench
        .call::<proto::SignIn>(NOTHING, NOTHING, request)
        .await
        .unwrap();
    let all = proto::PageQuery::default();
    let sessions = bench
        .call::<proto::ListOwnerSessions>(at(account), all, NOTHING)
        .await
        .unwrap();
    sessions.items[0].id.clone()
}

/// Creates a webhook called `hooks`, and gives its id.
async fn webhook(bench: &Bench, account: &str) -> String {
    let new = proto::NewWebhook {
        name: "hooks".to_owned(),
        account: Some(account.to_owned()),
        url: format!("https://{account}.example/hooks"),
        events: Vec::new(),
    };
    let made = bench.call::<proto::CreateWebhook>(NOTHING, NOTHING, new);
    made.await.unwrap().webhook.id
}

impl World {
    /// `acme` calls; `office` is the stranger.
    async fn new() -> Self {
        let bench = Bench::open().await;
        bench.customer("acme").await;
        for (account, user) in [("acme", "scanner"), ("office", "copier")] {
            bench.user(account, user).await;
            let system = new_system("floor-1", "203.0.113.10", user);
            bench
                .call::<proto::AddSystem>(at(account), NOTHING, system)
                .await
                .unwrap();
            let domain = proto::NewDomain {
                name: "shared.example".to_owned(),
            };
            bench
                .call::<proto::AddDomain>(at(account), NOTHING, domain)
                .await
                .unwrap();
        }
        let password = proto::SignInPassword {
            current_password: None,
            new_password: "correct horse battery staple".to_owned(),
        };
        bench
            .call::<proto::ChangeSignInPassword>(at("office"), NOTHING, password)
            .await
            .unwrap();
        // The notice of that is a message in the stranger's queue.
        let message = bench.accept_mail().await.pop().unwrap();
        let stranger = token(&bench, "office", false).await;
        let session = a_session(&bench, "office").await;
        let theirs = BTreeMap::from([
            ("account", "office".to_owned()),
            ("user", "copier".to_owned()),
            ("system", "floor-1".to_owned()),
            ("credential", "default".to_owned()),
            ("domain", "shared.example".to_owned()),
            ("id", message),
            ("token", stranger.token.id),
            ("session", session),
            ("webhook", webhook(&bench, "office").await),
        ]);
        webhook(&bench, "acme").await;
        let owner = token(&bench, "acme", false).await.secret;
        let text = serde_json::to_string(&proto::document("0")).unwrap();
        Self {
            document: serde_json::from_str(&text).unwrap(),
            bench,
            theirs,
            owner,
        }
    }

    fn operation(&self, endpoint: &EndpointInfo) -> &Value {
        let method = endpoint.method.as_str().to_lowercase();
        &self.document["paths"][endpoint.path][method.as_str()]
    }

    /// The path with the stranger's names; public placeholders get what exists.
    fn path(&self, endpoint: &EndpointInfo, account: &str) -> String {
        let segments = endpoint.path.split('/').map(|segment| {
            let name = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            match name {
                None => segment.to_owned(),
                Some("account") => account.to_owned(),
                Some("plan") => "starter".to_owned(),
                Some("code") => "not-found".to_owned(),
                Some("address") => "192.0.2.1".to_owned(),
                Some(name) => self.theirs[name].clone(),
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The properties of the body, if the operation takes one.
    fn body_fields(&self, endpoint: &EndpointInfo) -> Option<Vec<String>> {
        let content = &self.operation(endpoint)["requestBody"]["content"]["application/json"];
        let reference = content["schema"]["$ref"].as_str()?;
        let name = reference.rsplit('/').next().unwrap();
        let schema = &self.document["components"]["schemas"][name]["properties"];
        let properties = schema.as_object().unwrap();
        Some(properties.keys().cloned().collect())
    }

    fn has_account_query(&self, endpoint: &EndpointInfo) -> bool {
        let parameters = self.operation(endpoint)["parameters"].as_array();
        parameters.is_some_and(|all| {
            all.iter()
                .any(|it| it["in"] == "query" && it["name"] == "account")
        })
    }

    /// Sends the endpoint's request about the stranger and gives status and text.
    async fn ask(&self, endpoint: &EndpointInfo, sender: Sender<'_>) -> (u16, String) {
        let mut path = self.path(endpoint, "office");
        if self.has_account_query(endpoint) && !endpoint.path.contains("{account}") {
            // One more that some of them require.
            let key = match endpoint.name {
                "TraceMessages" => format!("&key={}", self.theirs["id"]),
                "ListPeriodStats" => "&by=day".to_owned(),
                _ => String::new(),
            };
            // A token or webhook is named by its id, for whoever does not know whose it is.
            let is_by_id = ["{token}", "{webhook}"].iter();
            if !is_by_id.clone().any(|it| endpoint.path.contains(it)) {
                path.extend(["?account=office", &key]);
            }
        }
        let body = self.body_fields(endpoint).map(|fields| {
            let values = json!({"account": "office", "name": "thief", "all": true,
                "url": "https://thief.example/"});
            let known = values.as_object().unwrap().clone().into_iter();
            let known = known.filter(|(name, _)| fields.contains(name));
            Value::Object(known.collect())
        });
        self.send(endpoint.method, &path, body, sender).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        sender: Sender<'_>,
    ) -> (u16, String) {
        let request = Request::builder().method(method.as_str()).uri(path);
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let (status, _, bytes) = self.bench.send(request.unwrap(), sender).await;
        (
            status.as_u16(),
            String::from_utf8_lossy(&bytes).into_owned(),
        )
    }
}

#[tokio::test]
async fn another_accounts_objects_do_not_exist() {
    let world = World::new().await;
    for endpoint in proto::endpoints() {
        let (status, text) = world.ask(&endpoint, Sender::Tcp(Some(&world.owner))).await;
        let what = format!("{}: {status} {text}", endpoint.name);
        match endpoint.access {
            Access::Operator => assert_eq!(status, 403, "{what}"),
            Access::Owner => {
                let fields = world.body_fields(&endpoint).unwrap_or_default();
                let names_one = endpoint.path.contains('{')
                    || world.has_account_query(&endpoint)
                    || fields.iter().any(|field| field == "account");
                if names_one {
                    assert_eq!(status, 404, "{what}");
                } else {
                    // Nothing to name another account by: the reply must not know it either.
                    assert_eq!((status, endpoint.method), (200, Method::Get), "{what}");
                    assert!(text.contains("acme") && !text.contains("office"), "{what}");
                }
            }
            Access::SignedIn | Access::Anyone => {
                assert!(status != 403, "{what}");
                assert!(
                    !text.contains(&world.theirs["id"]) && !text.contains("copier"),
                    "{what}"
                );
            }
        }
    }
    // All of it is still there.
    for path in [
        "/v1/webhooks/hooks?account=office",
        "/v1/accounts/office/users/copier",
        "/v1/accounts/office/systems/floor-1",
        "/v1/accounts/office/domains/shared.example",
        &format!("/v1/queue/messages/{}", world.theirs["id"]),
    ] {
        let (status, text) = world.send(Method::Get, path, None, Sender::Operator).await;
        assert_eq!(status, 200, "{path}: {text}");
    }
}

#[tokio::test]
async fn what_is_not_for_anyone_needs_a_sign_in() {
    let world = World::new().await;
    for endpoint in proto::endpoints() {
        let (status, text) = world.ask(&endpoint, Sender::Tcp(None)).await;
        let is_refused = text.contains("about:reason/not-signed-in");
        let expected = endpoint.access != Access::Anyone;
        assert_eq!(is_refused, expected, "{}: {status} {text}", endpoint.name);
    }
}

#[tokio::test]
async fn an_owner_reads_what_is_the_own_and_a_read_only_token_changes_nothing() {
    let world = World::new().await;
    let reader = token(&world.bench, "acme", true).await.secret;
    let mut read = 0;
    for endpoint in proto::endpoints() {
        let sender = || Sender::Tcp(Some(&reader));
        if endpoint.method != Method::Get {
            let (status, text) = world.ask(&endpoint, sender()).await;
            // A question about another account finds none, and so does what may be a mere trial.
            let may_be_trial = endpoint.name == "ApplyConfiguration";
            let is_denied = endpoint.changes_something && !may_be_trial;
            let expected = if is_denied { 403 } else { 404 };
            assert_eq!(status, expected, "{}: {text}", endpoint.name);
            continue;
        }
        let is_own = !endpoint.path.contains("{id}") && endpoint.name != "TraceMessages";
        if endpoint.access == Access::Operator || !is_own {
            continue;
        }
        let path = world.path(&endpoint, "acme").replace("copier", "scanner");
        let mut path = path.replace(&world.theirs["webhook"], "hooks");
        if endpoint.name == "ListPeriodStats" {
            path.push_str("?by=day");
        }
        let (status, text) = world.send(endpoint.method, &path, None, sender()).await;
        let expected = if endpoint.access == Access::Owner || endpoint.path.contains("plan") {
            status == 200
        } else {
            status < 400
        };
        assert!(expected, "{path}: {status} {text}");
        assert!(!text.contains("copier"), "{path}: {text}");
        read += 1;
    }
    assert!(read > 20, "{read}");
}
