//! Cursors: the key to continue behind, made opaque so that nobody builds on its form.

use std::str::FromStr;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use relay_proto::{PAGE, Page, PageQuery};

use super::failure::Failure;
use crate::accounts::Listing;

const DEFAULT_LIMIT: u32 = 100;

/// The size of a page.
pub(super) fn limit(given: Option<u32>) -> Result<u32, Failure> {
    match given.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=PAGE => Ok(limit),
        _ => Err(Failure::field("limit", format!("1 to {PAGE}"))),
    }
}

/// The key that a cursor holds.
pub(super) fn decode<K: FromStr>(cursor: Option<&str>) -> Result<Option<K>, Failure> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let refused = || Failure::field("cursor", "must be `next_cursor` of an earlier page");
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| refused())?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    text.parse().map(Some).map_err(|_| refused())
}

/// Size and beginning of a page of a list by name.
pub(super) fn by_name(query: &PageQuery) -> Result<(String, u32), Failure> {
    let after = decode(query.cursor.as_deref())?.unwrap_or_default();
    Ok((after, limit(query.limit)?))
}

/// A part of a list as a page.
pub(super) fn page<T, U, K: ToString>(
    listing: Listing<T, K>,
    convert: impl FnMut(T) -> U,
) -> Page<U> {
    Page {
        items: listing.items.into_iter().map(convert).collect(),
        next_cursor: listing
            .next
            .map(|key| BASE64_URL_SAFE_NO_PAD.encode(key.to_string())),
    }
}

/// A list that comes in one piece.
pub(super) fn whole<T, U>(items: Vec<T>, convert: impl FnMut(T) -> U) -> Page<U> {
    Page {
        items: items.into_iter().map(convert).collect(),
        next_cursor: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_and_others_are_refused() {
        let listing = Listing {
            items: vec![1],
            next: Some("acme".to_owned()),
        };
        let page = page(listing, |item| item);
        let cursor = page.next_cursor.as_deref();
        assert_eq!(decode::<String>(cursor).unwrap().as_deref(), Some("acme"));
        assert!(decode::<String>(Some("!")).is_err());
        assert!(decode::<i64>(cursor).is_err());
        assert!(limit(Some(0)).is_err() && limit(Some(1001)).is_err());
    }
}
