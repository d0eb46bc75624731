//! Codes of receipts: alphabet, check character, states.
//!
//! A code is ten random characters of Crockford's alphabet (no I, L, O, U) and one check character: a weighted
//! sum over GF(32) with distinct weights, so that every single slip and every swap of neighbours is found
//! before anything is looked up. The code itself is never stored and never logged.

use std::{fmt, str::FromStr};

use super::period::Day;

/// Crockford's 32 letters, in the order of their values.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random characters of a code; one check character follows.
const RANDOM: usize = 10;
/// All characters of a code.
const LENGTH: usize = RANDOM + 1;

/// The code on a receipt, canonical: eleven characters, upper case. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode([u8; LENGTH]);

/// Why a text is no code. Never carries the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Another number of characters.
    #[error("a code has 11 characters, this has {0}")]
    Length(usize),
    /// A character that no code has, at this place (from 1).
    #[error("character {0} is not used in codes")]
    Alphabet(usize),
    /// A slip: the check character does not fit.
    #[error("there is a slip in the code")]
    Check,
}

impl ReceiptCode {
    /// The code made of these random bits (the lowest 50 are used, so every code is equally likely).
    #[must_use]
    pub fn from_random(bits: u64) -> Self {
        let mut values = [0_u8; LENGTH];
        for (index, value) in values.iter_mut().take(RANDOM).enumerate() {
            *value = u8::try_from((bits >> (5 * index)) & 31).unwrap_or(0);
        }
        values[RANDOM] = check_value(&values);
        Self(values.map(letter))
    }

    /// The canonical text: what is hashed and what stands in a URL.
    #[must_use]
    pub fn compact(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in self.compact().chars().enumerate() {
            if index == 4 || index == 8 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(…)")
    }
}

impl FromStr for ReceiptCode {
    type Err = CodeError;

    /// Forgives case, dashes, spaces and the slips O for 0, I and L for 1; takes a whole address too, with or
    /// without its query.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let typed = text.split(['?', '#']).next().unwrap_or_default().trim().trim_end_matches('/');
        let typed = typed.rsplit('/').next().unwrap_or(typed);
        let characters: Vec<char> = typed.chars().filter(|c| !is_separator(*c)).collect();
        let mut values = [0_u8; LENGTH];
        for (index, character) in characters.iter().enumerate() {
            let value = value_of(*character).ok_or(CodeError::Alphabet(index + 1))?;
            if let Some(slot) = values.get_mut(index) {
                *slot = value;
            }
        }
        if characters.len() != LENGTH {
            return Err(CodeError::Length(characters.len()));
        }
        if weighted_sum(&values) != 0 {
            return Err(CodeError::Check);
        }
        Ok(Self(values.map(letter)))
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{200B}')
}

fn letter(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

fn value_of(character: char) -> Option<u8> {
    // Keyboards of East Asia write full-width letters and digits, Khmer ones Khmer digits.
    let narrow = match u32::from(character) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
        khmer @ 0x17E0..=0x17E9 => char::from_digit(khmer - 0x17E0, 10)?,
        _ => character,
    };
    let forgiven = match narrow.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let byte = u8::try_from(forgiven).ok()?;
    ALPHABET.iter().position(|letter| *letter == byte).and_then(|index| u8::try_from(index).ok())
}

/// Product in GF(32), modulo x⁵ + x² + 1.
fn times(a: u8, b: u8) -> u8 {
    let mut product = 0_u8;
    let mut factor = a;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= factor;
        }
        factor <<= 1;
        if factor & 0b10_0000 != 0 {
            factor ^= 0b10_0101;
        }
    }
    product
}

/// Σ αⁱ·vᵢ with α = x, counted from the check character (weight 1): eleven distinct weights.
fn weighted_sum(values: &[u8; LENGTH]) -> u8 {
    values.iter().fold(0, |sum, value| times(sum, 2) ^ value)
}

/// The value that makes the weighted sum zero; the place of the check character is ignored.
fn check_value(values: &[u8; LENGTH]) -> u8 {
    let mut open = *values;
    open[RANDOM] = 0;
    weighted_sum(&open)
}

/// The keyed hash of a receipt's code: all that the database holds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeHash(pub [u8; 32]);

/// State of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReceiptState {
    /// May be used.
    Issued,
    /// Spent.
    Used,
    /// Too late.
    Expired,
    /// Taken back.
    Void,
    /// A reprint took its place.
    Replaced,
}

impl ReceiptState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Issued, Self::Used, Self::Expired, Self::Void, Self::Replaced];

    /// As the API, the CSV and files write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Void => "void",
            Self::Replaced => "replaced",
        }
    }
}

/// The state of a receipt on a day: an issued one expires by itself after its last day.
#[must_use]
pub fn state_on(stored: ReceiptState, expires: Day, today: Day) -> ReceiptState {
    match stored {
        ReceiptState::Issued if today > expires => ReceiptState::Expired,
        state => state,
    }
}

/// Receipts of one unit and service field, in this and the last month, from which on answers keep the field.
pub const FIELD_KEPT_FROM: u64 = 10;

/// Whether an answer by receipt keeps its service field, so that the field tells nobody apart.
#[must_use]
pub fn service_field_kept(issued_this_and_last_month: u64) -> bool {
    issued_this_and_last_month >= FIELD_KEPT_FROM
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_khmer(digit: char) -> Option<char> {
        char::from_u32(0x17E0 + digit.to_digit(10)?)
    }

    fn some_codes() -> impl Iterator<Item = ReceiptCode> {
        let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
        (0..200).map(move |_| {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ReceiptCode::from_random(bits >> 8)
        })
    }

    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_found() {
        for code in some_codes() {
            let right = code.compact().as_bytes();
            for place in 0..LENGTH {
                for letter in ALPHABET {
                    let mut slip = right.to_vec();
                    slip[place] = *letter;
                    let read = String::from_utf8(slip.clone()).unwrap().parse::<ReceiptCode>();
                    assert_eq!(read.is_ok(), slip == right);
                }
            }
            for place in 0..LENGTH - 1 {
                let mut swapped = right.to_vec();
                swapped.swap(place, place + 1);
                let read = String::from_utf8(swapped.clone()).unwrap().parse::<ReceiptCode>();
                assert_eq!(read.is_ok(), swapped == right);
            }
        }
    }

    #[test]
    fn people_may_write_a_code_as_they_like() {
        for code in some_codes() {
            let printed = code.to_string();
            assert_eq!(printed.len(), 13);
            let slips = printed.replace('0', "o").replace('1', "l").to_lowercase();
            let address = format!("https://sipas.example.vn/R/{}", code.compact());
            let spaced = printed.replace('-', " – ");
            let wide: String =
                code.compact().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0)).collect();
            let opened = format!("{address}/?lang=km#top");
            let khmer: String = code.compact().chars().map(|c| in_khmer(c).unwrap_or(c)).collect();
            for typed in [printed, slips, address, opened, spaced, wide, khmer] {
                assert_eq!(typed.parse::<ReceiptCode>().as_ref(), Ok(&code), "{typed}");
            }
        }
    }

    #[test]
    fn what_is_no_code_says_why_and_never_shows_itself() {
        assert_eq!("ABC".parse::<ReceiptCode>(), Err(CodeError::Length(3)));
        assert_eq!("ABCDEFGHJKM*".parse::<ReceiptCode>(), Err(CodeError::Alphabet(12)));
        assert_eq!("UUUUUUUUUUU".parse::<ReceiptCode>(), Err(CodeError::Alphabet(1)));
        assert_eq!("".parse::<ReceiptCode>(), Err(CodeError::Length(0)));
        let code = ReceiptCode::from_random(12345);
        assert!(!format!("{code:?}").contains(code.compact()));
    }

    #[test]
    fn the_last_day_still_counts() {
        let (expires, next) = (Day::from_number(100), Day::from_number(101));
        assert_eq!(state_on(ReceiptState::Issued, expires, expires), ReceiptState::Issued);
        assert_eq!(state_on(ReceiptState::Issued, expires, next), ReceiptState::Expired);
        assert_eq!(state_on(ReceiptState::Used, expires, next), ReceiptState::Used);
    }
}
