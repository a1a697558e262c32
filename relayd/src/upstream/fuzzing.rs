//! What goes over the wire to the other side, under fuzzing.

#![expect(
    clippy::missing_panics_doc,
    reason = "a panic is how a finding is told"
)]

use super::dots::DotStuffing;
use crate::fuzzing::{dotted, has_bare_ending, segments, undot};

/// A body on its way out. The first byte says how it is cut; see [`segments`].
///
/// A body with a bare CR or LF gets no end. In any other a receiver finds exactly one mail: its end
/// is the last thing that is written, and before it stands the body.
pub fn upstream_dots(data: &[u8]) {
    let Some((cut, body)) = data.split_first() else {
        return;
    };
    let (mut stuffing, mut wire) = (DotStuffing::new(), Vec::new());
    for piece in segments(*cut, body) {
        stuffing.encode(piece, &mut wire);
    }
    let ended = stuffing.finish(&mut wire);
    assert_eq!(ended.is_err(), has_bare_ending(body), "{body:?}");
    if ended.is_err() {
        return;
    }
    assert_eq!(wire, dotted(body), "not as RFC 5321 has it");
    let Some((read, rest)) = undot(&wire) else {
        panic!("it never ends: {wire:?}");
    };
    assert!(rest.is_empty(), "it ends too early: {wire:?}");
    assert!(read.starts_with(body) && read.len() <= body.len() + 2);
}
