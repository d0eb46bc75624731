//! What of the counts may not be shown: the same cells that the scores of the same months hide. Else the counts
//! of all others would give away what a score hides.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    domain::{
        catalogue::Catalogue,
        disclosure::{Flag, Thresholds},
        form::{Form, NodeKind},
        ids::{FormId, Language, UnitCode},
        origin::Origin,
        period::Period,
        response::Class,
        unit::UnitTree,
    },
    http::figures,
    report::{
        score_table::{Posters, ScoreRow, TableRequest},
        selection::{Follow, Reach, Slices, Units, Viewer, Wish},
    },
    storage::{Db, StorageError, inbox::Place},
};

/// A unit's month of one form series and class.
type Cell = (UnitCode, FormId, u16, Period, Class);

/// The nodes of every cell that the scores have, and why each is hidden.
#[derive(Default)]
pub(super) struct Hidden(BTreeMap<Cell, BTreeMap<String, Option<Flag>>>);

/// Whose counts are asked for.
pub(super) struct Asked {
    pub(super) forms: Arc<Catalogue>,
    pub(super) units: Arc<UnitTree>,
    pub(super) viewer: Viewer,
    pub(super) thresholds: Thresholds,
    pub(super) unit: Option<UnitCode>,
    pub(super) subtree: bool,
    pub(super) period: Period,
    pub(super) classes: Vec<Class>,
}

impl Hidden {
    /// Makes the scores of the same months, and keeps what they hide.
    pub(super) fn of(db: &mut Db, asked: &Asked) -> Result<Self, StorageError> {
        let mut hidden = Self::default();
        for class in &asked.classes {
            let posters = match class {
                Class::Main => Posters::Without,
                Class::Poster => Posters::Only,
            };
            let request = TableRequest {
                audience: asked.viewer.audience,
                thresholds: asked.thresholds,
                method: None,
                posters,
                origin: Origin::default(),
                language: Language::VI,
            };
            let wish = asked.wish(posters);
            // A wish is refused where the period has no closed month: then there is nothing to hide either.
            let Ok(table) = figures::table(db, &asked.forms, &asked.units, wish, &asked.viewer, &request)?
            else {
                continue;
            };
            table.rows.iter().for_each(|row| hidden.note(row, *class));
        }
        Ok(hidden)
    }

    fn note(&mut self, row: &ScoreRow, class: Class) {
        let reasons = [Flag::HiddenPrimary, Flag::HiddenComplementary];
        let reason = reasons.into_iter().find(|flag| row.has(*flag));
        let head = &row.head;
        let cell = (head.unit.clone(), head.form.clone(), head.series, head.period, class);
        self.0.entry(cell).or_default().insert(row.node.clone(), reason);
    }

    /// Why a node of a tally is hidden; `None` where it is shown. What the scores do not have is hidden too.
    pub(super) fn node(&self, form: &Form, place: &Place, node: &str) -> Option<Flag> {
        let month = Period::month(place.month);
        let cell = (place.unit.clone(), place.form.clone(), form.series, month, place.class);
        let known = self.0.get(&cell).and_then(|nodes| nodes.get(node)).copied();
        known.unwrap_or(Some(Flag::HiddenPrimary))
    }

    /// Why a whole tally is hidden: its overall is.
    pub(super) fn whole(&self, form: &Form, place: &Place) -> Option<Flag> {
        let overall = form.nodes().iter().find(|node| node.kind == NodeKind::Overall)?;
        self.node(form, place, &overall.slug)
    }
}

impl Asked {
    fn wish(&self, posters: Posters) -> Wish {
        Wish {
            unit: self.unit.clone(),
            reach: if self.subtree { Reach::Subtree } else { Reach::Own },
            follow: Follow::No,
            period: self.period,
            slices: Slices::Months,
            units: Units::Each,
            // Of all forms: two series of one form in a month are two cells here, not a fault.
            form: None,
            posters,
            grouping: None,
        }
    }
}
