//! A receipt on paper of its own: a slip on a roll, and the whole receipt with the office's words.

use super::{
    Place, PrintError, Slip,
    column::Column,
    page::{Align, Page},
    text::Weight::{Bold, Regular},
};

/// A roll of paper: what can be printed of its width, and how large everything is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    /// Printable millimetres.
    width: f32,
    /// Side of a module: whole dots of an eighth of a millimetre.
    module: f32,
    /// Size of plain text.
    text: f32,
    /// Size of the code.
    code: f32,
}

/// 80 mm paper: 72 mm, 576 dots.
pub(super) const PAPER_80: Paper = Paper { width: 72.0, module: 1.0, text: 3.25, code: 6.0 };
/// 58 mm paper: 48 mm, 384 dots.
pub(super) const PAPER_58: Paper = Paper { width: 48.0, module: 0.75, text: 2.875, code: 4.75 };
/// A5, upright.
const A5: (f32, f32) = (148.0, 210.0);
/// Sizes on A5.
const ON_A5: Paper = Paper { width: A5.0, module: 0.9, text: 3.9, code: 7.0 };

/// A slip that invites to answer, as long as it must be.
pub(super) fn short(place: &Place<'_>, slip: &Slip, paper: Paper) -> Result<Page, PrintError> {
    let mut column = Column::new(paper.width, 0.0, 2.5);
    heading(&mut column, place, paper);
    invitation(&mut column, place, slip, paper)?;
    Ok(column.cut(3.0))
}

/// The whole receipt on a roll of 80 mm.
pub(super) fn whole_80(place: &Place<'_>, slip: &Slip) -> Result<Page, PrintError> {
    let paper = PAPER_80;
    let mut column = Column::new(paper.width, 0.0, 3.0);
    office(&mut column, place, slip, paper);
    column.gap(2.5);
    column.dashes();
    column.gap(2.5);
    invitation(&mut column, place, slip, paper)?;
    Ok(column.cut(3.0))
}

/// The whole receipt on a page of A5: the office's half above, the invitation below, a line to cut between.
pub(super) fn whole_a5(place: &Place<'_>, slip: &Slip) -> Result<Page, PrintError> {
    let mut column = Column::new(A5.0, A5.1, 12.0);
    office(&mut column, place, slip, ON_A5);
    let below = column.y().max(A5.1 - 112.0);
    column.down_to(below);
    column.dashes();
    column.gap(4.0);
    invitation(&mut column, place, slip, ON_A5)?;
    Ok(column.page())
}

fn heading(column: &mut Column, place: &Place<'_>, paper: Paper) {
    let texts = place.texts;
    if !texts.organisation.is_empty() {
        column.text(Align::Middle, paper.text, Regular, &texts.organisation);
    }
    column.text(Align::Middle, paper.text, Bold, &texts.unit);
    column.gap(1.0);
    column.rule(15.0, 0.375);
    column.gap(1.5);
}

/// What the office says: who it is, what this paper is, the rows, and its own words.
fn office(column: &mut Column, place: &Place<'_>, slip: &Slip, paper: Paper) {
    heading(column, place, paper);
    column.text(Align::Middle, paper.text * 1.4, Bold, &place.texts.title);
    column.gap(1.0);
    for (what, value) in &slip.rows {
        column.row(paper.text, what, value);
    }
    if !place.texts.words.is_empty() {
        column.gap(1.5);
        column.text(Align::Left, paper.text, Regular, &place.texts.words);
    }
}

/// The question, the symbol, the code, the address, what is promised.
fn invitation(column: &mut Column, place: &Place<'_>, slip: &Slip, paper: Paper) -> Result<(), PrintError> {
    let texts = place.texts;
    let symbol = place.symbol(slip)?;
    column.text(Align::Middle, paper.text * 1.3, Bold, &texts.question.vi);
    column.text(Align::Middle, paper.text * 1.1, Regular, &texts.question.km);
    column.symbol(paper.module, symbol);
    column.one_line(paper.code, Bold, &slip.code.to_string());
    column.gap(0.5);
    column.text(Align::Middle, paper.text, Regular, &texts.scan.vi);
    column.text(Align::Middle, paper.text, Regular, &texts.scan.km);
    column.one_line(paper.text, Bold, place.host());
    column.gap(1.5);
    column.rule(30.0, 0.25);
    column.gap(1.0);
    for sentence in [&texts.promise.vi, &texts.promise.km, &slip.until.vi, &slip.until.km] {
        column.text(Align::Middle, paper.text * 0.95, Regular, sentence);
    }
    if !texts.demo.is_empty() {
        column.text(Align::Middle, paper.text * 0.9, Bold, &texts.demo);
    }
    Ok(())
}
