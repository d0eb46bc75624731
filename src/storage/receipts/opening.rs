//! Opening receipts: what a code leads to, and what an answer may keep of it. Reads only, many at once.

use std::collections::HashMap;

use super::{StoredReceipt, counts, find};
use crate::{
    domain::{
        ids::{FieldCode, UnitCode},
        period::Month,
        receipt::{CodeHash, service_field_kept},
        response::ServiceField,
    },
    storage::{Db, StorageError},
};

/// A receipt that was looked up by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The receipt.
    pub stored: StoredReceipt,
    /// The service field that an answer may keep.
    pub field: ServiceField,
}

impl Opened {
    /// Hash of its code.
    #[must_use]
    pub fn hash(&self) -> CodeHash {
        self.stored.receipt.hash
    }
}

/// The receipts with these hashes, in the order asked.
///
/// # Errors
/// Where the database cannot be read.
pub fn open_all(db: &mut Db, asked: &[(CodeHash, Month)]) -> Result<Vec<Option<Opened>>, StorageError> {
    let mut found = super::find_living(db, asked)?;
    // On a server one statement is one way there and back: nearly always it finds all, and is all.
    let opened: Option<Vec<_>> = asked.iter().map(|(hash, _)| found.get(hash).and_then(plain)).collect();
    if let Some(opened) = opened {
        return Ok(opened.into_iter().map(Some).collect());
    }
    db.snapshot(|db| {
        let mut fields = Fields::default();
        asked
            .iter()
            .map(|(hash, month)| {
                let living =
                    found.remove(hash).map_or_else(|| find(db, hash), |receipt| Ok(Some(receipt)))?;
                living.map(|stored| fields.open(db, stored, *month)).transpose()
            })
            .collect()
    })
}

/// A receipt that leads to no service field: nothing else need be known of it.
fn plain(stored: &StoredReceipt) -> Option<Opened> {
    let field = ServiceField::None;
    stored.receipt.service_field.is_none().then(|| Opened { stored: stored.clone(), field })
}

/// The service field that an answer may keep: only one that enough receipts share (QX-10).
///
/// # Errors
/// Where the database cannot be read.
pub fn field_kept(
    db: &mut Db,
    unit: &UnitCode,
    field: &FieldCode,
    month: Month,
) -> Result<ServiceField, StorageError> {
    let issued = counts::issued_recently(db, unit, field, month)?;
    Ok(if service_field_kept(issued) { ServiceField::Code(field.clone()) } else { ServiceField::Withheld })
}

/// What was found out about service fields so far: those who come together mostly come for the same.
#[derive(Default)]
struct Fields(HashMap<(UnitCode, FieldCode, Month), ServiceField>);

impl Fields {
    fn open(&mut self, db: &mut Db, stored: StoredReceipt, month: Month) -> Result<Opened, StorageError> {
        let receipt = &stored.receipt;
        let Some(code) = &receipt.service_field else {
            return Ok(Opened { stored, field: ServiceField::None });
        };
        let key = (receipt.unit.clone(), code.clone(), month);
        if let Some(field) = self.0.get(&key) {
            return Ok(Opened { field: field.clone(), stored });
        }
        let field = field_kept(db, &receipt.unit, code, month)?;
        self.0.insert(key, field.clone());
        Ok(Opened { stored, field })
    }
}
