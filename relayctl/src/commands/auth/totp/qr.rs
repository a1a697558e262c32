//! A QR code in the terminal: two modules in a character, one above the other.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Black on white, whatever the colours of the terminal are.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const PLAIN: &str = "\x1b[0m";

/// The code of a text; `None` where it does not fit into `width` columns.
pub(super) fn picture(text: &str, width: usize, color: bool) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    // Its quiet zone is four modules on each side.
    if code.width() + 8 > width {
        return None;
    }
    let mut renderer = code.render::<Dense1x2>();
    if !color {
        // Most terminals are dark: what is printed is light there.
        renderer
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark);
    }
    let mut picture = String::new();
    for line in renderer.build().lines() {
        if color {
            picture.extend([BLACK_ON_WHITE, line, PLAIN, "\n"]);
        } else {
            picture.extend([line, "\n"]);
        }
    }
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "otpauth://totp/relay.example.com:acme?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=relay.example.com";

    #[test]
    fn it_fits_a_small_terminal_or_is_left_out() {
        let picture = picture(URI, 80, false).unwrap();
        let lines: Vec<_> = picture.lines().collect();
        assert!(lines.len() < 40, "{}", lines.len());
        let width = lines[0].chars().count();
        assert!(width <= 80 && lines.iter().all(|line| line.chars().count() == width));
        assert_eq!(super::picture(URI, width - 1, false), None);
        assert_eq!(super::picture(&"x".repeat(5000), 80, false), None);
    }

    #[test]
    fn colours_make_dark_dark_and_are_taken_back_on_each_line() {
        let colored = picture(URI, 80, true).unwrap();
        for line in colored.lines() {
            assert!(line.starts_with(BLACK_ON_WHITE) && line.ends_with(PLAIN));
        }
        let bare = colored.replace(BLACK_ON_WHITE, "").replace(PLAIN, "");
        let plain = picture(URI, 80, false).unwrap();
        let inverted = plain.chars().map(|character| match character {
            '█' => ' ',
            ' ' => '█',
            '▀' => '▄',
            '▄' => '▀',
            other => other,
        });
        let without_last = |text: &str| text.lines().next().map(str::to_owned);
        assert_eq!(
            without_last(&bare),
            without_last(&inverted.collect::<String>())
        );
    }
}
