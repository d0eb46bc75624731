//! A free cross of two groupings, counted from the blocks: no tally holds it.
//!
//! No route and no command may call this before the pairs that it counts, as small as one person, are hidden where they
//! must be.

use super::{
    Db, StorageError, ahead,
    blocks::{self, Stored, Unpacker},
    inbox::Place,
    months,
    tallies::{TallyQuery, places_matching},
};
use crate::domain::{
    crossing::{Cross, Crossing},
    form::Form,
};

/// Counts the pairs of two groupings for one criterion, over the answers of closed months that match: those to this
/// version of the form. `progress` is told how many blocks of how many are read.
///
/// # Errors
/// Where the database cannot be read or a block is damaged.
pub fn cross(
    db: &mut Db,
    form: &Form,
    query: &TallyQuery,
    crossing: &Crossing,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Cross, StorageError> {
    db.snapshot(|db| {
        let states = months::states(db)?;
        let mut places = places_matching(db, query)?;
        places.retain(|place| {
            place.form == form.id && place.version == form.version && states.is_closed(place.month)
        });
        let wanted = crossing.bytes(form);
        let read = |(done, place)| {
            progress(done, places.len());
            Ok((place, blocks::stored(db, place)?))
        };
        let count =
            |unpacker: &mut Unpacker, (place, stored): (&Place, Stored)| -> Result<Cross, StorageError> {
                let mut cross = Cross::default();
                for segment in stored.unpack_columns(place, unpacker, &wanted)? {
                    cross.add(form, crossing, &segment);
                }
                Ok(cross)
            };
        let parts = ahead::work_on(places.iter().enumerate(), read, Unpacker::default, count)?;
        progress(places.len(), places.len());
        let mut whole = Cross::default();
        for part in parts {
            whole.merge(part?);
        }
        Ok(whole)
    })
}
