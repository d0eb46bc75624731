//! Sheets of labels on A4, as they are sold: 24 of 63.5 x 33.9 mm, 65 of 38.1 x 21.2 mm.
//!
//! `docs/printing.md` names makers' numbers. Sheets must be printed at their real size: no "fit to page".

use super::{
    Place, PrintError, Slip,
    column::QUIET,
    page::{Align, POINT, Page, float},
    text::{Line, Weight},
};

/// A4.
const SHEET: (f32, f32) = (210.0, 297.0);

/// Draws one label, by its upper left corner.
type Draw = fn(&mut Page, (f32, f32), &Grid, &Place<'_>, &Slip) -> Result<(), PrintError>;

/// How labels lie on a sheet, in millimetres.
pub(super) struct Grid {
    columns: usize,
    rows: usize,
    /// Left edge of the first.
    left: f32,
    /// Upper edge of the first.
    top: f32,
    /// From one left edge to the next.
    across: f32,
    /// From one upper edge to the next.
    down: f32,
    width: f32,
    height: f32,
    draw: Draw,
}

/// 3 x 8.
pub(super) const UP_24: Grid = Grid {
    columns: 3,
    rows: 8,
    left: 7.2,
    top: 12.9,
    across: 66.0,
    down: 33.9,
    width: 63.5,
    height: 33.9,
    draw: large,
};

/// 5 x 13.
pub(super) const UP_65: Grid = Grid {
    columns: 5,
    rows: 13,
    left: 4.75,
    top: 10.7,
    across: 40.6,
    down: 21.2,
    width: 38.1,
    height: 21.2,
    draw: small,
};

impl Grid {
    /// The upper left corner of a label, by its number on the sheet.
    fn corner(&self, number: usize) -> (f32, f32) {
        let (column, row) = (number % self.columns, number / self.columns);
        (self.left + float(column) * self.across, self.top + float(row) * self.down)
    }
}

/// As many sheets as it takes.
pub(super) fn sheets(place: &Place<'_>, slips: &[Slip], grid: &Grid) -> Result<Vec<Page>, PrintError> {
    slips
        .chunks(grid.columns * grid.rows)
        .map(|some| {
            let mut page = Page::new(SHEET.0, SHEET.1);
            for (number, slip) in some.iter().enumerate() {
                (grid.draw)(&mut page, grid.corner(number), grid, place, slip)?;
            }
            Ok(page)
        })
        .collect()
}

/// The symbol, below it the code and one line in both languages.
fn large(
    page: &mut Page,
    corner: (f32, f32),
    grid: &Grid,
    place: &Place<'_>,
    slip: &Slip,
) -> Result<(), PrintError> {
    /// Side of a module.
    const MODULE: f32 = 0.6;
    let symbol = place.symbol(slip)?;
    let side = float(symbol.width()) * MODULE;
    let middle = corner.0 + grid.width / 2.0;
    let top = corner.1 + 0.6 + QUIET * MODULE;
    page.symbol(middle - side / 2.0, top, MODULE, symbol);
    let code = top + side + QUIET * MODULE + 12.0 * POINT * 0.72;
    page.fitted(
        (middle, code),
        Align::Middle,
        &slip.code.to_string(),
        Weight::Bold,
        12.0 * POINT,
        grid.width - 4.0,
    );
    let both = format!("{}  ·  {}", place.texts.label.vi, place.texts.label.km);
    page.fitted((middle, code + 4.6), Align::Middle, &both, Weight::Regular, 2.6, grid.width - 4.0);
    Ok(())
}

/// The symbol, and to its right the code in three lines.
fn small(
    page: &mut Page,
    corner: (f32, f32),
    grid: &Grid,
    place: &Place<'_>,
    slip: &Slip,
) -> Result<(), PrintError> {
    /// Side of a module: the symbol with its white fills the height.
    const MODULE: f32 = 0.55;
    let symbol = place.symbol(slip)?;
    let side = float(symbol.width()) * MODULE;
    let whole = side + 2.0 * QUIET * MODULE;
    let top = corner.1 + (grid.height - side) / 2.0;
    page.symbol(corner.0 + QUIET * MODULE, top, MODULE, symbol);
    let letters = 13.0 * POINT;
    let middle = corner.0 + whole + (grid.width - whole) / 2.0 - 0.5;
    let code = slip.code.to_string();
    for (number, part) in code.split('-').enumerate() {
        let baseline = corner.1 + grid.height / 2.0 + (float(number) - 1.0) * letters * 1.2 + letters * 0.36;
        page.line((middle, baseline), Align::Middle, letters, Line::new(part, Weight::Bold));
    }
    Ok(())
}
