//! A change to a unit as one line of a dry run.

use std::fmt;

use super::UnitChange;
use crate::domain::{
    ids::{Language, UnitCode},
    period::Day,
};

impl fmt::Display for UnitChange {
    /// One line of a dry run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _) = self.after.name(Language::VI);
        let code = &self.after.code;
        let Some(before) = &self.before else {
            write!(f, "+ {code}  {name} ({}", self.after.kind.as_str())?;
            if let Some(parent) = &self.after.parent {
                write!(f, " in {parent}")?;
            }
            write!(f, ") from {}", self.after.valid_from)?;
            return self.ending(f, None, &[]);
        };
        write!(f, "~ {code}  {name}")?;
        for (language, name) in &self.after.names {
            let old = before.names.get(language).map_or("", String::as_str);
            if old != name {
                write!(f, "; {language}: {old:?} -> {name:?}")?;
            }
        }
        if let (true, Some(form)) = (before.form != self.after.form, &self.after.form) {
            write!(f, "; form {form}")?;
        }
        self.ending(f, before.valid_to, &before.successors)
    }
}

impl UnitChange {
    /// How the unit ends, where it did not end so before.
    fn ending(&self, f: &mut fmt::Formatter<'_>, last: Option<Day>, successors: &[UnitCode]) -> fmt::Result {
        if let Some(day) = self.after.valid_to.filter(|day| Some(*day) != last) {
            write!(f, "; closed after {day}")?;
        }
        if successors != self.after.successors {
            let codes: Vec<&str> = self.after.successors.iter().map(UnitCode::as_str).collect();
            write!(f, "; followed by {}", codes.join(", "))?;
        }
        Ok(())
    }
}
