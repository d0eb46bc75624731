//! Marks that follow from an answer itself: how fast it was given, and whether every level is the same.
//! A mark is never a reason to drop an answer.

use super::{
    answers::Cell,
    form::{ColumnKind, Form, QuestionKind},
    response::{Flags, Pace},
};

/// Criteria that must be answered before the same level everywhere is worth a mark.
const STRAIGHT: usize = 5;

/// Seconds for each question of the form, below which a pace class ends. Version 1 of the rule: reading one
/// question aloud takes three seconds and more, and nobody reads one in less than one.
const SECONDS_A_QUESTION: [(u64, Pace); 4] =
    [(1, Pace::TooFast), (3, Pace::Fast), (15, Pace::Usual), (60, Pace::Slow)];

/// How fast a form was filled, from the seconds between its showing and its sending.
#[must_use]
pub fn pace(form: &Form, seconds: u64) -> Pace {
    let asked = form.questions.iter().filter(|q| !matches!(q.kind, QuestionKind::Text { .. })).count();
    let asked = u64::try_from(asked).unwrap_or(1).max(1);
    let class = SECONDS_A_QUESTION.iter().find(|(limit, _)| seconds < limit * asked);
    class.map_or(Pace::VerySlow, |(_, pace)| *pace)
}

/// The marks that an answer has by itself.
#[must_use]
pub fn flags(form: &Form, row: &[u8], pace: Pace) -> Flags {
    let too_fast = if pace == Pace::TooFast { Flags::TOO_FAST } else { Flags::default() };
    let straight = if is_straight(form, row) { Flags::STRAIGHT_LINE } else { Flags::default() };
    too_fast.with(straight)
}

/// Whether five or more criteria were answered, and all with the same level.
fn is_straight(form: &Form, row: &[u8]) -> bool {
    let levels: Vec<u8> = form
        .columns()
        .iter()
        .filter(|column| column.kind == ColumnKind::Level)
        .filter_map(|column| match column.read(row) {
            Cell::Value(level) => Some(level),
            Cell::Picked(_) | Cell::Missing(_) => None,
        })
        .collect();
    levels.len() >= STRAIGHT && levels.windows(2).all(|pair| pair.first() == pair.last())
}
