//! Whether the route can carry what a mail declares, as far as its last check told.

use crate::model::{BodyEncoding, Reason, Refusal, RouteOffer};

/// Refuses before it comes what the route could only return. (8-bit text is not refused: devices
/// declare it for mail that holds none.) `is_international` says whether an address of the mail
/// needs SMTPUTF8.
pub fn check_offer(
    offer: Option<RouteOffer>,
    encoding: BodyEncoding,
    is_international: bool,
) -> Result<(), Refusal> {
    let Some(offer) = offer else { return Ok(()) };
    let missing = match encoding {
        BodyEncoding::Binary if !offer.binary_mime => "BINARYMIME",
        _ if is_international && !offer.smtputf8 => "SMTPUTF8",
        _ => return Ok(()),
    };
    let detail = format!("its server does not offer {missing}");
    Err(Refusal::new(Reason::UnsupportedContent, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_route_lacks_is_refused_and_the_unknown_is_tried() {
        let plain = RouteOffer {
            binary_mime: false,
            smtputf8: false,
            ..RouteOffer::ANYTHING
        };
        for (offer, encoding, is_international, missing) in [
            (None, BodyEncoding::Binary, true, None),
            (Some(RouteOffer::ANYTHING), BodyEncoding::Binary, true, None),
            (Some(plain), BodyEncoding::SevenBit, false, None),
            (Some(plain), BodyEncoding::EightBit, false, None),
            (Some(plain), BodyEncoding::Binary, false, Some("BINARYMIME")),
            (Some(plain), BodyEncoding::SevenBit, true, Some("SMTPUTF8")),
        ] {
            let refusal = check_offer(offer, encoding, is_international).err();
            let expected = missing.map(|what| format!("its server does not offer {what}"));
            assert_eq!(refusal.map(|refusal| refusal.detail), expected);
        }
    }
}
