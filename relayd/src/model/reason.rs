//! Reasons: every refusal and failure, from the one table in `relay-proto`.
//!
//! SMTP replies, API problems, the log, the statistics and `relayctl help error` all come from
//! there. A code never changes its meaning.

/// The code of an SMTP reply: basic (RFC 5321) and enhanced (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmtpCode {
    /// Three digits.
    pub basic: u16,
    /// Class, subject, detail.
    pub enhanced: (u8, u16, u16),
}

impl SmtpCode {
    const fn new(basic: u16, class: u8, subject: u16, detail: u16) -> Self {
        Self {
            basic,
            enhanced: (class, subject, detail),
        }
    }

    /// Whether the client should try again later.
    pub const fn is_transient(self) -> bool {
        self.basic / 100 == 4
    }
}

impl std::fmt::Display for SmtpCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (class, subject, detail) = self.enhanced;
        write!(f, "{} {class}.{subject}.{detail}", self.basic)
    }
}

macro_rules! reasons {
    ($($variant:ident $code:literal smtp($($smtp:literal)*) http($($http:literal)?) $sentence:literal => $remedy:literal;)+) => {
        /// Why something was refused or failed. See the table in `relay-proto`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason { $(#[doc = $sentence] $variant),+ }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, such as `sender-not-allowed`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The SMTP reply, for reasons that a device can meet.
            pub const fn smtp(self) -> Option<SmtpCode> {
                match self { $(Self::$variant => reasons!(@smtp $($smtp)*)),+ }
            }

            /// The HTTP status, for reasons that an API client can meet.
            pub const fn http(self) -> Option<u16> {
                match self { $(Self::$variant => reasons!(@http $($http)?)),+ }
            }

            /// What is wrong, as one sentence without its full stop.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence),+ }
            }

            /// What mends it, as one sentence without its full stop.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy),+ }
            }
        }
    };
    (@smtp) => { None };
    (@smtp $basic:literal $class:literal $subject:literal $detail:literal) => {
        Some(SmtpCode::new($basic, $class, $subject, $detail))
    };
    (@http) => { None };
    (@http $status:literal) => { Some($status) };
}

relay_proto::reason_table!(reasons);

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.code())
    }
}

impl std::str::FromStr for Reason {
    type Err = super::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == text)
            .ok_or_else(|| super::UnknownName {
                what: "Reason",
                given: text.to_owned(),
                known: Self::ALL.iter().map(|reason| reason.code()).collect(),
            })
    }
}

/// A reason with what makes it concrete: an address, a number, a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row of the table.
    pub reason: Reason,
    /// What it is about, in a few words; empty when the sentence says all. Never holds a secret.
    pub detail: String,
}

impl Refusal {
    /// A refusal that says more than its reason.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason, "")
    }
}

/// `sentence (detail); remedy [code]`: the text behind the codes of an SMTP reply.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.reason.sentence())?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        write!(f, "; {} [{}]", self.reason.remedy(), self.reason.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_back() {
        for reason in Reason::ALL {
            assert_eq!(reason.code().parse(), Ok(*reason));
        }
    }

    #[test]
    fn basic_and_enhanced_class_agree() {
        for reason in Reason::ALL {
            if let Some(code) = reason.smtp() {
                assert_eq!(code.basic / 100, u16::from(code.enhanced.0), "{reason}");
            }
        }
    }

    #[test]
    fn every_reply_fits_one_line_with_room_for_a_detail() {
        for reason in Reason::ALL {
            let text = Refusal::from(*reason).to_string();
            assert!(text.is_ascii() && text.len() < 300, "{reason}: {text}");
        }
    }
}
