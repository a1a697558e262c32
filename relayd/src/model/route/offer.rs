//! What the server of a route can carry.

/// What the other side can carry, as its last successful check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent extension"
)]
pub struct RouteOffer {
    /// Binary bodies: CHUNKING and BINARYMIME (RFC 3030).
    pub binary_mime: bool,
    /// 8-bit text (RFC 6152).
    pub eight_bit_mime: bool,
    /// International addresses and headers (RFC 6531).
    pub smtputf8: bool,
    /// Notifications (RFC 3461).
    pub dsn: bool,
    /// Largest message, in bytes (RFC 1870); `None` when it told none.
    pub size: Option<u64>,
}

impl RouteOffer {
    /// Takes anything, as a folder does; notifications are ours to send then.
    pub const ANYTHING: Self = Self {
        binary_mime: true,
        eight_bit_mime: true,
        smtputf8: true,
        dsn: false,
        size: None,
    };

    const WORDS: [&'static str; 4] = ["binarymime", "8bitmime", "smtputf8", "dsn"];

    /// The keywords that are offered, without their parameters.
    pub fn words(self) -> Vec<&'static str> {
        let flags = [
            self.binary_mime,
            self.eight_bit_mime,
            self.smtputf8,
            self.dsn,
        ];
        let words = flags.iter().zip(Self::WORDS);
        words
            .filter(|(flag, _)| **flag)
            .map(|(_, word)| word)
            .chain(self.size.map(|_| "size"))
            .collect()
    }

    /// The form in the store: the keywords that are offered, with `size=` in bytes, or `plain` where
    /// there are none.
    pub fn to_text(self) -> String {
        let words = self.words().into_iter().map(|word| match self.size {
            Some(size) if word == "size" => format!("size={size}"),
            _ => word.to_owned(),
        });
        let offered: Vec<_> = words.collect();
        if offered.is_empty() {
            return "plain".to_owned();
        }
        offered.join(" ")
    }

    /// Reads the form in the store; an empty text is a route whose offer is not known.
    pub fn from_text(text: &str) -> Option<Self> {
        let has = |word| text.split(' ').any(|found| found == word);
        let [binary_mime, eight_bit_mime, smtputf8, dsn] = Self::WORDS.map(has);
        (!text.is_empty()).then_some(Self {
            binary_mime,
            eight_bit_mime,
            smtputf8,
            dsn,
            size: text
                .split(' ')
                .find_map(|word| word.strip_prefix("size=")?.parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_reads_back() {
        for bits in 0..32_u8 {
            let offer = RouteOffer {
                binary_mime: bits & 1 != 0,
                eight_bit_mime: bits & 2 != 0,
                smtputf8: bits & 4 != 0,
                dsn: bits & 8 != 0,
                size: (bits & 16 != 0).then_some(157_286_400),
            };
            assert_eq!(RouteOffer::from_text(&offer.to_text()), Some(offer));
        }
        assert_eq!(RouteOffer::from_text(""), None);
        assert_eq!(
            RouteOffer::ANYTHING.words(),
            ["binarymime", "8bitmime", "smtputf8"]
        );
    }
}
