//! Judges refusals of the token endpoint: one table from Microsoft's codes (AADSTS…) to what to do.
//!
//! Sources: Microsoft, "Microsoft Entra authentication and authorization error codes". What no row
//! knows is judged by the error of RFC 6749 §5.2 and the status, and shown literally.

use std::time::Duration;

use crate::{
    model::Reason::{self, RouteCredentialsRejected, RouteMisconfigured, RouteThrottled},
    upstream::{
        Advice, Setback,
        Verdict::{self, HoldCredentials, Retry},
    },
};

/// How long a failure is remembered.
pub(super) const FAILURE: Duration = Duration::from_secs(30);
/// Longest that the endpoint can make us wait.
const LONGEST: Duration = Duration::from_mins(10);
/// After a loop was found, Microsoft refuses for minutes.
const LOOP: Duration = Duration::from_mins(5);

/// What the endpoint said in place of a token.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    /// HTTP status.
    pub(super) status: u16,
    /// `error` of RFC 6749.
    pub(super) error: String,
    /// First line of `error_description`, bounded and without control characters.
    pub(super) description: String,
    /// The AADSTS numbers.
    pub(super) codes: Vec<u64>,
    /// Retry-After.
    pub(super) after: Option<Duration>,
}

struct Row {
    codes: &'static [u64],
    verdict: Verdict,
    reason: Reason,
    cause: &'static str,
    remedy: &'static str,
}

const SIGN_IN_AGAIN: &str = "Sign in again: relayctl route authorize";
const SECRETS: &str =
    "Entra admin center, App registrations, the application, Certificates & secrets";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(&[7_000_215], HoldCredentials, RouteCredentialsRejected,
        "The client secret is wrong. Often the ID of the secret was taken in place of its Value.",
        "Make a new client secret (Entra admin center, App registrations, the application, Certificates & \
         secrets), copy its Value, which is shown once, and set it: relayctl route set"),
    row(&[7_000_222], HoldCredentials, RouteCredentialsRejected,
        "The client secret has expired.",
        "Make a new client secret (Entra admin center, App registrations, the application, Certificates & \
         secrets) and set its Value: relayctl route set"),
    row(&[700_016], HoldCredentials, RouteMisconfigured,
        "The tenant does not know this application: the client id or the tenant is another's.",
        "Compare the Application (client) ID and the Directory (tenant) ID of the application's overview \
         page with relayctl route show"),
    row(&[7_000_229, 500_014], HoldCredentials, RouteMisconfigured,
        "The application is registered, but it has no enterprise application (service principal) in the tenant.",
        "Make it: New-MgServicePrincipal -AppId CLIENT-ID, or grant admin consent once"),
    row(&[7_000_112], HoldCredentials, RouteMisconfigured,
        "The application is switched off in the tenant.",
        "Switch it on: Entra admin center, Enterprise applications, the application, Properties, Enabled for \
         users to sign-in"),
    row(&[90_002, 900_023, 90_019, 900_021], HoldCredentials, RouteMisconfigured,
        "There is no such tenant in this cloud.",
        "Take the Directory (tenant) ID from the overview page of Entra admin center, and look at the cloud \
         of the route: relayctl route set"),
    row(&[700_027], HoldCredentials, RouteCredentialsRejected,
        "The certificate is not registered for the application, or was taken away or replaced.",
        "Upload the certificate of the route, without its key: Entra admin center, App registrations, the \
         application, Certificates & secrets, Certificates"),
    row(&[50_027], HoldCredentials, RouteCredentialsRejected,
        "The signed assertion was not understood, or its signature is wrong.",
        "Look whether certificate and key of the route belong together and are the ones that the application \
         has: relayctl route show"),
    row(&[700_024, 700_026], Retry, RouteMisconfigured,
        "The time of the assertion is out of range: the clock of this machine is wrong.",
        "Set the clock right: timedatectl set-ntp true"),
    row(&[700_021, 700_023], HoldCredentials, RouteMisconfigured,
        "The assertion is made out to another token endpoint or by another application.",
        "Look at tenant, client id, cloud and authority of the route: relayctl route show"),
    row(&[7_000_218], HoldCredentials, RouteMisconfigured,
        "The application may not sign people in by device code: it is no public client.",
        "Entra admin center, App registrations, the application, Authentication, Allow public client flows: Yes"),
    row(&[65_001, 90_094, 90_095, 65_004], HoldCredentials, RouteMisconfigured,
        "Nobody has consented to what the application asks for.",
        "An administrator grants it: Entra admin center, App registrations, the application, API permissions, \
         Grant admin consent"),
    row(&[500_011, 650_057, 70_011, 1_002_012, 28_002, 65_005], HoldCredentials, RouteMisconfigured,
        "The tenant does not know the scope that is asked for, or the application may not ask for it.",
        "Add the permission (SMTP.SendAsApp of Office 365 Exchange Online, or Mail.Send of Microsoft Graph) to \
         the application, and leave the scope of the route to relayd: relayctl route show"),
    row(&[500_212, 1_000_031, 650_052], HoldCredentials, RouteMisconfigured,
        "The tenant has no subscription or policy that lets the application in.",
        "Ask the administrator of the tenant for the sign-in logs: Entra admin center, Monitoring, Sign-in logs"),
    row(&[50_034, 51_004, 50_020], HoldCredentials, RouteCredentialsRejected,
        "The user is not of this tenant.",
        "Sign in with a user of the tenant: relayctl route authorize"),
    row(&[50_126], HoldCredentials, RouteCredentialsRejected,
        "User name or password is wrong.", SIGN_IN_AGAIN),
    row(&[50_055, 50_144], HoldCredentials, RouteCredentialsRejected,
        "The password of the user has expired.",
        "Change the password of the user, then sign in again: relayctl route authorize"),
    row(&[50_057], HoldCredentials, RouteCredentialsRejected,
        "The user is switched off.",
        "Switch the user on (Microsoft 365 admin center, Active users), then sign in again: relayctl route authorize"),
    row(&[50_053], HoldCredentials, RouteCredentialsRejected,
        "The user is locked after too many wrong sign-ins.",
        "Wait until it is unlocked, look at the sign-in logs, then sign in again: relayctl route authorize"),
    row(&[50_076, 50_079, 50_074, 50_072, 50_158], HoldCredentials, RouteCredentialsRejected,
        "The tenant wants a second factor of the user.", SIGN_IN_AGAIN),
    row(&[53_003, 53_000, 53_001, 53_002, 530_003, 530_034, 530_036, 50_105], HoldCredentials, RouteMisconfigured,
        "A Conditional Access policy of the tenant, or its assignment of users, does not let this in.",
        "Entra admin center, Monitoring, Sign-in logs, the failed sign-in, Conditional Access names the policy; \
         except the application or this machine's address from it"),
    row(&[700_082], HoldCredentials, RouteCredentialsRejected,
        "The sign-in has ended: it was not used for 90 days.", SIGN_IN_AGAIN),
    row(&[70_043], HoldCredentials, RouteCredentialsRejected,
        "The sign-in has ended: the tenant's sign-in frequency wants people to sign in more often.",
        "Sign in again: relayctl route authorize. To keep it, except the application from the sign-in frequency \
         (Conditional Access), or use client credentials"),
    row(&[50_173, 50_132, 50_133, 50_089, 700_084, 70_008, 70_000, 54_005, 50_078, 700_081, 50_013],
        HoldCredentials, RouteCredentialsRejected,
        "The sign-in has ended: it was taken back, the password was changed, or it is too old.", SIGN_IN_AGAIN),
    row(&[70_019, 70_020], HoldCredentials, RouteCredentialsRejected,
        "The code was not entered in time.", SIGN_IN_AGAIN),
    row(&[90_033, 90_024, 90_012, 90_006, 50_000, 50_059], Retry, RouteThrottled,
        "Microsoft Entra has trouble of its own.", "Nothing: it is tried again."),
    row(&[50_196], Retry, RouteThrottled,
        "Microsoft Entra saw the same request too often and refuses for some minutes.",
        "Nothing: it is tried again. If it stays so, look whether another program uses the application"),
];

const fn row(
    codes: &'static [u64],
    verdict: Verdict,
    reason: Reason,
    cause: &'static str,
    remedy: &'static str,
) -> Row {
    Row {
        codes,
        verdict,
        reason,
        cause,
        remedy,
    }
}

/// The judgement on a refusal, and how long it is remembered. `detail` tells it in full.
pub(super) fn judge(refused: &Refused, detail: String) -> (Setback, Duration) {
    let known = TABLE
        .iter()
        .find(|row| row.codes.iter().any(|code| refused.codes.contains(code)));
    // Servers in trouble say what they like.
    let known = known.filter(|row| refused.status < 500 || row.verdict == Retry);
    let (verdict, reason, advice) = match known {
        Some(row) => (
            row.verdict,
            row.reason,
            Some((row.cause, row.remedy.to_owned())),
        ),
        None => by_status(refused),
    };
    let wait = match refused.after {
        Some(after) => after.clamp(FAILURE, LONGEST),
        None if refused.codes.contains(&50_196) => LOOP,
        None => FAILURE,
    };
    let setback = Setback {
        advice: advice.map(|(cause, remedy)| {
            Box::new(Advice {
                cause: cause.to_owned(),
                remedy,
            })
        }),
        ..Setback::new(verdict, reason, detail)
    };
    (setback, wait)
}

type Judgement = (Verdict, Reason, Option<(&'static str, String)>);

fn by_status(refused: &Refused) -> Judgement {
    let advice = |cause, remedy: &str| Some((cause, remedy.to_owned()));
    match (refused.error.as_str(), refused.status) {
        (_, 429) => (Retry, RouteThrottled, None),
        (_, 500..) | ("temporarily_unavailable" | "server_error", _) => {
            (Retry, Reason::RouteUnreachable, None)
        }
        ("invalid_grant" | "interaction_required", _) => (
            HoldCredentials,
            RouteCredentialsRejected,
            advice("The sign-in has ended.", SIGN_IN_AGAIN),
        ),
        ("invalid_client", _) => (
            HoldCredentials,
            RouteCredentialsRejected,
            Some((
                "The application did not prove who it is.",
                format!("Look at its secrets and certificates: {SECRETS}"),
            )),
        ),
        ("unauthorized_client" | "invalid_scope" | "access_denied" | "consent_required", _) => (
            HoldCredentials,
            RouteMisconfigured,
            advice(
                "The application may not have what it asks for.",
                "Look at its permissions: Entra admin center, App registrations, the application, API \
                 permissions",
            ),
        ),
        (_, 404 | 405) => (
            HoldCredentials,
            RouteMisconfigured,
            advice(
                "There is no token endpoint at this address.",
                "Look at cloud, authority and tenant of the route: relayctl route show",
            ),
        ),
        _ => (HoldCredentials, RouteMisconfigured, None),
    }
}

/// The numbers behind every `AADSTS` of a text.
pub(super) fn codes_in(text: &str) -> Vec<u64> {
    let numbers = text.split("AADSTS").skip(1).filter_map(|rest| {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest.get(..digits)?.parse().ok()
    });
    numbers.take(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, error: &str, code: u64) -> Refused {
        Refused {
            status,
            error: error.to_owned(),
            codes: if code == 0 { vec![] } else { vec![code] },
            ..Refused::default()
        }
    }

    #[test]
    #[rustfmt::skip]
    fn every_code_leads_to_what_to_do() {
        for (status, error, code, verdict, reason, words) in [
            (401, "invalid_client", 7_000_215, HoldCredentials, RouteCredentialsRejected, "Value"),
            (401, "invalid_client", 7_000_222, HoldCredentials, RouteCredentialsRejected, "expired"),
            (400, "unauthorized_client", 700_016, HoldCredentials, RouteMisconfigured, "client id"),
            (400, "invalid_request", 90_002, HoldCredentials, RouteMisconfigured, "no such tenant"),
            (401, "invalid_client", 700_027, HoldCredentials, RouteCredentialsRejected, "not registered"),
            (401, "invalid_client", 50_027, HoldCredentials, RouteCredentialsRejected, "assertion"),
            (401, "invalid_client", 700_024, Retry, RouteMisconfigured, "timedatectl"),
            (401, "invalid_client", 7_000_218, HoldCredentials, RouteMisconfigured, "public client"),
            (400, "invalid_grant", 65_001, HoldCredentials, RouteMisconfigured, "admin consent"),
            (400, "invalid_scope", 70_011, HoldCredentials, RouteMisconfigured, "SMTP.SendAsApp"),
            (400, "invalid_grant", 50_034, HoldCredentials, RouteCredentialsRejected, "not of this tenant"),
            (400, "invalid_grant", 50_076, HoldCredentials, RouteCredentialsRejected, "second factor"),
            (400, "interaction_required", 50_079, HoldCredentials, RouteCredentialsRejected, "route authorize"),
            (400, "invalid_grant", 53_003, HoldCredentials, RouteMisconfigured, "Conditional Access"),
            (400, "invalid_grant", 50_126, HoldCredentials, RouteCredentialsRejected, "password"),
            (400, "invalid_grant", 50_057, HoldCredentials, RouteCredentialsRejected, "switched off"),
            (400, "invalid_grant", 700_082, HoldCredentials, RouteCredentialsRejected, "90 days"),
            (400, "invalid_grant", 70_043, HoldCredentials, RouteCredentialsRejected, "sign-in frequency"),
            (400, "invalid_grant", 50_173, HoldCredentials, RouteCredentialsRejected, "password was changed"),
            (400, "temporarily_unavailable", 90_033, Retry, RouteThrottled, "trouble"),
            (400, "invalid_grant", 50_196, Retry, RouteThrottled, "too often"),
            (400, "invalid_grant", 0, HoldCredentials, RouteCredentialsRejected, "route authorize"),
            (401, "invalid_client", 123, HoldCredentials, RouteCredentialsRejected, "secrets"),
            (400, "temporarily_unavailable", 0, Retry, Reason::RouteUnreachable, ""),
            (400, "odd", 0, HoldCredentials, RouteMisconfigured, ""),
            (404, "", 0, HoldCredentials, RouteMisconfigured, "no token endpoint"),
            (429, "", 0, Retry, RouteThrottled, ""),
            (500, "", 0, Retry, Reason::RouteUnreachable, ""),
            (503, "invalid_client", 7_000_215, Retry, Reason::RouteUnreachable, ""),
        ] {
            let (setback, wait) = judge(&refused(status, error, code), "literal".to_owned());
            assert_eq!((setback.verdict, setback.reason), (verdict, reason), "{status} {error} {code}");
            let advice = setback.advice.map(|it| format!("{} {}", it.cause, it.remedy)).unwrap_or_default();
            assert!(advice.contains(words), "{code}: {advice}");
            assert_eq!(advice.is_empty(), words.is_empty(), "{code}: {advice}");
            assert_eq!(setback.detail, "literal");
            assert_eq!(wait, if code == 50_196 { LOOP } else { FAILURE });
        }
    }

    #[test]
    fn waits_are_bounded_and_codes_are_found_in_text() {
        let asked = |seconds| Refused {
            after: Some(Duration::from_secs(seconds)),
            ..refused(429, "", 0)
        };
        for (seconds, expected) in [(1, 30), (60, 60), (86_400, 600)] {
            let wait = judge(&asked(seconds), String::new()).1;
            assert_eq!(wait, Duration::from_secs(expected));
        }
        assert_eq!(
            codes_in("AADSTS7000215: no. AADSTSx AADSTS50027"),
            [7_000_215, 50_027]
        );
        assert_eq!(codes_in("nothing"), [0; 0]);
    }

    #[test]
    fn no_code_stands_in_two_rows() {
        let mut all: Vec<_> = TABLE.iter().flat_map(|row| row.codes).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
