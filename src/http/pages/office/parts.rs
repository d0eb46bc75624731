//! What several pages of the offices show alike: units to choose from, faults, days.

use super::{super::words::Words, field::Faults};
use crate::domain::{ids::UnitCode, period::Day, unit::UnitTree};

/// A unit that can be chosen.
pub(super) struct UnitChoice {
    pub(super) code: String,
    /// Its name, behind as many dashes as there are units above it.
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// Units to choose from; the one that was chosen stays chosen.
pub(super) fn choices(words: Words, units: &UnitTree, codes: &[UnitCode], chosen: &str) -> Vec<UnitChoice> {
    let choice = |code: &UnitCode| UnitChoice {
        code: code.to_string(),
        label: format!("{}{}", "– ".repeat(units.depth(code)), unit_name(words, units, code.as_str())),
        chosen: code.as_str() == chosen,
    };
    codes.iter().map(choice).collect()
}

/// The name of a unit; its code where it is not known any more.
pub(super) fn unit_name(words: Words, units: &UnitTree, code: &str) -> String {
    let unit = code.parse().ok().and_then(|code: UnitCode| units.get(&code));
    unit.map_or_else(|| code.to_owned(), |unit| unit.name(words.language()).0.to_owned())
}

/// A day that may be missing, as its readers write it.
pub(super) fn day_text(words: Words, day: Option<Day>) -> String {
    day.map(|day| words.day(day)).unwrap_or_default()
}

/// One fault as a page shows it.
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) text: String,
}

/// Faults in the words of the page.
pub(super) struct FaultList(Vec<Fault>);

impl FaultList {
    pub(super) fn new(words: Words, faults: &Faults) -> Self {
        Self(faults.lines(words).map(|(field, text)| Fault { field, text }).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn all(&self) -> &[Fault] {
        &self.0
    }

    /// What is wrong with a field; empty where nothing is.
    pub(super) fn at(&self, field: &str) -> &str {
        self.0.iter().find(|fault| fault.field == field).map_or("", |fault| &fault.text)
    }
}
