//! What every request needs, in memory: forms, units, months, tokens. Looked at again when its revision has grown.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    Db, StorageError, forms, meta,
    months::{self, Months},
    tokens::{self, StoredToken, TokenHash},
    units,
};
use crate::domain::{catalogue::Catalogue, form_file, unit::UnitTree};

/// Forms, units, months and tokens as this process last saw them: at most a second old. Cloning is cheap.
#[derive(Clone, Default)]
pub struct Mirror(Arc<RwLock<Seen>>);

#[derive(Clone, Default)]
struct Seen {
    revisions: Option<(Option<String>, Option<String>)>,
    forms: Arc<Catalogue>,
    units: Arc<UnitTree>,
    months: Arc<Months>,
    tokens: Arc<HashMap<TokenHash, StoredToken>>,
}

impl Mirror {
    /// A mirror that has looked once.
    ///
    /// # Errors
    /// Where the database cannot be read or a stored form cannot be understood.
    pub fn open(db: &mut Db) -> Result<Self, StorageError> {
        let mirror = Self::default();
        mirror.refresh(db)?;
        Ok(mirror)
    }

    /// Looks again.
    ///
    /// # Errors
    /// Where the database cannot be read or a stored form cannot be understood: the mirror stays what it was.
    pub fn refresh(&self, db: &mut Db) -> Result<(), StorageError> {
        let revisions = Some(meta::revisions(db)?);
        let months = Arc::new(months::states(db)?);
        let tokens = Arc::new(tokens::working(db)?);
        let seen = self.seen();
        let same = seen.revisions == revisions;
        let (forms, units) = if same {
            (seen.forms, seen.units)
        } else {
            (Arc::new(catalogue(db)?), Arc::new(units::tree(db)?))
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            Seen { revisions, forms, units, months, tokens };
        Ok(())
    }

    /// The published forms.
    #[must_use]
    pub fn forms(&self) -> Arc<Catalogue> {
        self.seen().forms
    }

    /// The units.
    #[must_use]
    pub fn units(&self) -> Arc<UnitTree> {
        self.seen().units
    }

    /// The states of months. What must not be a second old reads them from the database.
    #[must_use]
    pub fn months(&self) -> Arc<Months> {
        self.seen().months
    }

    /// The token with this hash, where it worked a second ago. A new one may not be here yet.
    #[must_use]
    pub fn token(&self, hash: TokenHash) -> Option<StoredToken> {
        self.seen().tokens.get(&hash).cloned()
    }

    fn seen(&self) -> Seen {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The published forms, parsed.
///
/// # Errors
/// Where a stored form cannot be understood: it was published by a newer program, or damaged.
pub fn catalogue(db: &mut Db) -> Result<Catalogue, StorageError> {
    let mut parsed = Vec::new();
    for stored in forms::all(db)? {
        let form = form_file::read_stored(&stored.file_name, &stored.source);
        parsed.push(form.map_err(|faults| {
            let fault = faults.first().map(ToString::to_string).unwrap_or_default();
            StorageError::damaged(format!("form {} version {}: {fault}", stored.id, stored.version))
        })?);
    }
    Ok(Catalogue::new(parsed))
}
