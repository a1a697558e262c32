//! XOAUTH2: signing in with an access token (Microsoft, "Authenticate an IMAP, POP or SMTP
//! connection using OAuth").

use base64::{Engine as _, prelude::BASE64_STANDARD};
use tokio::time::timeout;

use super::{
    AccessToken, Advice, Setback, TokenSource, Verdict,
    classify::{self, Stage},
    dial::{Dial, Dialled, Done},
    smtp::literal,
};
use crate::model::{Grant, Reason, RemoteReply, Route, Secret};

/// Signs in. A token that is refused is given back, and where that brings another, it is tried once:
/// what was good an hour ago may have been taken back since.
pub(super) async fn sign_in(
    dial: Dial<'_>,
    dialled: &mut Dialled,
    source: &dyn TokenSource,
    token: AccessToken,
) -> Done<()> {
    let offer = &dialled.capabilities;
    if !offer.auth_xoauth2 {
        let offer = match offer.auth_offer.as_str() {
            "" => "no AUTH",
            offer => offer,
        };
        return Err(misconfigured(format!(
            "the server offers {offer}, the route needs AUTH XOAUTH2"
        )));
    }
    if dial.route.mailbox.is_empty() {
        return Err(misconfigured("the route names no mailbox".to_owned()));
    }
    let mut reply = attempt(dial, dialled, &token.token).await?;
    if is_about_token(&reply) {
        source.reject(&token);
        let fresh = source.token().await?;
        if fresh.token.expose() != token.token.expose() {
            reply = attempt(dial, dialled, &fresh.token).await?;
        }
    }
    if reply.code == 235 {
        return Ok(((), format!("AUTH XOAUTH2 as {}", dial.route.mailbox)));
    }
    Err(advised(classify::judge(Stage::Auth, reply), dial.route))
}

/// One dialogue; gives its last reply. The token has a line of its own, since with it the command
/// would be longer than servers have to take (RFC 4954 §4).
async fn attempt(
    dial: Dial<'_>,
    dialled: &mut Dialled,
    token: &Secret,
) -> Result<RemoteReply, Setback> {
    let blob = format!(
        "user={}\u{1}auth=Bearer {}\u{1}\u{1}",
        dial.route.mailbox,
        token.expose()
    );
    let blob = format!("{}\r\n", BASE64_STANDARD.encode(blob));
    // A challenge behind the token tells an error in JSON; an empty line asks for the reply proper.
    let mut lines = ["AUTH XOAUTH2\r\n", blob.as_str(), "\r\n"].into_iter();
    loop {
        let Some(line) = lines.next() else {
            return Err(classify::lost(Stage::Auth, "AUTH is asked on and on"));
        };
        let answer = timeout(dial.settings.command, dialled.smtp.command(line))
            .await
            .map_err(|_| classify::lost(Stage::Auth, "no answer to AUTH in time"))?;
        let reply = literal(answer).map_err(|detail| classify::lost(Stage::Auth, detail))?;
        if reply.code != 334 {
            return Ok(reply);
        }
    }
}

/// Whether another token could help: it was refused, or ends too soon (High Volume Email).
fn is_about_token(reply: &RemoteReply) -> bool {
    reply.code == 535 || (reply.code == 501 && reply.text.starts_with("5.5.12"))
}

/// Where Microsoft Entra gave a token and Exchange does not take it, Exchange lacks something.
fn advised(setback: Setback, route: &Route) -> Setback {
    if setback.reason != Reason::RouteCredentialsRejected {
        return setback;
    }
    let Some(oauth) = &route.oauth else {
        return setback;
    };
    let (app, mailbox) = (&oauth.client_id, &route.mailbox);
    let advice = match oauth.grant {
        Grant::DeviceCode => Advice {
            cause: format!(
                "Who signed in for the route may not use the mailbox {mailbox}, or SMTP AUTH is \
                 switched off for it."
            ),
            remedy: format!(
                "Add-MailboxPermission -Identity {mailbox} -User WHO-SIGNED-IN -AccessRights \
                 FullAccess; Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled \
                 $false; or sign in as another: relayctl route authorize"
            ),
        },
        Grant::ClientSecret { .. } | Grant::Certificate(_) => Advice {
            cause: format!(
                "Microsoft Entra gives the application a token, but Exchange does not let it use the \
                 mailbox {mailbox}: it has no service principal in Exchange (or one with the object \
                 id of the app registration in place of the enterprise application's), no \
                 permission on the mailbox, or SMTP AUTH is switched off."
            ),
            remedy: format!(
                "New-ServicePrincipal -AppId {app} -ObjectId OBJECT-ID-OF-THE-ENTERPRISE-APPLICATION; \
                 Add-MailboxPermission -Identity {mailbox} -User {app} -AccessRights FullAccess; \
                 Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false"
            ),
        },
    };
    Setback {
        advice: Some(Box::new(advice)),
        ..setback
    }
}

fn misconfigured(detail: String) -> Setback {
    Setback::new(Verdict::HoldCredentials, Reason::RouteMisconfigured, detail)
}
