//! The one rounding: half up, at output. Printed values are whole numbers of hundredths, not floats.

use std::{fmt, ops::Sub, str::FromStr};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed as _, ToPrimitive as _};

/// A printed value with two decimals, held as a whole number of hundredths: `84.45` is 8445.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(i64);

impl Hundredths {
    /// So many hundredths.
    #[must_use]
    pub fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// How many hundredths.
    #[must_use]
    pub fn number(self) -> i64 {
        self.0
    }

    /// An exact value, rounded half up (towards plus infinity).
    #[must_use]
    pub fn rounded(value: &BigRational) -> Self {
        Self(half_up(value, 100).to_i64().unwrap_or(i64::MAX))
    }

    /// A computed value (an interval's end), rounded half up.
    #[must_use]
    pub fn of_float(value: f64) -> Self {
        Self((value * 100.0 + 0.5).floor().to_i64().unwrap_or(0))
    }

    /// The nearest double: its shortest decimal form is the value itself.
    #[must_use]
    pub fn to_float(self) -> f64 {
        self.0.to_f64().unwrap_or(0.0) / 100.0
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

/// Differences between periods are made from printed values, as the published ones are.
impl Sub for Hundredths {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Not a number with exactly two decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a number with two decimals, such as 84.45")]
pub struct HundredthsError(String);

impl FromStr for Hundredths {
    type Err = HundredthsError;

    fn from_str(text: &str) -> Result<Self, HundredthsError> {
        let fault = || HundredthsError(text.to_owned());
        let (whole, cents) = text.split_once('.').ok_or_else(fault)?;
        let digits = whole.strip_prefix('-').unwrap_or(whole);
        let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if cents.len() != 2 || !plain(cents) || !plain(digits) {
            return Err(fault());
        }
        let number: i64 = format!("{digits}{cents}").parse().ok().ok_or_else(fault)?;
        Ok(Self(if whole.starts_with('-') { -number } else { number }))
    }
}

/// How many decimals a place shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// `84`
    Whole,
    /// `84.5`
    OneDecimal,
    /// `84.45`, as files and the API print it.
    TwoDecimals,
}

impl Precision {
    /// What a page shows beside so many valid answers: whole percent below 100, one decimal from there.
    #[must_use]
    pub fn of_page(n: u64) -> Self {
        if n < 100 { Self::Whole } else { Self::OneDecimal }
    }

    /// An exact value as text, rounded half up once.
    #[must_use]
    pub fn print(self, value: &BigRational) -> String {
        self.text(half_up(value, self.scale()).to_i64().unwrap_or(i64::MAX))
    }

    /// A computed value (an interval's end) as text, rounded half up once.
    #[must_use]
    pub fn print_float(self, value: f64) -> String {
        let scale = f64::from(self.scale());
        self.text((value * scale + 0.5).floor().to_i64().unwrap_or(0))
    }

    fn scale(self) -> u32 {
        match self {
            Self::Whole => 1,
            Self::OneDecimal => 10,
            Self::TwoDecimals => 100,
        }
    }

    fn text(self, number: i64) -> String {
        match self {
            Self::Whole => number.to_string(),
            Self::OneDecimal => {
                let sign = if number < 0 { "-" } else { "" };
                format!("{sign}{}.{}", number.unsigned_abs() / 10, number.unsigned_abs() % 10)
            }
            Self::TwoDecimals => Hundredths(number).to_string(),
        }
    }
}

/// ⌊value · scale + ½⌋
fn half_up(value: &BigRational, scale: u32) -> BigInt {
    let doubled = value * BigRational::from_integer((u64::from(scale) * 2).into());
    let half = (doubled + BigRational::from_integer(1.into())) / BigRational::from_integer(2.into());
    debug_assert!(half.denom().is_positive());
    half.floor().to_integer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(a: i64, b: i64) -> BigRational {
        BigRational::new(a.into(), b.into())
    }

    #[test]
    fn a_half_is_rounded_up() {
        for (a, b, printed) in [
            (80, 1, "80.00"),
            (200, 3, "66.67"),
            (100, 3, "33.33"),
            (12_345, 1000, "12.35"), // 12.345 exactly: a float would say 12.34
            (100_005, 1000, "100.01"),
            (1, 200, "0.01"),
            (1, 201, "0.00"),
            (-1, 200, "0.00"),
            (-3, 200, "-0.01"),
        ] {
            assert_eq!(Hundredths::rounded(&ratio(a, b)).to_string(), printed, "{a}/{b}");
        }
    }

    #[test]
    fn a_page_rounds_the_exact_value_and_not_the_printed_one() {
        let value = ratio(7_944_999, 100_000); // 79.44999
        assert_eq!(Hundredths::rounded(&value).to_string(), "79.45");
        assert_eq!(Precision::of_page(100).print(&value), "79.4");
        assert_eq!(Precision::of_page(99).print(&ratio(799, 10)), "80");
        assert_eq!(Precision::TwoDecimals.print(&value), "79.45");
        assert_eq!(Precision::OneDecimal.print_float(62.68), "62.7");
    }

    #[test]
    fn differences_are_made_from_printed_values() {
        let [old, new] = ["80.08", "82.66"].map(|t| t.parse::<Hundredths>().unwrap());
        assert_eq!((new - old).to_string(), "2.58");
        assert_eq!((old - new).to_string(), "-2.58");
    }

    #[test]
    fn what_has_not_two_decimals_is_refused() {
        for text in ["", "84", "84.4", "84.455", "84,45", ".45", "-.45", "+1.00", "8 4.45"] {
            assert!(text.parse::<Hundredths>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn rounding_is_half_up(a in -1_000_000_i64..1_000_000, b in 1_i64..10_000) {
            let exact = ratio(a, b);
            let printed = ratio(Hundredths::rounded(&exact).number(), 100);
            let off = printed - exact;
            prop_assert!(off > ratio(-1, 200) && off <= ratio(1, 200));
        }

        #[test]
        fn hundredths_read_back(number in -1_000_000_i64..1_000_000) {
            let value = Hundredths::from_number(number);
            prop_assert_eq!(value.to_string().parse::<Hundredths>(), Ok(value));
            prop_assert_eq!(Hundredths::of_float(value.to_float()), value);
        }
    }
}
