//! One thing below the other: how slips, receipts and posters are set.

use super::{
    page::{Align, Page},
    text::{self, Line, Weight},
};
use crate::report::qr::Symbol;

/// White modules around a symbol.
pub(super) const QUIET: f32 = 4.0;

/// A column of a page, filled from above.
pub(super) struct Column {
    page: Page,
    left: f32,
    width: f32,
    y: f32,
}

impl Column {
    /// A column on an empty page, with a margin at every side.
    pub(super) fn new(width: f32, height: f32, margin: f32) -> Self {
        Self { page: Page::new(width, height), left: margin, width: width - 2.0 * margin, y: margin }
    }

    fn middle(&self) -> f32 {
        self.left + self.width / 2.0
    }

    /// Leaves room.
    pub(super) fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// How far down it is.
    pub(super) fn y(&self) -> f32 {
        self.y
    }

    /// Goes down to a place.
    pub(super) fn down_to(&mut self, y: f32) {
        self.y = y;
    }

    fn place(&mut self, align: Align, size: f32, line: Line) {
        let height = line.leading() * size;
        // Letters stand on a line at three quarters of the height that they take.
        let baseline = self.y + height * 0.74;
        let x = match align {
            Align::Left => self.left,
            Align::Middle => self.middle(),
            Align::Right => self.left + self.width,
        };
        self.page.line((x, baseline), align, size, line);
        self.y += height;
    }

    /// A text, broken into lines.
    pub(super) fn text(&mut self, align: Align, size: f32, weight: Weight, text: &str) {
        let lines = if align == Align::Middle { text::balanced } else { text::lines };
        for line in lines(text, weight, self.width / size) {
            self.place(align, size, line);
        }
    }

    /// One line, smaller where it would be too wide.
    pub(super) fn one_line(&mut self, size: f32, weight: Weight, text: &str) {
        let line = Line::new(text, weight);
        let size = if line.width() * size > self.width { self.width / line.width() } else { size };
        self.place(Align::Middle, size, line);
    }

    /// A row: what at the left, its value at the right; without a value a line to write on.
    pub(super) fn row(&mut self, size: f32, what: &str, value: &str) {
        let height = size * 1.6;
        let baseline = self.y + height * 0.74;
        let label = Line::new(what, Weight::Regular);
        let used = label.width() * size;
        self.page.line((self.left, baseline), Align::Left, size, label);
        let room = self.width - used - size;
        if value.is_empty() {
            self.page.bar(self.left + used + size, baseline, room, 0.25);
        } else {
            let right = (self.left + self.width, baseline);
            self.page.fitted(right, Align::Right, value, Weight::Bold, size, room);
        }
        self.y += height;
    }

    /// A rule in the middle.
    pub(super) fn rule(&mut self, width: f32, thickness: f32) {
        self.page.bar(self.middle() - width / 2.0, self.y, width, thickness);
        self.y += thickness;
    }

    /// A line to cut or tear along.
    pub(super) fn dashes(&mut self) {
        let (mut x, step) = (self.left, 2.0);
        while x < self.left + self.width {
            self.page.bar(x, self.y, step * 0.6, 0.375);
            x += step;
        }
        self.y += 0.375;
    }

    /// A symbol in the middle, with the white around it.
    pub(super) fn symbol(&mut self, module: f32, symbol: Symbol) {
        let side = super::page::float(symbol.width()) * module;
        let quiet = QUIET * module;
        // On whole dots, so that every module of a thermal print has as many.
        let left = ((self.middle() - side / 2.0) * 8.0).round() / 8.0;
        let top = ((self.y + quiet) * 8.0).ceil() / 8.0;
        self.page.symbol(left, top, module, symbol);
        self.y = top + side + quiet;
    }

    /// The page as it is.
    pub(super) fn page(self) -> Page {
        self.page
    }

    /// The page, cut below what is on it.
    pub(super) fn cut(self, margin: f32) -> Page {
        Page { height: ((self.y + margin) * 8.0).ceil() / 8.0, ..self.page }
    }
}
