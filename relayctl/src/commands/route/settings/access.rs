//! Access by OAuth 2.0: tenant and application, and what the application shows for itself.

use jiff::Timestamp;
use relay_proto::{Cloud, Route, RouteGrant, RouteKind};
use secrecy::SecretString;

use super::{Settings, secrets, way::Way};
use crate::error::Failure;
use crate::prompt::{Form, check};
use crate::time::parse_date;

const SECRET: &str = "--client-secret-file (or --client-secret-stdin, or --certificate and --key)";

/// Asked for beside a client secret.
pub(crate) const SECRET_END: &str = "Day it ends, such as 2028-11-30 (may be empty)";

/// Which tenant and application.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub(super) cloud: Option<Cloud>,
    pub(super) tenant: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) authority: Option<String>,
    pub(super) scope: Option<String>,
}

/// What it shows for itself.
#[derive(Debug, Default)]
pub(super) struct Proof {
    pub(super) grant: Option<RouteGrant>,
    pub(super) secret: Option<SecretString>,
    /// When the secret ends.
    pub(super) expires_at: Option<Timestamp>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<SecretString>,
}

impl Access {
    /// A stored secret stays only with the application that it belongs to.
    fn is_that_of(&self, route: &Route) -> bool {
        let Some(oauth) = &route.oauth else {
            return self.tenant.is_none();
        };
        let is = |text: &Option<String>, kept: &str| {
            text.as_deref()
                .is_some_and(|text| text.trim().eq_ignore_ascii_case(kept))
        };
        is(&self.tenant, &oauth.tenant)
            && is(&self.client_id, &oauth.client_id)
            && self.authority == oauth.authority
            && self.cloud.is_none_or(|cloud| cloud == oauth.cloud)
    }
}

impl Settings {
    pub(super) fn access(
        &self,
        form: &mut Form<'_>,
        kind: RouteKind,
        current: Option<&Route>,
    ) -> Result<Access, Failure> {
        let given = Access {
            cloud: self.cloud,
            tenant: self.tenant.clone(),
            client_id: self.client_id.clone(),
            authority: self.authority.clone(),
            scope: self.scope.clone(),
        };
        if !matches!(kind, RouteKind::SmtpOauth | RouteKind::Graph) {
            // What does not fit is for relayd to refuse.
            return Ok(given);
        }
        let kept = current.and_then(|route| route.oauth.as_ref());
        let tenant = given.tenant.or_else(|| Some(kept?.tenant.clone()));
        let tenant = form.required(
            "--tenant",
            "Tenant (its id or one of its domains)",
            tenant,
            check::anything,
        )?;
        let client_id = given.client_id.or_else(|| Some(kept?.client_id.clone()));
        let client_id = form.required(
            "--client-id",
            "Application (client) id",
            client_id,
            check::guid,
        )?;
        Ok(Access {
            cloud: given.cloud.or_else(|| Some(kept?.cloud)),
            tenant: Some(tenant),
            client_id: Some(client_id),
            // Another cloud has another authority.
            authority: given
                .authority
                .or_else(|| kept.filter(|_| self.cloud.is_none())?.authority.clone()),
            scope: given.scope.or_else(|| kept?.scope.clone()),
        })
    }

    /// The secret or certificate to send; nothing where the stored one stays.
    pub(super) fn proof(
        &self,
        form: &mut Form<'_>,
        kind: RouteKind,
        (way, access, current): (&Way, &Access, Option<&Route>),
        secret: Option<SecretString>,
    ) -> Result<Proof, Failure> {
        let given = self.given_certificate(secret)?;
        let is_oauth = matches!(kind, RouteKind::SmtpOauth | RouteKind::Graph);
        let is_given =
            given.grant.is_some() || given.secret.is_some() || given.certificate.is_some();
        if !is_oauth || is_given || given.key.is_some() {
            return Ok(given);
        }
        let stored = current.filter(|route| route.oauth.is_some());
        if stored.is_some_and(|route| self.stays(way, access, route)) {
            return Ok(given);
        }
        if stored.is_some() {
            form.because(
                "the stored secret stays only with its server, mailbox, tenant and client id",
            );
        }
        let expires_at = self.client_secret_expires;
        ask(form, expires_at)
    }

    /// Whether everything is as it was that a stored secret is for. A server that is not named is
    /// that of the cloud.
    fn stays(&self, way: &Way, access: &Access, route: &Route) -> bool {
        self.cloud.is_none() && way.is_that_of(route) && access.is_that_of(route)
    }

    fn given_certificate(&self, secret: Option<SecretString>) -> Result<Proof, Failure> {
        let certificate = self.certificate.as_deref();
        let certificate = certificate.map(secrets::certificate).transpose()?;
        let (certificate, within) = certificate.map_or((None, None), |it| (Some(it.0), it.1));
        let key = self.key.as_deref().map(secrets::key).transpose()?;
        // Who signs in needs none, also where the environment has one.
        let secret = secret.filter(|_| !self.device_code);
        Ok(Proof {
            grant: self.device_code.then_some(RouteGrant::DeviceCode),
            secret,
            expires_at: self.client_secret_expires,
            certificate,
            key: key.or(within),
        })
    }
}

fn ask(form: &mut Form<'_>, expires_at: Option<Timestamp>) -> Result<Proof, Failure> {
    if !form.asks() {
        form.missing(SECRET);
        return Ok(Proof {
            expires_at,
            ..Proof::default()
        });
    }
    let ways = ["a client secret", "a certificate and its key (PEM files)"];
    let items = ways.map(str::to_owned);
    if form.choice(SECRET, "The application proves itself by", &items, Some(0))? == 0 {
        let secret = form.secret(SECRET, "Client secret (its value, not its id)")?;
        return Ok(Proof {
            secret,
            expires_at: match expires_at {
                None if form.is_thorough() => end_of_secret(form)?,
                given => given,
            },
            ..Proof::default()
        });
    }
    let mut proof = Proof {
        // In setup a variable that was meant for another way; elsewhere relayd says that a
        // certificate has a day of its own.
        expires_at: expires_at.filter(|_| !form.is_thorough()),
        ..Proof::default()
    };
    let question = "File of the certificate and its chain";
    if let Some((chain, within)) = form.file(question, secrets::certificate)? {
        (proof.certificate, proof.key) = (Some(chain), within);
    }
    if proof.key.is_none() {
        proof.key = form.file("File of its private key", secrets::key)?;
    }
    Ok(proof)
}

/// relayd warns before that day, which Microsoft Entra shows beside the secret.
fn end_of_secret(form: &Form<'_>) -> Result<Option<Timestamp>, Failure> {
    let text = form.asked(SECRET_END, true, check::date)?;
    Ok(parse_date(&text).ok())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_day_of_the_secret_that_fits_nothing_is_left_out_in_setup_and_for_relayd_to_refuse_elsewhere()
     {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        file.write_all(pem.as_bytes()).unwrap();
        for (certificate, device_code, in_setup) in [
            (false, false, true),
            (true, false, false),
            (false, true, false),
        ] {
            let settings = || Settings {
                client_secret_expires: Some(Timestamp::UNIX_EPOCH),
                certificate: certificate.then(|| file.path().to_owned()),
                device_code,
                ..Settings::default()
            };
            let ends = |settings: Settings| {
                let proof = settings.given_certificate(None).unwrap();
                proof.expires_at.is_some()
            };
            let case = format!("{certificate}, {device_code}");
            assert!(ends(settings()), "{case}");
            assert_eq!(
                ends(settings().fitting(RouteKind::SmtpOauth)),
                in_setup,
                "{case}"
            );
        }
    }
}
