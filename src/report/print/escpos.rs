//! Pages as commands of thermal printers: each one picture, so that any printer prints Khmer, then a cut.
//!
//! Only what every printer of this kind knows: begin anew, a raster picture (`GS v 0`), feed, cut.

use super::{
    page::Page,
    raster::{self, Bitmap},
};

/// Rows of one picture command: small printers hold no more.
const BAND: usize = 240;
/// `ESC @`: begin anew.
const BEGIN: &[u8] = b"\x1B@";
/// `ESC d 4`: feed four lines, so that the knife is below the text.
const FEED: &[u8] = b"\x1Bd\x04";
/// `GS V 66 0`: cut, but for one point; printers without a knife ignore it.
const CUT: &[u8] = b"\x1DVB\x00";
/// `GS v 0 0`: a raster picture in its own size.
const PICTURE: &[u8] = b"\x1Dv0\x00";

/// All pages, one after the other.
#[must_use]
pub fn write(pages: &[Page]) -> Vec<u8> {
    pages.iter().flat_map(|page| one(&raster::draw(page))).collect()
}

fn one(bitmap: &Bitmap) -> Vec<u8> {
    let mut bytes = BEGIN.to_vec();
    for band in bitmap.rows().chunks(BAND) {
        bytes.extend(PICTURE);
        bytes.extend(sixteen_bits(bitmap.width().div_ceil(8)));
        bytes.extend(sixteen_bits(band.len()));
        bytes.extend(band.iter().flat_map(|row| row.chunks(8).map(packed)));
    }
    bytes.extend(FEED);
    bytes.extend(CUT);
    bytes
}

/// Eight dots, the left one in the highest bit.
fn packed(dots: &[bool]) -> u8 {
    dots.iter().zip([128, 64, 32, 16, 8, 4, 2, 1]).filter(|(dot, _)| **dot).map(|(_, bit)| bit).sum()
}

fn sixteen_bits(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_picture_in_bands_and_a_cut() {
        let mut page = Page::new(2.0, 40.0);
        page.bar(0.0, 0.0, 0.25, 0.125);
        let bytes = write(&[page]);
        assert!(bytes.starts_with(b"\x1B@\x1Dv0\x00\x02\x00\xF0\x00\xC0\x00\x00\x00"));
        assert!(bytes.ends_with(b"\x1Bd\x04\x1DVB\x00"));
        assert_eq!(bytes.len(), 2 + 2 * 8 + 320 * 2 + 3 + 4, "two bands of 240 and 80 rows");
    }
}
