//! Adding rows up, and noticing where a series breaks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Continuity, Figure, Openness, Row};
use crate::domain::{
    form::Form,
    ids::{FormId, UnitCode},
    period::{Month, Period},
    tally::Tally,
};

/// Rows that become one figure.
pub(super) struct Sum {
    form: Arc<Form>,
    versions: BTreeSet<u16>,
    tally: Tally,
    openness: Openness,
}

impl Sum {
    pub(super) fn new(form: &Arc<Form>) -> Self {
        let openness = Openness::Closed;
        Self { form: Arc::clone(form), versions: BTreeSet::new(), tally: Tally::empty(form), openness }
    }

    pub(super) fn add(&mut self, form: &Arc<Form>, row: &Row, closed: &BTreeSet<Month>) {
        if form.version > self.form.version {
            self.form = Arc::clone(form);
        }
        self.versions.insert(row.version);
        self.tally.merge(&row.tally);
        if !closed.contains(&row.month) {
            self.openness = Openness::Open;
        }
    }

    pub(super) fn figure(
        self,
        unit: UnitCode,
        period: Period,
        group: Option<String>,
        continuity: Continuity,
    ) -> Figure {
        let Self { form, versions, tally, openness } = self;
        Figure { period, unit, form, versions, group, tally, openness, continuity }
    }
}

/// A line of figures over time: unit, form and group.
type Line = (UnitCode, FormId, Option<String>);

/// Marks the figures whose form began another series than the slice before had, or that share a slice with one.
pub(super) fn mark_breaks(figures: &mut [Figure]) {
    let mut before: BTreeMap<Line, BTreeSet<(Period, u16)>> = BTreeMap::new();
    for figure in figures.iter() {
        let key = (figure.unit.clone(), figure.form.id.clone(), figure.group.clone());
        before.entry(key).or_default().insert((figure.period, figure.form.series));
    }
    for figure in figures {
        let key = (figure.unit.clone(), figure.form.id.clone(), figure.group.clone());
        let mut earlier = before.get(&key).into_iter().flatten();
        let here = (figure.period, figure.form.series);
        let last = earlier.rfind(|before| **before < here);
        if last.is_some_and(|(_, series)| *series != figure.form.series) {
            figure.continuity = Continuity::Break;
        }
    }
}
