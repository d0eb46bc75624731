//! The fonts of printed things, in the program: Noto Sans with the letters of Vietnamese, Noto Sans Khmer.
//!
//! Both under the SIL Open Font License, `fonts/OFL.txt`. They are cut to the letters that are needed.

use std::sync::LazyLock;

use rustybuzz::Face;

/// One font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Font {
    /// Latin letters.
    Regular,
    /// The same, heavier.
    Bold,
    /// Khmer; one weight, as on the pages.
    Khmer,
}

impl Font {
    /// Every font.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Khmer];

    /// The file.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("fonts/noto-sans-400.ttf"),
            Self::Bold => include_bytes!("fonts/noto-sans-700.ttf"),
            Self::Khmer => include_bytes!("fonts/noto-sans-khmer-400.ttf"),
        }
    }

    /// The font as its shaper reads it; `None` for a file that is no font, which the tests exclude.
    pub(super) fn face(self) -> Option<&'static Face<'static>> {
        static FACES: LazyLock<[Option<Face<'static>>; 3]> =
            LazyLock::new(|| Font::ALL.map(|font| Face::from_slice(font.bytes(), 0)));
        let [regular, bold, khmer] = &*FACES;
        match self {
            Self::Regular => regular.as_ref(),
            Self::Bold => bold.as_ref(),
            Self::Khmer => khmer.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_vietnamese_is_in_both_weights_and_khmer_in_its_own() {
        let vietnamese = "aăâbcdđeêghiklmnoôơpqrstuưvxy";
        let marks = "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";
        let others = "0123456789.,:;?!-–/()·’“”%+*$_&@ ";
        for font in [Font::Regular, Font::Bold] {
            let face = font.face().unwrap();
            for letter in vietnamese.chars().chain(marks.chars()) {
                let upper = letter.to_uppercase();
                assert!(upper.chain([letter]).all(|c| face.glyph_index(c).is_some()), "{letter}");
            }
            assert!(others.chars().all(|c| face.glyph_index(c).is_some()));
        }
        let khmer = Font::Khmer.face().unwrap();
        assert!(
            ('\u{1780}'..='\u{17DD}')
                .all(|c| khmer.glyph_index(c).is_some() || ('\u{17B4}'..='\u{17B5}').contains(&c))
        );
    }
}
