//! A page as dots of a thermal printer: 203 dpi, eight a millimetre, black or nothing.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};

use super::{
    page::{Mark, Page},
    text::Line,
};

/// Dots of a millimetre.
const DOTS: f32 = 8.0;
/// How much of a dot a letter must cover to be printed: paper takes more than it is given, so a little less than half.
const COVERED: f32 = 0.42;

/// Dots in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    rows: Vec<Vec<bool>>,
}

impl Bitmap {
    /// Dots of a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows from above; `true` is black.
    #[must_use]
    pub fn rows(&self) -> &[Vec<bool>] {
        &self.rows
    }

    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let (left, top) = (dots(x), dots(y));
        // A hairline is a dot, not nothing.
        let (right, below) = (dots(x + width).max(left + 1), dots(y + height).max(top + 1));
        for row in self.rows.iter_mut().take(below).skip(top) {
            row.iter_mut().take(right).skip(left).for_each(|dot| *dot = true);
        }
    }
}

/// Millimetres as whole dots.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a page has a few thousand dots; what lies outside is cut off"
)]
fn dots(millimetres: f32) -> usize {
    (millimetres * DOTS).round().max(0.0) as usize
}

/// The dots of a page.
#[must_use]
pub fn draw(page: &Page) -> Bitmap {
    let (width, height) = (dots(page.width), dots(page.height));
    let mut bitmap = Bitmap { width, rows: vec![vec![false; width]; height] };
    let mut letters = Rasterizer::new(width, height);
    for mark in &page.marks {
        match mark {
            Mark::Bar { x, y, width, height } => bitmap.fill(*x, *y, *width, *height),
            Mark::Symbol { x, y, module, symbol } => {
                for run in symbol.runs() {
                    let at = |modules: usize| super::page::float(modules) * module;
                    bitmap.fill(x + at(run.x), y + at(run.y), at(run.length), *module);
                }
            }
            Mark::Text { x, baseline, size, line } => letter(&mut letters, (*x, *baseline), *size, line),
        }
    }
    letters.for_each_pixel_2d(|x, y, covered| {
        let row = usize::try_from(y).ok().and_then(|y| bitmap.rows.get_mut(y));
        let dot = row.and_then(|row| usize::try_from(x).ok().and_then(|x| row.get_mut(x)));
        if let Some(dot) = dot.filter(|_| covered >= COVERED) {
            *dot = true;
        }
    });
    bitmap
}

fn letter(to: &mut Rasterizer, at: (f32, f32), size: f32, line: &Line) {
    let mut x = at.0;
    for run in &line.runs {
        let Some(face) = run.font.face() else { continue };
        let units = f32::from(i16::try_from(face.units_per_em()).unwrap_or(1000));
        for glyph in &run.glyphs {
            let mut outline = Outline {
                to,
                origin: ((x + glyph.x * size) * DOTS, (at.1 - glyph.y * size) * DOTS),
                scale: size * DOTS / units,
                first: point(0.0, 0.0),
                last: point(0.0, 0.0),
            };
            // A space has no outline.
            let _space = face.outline_glyph(GlyphId(glyph.id), &mut outline);
            x += glyph.advance * size;
        }
    }
}

/// Hands an outline on, in dots.
struct Outline<'a> {
    to: &'a mut Rasterizer,
    origin: (f32, f32),
    scale: f32,
    first: Point,
    last: Point,
}

impl Outline<'_> {
    fn at(&self, x: f32, y: f32) -> Point {
        point(self.origin.0 + x * self.scale, self.origin.1 - y * self.scale)
    }
}

impl OutlineBuilder for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.first = self.at(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let end = self.at(x, y);
        self.to.draw_line(self.last, end);
        self.last = end;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (middle, end) = (self.at(x1, y1), self.at(x, y));
        self.to.draw_quad(self.last, middle, end);
        self.last = end;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (one, two, end) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.to.draw_cubic(self.last, one, two, end);
        self.last = end;
    }

    fn close(&mut self) {
        self.to.draw_line(self.last, self.first);
        self.last = self.first;
    }
}
