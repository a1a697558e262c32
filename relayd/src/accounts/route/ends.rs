//! What a route lives on that ends some day: a client secret, a certificate, the sign-in of a
//! person.

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::{CertificateFacts, Grant, Route},
    store::RefreshToken,
};

/// Microsoft Entra forgets a refresh token that nobody used for so long (AADSTS700082).
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 90);
/// From when on it is shown.
const SOON: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::accounts) enum What {
    /// The client secret of the application.
    ClientSecret,
    /// The certificate that it signs with.
    SigningCertificate,
    /// The certificate that it shows to the server.
    ClientCertificate,
    /// The permission that a person gave.
    SignIn,
}

impl What {
    /// The word of the API.
    pub(in crate::accounts) const fn word(self) -> &'static str {
        match self {
            Self::ClientSecret => "client-secret",
            Self::SigningCertificate => "signing-certificate",
            Self::ClientCertificate => "client-certificate",
            Self::SignIn => "sign-in",
        }
    }

    /// What it is called in a sentence.
    pub(in crate::accounts) const fn noun(self) -> &'static str {
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
pub(in crate::accounts) struct End {
    /// What ends.
    pub(in crate::accounts) what: What,
    /// When it began, where that is known.
    pub(in crate::accounts) since: Option<Timestamp>,
    /// When it ends.
    pub(in crate::accounts) at: Timestamp,
}

/// When a refresh token ends unless it is used before.
pub(in crate::accounts) fn end_of(token: &RefreshToken) -> Timestamp {
    token
        .rotated_at
        .saturating_add(IDLE)
        .unwrap_or(Timestamp::MAX)
}

/// Everything of a route whose end is known; it has at most one such thing.
pub(in crate::accounts) fn ends(
    route: &Route,
    certificate: Option<&CertificateFacts>,
    token: Option<&RefreshToken>,
) -> Option<End> {
    let of_certificate = |what| {
        certificate.map(|facts| End {
            what,
            since: Some(facts.not_before),
            at: facts.not_after,
        })
    };
    match route.oauth.as_ref().map(|oauth| &oauth.grant) {
        Some(Grant::ClientSecret { expires_at, .. }) => expires_at.map(|at| End {
            what: What::ClientSecret,
            since: None,
            at,
        }),
        Some(Grant::Certificate(_)) => of_certificate(What::SigningCertificate),
        Some(Grant::DeviceCode) => token.map(|token| End {
            what: What::SignIn,
            since: Some(token.rotated_at),
            at: end_of(token),
        }),
        None => of_certificate(What::ClientCertificate),
    }
}

/// A sentence, when it ends soon or has ended.
pub(super) fn warning(end: End, now: Timestamp) -> Option<String> {
    let left = end.at.duration_since(now);
    if left > SOON {
        return None;
    }
    let (noun, day) = (end.what.noun(), end.at.strftime("%F"));
    let days = left.as_hours() / 24;
    Some(match days {
        _ if left.is_negative() => format!("the {noun} has ended on {day}"),
        0 => format!("the {noun} ends within a day, on {day}"),
        1 => format!("the {noun} ends in 1 day, on {day}"),
        days => format!("the {noun} ends in {days} days, on {day}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_in_the_last_thirty_days() {
        let at: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let end = End {
            what: What::ClientSecret,
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
            assert_eq!(warning(end, now).as_deref(), expected, "{left}");
        }
    }
}
