//! Bad input. Each target takes any bytes and holds what it parses to a promise; none may panic or take long.
//!
//! As ordinary tests they run over the kept corpus (`__fuzz__/NAME/corpus`), over what is made of it by cutting,
//! doubling and spoiling, and over random bytes; `TEST_FUZZ_TIMES=100` makes it as many times more. They are targets of
//! cargo-bolero as well, which goes on guided by coverage: `cargo bolero test --sanitizer NONE fuzz::domain::the_period`.
//! What a longer run finds is put into the corpus under a name that says what it is.

mod domain;
mod served;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;

use crate::support::database::variable;

/// Spoilt inputs made of the corpus in one run.
const SPOILT: usize = 400;
/// Longest input that is made.
const LONGEST: usize = 16 << 10;
/// No input may take so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// The kept inputs of a target.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/__fuzz__").join(name).join("corpus");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{} holds examples", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// Runs a target over the corpus, over `more`, and over what is made of both; the same every time. A target says whether
/// it took its input: a corpus of which nothing is taken, or everything, proves nothing.
fn spoilt(name: &str, more: Vec<Vec<u8>>, count: usize, target: impl Fn(&[u8]) -> bool) {
    let seeds = [corpus(name), more].concat();
    let taken = seeds.iter().filter(|seed| in_time(seed, &target)).count();
    assert!((1..seeds.len()).contains(&taken), "{taken} of {} examples of {name} are taken", seeds.len());
    let times = variable("TEST_FUZZ_TIMES").map_or(1, |times| times.parse().expect("a number"));
    let mut chance = ChaCha12Rng::seed_from_u64(20_261_123 + times);
    for _ in 0..count * usize::try_from(times).unwrap() {
        let mut bytes = seeds[chance.random_range(0..seeds.len())].clone();
        for _ in 0..chance.random_range(1..5) {
            spoil(&mut bytes, &seeds, &mut chance);
        }
        bytes.truncate(LONGEST);
        in_time(&bytes, &target);
    }
}

fn in_time(bytes: &[u8], target: &impl Fn(&[u8]) -> bool) -> bool {
    let begin = Instant::now();
    let taken = target(bytes);
    assert!(begin.elapsed() < PATIENCE, "took {:?}: {:?}", begin.elapsed(), String::from_utf8_lossy(bytes));
    taken
}

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 16] = [
    b"\0",
    b"\xFF",
    b"\xC3",
    b"\"",
    b"'",
    b"\n",
    b"\r\n",
    b",",
    b";",
    b"{",
    b"]]",
    b"=",
    b"%",
    b"-1",
    b"99999999999999999999",
    "\u{202E}ក្រុង".as_bytes(),
];

/// Changes one thing.
fn spoil(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], chance: &mut ChaCha12Rng) {
    let at = chance.random_range(0..=bytes.len());
    let to = chance.random_range(at..=bytes.len().min(at + 64));
    match chance.random_range(0..6) {
        0 => drop(bytes.drain(at..to)),
        1 => {
            let part = bytes[at..to].to_vec();
            bytes.splice(at..at, part);
        }
        2 => drop(bytes.splice(at..at, PIECES[chance.random_range(0..PIECES.len())].iter().copied())),
        3 => bytes.truncate(at),
        4 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = chance.random();
            }
        }
        _ => {
            let other = &seeds[chance.random_range(0..seeds.len())];
            let from = chance.random_range(0..=other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
    }
}
