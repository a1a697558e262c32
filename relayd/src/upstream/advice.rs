//! Advice about one route and mail: the placeholders of its words filled in.

use super::{Advice, Setback, classify::enhanced_code};
use crate::model::{Reason, Route, powershell_literal};

/// The kinds of errors for which Microsoft bars a mailbox when they go on ("Continuous error
/// throttling of SMTP AUTH submissions").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The mailbox may not send as the sender.
    SendAsDenied,
    /// A mailbox is full.
    MailboxFull,
    /// Recipients do not exist.
    InvalidRecipients,
    /// Too many recipients in a mail.
    TooManyRecipients,
    /// The mailbox has no licence to send.
    Licence,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SendAsDenied => "send-as-denied",
            Self::MailboxFull => "mailbox-full",
            Self::InvalidRecipients => "invalid-recipients",
            Self::TooManyRecipients => "too-many-recipients",
            Self::Licence => "licence",
        })
    }
}

impl Setback {
    /// Which kind of continuous error this is one of, if it is.
    pub fn trouble(&self) -> Option<Trouble> {
        let text = self.reply.as_ref().map_or("", |reply| reply.text.as_str());
        let code = enhanced_code(text).map(|(_, subject, detail)| (subject, detail));
        match (self.reason, code) {
            (Reason::SendAsDenied, _) => Some(Trouble::SendAsDenied),
            (_, Some((2, 2))) => Some(Trouble::MailboxFull),
            (_, Some((5, 3))) => Some(Trouble::TooManyRecipients),
            (Reason::RemoteRefused | Reason::RecipientRefused, _)
                if text.to_ascii_lowercase().contains("licens") =>
            {
                Some(Trouble::Licence)
            }
            (Reason::RecipientRefused, _) => Some(Trouble::InvalidRecipients),
            _ => None,
        }
    }

    /// Reply, cause and remedy on one line.
    pub fn story(&self) -> String {
        match &self.advice {
            Some(advice) => format!("{self}; cause: {}; remedy: {}", advice.cause, advice.remedy),
            None => self.to_string(),
        }
    }

    /// The setback of a connection to that port, to which nothing answered. On port 25 it is the way
    /// out of the own network that is closed as a rule.
    #[must_use]
    pub(super) fn outward(mut self, port: u16) -> Self {
        if port == 25 {
            self.advice = Some(Box::new(Advice {
                cause: "Nothing answers on port 25. Most clouds and many providers close it for \
                        what leaves their network."
                    .to_owned(),
                remedy: "ask the provider to open outbound port 25 for this machine, or take a \
                         route that needs port 587 or 443 only, such as smtp-oauth or graph"
                    .to_owned(),
            }));
        }
        self
    }

    /// The setback with its advice filled in for a route and a sender. Doing it twice changes nothing.
    #[must_use]
    pub fn about(mut self, route: &Route, sender: &str) -> Self {
        if let Some(advice) = &mut self.advice {
            **advice = advice.about(route, sender);
        }
        self
    }
}

impl Advice {
    fn about(&self, route: &Route, sender: &str) -> Self {
        let mailbox = first_of([route.mailbox.as_str(), sender], "the mailbox");
        let sender = first_of([sender], "the sender");
        let server = first_of([route.server.as_str()], "the server");
        let fill = |text: &str| {
            // One pass: what is filled in is not looked at again.
            let mut filled = String::with_capacity(text.len());
            let mut rest = text;
            while let Some((before, behind)) = rest.split_once('{') {
                filled.push_str(before);
                rest = behind;
                let Some((name, behind)) = behind.split_once('}') else {
                    filled.push('{');
                    continue;
                };
                match name {
                    "mailbox" => filled.push_str(&mailbox),
                    "sender" => filled.push_str(&sender),
                    "server" => filled.push_str(&server),
                    _ => {
                        filled.push('{');
                        continue;
                    }
                }
                rest = behind;
            }
            filled.push_str(rest);
            filled
        };
        Self {
            cause: fill(&self.cause),
            remedy: fill(&self.remedy),
        }
    }
}

/// The first that is given, fit to be pasted into a shell: what is more than an address or name is
/// quoted as PowerShell quotes.
fn first_of<const N: usize>(values: [&str; N], otherwise: &str) -> String {
    let Some(value) = values.into_iter().find(|value| !value.is_empty()) else {
        return otherwise.to_owned();
    };
    let is_plain = |c: char| c.is_alphanumeric() || "@._+-".contains(c);
    if value.chars().all(is_plain) {
        value.to_owned()
    } else {
        powershell_literal(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{AccountId, Reason, RouteId, RouteKind},
        upstream::Verdict,
    };

    #[test]
    fn placeholders_are_filled_once_and_quoted_where_a_shell_would_read_them() {
        let route = Route {
            mailbox: "relay@acme.example".to_owned(),
            ..Route::new(RouteId::NONE, AccountId::NONE, RouteKind::SmtpAuth)
        };
        let setback = Setback {
            advice: Some(Box::new(Advice {
                cause: "{mailbox} not as {sender} at {server}".to_owned(),
                remedy: "@{Add=1} {mailbox} {".to_owned(),
            })),
            ..Setback::new(Verdict::FailMessage, Reason::SendAsDenied, "")
        };
        let filled = setback.about(&route, "{mailbox}'; rm@x.example");
        let advice = filled.advice.clone().unwrap();
        assert_eq!(
            advice.cause,
            "relay@acme.example not as '{mailbox}''; rm@x.example' at the server"
        );
        assert_eq!(advice.remedy, "@{Add=1} relay@acme.example {");
    }

    #[test]
    fn a_closed_port_25_is_told_as_such() {
        let lost = || Setback::new(Verdict::Retry, Reason::RouteUnreachable, "no connection");
        assert_eq!(lost().outward(587), lost());
        let advice = lost().outward(25).advice.unwrap();
        assert!(advice.remedy.contains("outbound port 25"), "{advice:?}");
    }
}
