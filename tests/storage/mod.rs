//! The store itself, on the database that this run is about: accept, fold, close, verify.

mod accepting;
mod any_order;
mod closing;
mod crossing;
mod crowd;
mod verifying;

use sipas::storage::{StorageError, Store, folding, verify};

pub use crowd::{Crowd, form as tiny_form};

/// Everything verifies.
fn assert_sound(crowd: &Crowd) {
    let forms = Crowd::forms();
    let verified = crowd.store.with(|db| verify::verify(db, &forms, &mut |_, _| {})).unwrap();
    assert_eq!(verified.findings, Vec::<String>::new());
}

fn fold_all(crowd: &Crowd) -> u64 {
    let forms = Crowd::forms();
    let folder = folding::Folder { forms: &forms, keys: &crowd.keys };
    let mut responses = 0;
    crowd
        .store
        .with(|db| -> Result<(), StorageError> {
            loop {
                let done = folding::fold(db, folder)?;
                responses += done.responses;
                if !done.more {
                    return Ok(());
                }
            }
        })
        .unwrap();
    responses
}

fn store_of(crowd: &Crowd) -> &Store {
    &crowd.store
}
