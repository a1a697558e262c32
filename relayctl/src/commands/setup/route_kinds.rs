//! The ways that mail can leave by, told by what a person has.

use relay_proto::{RouteKind, RoutePreset};

use super::screen::Screen;

/// Columns that the long labels take.
const WIDE: usize = 76;

/// One of them.
pub(super) struct Way {
    pub(super) kind: RouteKind,
    pub(super) preset: Option<RoutePreset>,
    /// A person signs in once, in a browser.
    pub(super) by_sign_in: bool,
    /// What is there to begin with, in so many words and in few.
    long: &'static str,
    short: &'static str,
    /// What it is good for, and what has to be there before.
    pub(super) about: &'static str,
}

impl Way {
    pub(super) fn label(&self, screen: Screen) -> String {
        if screen.columns() < WIDE {
            self.short.to_owned()
        } else {
            self.long.to_owned()
        }
    }

    /// Whether it works before anybody has signed in anywhere, and for whoever registers.
    pub(super) fn suits_registration(&self) -> bool {
        !self.by_sign_in && self.kind != RouteKind::Capture
    }
}

const fn way(kind: RouteKind, long: &'static str, short: &'static str, about: &'static str) -> Way {
    Way {
        kind,
        preset: None,
        by_sign_in: false,
        long,
        short,
        about,
    }
}

const fn preset(
    preset: RoutePreset,
    long: &'static str,
    short: &'static str,
    about: &'static str,
) -> Way {
    Way {
        preset: Some(preset),
        ..way(RouteKind::Smarthost, long, short, about)
    }
}

pub(super) static WAYS: [Way; 9] = [
    way(
        RouteKind::SmtpOauth,
        "a mailbox, and an app registration with a secret or certificate",
        "mailbox + app registration",
        "The way to begin with: no password, and it stays. The app registration in Microsoft Entra \
         needs SMTP.SendAsApp (Office 365 Exchange Online, application permission) with admin \
         consent.",
    ),
    Way {
        by_sign_in: true,
        ..way(
            RouteKind::SmtpOauth,
            "a mailbox that I can sign in to with a browser",
            "mailbox + browser sign-in",
            "You sign in once, by a code in a browser. It takes an app registration in Microsoft \
             Entra, too: public client flows allowed, delegated permissions SMTP.Send and \
             offline_access, no secret.",
        )
    },
    way(
        RouteKind::SmtpAuth,
        "a mailbox and its password (until Microsoft closes that)",
        "mailbox + password",
        "The shortest way, and the first that goes: Microsoft turns passwords off for SMTP, by \
         default from the end of December 2026.",
    ),
    way(
        RouteKind::Graph,
        "an app registration that may send through Microsoft Graph",
        "an app for Microsoft Graph",
        "Mail goes over HTTPS: for networks that close ports 25 and 587, and tenants without SMTP \
         AUTH.",
    ),
    way(
        RouteKind::Connector,
        "a fixed address or a certificate (inbound connector)",
        "fixed address or certificate",
        "No mailbox and no licence: an administrator makes an inbound connector, and outbound port \
         25 is open. Good for mail to your own people only, too.",
    ),
    preset(
        RoutePreset::Hve,
        "High Volume Email, to our own people only",
        "High Volume Email",
        "An account of High Volume Email for Microsoft 365, and its password.",
    ),
    preset(
        RoutePreset::Acs,
        "Azure Communication Services",
        "Azure Communication Services",
        "User name and client secret of its SMTP credentials.",
    ),
    way(
        RouteKind::Smarthost,
        "another mail server or provider",
        "another mail server",
        "Any server that takes mail by SMTP, with or without a password.",
    ),
    way(
        RouteKind::Capture,
        "nothing yet: keep mail in a folder to try it out",
        "nothing yet: a folder",
        "Nothing is sent: mail ends in a folder on the machine of relayd. Set another route once \
         you have seen it work.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fit_beside_their_question() {
        let beside = "I have".len() + 3;
        for way in &WAYS {
            assert!(way.long.len() + beside <= WIDE, "{}", way.long);
            assert!(way.short.len() + beside <= 40, "{}", way.short);
        }
    }
}
