//! Which figures a reader gets: units, slices of time, groups and series, from stored tallies.
//!
//! One function decides this for the API, the pages and `sipas export`: [`plan`] says which rows to load, and
//! [`Plan::figures`] adds them up. Who may see what is decided here as well: the public sees closed months alone,
//! in the shapes month, quarter and year; breakdowns and posters exist for closed months alone.

mod entries;
mod slices;
mod sums;
mod units;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use self::slices::Slices;
use self::{
    sums::{Sum, mark_breaks},
    units::Scope,
};
use super::score_table::{Posters, TableError};
use crate::domain::{
    access::Area,
    catalogue::Catalogue,
    disclosure::Audience,
    form::Form,
    grouping::Grouping,
    ids::{FormId, UnitCode},
    period::{Month, Period},
    response::Class,
    tally::Tally,
    unit::UnitTree,
};

/// Whether a unit stands for itself or for everything below it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Its own answers.
    #[default]
    Own,
    /// Its own and those of all units below it.
    Subtree,
}

/// Whether old units are read under their successors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Follow {
    /// A result stays with the unit of its day.
    #[default]
    No,
    /// Whole mergers add to the unit they became; a split stands beside its successors.
    Successors,
}

/// Whether each unit has figures of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Units {
    /// One figure for the unit that was asked for; each unit where none was.
    #[default]
    Together,
    /// Each unit that has answers of its own.
    Each,
}

/// What a reader asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// A unit; none: each unit that has answers of its own.
    pub unit: Option<UnitCode>,
    /// The unit alone, or with everything below it.
    pub reach: Reach,
    /// Whether old units are read under their successors.
    pub follow: Follow,
    /// The months.
    pub period: Period,
    /// How they are cut.
    pub slices: Slices,
    /// Whether each unit has figures of its own.
    pub units: Units,
    /// A form; none: each series of each form.
    pub form: Option<FormId>,
    /// Posters.
    pub posters: Posters,
    /// A breakdown: `channel`, `service_field`, `language`, `assisted`, `flagged`, or a respondent question.
    pub grouping: Option<String>,
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Which thresholds hold.
    pub audience: Audience,
    /// The part of the tree that they may see.
    pub area: Area,
}

/// Why a wish cannot be fulfilled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// There is no such unit.
    #[error("there is no unit {0}")]
    UnknownUnit(UnitCode),
    /// The unit lies outside what the reader may see.
    #[error("the unit {0} lies outside what you may see")]
    Outside(UnitCode),
    /// There is no such form.
    #[error("there is no form {form}; there are: {allowed}")]
    UnknownForm {
        /// What was asked for.
        form: FormId,
        /// The ids that there are.
        allowed: String,
    },
    /// No form has such a grouping.
    #[error("there is no grouping {grouping:?}; there are: {allowed}")]
    UnknownGrouping {
        /// What was asked for.
        grouping: String,
        /// The groupings that there are.
        allowed: String,
    },
    /// The public sees months, quarters and years.
    #[error("only months, quarters and years are public")]
    Shape,
    /// Breakdowns and posters are shown for closed months, and the period has none.
    #[error("breakdowns and posters are shown for closed months; {0} has none")]
    ClosedOnly(Period),
    /// The method does not fit a form.
    #[error(transparent)]
    Method(#[from] TableError),
    /// One figure would pool questionnaires that cannot be compared.
    #[error(
        "{unit}, {period}: one figure would need the series {series}; cut the period finer, or leave the form out"
    )]
    TwoSeries {
        /// Of which unit.
        unit: UnitCode,
        /// In which slice.
        period: Period,
        /// Form and first version of each series.
        series: String,
    },
}

/// A stored tally, or a part of one in a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The unit.
    pub unit: UnitCode,
    /// The form.
    pub form: FormId,
    /// Its version.
    pub version: u16,
    /// The month.
    pub month: Month,
    /// The class.
    pub class: Class,
    /// The group, in a breakdown.
    pub group: Option<String>,
    /// The counts.
    pub tally: Tally,
}

/// One figure: everything that becomes the rows of one unit, slice, series and group.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The months that it is about; where the end of the wanted ones is not closed, those that are.
    pub period: Period,
    /// The unit.
    pub unit: UnitCode,
    /// The newest version of the form in it.
    pub form: Arc<Form>,
    /// All versions in it, ascending.
    pub versions: BTreeSet<u16>,
    /// The group, in a breakdown.
    pub group: Option<String>,
    /// The counts.
    pub tally: Tally,
    /// Whether a month of it still takes answers.
    pub openness: Openness,
    /// Whether it can be compared with what came before.
    pub continuity: Continuity,
}

/// Whether figures may still move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// All its months are closed.
    Closed,
    /// A month of it still takes answers.
    Open,
}

/// Whether a figure can be compared with what came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// Nothing changed.
    Same,
    /// What was asked or who was served changed within or just before it.
    Break,
}

/// What may be loaded for a wish.
pub struct Plan<'a> {
    wish: Wish,
    units: &'a UnitTree,
    forms: &'a Catalogue,
    closed: &'a BTreeSet<Month>,
    scope: Scope<'a>,
    months: Months,
}

/// Which months a plan may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Months {
    All,
    Closed,
}

/// The classes of tallies that count.
#[must_use]
pub fn classes(posters: Posters) -> &'static [Class] {
    match posters {
        Posters::Without => &[Class::Main],
        Posters::With => &Class::ALL,
        Posters::Only => &[Class::Poster],
    }
}

/// Checks a wish.
///
/// # Errors
/// Why it cannot be fulfilled.
pub fn plan<'a>(
    wish: Wish,
    viewer: &Viewer,
    units: &'a UnitTree,
    forms: &'a Catalogue,
    closed: &'a BTreeSet<Month>,
) -> Result<Plan<'a>, SelectionError> {
    check_names(&wish, forms)?;
    let scope = Scope::new(units, &wish, viewer)?;
    let public = viewer.audience == Audience::Public;
    if public && !slices::is_public(wish.period) {
        return Err(SelectionError::Shape);
    }
    let closed_only = wish.grouping.is_some() || wish.posters != Posters::Without;
    if closed_only && !public && !wish.period.months().any(|month| closed.contains(&month)) {
        return Err(SelectionError::ClosedOnly(wish.period));
    }
    let months = if public || closed_only { Months::Closed } else { Months::All };
    Ok(Plan { wish, units, forms, closed, scope, months })
}

fn check_names(wish: &Wish, forms: &Catalogue) -> Result<(), SelectionError> {
    if let Some(form) = wish.form.as_ref().filter(|form| forms.newest(form).is_none()) {
        return Err(SelectionError::UnknownForm { form: form.clone(), allowed: forms.ids() });
    }
    let Some(grouping) = &wish.grouping else { return Ok(()) };
    let asked = forms.all().filter(|f| wish.form.as_ref().is_none_or(|id| *id == f.id));
    let names: BTreeSet<String> =
        asked.flat_map(|form| Grouping::all(form).into_iter().map(|g| g.name(form).to_owned())).collect();
    if names.contains(grouping) {
        return Ok(());
    }
    let allowed: Vec<String> = names.into_iter().collect();
    Err(SelectionError::UnknownGrouping { grouping: grouping.clone(), allowed: allowed.join(", ") })
}

/// Where a row belongs.
type Key = (UnitCode, FormId, u16, Option<String>, usize);

impl Plan<'_> {
    /// The same plan with another choice of posters, over closed months alone.
    #[must_use]
    pub fn with_posters(&self, posters: Posters) -> Self {
        let wish = Wish { posters, ..self.wish.clone() };
        Self { wish, scope: self.scope.clone(), months: Months::Closed, ..*self }
    }

    /// What was asked for.
    #[must_use]
    pub fn wish(&self) -> &Wish {
        &self.wish
    }

    /// The units whose rows are needed; `None`: of all. These are also the neighbours of those that were asked
    /// for: what is hidden of one depends on the others and on their sums, whichever of them is looked at.
    #[must_use]
    pub fn units(&self) -> Option<Vec<UnitCode>> {
        let wanted = self.scope.wanted()?;
        let top = |code: &UnitCode| self.units.ancestors(code).last().map_or(code, |unit| &unit.code).clone();
        let tops: BTreeSet<UnitCode> = wanted.iter().map(top).collect();
        let all = self.units.all().map(|unit| unit.code.clone());
        Some(all.filter(|code| tops.contains(&top(code))).collect())
    }

    /// Adds the rows up: by unit, form, series, group and slice.
    ///
    /// # Errors
    /// [`SelectionError::TwoSeries`] where a form was asked for and one figure would pool two series of it.
    pub fn figures(&self, rows: &[Row]) -> Result<Vec<Figure>, SelectionError> {
        let slices = self.wish.slices.of(self.wish.period);
        let sums = self.sums(rows, &slices, &self.scope);
        self.check_series(&sums, &slices)?;
        let mut figures = self.to_figures(rows, sums, &slices);
        mark_breaks(&mut figures);
        Ok(figures)
    }

    /// The figure of every single unit among the rows, whoever may see it: what hiding must know.
    fn neighbours(&self, rows: &[Row]) -> Vec<Figure> {
        let slices = self.wish.slices.of(self.wish.period);
        let sums = self.sums(rows, &slices, &self.scope.of_everybody());
        self.to_figures(rows, sums, &slices)
    }

    fn sums(&self, rows: &[Row], slices: &[Period], scope: &Scope<'_>) -> BTreeMap<Key, Sum> {
        let last = self.last_closed(rows);
        let mut by_key: BTreeMap<Key, Sum> = BTreeMap::new();
        for row in rows.iter().filter(|row| classes(self.wish.posters).contains(&row.class)) {
            let Some(slice) = slices.iter().position(|slice| slice.contains(row.month)) else { continue };
            if self.months == Months::Closed && last.is_none_or(|last| row.month > last) {
                continue;
            }
            let Some(form) = self.forms.get(&row.form, row.version) else { continue };
            let Some(unit) = scope.label(&row.unit) else { continue };
            let key = (unit, row.form.clone(), form.series, row.group.clone(), slice);
            by_key.entry(key).or_insert_with(|| Sum::new(form)).add(form, row, self.closed);
        }
        by_key
    }

    fn to_figures(&self, rows: &[Row], sums: BTreeMap<Key, Sum>, slices: &[Period]) -> Vec<Figure> {
        let last = self.last_closed(rows);
        let figure = |((unit, _, _, group, slice), sum): (Key, Sum)| {
            let period = self.shown(*slices.get(slice)?, last);
            let continuity = self.scope.continuity(self.units, &unit, period);
            Some(sum.figure(unit, period, group, continuity))
        };
        sums.into_iter().filter_map(figure).collect()
    }

    /// The last month up to which everything is closed: a month without answers is never closed and hides
    /// nothing, one with answers that is open ends what may be shown.
    fn last_closed(&self, rows: &[Row]) -> Option<Month> {
        let open = rows.iter().map(|row| row.month).filter(|month| !self.closed.contains(month)).min();
        let closed = self.closed.iter().copied().filter(|month| self.wish.period.contains(*month));
        closed.filter(|month| open.is_none_or(|open| *month < open)).max()
    }

    /// The slice, or where its end is not closed, the months of it that are.
    fn shown(&self, slice: Period, last: Option<Month>) -> Period {
        match (self.months, last) {
            (Months::Closed, Some(last)) if last < slice.last() => {
                Period::range(slice.first(), last).unwrap_or(slice)
            }
            (Months::Closed | Months::All, _) => slice,
        }
    }

    fn check_series(&self, by_key: &BTreeMap<Key, Sum>, slices: &[Period]) -> Result<(), SelectionError> {
        let Some(form) = &self.wish.form else { return Ok(()) };
        let mut series: BTreeMap<(&UnitCode, &Option<String>, usize), BTreeSet<u16>> = BTreeMap::new();
        for (unit, _, first, group, slice) in by_key.keys() {
            series.entry((unit, group, *slice)).or_default().insert(*first);
        }
        let Some(((unit, _, slice), several)) = series.into_iter().find(|(_, s)| s.len() > 1) else {
            return Ok(());
        };
        let names: Vec<String> = several.iter().map(|first| format!("{form} {first}")).collect();
        Err(SelectionError::TwoSeries {
            unit: unit.clone(),
            period: slices.get(slice).copied().unwrap_or(self.wish.period),
            series: names.join(", "),
        })
    }
}

#[cfg(test)]
mod tests;
