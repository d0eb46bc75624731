//! QR symbols of receipts, as SVG and one-bit PNG.
//!
//! The whole address is written in upper case, because a symbol in alphanumeric mode holds more of it in fewer
//! and larger modules: a cheap phone then reads a worn thermal print. Routes take both cases.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::domain::receipt::ReceiptCode;

/// Longest address at level Q (version 3).
const LONGEST_AT_Q: usize = 47;
/// Longest address at all (level M, version 3).
const LONGEST: usize = 61;
/// White modules around a symbol.
const QUIET: usize = 4;
/// Dots of a module: at 203 dpi 0.75 mm.
const DOTS: usize = 6;

/// Why an address cannot be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Too long to be read from a worn print.
    #[error(
        "the public address is too long for a receipt; its host may have at most {longest_host} characters"
    )]
    TooLong {
        /// Characters that the host and path before `/R/` may have.
        longest_host: usize,
    },
    /// A character that the alphanumeric mode does not have, such as an underscore.
    #[error("the public address has a character that receipts cannot hold; use letters, digits, - and .")]
    Character,
}

impl QrError {
    /// Characters that the host may have.
    #[must_use]
    pub fn longest_host(self) -> usize {
        match self {
            Self::TooLong { longest_host } => longest_host,
            Self::Character => LONGEST,
        }
    }
}

/// A symbol of a receipt's address.
pub struct Symbol(QrCode);

/// The address that a receipt's symbol holds: upper case as a whole.
///
/// # Errors
/// Where it is too long, or has a character that the symbol cannot hold.
pub fn receipt_url(public_url: &str, code: &ReceiptCode) -> Result<String, QrError> {
    let url = format!("{public_url}/R/{}", code.compact()).to_ascii_uppercase();
    let scheme = url.find("://").map_or(0, |at| at + 3);
    if url.len() > LONGEST {
        return Err(QrError::TooLong { longest_host: LONGEST - scheme - "/R/".len() - code.compact().len() });
    }
    if url.chars().all(fits) { Ok(url) } else { Err(QrError::Character) }
}

/// Whether receipts of a service with this address can be printed.
///
/// # Errors
/// As [`receipt_url`].
pub fn check_address(public_url: &str) -> Result<(), QrError> {
    receipt_url(public_url, &ReceiptCode::from_random(0)).map(|_url| ())
}

/// The symbol of a receipt: level Q where the address is short enough, else M.
///
/// # Errors
/// As [`receipt_url`].
pub fn receipt(public_url: &str, code: &ReceiptCode) -> Result<Symbol, QrError> {
    let url = receipt_url(public_url, code)?;
    let level = if url.len() <= LONGEST_AT_Q { EcLevel::Q } else { EcLevel::M };
    let symbol = QrCode::with_error_correction_level(url.as_bytes(), level);
    symbol.map(Symbol).map_err(|_too_long| QrError::TooLong { longest_host: 0 })
}

/// The symbol of a unit's poster, read from some steps away: upper case where all of it fits into the alphanumeric mode.
///
/// # Errors
/// [`QrError::TooLong`] for some thousand characters.
pub fn poster(address: &str) -> Result<Symbol, QrError> {
    let upper = address.to_ascii_uppercase();
    let text = if upper.chars().all(fits) { upper.as_str() } else { address };
    let symbol = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::Q);
    symbol.map(Symbol).map_err(|_too_long| QrError::TooLong { longest_host: 0 })
}

/// Whether the alphanumeric mode has a character.
fn fits(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || "$%*+-./:".contains(c)
}

/// A symbol of any text, to be read from a screen.
///
/// # Errors
/// [`QrError::TooLong`] for some thousand characters.
pub fn of_text(text: &str) -> Result<Symbol, QrError> {
    let symbol = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M);
    symbol.map(Symbol).map_err(|_too_long| QrError::TooLong { longest_host: 0 })
}

/// Dark modules side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first one's column.
    pub x: usize,
    /// Their row.
    pub y: usize,
    /// How many.
    pub length: usize,
}

impl Symbol {
    /// Modules on a side, without the white around.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// All dark modules, without the white around.
    #[must_use]
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let side = self.width();
        let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        for (x, y) in places.filter(|place| self.0[*place] == Color::Dark) {
            match runs.last_mut() {
                Some(last) if last.y == y && last.x + last.length == x => last.length += 1,
                _ => runs.push(Run { x, y, length: 1 }),
            }
        }
        runs
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width());
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.0[(x, y)] == Color::Dark,
            _outside => false,
        }
    }
}

/// Black on white, with the white around; scales to any size.
#[must_use]
pub fn svg(symbol: &Symbol) -> String {
    let side = symbol.width() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|x| symbol.is_dark(*x, y)).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _written = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" role=\"img\" \
         shape-rendering=\"crispEdges\"><title>QR</title><rect width=\"{side}\" height=\"{side}\" \
         fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

/// One bit a dot, six dots a module, with the white around.
///
/// # Errors
/// Where the encoder fails; never in practice.
pub fn png(symbol: &Symbol) -> Result<Vec<u8>, png::EncodingError> {
    let side = (symbol.width() + 2 * QUIET) * DOTS;
    let dots = u32::try_from(side).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, dots, dots);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        for first in (0..side).step_by(8) {
            let bits = (first..first + 8)
                .fold(0_u8, |bits, x| bits << 1 | u8::from(!symbol.is_dark(x / DOTS, y / DOTS)));
            rows.push(bits);
        }
    }
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> ReceiptCode {
        ReceiptCode::from_random(123_456_789)
    }

    #[test]
    fn a_short_address_is_small_and_a_long_one_is_refused_with_the_longest_host() {
        let short = receipt("https://sipas.travinh.gov.vn", &code()).unwrap();
        assert!(short.width() <= 29, "version 3 at most: {}", short.width());
        assert_eq!(short.0.error_correction_level(), EcLevel::Q);
        let host = |n: usize| format!("https://{}", "a".repeat(n));
        let longest = receipt(&host(39), &code()).unwrap();
        assert_eq!((longest.width(), longest.0.error_correction_level()), (29, EcLevel::M));
        assert_eq!(receipt(&host(40), &code()).err(), Some(QrError::TooLong { longest_host: 39 }));
        assert_eq!(receipt("https://my_host.vn", &code()).err(), Some(QrError::Character));
        assert!(receipt_url("https://sipas.vn", &code()).unwrap().starts_with("HTTPS://SIPAS.VN/R/"));
    }

    #[test]
    fn both_pictures_show_the_same_modules() {
        let symbol = receipt("https://sipas.vn", &code()).unwrap();
        let bytes = png(&symbol).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut picture = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut picture).unwrap();
        assert_eq!(info.bit_depth, png::BitDepth::One);
        let side = symbol.width() + 2 * QUIET;
        assert_eq!(usize::try_from(info.width).unwrap(), side * DOTS);
        let dark = |x: usize, y: usize| {
            picture[y * DOTS * info.line_size + x * DOTS / 8] >> (7 - x * DOTS % 8) & 1 == 0
        };
        let dark_in_png =
            (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).filter(|(x, y)| dark(*x, *y)).count();
        let dark_in_svg: usize = svg(&symbol)
            .split('h')
            .skip(1)
            .filter_map(|part| part.split_once('v').and_then(|(run, _)| run.parse::<usize>().ok()))
            .sum();
        assert_eq!(dark_in_png, dark_in_svg);
    }
}
