//! Which units, months and form a list is about.

use crate::{
    domain::{
        access::Area,
        ids::{FormId, UnitCode},
        period::Period,
        unit::UnitTree,
    },
    http::{
        extract::{caller::check_covers, query::Query},
        problem::{ApiError, FieldFault},
        state::AppState,
    },
};

/// Units, months and form.
#[derive(Debug, Clone)]
pub(super) struct PlaceQuery {
    /// A unit; none: all of the caller's.
    pub(super) unit: Option<UnitCode>,
    /// Whether everything below it belongs to it.
    pub(super) subtree: bool,
    /// The months.
    pub(super) period: Period,
    /// The form; none: all.
    pub(super) form: Option<FormId>,
}

/// Reads `unit`, `subtree`, `period` and `form`, and whether there are such.
pub(super) fn read(query: &mut Query, state: &AppState) -> PlaceQuery {
    let unit: Option<UnitCode> = query.parsed("unit", "a unit's code");
    if unit.as_ref().is_some_and(|unit| state.mirror.units().get(unit).is_none()) {
        query.fault(FieldFault::at("unit", "unknown_unit"));
    }
    let form: Option<FormId> = query.parsed("form", "a form's id");
    let forms = state.mirror.forms();
    if form.as_ref().is_some_and(|form| forms.newest(form).is_none()) {
        query.fault(FieldFault::at("form", "unknown_form").allowing(forms.ids()));
    }
    let this_year = Period::year(state.clock.today().month().year());
    PlaceQuery {
        unit,
        subtree: query.one_of("subtree", &[("true", true), ("false", false), ("1", true), ("0", false)])
            == Some(true),
        period: query.parsed("period", "2026, 2026-Q3, 2026-11 or 2026-03..2026-08").unwrap_or(this_year),
        form,
    }
}

impl PlaceQuery {
    /// The units that are meant, of those in the caller's area; `None`: all there are.
    ///
    /// # Errors
    /// 403 where the unit lies outside it.
    pub(super) fn units_for(&self, units: &UnitTree, area: &Area) -> Result<Option<Vec<UnitCode>>, ApiError> {
        match (&self.unit, area) {
            (Some(unit), _) => {
                check_covers(area, units, unit)?;
                Ok(Some(if self.subtree { codes(units, unit) } else { vec![unit.clone()] }))
            }
            (None, Area::Under(roots)) => {
                Ok(Some(roots.iter().flat_map(|root| codes(units, root)).collect()))
            }
            (None, Area::Everywhere) => Ok(None),
        }
    }
}

fn codes(units: &UnitTree, root: &UnitCode) -> Vec<UnitCode> {
    units.subtree(root).into_iter().map(|unit| unit.code.clone()).collect()
}
