//! A poster of a unit, A4 or A3: who asks, the question in both languages, a symbol that is read from two steps away.

use std::{fmt, str::FromStr};

use super::{
    Both, PrintError,
    column::{Column, QUIET},
    page::{Align, float},
    pdf,
    text::Weight::{Bold, Regular},
};
use crate::report::qr;

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 210 x 297 mm.
    A4,
    /// 297 x 420 mm.
    A3,
}

impl Size {
    /// Every size.
    pub const ALL: [Self; 2] = [Self::A4, Self::A3];

    /// As addresses and the command line write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A4 => "a4",
            Self::A3 => "a3",
        }
    }

    /// Width, height, and how much larger than A4 everything is.
    fn measures(self) -> (f32, f32, f32) {
        match self {
            Self::A4 => (210.0, 297.0, 1.0),
            Self::A3 => (297.0, 420.0, 1.414),
        }
    }
}

/// No such size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a poster is a4 or a3")]
pub struct SizeError;

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        Self::ALL.into_iter().find(|size| size.as_str() == text).ok_or(SizeError)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a poster says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Poster {
    /// Who runs the service; may be empty.
    pub organisation: String,
    /// The unit.
    pub unit: Both,
    /// The question.
    pub question: Both,
    /// How to answer it.
    pub scan: Both,
    /// What is promised.
    pub promise: Both,
    /// That the figures are made up; empty where they are not.
    pub demo: String,
    /// The address of its form, `https://sipas.example.vn/u/tra-cu`.
    pub address: String,
}

/// The poster as PDF.
///
/// # Errors
/// Where the address does not fit into a symbol.
pub fn poster(poster: &Poster, size: Size) -> Result<Vec<u8>, PrintError> {
    let (width, height, scale) = size.measures();
    let symbol = qr::poster(&poster.address)?;
    let mut column = Column::new(width, height, 18.0 * scale);
    if !poster.organisation.is_empty() {
        column.text(Align::Middle, 6.0 * scale, Regular, &poster.organisation);
    }
    column.text(Align::Middle, 9.0 * scale, Bold, &poster.unit.vi);
    if poster.unit.km != poster.unit.vi {
        column.text(Align::Middle, 6.5 * scale, Regular, &poster.unit.km);
    }
    column.gap(2.0 * scale);
    column.rule(30.0 * scale, 0.8 * scale);
    column.gap(6.0 * scale);
    column.text(Align::Middle, 13.0 * scale, Bold, &poster.question.vi);
    column.text(Align::Middle, 10.0 * scale, Regular, &poster.question.km);
    // 120 mm on A4, the white around it included.
    let module = 120.0 * scale / (float(symbol.width()) + 2.0 * QUIET);
    column.symbol(module, symbol);
    column.text(Align::Middle, 6.0 * scale, Regular, &poster.scan.vi);
    column.text(Align::Middle, 6.0 * scale, Regular, &poster.scan.km);
    let shown = poster.address.split_once("://").map_or(poster.address.as_str(), |(_, rest)| rest);
    column.one_line(7.0 * scale, Bold, shown);
    column.gap(4.0 * scale);
    column.text(Align::Middle, 5.0 * scale, Regular, &poster.promise.vi);
    column.text(Align::Middle, 5.0 * scale, Regular, &poster.promise.km);
    if !poster.demo.is_empty() {
        column.text(Align::Middle, 5.0 * scale, Bold, &poster.demo);
    }
    pdf::write(&[column.page()])
}
