//! Text as shapes: split into runs by font, shaped, measured, broken into lines.

use rustybuzz::UnicodeBuffer;

use super::fonts::Font;

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For what stands out.
    Bold,
}

/// One shape of a run: where it stands, in parts of the letters' size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its number in the font.
    pub id: u16,
    /// The first byte of the text that it stands for, within its run.
    pub begin: usize,
    /// The byte after the last one.
    pub end: usize,
    /// How far the next one stands.
    pub advance: f32,
    /// How far it is moved to the right.
    pub x: f32,
    /// How far it is moved up.
    pub y: f32,
}

/// Letters of one font.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Which.
    pub font: Font,
    /// The letters as they are written.
    pub text: String,
    /// Their shapes.
    pub glyphs: Vec<Glyph>,
}

impl Run {
    /// How wide it is.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }
}

/// One line, in parts of the letters' size.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// From left to right.
    pub runs: Vec<Run>,
}

impl Line {
    /// A line of letters.
    #[must_use]
    pub fn new(text: &str, weight: Weight) -> Self {
        Self { runs: split(text, weight).into_iter().map(|(font, text)| shaped(font, text)).collect() }
    }

    /// How wide it is.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.runs.iter().map(Run::width).sum()
    }

    /// How high it stands above the next one's: Khmer has marks above and below.
    #[must_use]
    pub fn leading(&self) -> f32 {
        if self.runs.iter().any(|run| run.font == Font::Khmer) { 1.75 } else { 1.35 }
    }
}

fn is_khmer(letter: char) -> bool {
    matches!(letter, '\u{1780}'..='\u{17FF}' | '\u{19E0}'..='\u{19FF}')
}

/// Runs by font. What belongs to no script, such as a space, stays with what stands before it.
fn split(text: &str, weight: Weight) -> Vec<(Font, String)> {
    let latin = if weight == Weight::Bold { Font::Bold } else { Font::Regular };
    let mut runs: Vec<(Font, String)> = Vec::new();
    for letter in text.chars().filter(|letter| *letter != BREAK) {
        let font = match runs.last() {
            _ if is_khmer(letter) => Font::Khmer,
            Some((last, _)) if letter == ' ' => *last,
            _ => latin,
        };
        match runs.last_mut() {
            Some((last, run)) if *last == font => run.push(letter),
            _ => runs.push((font, letter.to_string())),
        }
    }
    runs
}

fn shaped(font: Font, text: String) -> Run {
    let Some(face) = font.face() else { return Run { font, text, glyphs: Vec::new() } };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(face, &[], buffer);
    let size = float(face.units_per_em());
    let begins: Vec<usize> = shaped.glyph_infos().iter().map(|info| index(info.cluster)).collect();
    let end_of =
        |begin: usize| begins.iter().copied().filter(|next| *next > begin).min().unwrap_or(text.len());
    let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(info, at)| Glyph {
        id: u16::try_from(info.glyph_id).unwrap_or(0),
        begin: index(info.cluster),
        end: end_of(index(info.cluster)),
        advance: float(at.x_advance) / size,
        x: float(at.x_offset) / size,
        y: float(at.y_offset) / size,
    });
    let glyphs = glyphs.collect();
    Run { font, text, glyphs }
}

fn index(cluster: u32) -> usize {
    usize::try_from(cluster).unwrap_or(0)
}

/// Units of a font are a few thousand.
fn float(units: i32) -> f32 {
    f32::from(i16::try_from(units).unwrap_or(i16::MAX))
}

/// Where a line may end between two words without a space, as translators write it.
const BREAK: char = '\u{200B}';

/// Lines of at most this width, in parts of the letters' size; a word that is wider stands alone.
#[must_use]
pub fn lines(text: &str, weight: Weight, width: f32) -> Vec<Line> {
    let mut done = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive([' ', BREAK]) {
        let longer = format!("{line}{word}");
        if !line.is_empty() && Line::new(longer.trim_end(), weight).width() > width {
            done.push(Line::new(line.trim_end(), weight));
            word.clone_into(&mut line);
        } else {
            line = longer;
        }
    }
    if !line.trim_end().is_empty() {
        done.push(Line::new(line.trim_end(), weight));
    }
    done
}

/// The same in lines that are about equally long, so that no word stands alone in the last one.
#[must_use]
pub fn balanced(text: &str, weight: Weight, width: f32) -> Vec<Line> {
    let mut best = lines(text, weight, width);
    let mut narrower = width;
    for _ in 0..20 {
        narrower *= 0.96;
        let tried = lines(text, weight, narrower);
        if tried.len() > best.len() || tried.iter().any(|line| line.width() > width) {
            break;
        }
        best = tried;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_split_by_font_and_keep_every_letter() {
        let runs = split("Góp ý · ផ្តល់មតិ 12", Weight::Bold);
        let fonts: Vec<Font> = runs.iter().map(|(font, _)| *font).collect();
        assert_eq!(fonts, [Font::Bold, Font::Khmer, Font::Bold]);
        let all: String = runs.into_iter().map(|(_, text)| text).collect();
        assert_eq!(all, "Góp ý · ផ្តល់មតិ 12");
    }

    #[test]
    fn khmer_is_shaped_and_nothing_is_missing() {
        // A subscript, and a vowel that is written before its consonant and stands after it in memory.
        let line = Line::new("ខ្មែរ", Weight::Regular);
        let [run] = line.runs.as_slice() else { panic!("one run") };
        assert!(run.glyphs.iter().all(|glyph| glyph.id != 0));
        assert!(run.glyphs.len() < run.text.chars().count(), "the subscript is one shape: {:?}", run.glyphs);
        let first = run.glyphs[0].id;
        let vowel = Font::Khmer.face().unwrap().glyph_index('\u{17C2}').unwrap().0;
        assert_eq!(first, vowel, "the vowel stands first");
    }

    #[test]
    fn lines_hold_all_words_and_no_line_is_too_wide() {
        let text = "Mã không gắn với tên hay số hồ sơ của ông bà";
        let all = lines(text, Weight::Regular, 10.0);
        assert!(all.len() > 1 && all.iter().all(|line| line.width() <= 10.0));
        let words: Vec<String> =
            all.iter().map(|line| line.runs.iter().map(|run| run.text.as_str()).collect()).collect();
        assert_eq!(words.join(" "), text);
        let even = balanced(text, Weight::Regular, 10.0);
        let shortest = |all: &[Line]| all.iter().map(Line::width).fold(f32::MAX, f32::min);
        assert!(even.len() == all.len() && shortest(&even) >= shortest(&all));
    }
}
