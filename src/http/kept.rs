//! Tables that were written before. A table costs a tenth of a second (what is hidden is a puzzle), and most are asked for
//! again and again while nothing changes: closed months never do. What was written is kept until the figures, the states
//! of months, the units or the forms under it are others, so nobody ever reads an old table.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;

use crate::{
    domain::{catalogue::Catalogue, unit::UnitTree},
    storage::tallies::Version,
};

/// Tables that are kept at most.
const MOST: usize = 32;
/// Bytes of all of them together; the table of every unit of a province takes 3 to 5 MB.
const MOST_BYTES: usize = 32 << 20;
/// A larger table is not kept: it would leave no room for others.
const LARGEST: usize = MOST_BYTES / 4;

/// What a table was made from. Forms and units are the same where they are the same in memory: the mirror reads them again
/// only when they changed.
#[derive(Clone)]
pub struct Basis {
    /// The figures and the states of the months.
    pub version: Version,
    /// The forms.
    pub forms: Arc<Catalogue>,
    /// The units.
    pub units: Arc<UnitTree>,
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
            && Arc::ptr_eq(&self.forms, &other.forms)
            && Arc::ptr_eq(&self.units, &other.units)
    }
}

/// A table as it is sent, with what tells it from any other: to find that out takes as long as a part of sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The table.
    pub bytes: Bytes,
    /// The text of its entity tag.
    pub tag: String,
}

impl Written {
    /// What was written a moment ago.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let tag = blake3::hash(&bytes).to_hex().chars().take(32).collect();
        Self { bytes: bytes.into(), tag }
    }
}

/// The tables, the one that was asked for last at the end.
#[derive(Default)]
pub struct Kept(Mutex<Vec<(String, Basis, Written)>>);

impl Kept {
    /// What was written for this question on this basis. The question says everything else that a table depends on: who
    /// asks, what, in which language and form.
    #[must_use]
    pub fn find(&self, question: &str, basis: &Basis) -> Option<Written> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(asked, of, _)| asked == question && of == basis)?;
        let found = kept.remove(place);
        let written = found.2.clone();
        kept.push(found);
        Some(written)
    }

    /// Keeps what was written, in the place of what was written for this question before.
    pub fn keep(&self, question: String, basis: Basis, written: &Written) {
        if written.bytes.len() > LARGEST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(asked, _, _)| *asked != question);
        let mut size: usize = kept.iter().map(|(_, _, written)| written.bytes.len()).sum();
        while kept.len() >= MOST || size + written.bytes.len() > MOST_BYTES {
            size -= kept.remove(0).2.bytes.len();
        }
        kept.push((question, basis, written.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(version: Version) -> Basis {
        Basis { version, forms: Arc::default(), units: Arc::default() }
    }

    fn written(text: &str) -> Written {
        Written::new(text.as_bytes().to_vec())
    }

    #[test]
    fn a_table_is_found_until_what_is_under_it_changes() {
        let kept = Kept::default();
        let first = basis(Version::default());
        kept.keep("a".to_owned(), first.clone(), &written("1"));
        assert_eq!(kept.find("a", &first), Some(written("1")));
        assert_eq!(kept.find("b", &first), None);
        assert_eq!(kept.find("a", &basis(Version::default())), None, "other units");
        let folded = Basis { version: Version { responses: 5, ..Version::default() }, ..first.clone() };
        assert_eq!(kept.find("a", &folded), None);
        kept.keep("a".to_owned(), folded.clone(), &written("2"));
        assert_eq!((kept.find("a", &first), kept.find("a", &folded)), (None, Some(written("2"))));
    }

    #[test]
    fn the_one_that_nobody_asked_for_longest_goes_first() {
        let (kept, same) = (Kept::default(), basis(Version::default()));
        for number in 0..MOST {
            kept.keep(number.to_string(), same.clone(), &written(""));
        }
        assert!(kept.find("0", &same).is_some());
        kept.keep("new".to_owned(), same.clone(), &written(""));
        assert!(kept.find("0", &same).is_some() && kept.find("1", &same).is_none());
    }

    #[test]
    fn so_many_bytes_are_kept_and_no_more() {
        let (kept, same) = (Kept::default(), basis(Version::default()));
        let large = Written::new(vec![0; LARGEST]);
        for number in 0..=MOST_BYTES / LARGEST {
            kept.keep(number.to_string(), same.clone(), &large);
        }
        assert!(kept.find("0", &same).is_none() && kept.find("1", &same).is_some());
        kept.keep("huge".to_owned(), same.clone(), &Written::new(vec![0; LARGEST + 1]));
        assert!(kept.find("huge", &same).is_none() && kept.find("2", &same).is_some());
    }
}
