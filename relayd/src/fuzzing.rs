//! What the fuzz targets in `fuzz/` call: one function for each, which holds the invariants and
//! panics when one is broken. Built by `cargo fuzz`, and by the tests, which replay the corpora.

pub use crate::{
    smtp::fuzzing::{address, bdat, command_line, data, proxy_header, sasl, session},
    submission::fuzzing::header_repair,
    upstream::fuzzing::upstream_dots,
};

/// Cuts `input` into segments as TCP might: whole for `0`, byte by byte for `1`, and for any other
/// `seed` into pieces of widths that follow from it.
pub(crate) fn segments(seed: u8, input: &[u8]) -> Vec<&[u8]> {
    match seed {
        b'0' => return vec![input],
        b'1' => return input.chunks(1).collect(),
        _ => {}
    }
    let mut state = u32::from(seed) | 0x0100;
    let mut widths = std::iter::from_fn(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(1 + (state >> 16) as usize % (1 + usize::from(seed)))
    });
    let mut rest = input;
    let mut segments = Vec::new();
    while !rest.is_empty() {
        let width = widths.next().unwrap_or(1).min(rest.len());
        let (segment, others) = rest.split_at(width);
        segments.push(segment);
        rest = others;
    }
    segments
}

/// Whether a CR or an LF stands outside of CRLF.
pub(crate) fn has_bare_ending(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\n' => return true,
            b'\r' if rest.next_if_eq(&b'\n').is_none() => return true,
            _ => {}
        }
    }
    false
}

/// What a receiver that knows nothing but RFC 5321 §4.5.2 makes of bytes behind DATA: the body and
/// what follows its end; `None` while there is no CRLF.CRLF.
pub(crate) fn undot(wire: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    let mut rest = wire;
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")? + 2;
        let (line, others) = rest.split_at(end);
        rest = others;
        if line == b".\r\n" {
            return Some((body, rest));
        }
        body.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }
}

/// What a sender that knows nothing but RFC 5321 §4.5.2 makes of a body.
pub(crate) fn dotted(body: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        let (line, others) = rest.split_at(end.map_or(rest.len(), |at| at + 2));
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
        rest = others;
    }
    if !(body.is_empty() || body.ends_with(b"\r\n")) {
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// Feeds every file of the corpus, and every finding of the past, to `target`.
    fn replay(name: &str, target: fn(&[u8])) {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let mut count = 0;
        for folder in [fuzz.join("corpus"), fuzz.join("regressions")] {
            let Ok(files) = fs::read_dir(folder.join(name)) else {
                continue;
            };
            for file in files {
                let path = file.unwrap().path();
                let outcome = std::panic::catch_unwind(|| target(&fs::read(&path).unwrap()));
                assert!(outcome.is_ok(), "{} breaks {name}", path.display());
                count += 1;
            }
        }
        assert!(count >= 3, "{name} has no corpus");
    }

    #[test]
    fn the_corpora_hold() {
        for (name, target) in [
            ("address", address as fn(&[u8])),
            ("bdat", bdat),
            ("command_line", command_line),
            ("data", data),
            ("header_repair", header_repair),
            ("proxy_header", proxy_header),
            ("sasl", sasl),
            ("session", session),
            ("upstream_dots", upstream_dots),
        ] {
            replay(name, target);
        }
    }

    #[test]
    fn the_references_know_the_standard() {
        assert_eq!(
            undot(b"..a\r\nb\n.\n\r\n.\r\nc"),
            Some((b".a\r\nb\n.\n\r\n".to_vec(), &b"c"[..]))
        );
        assert_eq!(undot(b"a\r\n.\n.\r\n"), None);
        assert_eq!(dotted(b".\r\n..b"), b"..\r\n...b\r\n.\r\n");
        assert_eq!(dotted(b""), b".\r\n");
        for (bytes, bare) in [
            (&b"a\r\n"[..], false),
            (b"\r", true),
            (b"\n", true),
            (b"\r\r\n", true),
        ] {
            assert_eq!(has_bare_ending(bytes), bare, "{bytes:?}");
        }
    }

    #[test]
    fn segments_are_the_input_in_order() {
        let input: Vec<u8> = (0..=255).collect();
        for seed in 0..=255 {
            let segments = segments(seed, &input);
            assert_eq!(segments.concat(), input);
            assert!(segments.iter().all(|segment| !segment.is_empty()));
        }
        assert_eq!(segments(b'0', &input).len(), 1);
        assert_eq!(segments(b'1', &input).len(), 256);
    }
}
