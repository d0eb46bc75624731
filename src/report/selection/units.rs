//! Which units' answers count, and under which unit's name.

use super::{Continuity, Follow, Reach, SelectionError, Units, Viewer, Wish};
use crate::domain::{
    access::Area,
    ids::UnitCode,
    period::Period,
    unit::{Followed, Unit, UnitTree},
};

/// The units of a wish, within what the viewer may see.
#[derive(Clone)]
pub(super) struct Scope<'a> {
    units: &'a UnitTree,
    unit: Option<UnitCode>,
    area: Area,
    reach: Reach,
    follow: Follow,
    each: Units,
}

impl<'a> Scope<'a> {
    /// Checks that the unit exists and may be seen.
    pub(super) fn new(units: &'a UnitTree, wish: &Wish, viewer: &Viewer) -> Result<Self, SelectionError> {
        let scope = Self {
            units,
            unit: wish.unit.clone(),
            area: viewer.area.clone(),
            reach: wish.reach,
            follow: wish.follow,
            each: wish.units,
        };
        let Some(unit) = &scope.unit else { return Ok(scope) };
        if units.get(unit).is_none() {
            return Err(SelectionError::UnknownUnit(unit.clone()));
        }
        if scope.may_see(unit) { Ok(scope) } else { Err(SelectionError::Outside(unit.clone())) }
    }

    /// Every unit by itself, read as this scope reads it.
    pub(super) fn of_everybody(&self) -> Self {
        let Self { units, follow, .. } = *self;
        Self { units, unit: None, area: Area::Everywhere, reach: Reach::Own, follow, each: Units::Each }
    }

    fn may_see(&self, unit: &UnitCode) -> bool {
        self.area.covers(self.units, unit) || self.area.covers(self.units, &self.reads_as(unit))
    }

    /// The unit under whose name a unit's results are read.
    fn reads_as(&self, unit: &UnitCode) -> UnitCode {
        match (self.follow, self.units.follow(unit)) {
            (Follow::Successors, Followed::Into(successor)) => successor,
            (Follow::Successors, Followed::Itself | Followed::Split(_)) | (Follow::No, _) => unit.clone(),
        }
    }

    /// Whether a unit was split and a part of it became (or became part of) `one`.
    fn split_into(&self, unit: &UnitCode, one: &UnitCode) -> bool {
        match (self.follow, self.units.follow(unit)) {
            (Follow::Successors, Followed::Split(parts)) => {
                parts.iter().any(|part| part == one || self.reads_as(part) == *one)
            }
            (Follow::Successors, Followed::Itself | Followed::Into(_)) | (Follow::No, _) => false,
        }
    }

    /// The units whose rows are needed; `None`: of all.
    pub(super) fn wanted(&self) -> Option<Vec<UnitCode>> {
        if self.unit.is_none() && self.area == Area::Everywhere {
            return None;
        }
        let codes = self.units.all().map(|unit| unit.code.clone());
        Some(codes.filter(|code| self.label(code).is_some()).collect())
    }

    /// The unit under whose name a row of this unit is shown, if it is shown.
    pub(super) fn label(&self, unit: &UnitCode) -> Option<UnitCode> {
        if !self.may_see(unit) {
            return None;
        }
        let name = self.reads_as(unit);
        let Some(asked) = &self.unit else { return Some(name) };
        let within = match self.reach {
            Reach::Own => name == *asked,
            Reach::Subtree => self.units.is_within(&name, asked),
        };
        if within {
            let together = self.each == Units::Together;
            return Some(if together { asked.clone() } else { name });
        }
        self.split_into(unit, asked).then_some(name)
    }

    /// Whether the unit can be compared with what came before the period.
    pub(super) fn continuity(&self, units: &UnitTree, unit: &UnitCode, period: Period) -> Continuity {
        if self.unit.as_ref().is_some_and(|asked| asked != unit && self.split_into(unit, asked)) {
            return Continuity::Break;
        }
        let Some(found) = units.get(unit) else { return Continuity::Same };
        let began = found.valid_from.month();
        let new = period.contains(began);
        let unlike = |before: &Unit| before.successors.contains(unit) && !self.is_added(before, unit);
        if new && units.all().any(unlike) { Continuity::Break } else { Continuity::Same }
    }

    /// Whether the results of an earlier unit are added to its successor's.
    fn is_added(&self, before: &Unit, unit: &UnitCode) -> bool {
        self.follow == Follow::Successors && self.reads_as(&before.code) == self.reads_as(unit)
    }
}
