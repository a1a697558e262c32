//! Who gets what: client credentials, device codes, refresh tokens.

use jiff::Timestamp;
use serde_json::json;

use super::{
    Application, Asked, Shared, assertion,
    http::Answer,
    issued::{Code, CodeState, Issued, Person, Standing, secret, token},
};
use crate::sim::{locked, session::now};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Shared {
    pub(super) fn grant(&self, asked: &Asked) -> Answer {
        let parts: Vec<_> = asked.path.split('/').collect();
        let ["", tenant, "oauth2", "v2.0", endpoint] = parts.as_slice() else {
            return Answer::empty(404);
        };
        let of_tenant = |it: &&Application| it.tenant.eq_ignore_ascii_case(tenant);
        if !self.applications.iter().any(|it| of_tenant(&it)) {
            return Answer::aadsts(90_002, tenant);
        }
        let client_id = asked.field("client_id");
        let mut known = self.applications.iter().filter(of_tenant);
        let Some(application) = known.find(|it| it.client_id == client_id) else {
            return Answer::aadsts(700_016, client_id);
        };
        match (*endpoint, asked.field("grant_type")) {
            ("devicecode", _) => self.begin_code(application, asked),
            ("token", "client_credentials") => {
                let audience = format!("{}{}", self.authority, asked.path);
                self.client_credentials(application, asked, &audience)
            }
            ("token", DEVICE_CODE) => self.look_at_code(asked),
            ("token", "refresh_token") => self.refresh(asked),
            ("token", other) => Answer::error(400, "unsupported_grant_type", 70_003, other),
            _ => Answer::empty(404),
        }
    }

    fn client_credentials(
        &self,
        application: &Application,
        asked: &Asked,
        audience: &str,
    ) -> Answer {
        let signed = asked.field("client_assertion");
        if signed.is_empty() {
            let given = asked.field("client_secret");
            if !application.secrets.iter().any(|secret| secret == given) {
                return Answer::aadsts(7_000_215, &application.client_id);
            }
        } else {
            let is_jwt = asked.field("client_assertion_type") == assertion::TYPE;
            let verified = assertion::verify(signed, application, audience, now());
            match verified {
                Ok(nonce) if is_jwt => {
                    if !locked(&self.nonces).insert(nonce) {
                        return Answer::aadsts(50_027, "the jti was used before");
                    }
                }
                Ok(_) => return Answer::aadsts(50_027, "no client_assertion_type"),
                Err((code, why)) => return Answer::aadsts(code, &why),
            }
        }
        let Some(resource) = asked.field("scope").strip_suffix("/.default") else {
            return Answer::aadsts(1_002_012, asked.field("scope"));
        };
        let issued = Issued {
            audience: resource.to_owned(),
            permissions: application.roles.clone(),
            mailboxes: application.mailboxes.clone(),
            expires_at: self.end(),
        };
        let claims = json!({
            "aud": resource, "iss": self.authority, "tid": application.tenant,
            "appid": application.client_id, "roles": application.roles,
            "iat": now().as_second(), "exp": issued.expires_at.as_second(),
        });
        self.issue(issued, &claims, None)
    }

    fn begin_code(&self, application: &Application, asked: &Asked) -> Answer {
        let device_code = secret("device-");
        let user_code = secret("")[..9].to_uppercase();
        let answer = json!({
            "user_code": user_code, "device_code": device_code, "interval": 1,
            "verification_uri": format!("{}/device", self.authority),
            "expires_in": self.code_lifetime.as_secs(),
            "message": "To sign in, use a web browser.",
        });
        let mut code = Code {
            entered: user_code,
            client_id: application.client_id.clone(),
            scope: asked.field("scope").to_owned(),
            expires_at: now().saturating_add(self.code_lifetime).unwrap_or(now()),
            state: CodeState::Open,
        };
        if let Some(username) = &self.approve_as {
            code.approve(username, Vec::new());
        }
        locked(&self.codes).insert(device_code, code);
        Answer::json(200, &answer)
    }

    fn look_at_code(&self, asked: &Asked) -> Answer {
        let device_code = asked.field("device_code");
        let mut codes = locked(&self.codes);
        let code = codes.get(device_code).cloned();
        let Some(code) = code.filter(|it| it.client_id == asked.field("client_id")) else {
            return Answer::aadsts(70_018, "no such code");
        };
        match code.state {
            CodeState::Declined => {
                Answer::error(400, "authorization_declined", 70_020, "The user declined.")
            }
            CodeState::Open | CodeState::Approved(_) if code.expires_at <= now() => {
                Answer::aadsts(70_019, "too late")
            }
            CodeState::Open => Answer::aadsts(70_016, "nobody has entered the code"),
            CodeState::Approved(person) => {
                codes.remove(device_code);
                drop(codes);
                self.delegated(&code.client_id, person, &code.scope)
            }
        }
    }

    /// The old one is refused from here on.
    fn refresh(&self, asked: &Asked) -> Answer {
        let old = asked.field("refresh_token");
        let standing = {
            let mut all = locked(&self.refresh_tokens);
            let Some(standing) = all.get_mut(old) else {
                return Answer::aadsts(70_000, "no such refresh token");
            };
            let was_good = std::mem::replace(&mut standing.is_good, false);
            if !was_good || standing.client_id != asked.field("client_id") {
                return Answer::aadsts(50_173, "the sign-in has ended or the token was used");
            }
            standing.clone()
        };
        self.delegated(&standing.client_id, standing.person, asked.field("scope"))
    }

    /// A token of a person, and a refresh token behind it.
    fn delegated(&self, client_id: &str, person: Person, scope: &str) -> Answer {
        let mut wanted = scope.split(' ');
        let Some((audience, permission)) = wanted.find_map(|it| it.rsplit_once('/')) else {
            return Answer::error(400, "invalid_scope", 70_011, scope);
        };
        let issued = Issued {
            audience: audience.to_owned(),
            permissions: vec![permission.to_owned()],
            mailboxes: person.mailboxes.clone(),
            expires_at: self.end(),
        };
        let claims = json!({
            "aud": audience, "iss": self.authority, "appid": client_id, "scp": permission,
            "upn": person.username,
            "iat": now().as_second(), "exp": issued.expires_at.as_second(),
        });
        let next = scope.contains("offline_access").then(|| {
            let next = secret("refresh-");
            let standing = Standing {
                client_id: client_id.to_owned(),
                person,
                is_good: true,
            };
            locked(&self.refresh_tokens).insert(next.clone(), standing);
            next
        });
        self.issue(issued, &claims, next)
    }

    fn issue(
        &self,
        issued: Issued,
        claims: &serde_json::Value,
        refresh_token: Option<String>,
    ) -> Answer {
        let token = token(claims);
        let left = issued.expires_at.as_second() - now().as_second();
        let mut answer = json!({
            "token_type": "Bearer", "expires_in": left, "ext_expires_in": left,
            "access_token": token,
        });
        if let Some(next) = refresh_token {
            answer["refresh_token"] = next.into();
        }
        locked(&self.tokens).insert(token, issued);
        Answer::json(200, &answer)
    }

    fn end(&self) -> Timestamp {
        let lifetime = *locked(&self.lifetime);
        now().saturating_add(lifetime).unwrap_or(now())
    }
}
