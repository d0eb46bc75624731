//! A page: black marks on white, in millimetres from its upper left corner.

use std::sync::Arc;

use super::text::{Line, Weight};
use crate::report::qr::Symbol;

/// Where a text stands by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// Its middle is there.
    Middle,
    /// It ends there.
    Right,
}

/// One mark.
pub enum Mark {
    /// A filled rectangle.
    Bar {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    },
    /// A symbol, without the white around it, which the layout leaves.
    Symbol {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Side of a module.
        module: f32,
        /// What it holds.
        symbol: Arc<Symbol>,
    },
    /// A line of text.
    Text {
        /// Left.
        x: f32,
        /// The line that letters stand on.
        baseline: f32,
        /// Size of the letters.
        size: f32,
        /// The letters.
        line: Line,
    },
}

/// A page.
pub struct Page {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
    /// What is on it.
    pub marks: Vec<Mark>,
}

/// Millimetres of a typographic point.
pub const POINT: f32 = 25.4 / 72.0;

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(width: f32, height: f32) -> Self {
        Self { width, height, marks: Vec::new() }
    }

    /// A filled rectangle.
    pub fn bar(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.marks.push(Mark::Bar { x, y, width, height });
    }

    /// A symbol, by its upper left dark module.
    pub fn symbol(&mut self, x: f32, y: f32, module: f32, symbol: Symbol) {
        self.marks.push(Mark::Symbol { x, y, module, symbol: Arc::new(symbol) });
    }

    /// A line of text that is shaped already.
    pub fn line(&mut self, at: (f32, f32), align: Align, size: f32, line: Line) {
        let width = line.width() * size;
        let left = match align {
            Align::Left => at.0,
            Align::Middle => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        self.marks.push(Mark::Text { x: left, baseline: at.1, size, line });
    }

    /// A line of text, smaller where it would be wider than `width`.
    pub fn fitted(
        &mut self,
        at: (f32, f32),
        align: Align,
        text: &str,
        weight: Weight,
        size: f32,
        width: f32,
    ) {
        let line = Line::new(text, weight);
        let size = if line.width() * size > width { width / line.width() } else { size };
        self.line(at, align, size, line);
    }
}

/// A small count as a number to measure with.
#[must_use]
pub fn float(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
