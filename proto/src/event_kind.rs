//! What happens to a message, and at the door.

use crate::words::words;

/// Declares the words of a message's history, and those of the log, which has one more.
macro_rules! event_kinds {
    ($($(#[$($meta:tt)+])* $variant:ident = $text:tt),+ $(,)?) => {
        words! {
            /// What an event of a message's history tells.
            EventKind { $($(#[$($meta)+])* $variant = $text),+ }
        }

        words! {
            /// What an event of the log tells: of a message, or of what was refused at the door.
            LogEventKind {
                $($(#[$($meta)+])* $variant = $text,)+
                /// Refused at the door: there is no message.
                Refused = "refused",
            }
        }

        impl From<EventKind> for LogEventKind {
            fn from(kind: EventKind) -> Self {
                match kind { $(EventKind::$variant => Self::$variant),+ }
            }
        }

        impl LogEventKind {
            /// What happened to a message; `None` of a refusal.
            pub const fn event(self) -> Option<EventKind> {
                match self {
                    $(Self::$variant => Some(EventKind::$variant),)+
                    Self::Refused => None,
                }
            }
        }
    };
}

event_kinds! {
    /// Safe on disk; the device has its 250.
    Accepted = "accepted",
    /// An attempt did not succeed; another follows.
    Deferred = "deferred",
    /// Handed over.
    Delivered = "delivered",
    /// Refused for good, or out of tries.
    Failed = "failed",
    /// A bounce was made.
    Bounced = "bounced",
    /// The sender is told of a delay, or that the mail was handed over.
    Notified = "notified",
    /// Stopped by a person.
    Held = "held",
    /// Let go by a person.
    Released = "released",
    /// Its next attempt was asked for now.
    Retried = "retried",
    /// Goes by the account's other route, since the first cannot take it.
    Rerouted = "rerouted",
    /// Taken out of the queue by a person.
    Cancelled = "cancelled",
}
