//! The wear filter: a grey print, blurred, turned, photographed smaller and noisy. At least 95 of 100 are still read.

use std::fs;

use num_traits::ToPrimitive as _;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use crate::support::service::TestService;

use super::{
    escpos, float,
    pixels::{self, Grey},
    print, whole,
};

/// A worn black.
const INK: f64 = 95.0;
/// Paper that is not white.
const PAPER: f64 = 225.0;
/// How strong the noise of a dark photograph is.
const NOISE: f64 = 14.0;

/// Grey as numbers, while it is worked on.
struct Field {
    width: usize,
    height: usize,
    values: Vec<f64>,
}

impl Field {
    fn at(&self, x: i64, y: i64) -> f64 {
        let inside = |at: i64, size: usize| usize::try_from(at).ok().filter(|at| *at < size);
        match (inside(x, self.width), inside(y, self.height)) {
            (Some(x), Some(y)) => self.values[y * self.width + x],
            _outside => PAPER,
        }
    }

    /// Each dot the weighted mean of itself and its eight neighbours: ink has spread.
    fn blurred(&self) -> Self {
        let weights = [(-1, 1.0), (0, 2.0), (1, 1.0)];
        let mean = |x: i64, y: i64| {
            let parts =
                weights.iter().flat_map(|(dy, wy)| weights.iter().map(move |(dx, wx)| (dx, dy, wx * wy)));
            parts.map(|(dx, dy, weight)| self.at(x + dx, y + dy) * weight).sum::<f64>() / 16.0
        };
        let (width, height) = (self.width.to_i64().unwrap(), self.height.to_i64().unwrap());
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { values: places.map(|(x, y)| mean(x, y)).collect(), ..*self }
    }

    fn between(&self, x: f64, y: f64) -> f64 {
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left.to_i64().unwrap(), top.to_i64().unwrap());
        let row = |y: i64| self.at(left, y) * (1.0 - fx) + self.at(left + 1, y) * fx;
        row(top) * (1.0 - fy) + row(top + 1) * fy
    }
}

/// A print that was carried in a pocket: black is grey and paper is not white, ink has spread, and somebody holds the
/// telephone up to 7 degrees crooked and a little far.
fn worn(print: &Grey, seed: u64) -> Grey {
    const SCALE: f64 = 0.7;
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut random = || f64::from(chance.next_u32()) / f64::from(u32::MAX);
    let ink = |dot: &u8| INK + f64::from(*dot) / 255.0 * (PAPER - INK);
    let values = print.dots.iter().map(ink).collect();
    let field = Field { width: print.width, height: print.height, values }.blurred().blurred();
    let (sin, cos) = ((random() - 0.5) * 14.0_f64.to_radians()).sin_cos();
    let (width, height) = (float(print.width), float(print.height));
    let mut photo = Grey::white(whole(width * SCALE * 1.2), whole(height * SCALE * 1.2));
    for y in 0..photo.height {
        for x in 0..photo.width {
            let dx = float(x) - float(photo.width) / 2.0;
            let dy = float(y) - float(photo.height) / 2.0;
            let from_x = (dx * cos + dy * sin) / SCALE + width / 2.0;
            let from_y = (dy * cos - dx * sin) / SCALE + height / 2.0;
            let noise = (random() + random() + random() - 1.5) * NOISE;
            let grey = (field.between(from_x, from_y) + noise).clamp(0.0, 255.0);
            photo.dots[y * photo.width + x] = grey.to_u8().unwrap();
        }
    }
    photo
}

/// How many of these are read as they were before, after they were worn.
fn read_of(prints: &[Grey]) -> usize {
    let same = |(seed, print): (u64, &Grey)| {
        let fresh = print.decoded();
        assert_eq!(fresh.len(), 1, "a fresh print is read");
        worn(print, seed).decoded() == fresh
    };
    let numbered: Vec<(u64, &Grey)> = (0..).zip(prints).collect();
    let halves = numbered.split_at(numbered.len() / 2);
    let count = |some: &[(u64, &Grey)]| some.iter().filter(|pair| same(**pair)).count();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| count(halves.0));
        count(halves.1) + first.join().unwrap()
    })
}

/// The same symbol with half as many dots a module.
fn halved(print: &Grey) -> Grey {
    let mut small = Grey::white(print.width / 2, print.height / 2);
    for y in 0..small.height {
        for x in 0..small.width {
            small.dots[y * small.width + x] = print.at(2 * x, 2 * y);
        }
    }
    small
}

/// What somebody holds the telephone over: the symbol and some paper around it. It begins where two finders do, each
/// seven modules wide.
fn symbol_of(paper: &Grey) -> Grey {
    let finders = |row: &[u8]| {
        let black = |run: &&[u8]| run.first() == Some(&0) && run.len() == 42;
        row.chunk_by(|a, b| a == b).filter(black).count() == 2
    };
    let top = paper.dots.chunks(paper.width).position(finders).expect("a symbol");
    paper.cut([60, top - 50, paper.width - 60, top + 29 * 6 + 50])
}

#[test]
fn of_a_hundred_worn_thermal_prints_at_six_dots_95_are_read() {
    let service = TestService::with_units();
    let file = print(&service, "escpos-58", 100);
    let papers = escpos::papers(&fs::read(&file).unwrap());
    let symbols: Vec<Grey> = papers.iter().map(symbol_of).collect();
    let read = read_of(&symbols);
    eprintln!("escpos-58, six dots a module: {read} of 100 worn prints are read");
    // The filter bites: with three dots a module some are lost.
    let small: Vec<Grey> = symbols.iter().take(40).map(halved).collect();
    let read_small = read_of(&small);
    eprintln!("three dots a module: {read_small} of 40");
    assert!(read_small < 40, "{read_small}");
    assert!(read >= 95, "{read}");
}

#[test]
fn of_a_hundred_worn_labels_95_are_read() {
    let service = TestService::with_units();
    let file = print(&service, "labels-65", 100);
    // A module of 0.55 mm is six dots at 277 dpi.
    let dots = |millimetres: f64| whole(millimetres / 25.4 * 277.0);
    let pages = pixels::pages(&file, 277);
    let labels: Vec<Grey> = (0..100)
        .map(|number| {
            let (page, number) = (&pages[number / 65], number % 65);
            let left = 4.75 + float(number % 5) * 40.6;
            let top = 10.7 + float(number / 5) * 21.2;
            page.cut([left, top, left + 38.1, top + 21.2].map(dots))
        })
        .collect();
    let read = read_of(&labels);
    eprintln!("labels-65, 0.55 mm a module: {read} of 100 worn labels are read");
    assert!(read >= 95, "{read}");
}
