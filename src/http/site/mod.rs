//! Pages: what each address does. How a page looks is in [`crate::http::pages`].

pub mod problem_page;

use crate::domain::{
    ids::{FormId, UnitCode},
    unit::UnitTree,
};

/// The form of units that name none.
const USUAL_FORM: &str = "one-stop-short";

/// The form that a unit's receipts and posters lead to.
pub(super) fn form_for(units: &UnitTree, unit: &UnitCode) -> Option<FormId> {
    units.form_of(unit).cloned().or_else(|| USUAL_FORM.parse().ok())
}
