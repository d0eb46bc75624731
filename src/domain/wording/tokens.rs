//! Texts as words that can be compared, however they were typed.

/// Vowels of Vietnamese with their five tones: plain, grave, hook, tilde, acute, dot below.
const VOWELS: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];
const TONES: [char; 6] = ['\0', '\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
/// Marks that make another vowel: breve, circumflex, horn.
const SHAPES: [(char, &str); 6] = [
    ('\u{306}', "aă"),
    ('\u{302}', "aâ"),
    ('\u{302}', "eê"),
    ('\u{302}', "oô"),
    ('\u{31b}', "oơ"),
    ('\u{31b}', "uư"),
];

/// Lower case, one character for each letter (a keyboard may type a letter and its marks apart), and without signs
/// that nobody sees.
pub(super) fn plain(text: &str) -> String {
    let mut letters: Vec<char> = Vec::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{ad}' | '\u{feff}' | '\'' | '\u{2019}' => {}
            '\u{300}'..='\u{36f}' => {
                if let Some(last) = letters.last_mut() {
                    *last = with_mark(*last, letter);
                }
            }
            _ => letters.push(letter),
        }
    }
    letters.into_iter().collect()
}

/// The vowel's row and its tone's place in it.
fn vowel(letter: char) -> Option<(&'static str, usize)> {
    VOWELS.iter().find_map(|row| row.chars().position(|c| c == letter).map(|tone| (*row, tone)))
}

fn with_mark(letter: char, mark: char) -> char {
    let Some((row, tone)) = vowel(letter) else { return letter };
    if let Some(new_tone) = TONES.iter().position(|t| *t == mark) {
        return row.chars().nth(new_tone).unwrap_or(letter);
    }
    let base = row.chars().next().unwrap_or(letter);
    let shaped = SHAPES.iter().find(|(m, pair)| *m == mark && pair.starts_with(base));
    let shaped = shaped.and_then(|(_, pair)| pair.chars().nth(1));
    shaped.and_then(vowel).and_then(|(row, _)| row.chars().nth(tone)).unwrap_or(letter)
}

/// The words as somebody types them who leaves the marks out.
pub(super) fn unmarked(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'đ' => 'd',
            'ă' | 'â' => 'a',
            'ê' => 'e',
            'ô' | 'ơ' => 'o',
            'ư' => 'u',
            _ => match vowel(letter).and_then(|(row, _)| row.chars().next()) {
                Some(base) if base != letter => unmarked_base(base),
                _ => letter,
            },
        })
        .collect()
}

fn unmarked_base(base: char) -> char {
    match base {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        _ => base,
    }
}

/// Sentences of a plain text. A colon does not end one: "please do not write: your name".
pub(super) fn sentences(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(['.', '!', '?', ';', '\n', '។', '៕']).filter(|s| !s.trim().is_empty())
}

/// Words of a plain sentence, without punctuation.
pub(super) fn words(sentence: &str) -> Vec<&str> {
    sentence.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_typed_apart_from_their_marks_are_the_same_letters() {
        assert_eq!(plain("Ho\u{323} te\u{302}n"), "họ tên");
        assert_eq!(plain("đie\u{302}\u{323}n thoa\u{323}i"), "điện thoại");
        assert_eq!(plain("nga\u{300}y, u\u{31b}\u{301}ng, a\u{306}\u{301}"), "ngày, ứng, ắ");
    }

    #[test]
    fn unseen_signs_do_not_part_a_word() {
        assert_eq!(plain("số\u{200b} điện\u{ad} thoại"), "số điện thoại");
    }

    #[test]
    fn marks_can_be_left_out() {
        assert_eq!(unmarked("số điện thoại của ông/bà, ưỡn"), "so dien thoai cua ong/ba, uon");
    }
}
