//! Where a stored tally and a recount differ, cell by cell.

use super::{
    answers::Missing,
    form::{Column, ColumnKind, Form, QuestionKind},
    tally::{Tally, values_of},
};

/// One number that is not what a recount gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `responses`, `access.ease level_4`, `sex female`, `overall people`, ...
    pub cell: String,
    /// What is stored.
    pub stored: u64,
    /// What was counted.
    pub counted: u64,
}

/// All cells in which two tallies of one form differ, in the order of the form.
#[must_use]
pub fn differences(form: &Form, stored: &Tally, counted: &Tally) -> Vec<Difference> {
    let mut found = Vec::new();
    // Nearly always; and the names of all cells cost more than the counting.
    if stored == counted {
        return found;
    }
    let mut compare = |cell: String, stored: u64, counted: u64| {
        if stored != counted {
            found.push(Difference { cell, stored, counted });
        }
    };
    compare("responses".to_owned(), stored.responses, counted.responses);
    compare("carried".to_owned(), stored.carried, counted.carried);
    for (index, column) in form.columns().iter().enumerate() {
        for (cell, (a, b)) in stored.column(index).iter().zip(counted.column(index)).enumerate() {
            compare(format!("{} {}", column.slug, cell_name(form, column, cell)), *a, *b);
        }
    }
    for (index, node) in form.nodes().iter().enumerate() {
        let (a, b) = (stored.node(index), counted.node(index));
        let sums = [
            ("people", a.people, b.people),
            ("m", a.m, b.m),
            ("s", a.s, b.s),
            ("m2", a.m2, b.m2),
            ("s2", a.s2, b.s2),
            ("ms", a.ms, b.ms),
        ];
        for (name, a, b) in sums {
            compare(format!("{} {} {name}", node.kind.as_str(), node.slug), a, b);
        }
    }
    found
}

/// Name of one count of a column: a level, an option, a class, or a missing reason.
#[must_use]
pub fn cell_name(form: &Form, column: &Column, cell: usize) -> String {
    let values = values_of(column.kind);
    if let Some(reason) = cell.checked_sub(values).and_then(|i| Missing::ALL.get(i)) {
        return reason.as_str().to_owned();
    }
    let code = match form.questions.get(column.question).map(|q| &q.kind) {
        Some(
            QuestionKind::Single { options }
            | QuestionKind::Matrix { options, .. }
            | QuestionKind::Multiple { options, .. },
        ) => options.get(cell).map(|o| o.code.to_string()),
        Some(QuestionKind::Number { classes, .. }) => classes.get(cell).map(|c| c.code.to_string()),
        Some(QuestionKind::Satisfaction { .. } | QuestionKind::Text { .. }) | None => None,
    };
    match column.kind {
        ColumnKind::Level => format!("level_{}", cell + 1),
        ColumnKind::Choice(_) | ColumnKind::Bits(_) | ColumnKind::Class(_) => code.unwrap_or_default(),
    }
}
