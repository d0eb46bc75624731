//! From a wish to a table of scores, for the API, the pages and `sipas export` alike: one snapshot of the
//! database, then pure functions.

use std::collections::BTreeSet;

use crate::{
    domain::{catalogue::Catalogue, period::Month, unit::UnitTree},
    report::{
        score_table::{Posters, ScoreTable, TableRequest},
        selection::{self, Plan, Row, SelectionError, Viewer, Wish},
    },
    storage::{
        Db, StorageError,
        months::{self, MonthState},
        tallies::{self, TallyQuery, TallyRow},
    },
};

/// Loads what a wish needs and makes its table.
///
/// # Errors
/// Outside: where the database cannot be read. Inside: why the wish cannot be fulfilled.
pub fn table(
    db: &mut Db,
    forms: &Catalogue,
    units: &UnitTree,
    wish: Wish,
    viewer: &Viewer,
    request: &TableRequest,
) -> Result<Result<ScoreTable, SelectionError>, StorageError> {
    db.snapshot(|db| {
        let states = months::states(db)?.0;
        let closed = states.iter().filter(|(_, row)| row.state == MonthState::Closed);
        let closed: BTreeSet<Month> = closed.map(|(month, _)| *month).collect();
        // Each closed month of the period keeps the thresholds of its close.
        let mut request = request.clone();
        for row in wish.period.months().filter_map(|month| states.get(&month)) {
            request.thresholds = request.thresholds.stricter(&row.policy);
        }
        let plan = match selection::plan(wish, viewer, units, forms, &closed) {
            Ok(plan) => plan,
            Err(error) => return Ok(Err(error)),
        };
        let rows = rows(db, forms, &plan)?;
        let made = plan.table(&rows, &request);
        if plan.wish().posters != Posters::With {
            return Ok(made);
        }
        let Ok(mut table) = made else { return Ok(made) };
        for posters in [Posters::Without, Posters::Only] {
            match plan.with_posters(posters).table(&rows, &request) {
                Ok(part) => table.hide_with(&part),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(table))
    })
}

fn rows(db: &mut Db, forms: &Catalogue, plan: &Plan<'_>) -> Result<Vec<Row>, StorageError> {
    let wish = plan.wish();
    let query = TallyQuery {
        units: plan.units(),
        period: wish.period,
        form: wish.form.clone(),
        classes: selection::classes(wish.posters).to_vec(),
    };
    let mut rows: Vec<Row> =
        tallies::of_months(db, forms, &query)?.into_iter().map(|tally| row(None, tally)).collect();
    if let Some(grouping) = &wish.grouping {
        let groups = tallies::breakdowns(db, forms, &query, grouping)?;
        rows.extend(groups.into_iter().map(|(group, tally)| row(Some(group), tally)));
    }
    Ok(rows)
}

fn row(group: Option<String>, TallyRow { place, tally }: TallyRow) -> Row {
    Row {
        unit: place.unit,
        form: place.form,
        version: place.version,
        month: place.month,
        class: place.class,
        group,
        tally,
    }
}
