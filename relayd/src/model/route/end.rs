//! What a route lives on that ends some day: a client secret, a certificate, the sign-in of a
//! person.

use jiff::{SignedDuration, Timestamp};

use super::{CertificateFacts, Grant, Route};

/// Microsoft Entra forgets a refresh token that nobody used for so long (AADSTS700082).
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 90);
/// From when on it is shown.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perishing {
    /// The client secret of the application.
    ClientSecret,
    /// The certificate that it signs with.
    SigningCertificate,
    /// The certificate that it shows to the server.
    ClientCertificate,
    /// The permission that a person gave.
    SignIn,
}

impl Perishing {
    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ClientSecret => "client-secret",
            Self::SigningCertificate => "signing-certificate",
            Self::ClientCertificate => "client-certificate",
            Self::SignIn => "sign-in",
        }
    }

    /// What it is called in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::ClientSecret => "client secret",
            Self::SigningCertificate => "certificate that it signs with",
            Self::ClientCertificate => "certificate that it shows to the server",
            Self::SignIn => "sign-in by device code",
        }
    }
}

/// One thing with its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteEnd {
    /// What ends.
    pub what: Perishing,
    /// When it began, where that is known.
    pub since: Option<Timestamp>,
    /// When it ends.
    pub at: Timestamp,
}

impl RouteEnd {
    /// What of a route ends some day; it lives on one such thing at most. `renewed_at` is when the
    /// sign-in of a person was used last.
    pub fn of(
        route: &Route,
        certificate: Option<&CertificateFacts>,
        renewed_at: Option<Timestamp>,
    ) -> Option<Self> {
        let of_certificate = |what| {
            certificate.map(|facts| Self {
                what,
                since: Some(facts.not_before),
                at: facts.not_after,
            })
        };
        match route.oauth.as_ref().map(|oauth| &oauth.grant) {
            Some(Grant::ClientSecret { expires_at, .. }) => expires_at.map(|at| Self {
                what: Perishing::ClientSecret,
                since: None,
                at,
            }),
            Some(Grant::Certificate(_)) => of_certificate(Perishing::SigningCertificate),
            Some(Grant::DeviceCode) => renewed_at.map(|renewed_at| Self {
                what: Perishing::SignIn,
                since: Some(renewed_at),
                at: Self::of_sign_in(renewed_at),
            }),
            None => of_certificate(Perishing::ClientCertificate),
        }
    }

    /// When a sign-in ends unless it is used before.
    pub fn of_sign_in(renewed_at: Timestamp) -> Timestamp {
        renewed_at.saturating_add(IDLE).unwrap_or(Timestamp::MAX)
    }

    /// A sentence, when it ends soon or has ended.
    pub fn warning(self, now: Timestamp) -> Option<String> {
        let left = self.at.duration_since(now);
        if left > SOON {
            return None;
        }
        let (noun, day) = (self.what.noun(), self.at.strftime("%F"));
        Some(match left.as_hours() / 24 {
            _ if left.is_negative() => format!("the {noun} has ended on {day}"),
            0 => format!("the {noun} ends within a day, on {day}"),
            1 => format!("the {noun} ends in 1 day, on {day}"),
            days => format!("the {noun} ends in {days} days, on {day}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_in_the_last_thirty_days() {
        let at: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let end = RouteEnd {
            what: Perishing::ClientSecret,
            since: None,
            at,
        };
        for (left, expected) in [
            (31 * 24, None),
            (
                30 * 24,
                Some("the client secret ends in 30 days, on 2027-01-01"),
            ),
            (24, Some("the client secret ends in 1 day, on 2027-01-01")),
            (
                3,
                Some("the client secret ends within a day, on 2027-01-01"),
            ),
            (-1, Some("the client secret has ended on 2027-01-01")),
        ] {
            let now = at - SignedDuration::from_hours(left);
            assert_eq!(end.warning(now).as_deref(), expected, "{left}");
        }
    }
}
