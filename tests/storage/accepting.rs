//! What the one transaction promises.

use sipas::{
    domain::{
        receipt::{CodeHash, ReceiptState},
        response::Channel,
    },
    storage::{
        inbox::{self, Accepted},
        receipts,
    },
};

use super::{Crowd, assert_sound, crowd::day, fold_all, store_of};

fn waiting(crowd: &Crowd) -> i64 {
    store_of(crowd).with(inbox::waiting).unwrap()
}

#[test]
fn a_key_is_taken_once_within_a_group_and_after_it() {
    let crowd = Crowd::new();
    let first = Crowd::response("tra-cu", "2026-11-24", Channel::Poster, [5, 4]);
    let other = Crowd::response("tra-cu", "2026-11-24", Channel::Poster, [1, 1]);
    let same = crowd.submission(1, None, &first);
    let changed = crowd.submission(1, None, &other);
    let group = [same.clone(), same.clone(), changed.clone()];
    assert_eq!(crowd.accept(&group), [Accepted::Stored, Accepted::Repeated, Accepted::KeyConflict]);
    assert_eq!(crowd.accept(&[changed, same]), [Accepted::KeyConflict, Accepted::Repeated]);
    assert_eq!(waiting(&crowd), 1);
}

#[test]
fn a_code_is_spent_once_and_a_retry_of_it_is_harmless() {
    let crowd = Crowd::new();
    crowd.issue(&[1, 2], "2026-12-01");
    let response = Crowd::response("tra-cu", "2026-11-24", Channel::Receipt, [5, 4]);
    let other = Crowd::response("tra-cu", "2026-11-24", Channel::Receipt, [1, 4]);
    let mine = crowd.submission(1, Some(1), &response);
    let again = crowd.submission(1, Some(1), &other);
    let thief = crowd.submission(2, Some(1), &response);
    assert_eq!(
        crowd.accept(&[mine.clone(), thief.clone(), again.clone()]),
        [Accepted::Stored, Accepted::NotUsable(ReceiptState::Used), Accepted::KeyConflict]
    );
    assert_eq!(
        crowd.accept(&[thief, mine, again]),
        [Accepted::NotUsable(ReceiptState::Used), Accepted::Repeated, Accepted::KeyConflict]
    );
    assert_eq!(crowd.accept(&[crowd.submission(3, Some(9), &response)]), [Accepted::UnknownCode]);
    assert_eq!(waiting(&crowd), 1);
}

#[test]
fn a_code_that_ended_is_not_usable_and_says_why() {
    let crowd = Crowd::new();
    crowd.issue(&[1], "2026-11-23");
    crowd.issue(&[2, 3], "2026-11-24");
    let withdraw = |code: u8, to| {
        store_of(&crowd)
            .with(|db| db.write(|db| receipts::withdraw(db, &CodeHash([code; 32]), to, day("2026-11-24"))))
    };
    assert_eq!(withdraw(2, ReceiptState::Void).unwrap(), Some(ReceiptState::Issued));
    assert_eq!(withdraw(2, ReceiptState::Replaced).unwrap(), Some(ReceiptState::Void));
    assert_eq!(withdraw(7, ReceiptState::Void).unwrap(), None);
    let response = Crowd::response("tra-cu", "2026-11-24", Channel::Receipt, [5, 4]);
    let group = [1, 2, 3].map(|c| crowd.submission(u128::from(c), Some(c), &response));
    assert_eq!(
        crowd.accept(&group),
        [
            Accepted::NotUsable(ReceiptState::Expired),
            Accepted::NotUsable(ReceiptState::Void),
            Accepted::Stored
        ]
    );
}

#[test]
fn four_answers_wait_and_the_fifth_folds_all() {
    let crowd = Crowd::new();
    crowd.with_units(&["tra-cu"]);
    crowd.answer(4, "tra-cu", "2026-11-24");
    assert_eq!(fold_all(&crowd), 0);
    crowd.answer(1, "tra-cu", "2026-11-24");
    assert_eq!(fold_all(&crowd), 5);
    assert_eq!(waiting(&crowd), 0);
    crowd.answer(3000, "tra-cu", "2026-11-23");
    assert_eq!(fold_all(&crowd), 3000);
    assert_sound(&crowd);
}

#[test]
fn posters_and_other_channels_are_handfuls_of_their_own() {
    let crowd = Crowd::new();
    crowd.with_units(&["tra-cu"]);
    for key in 0..4_u128 {
        for (offset, channel) in [(0, Channel::Poster), (100, Channel::Api)] {
            let response = Crowd::response("tra-cu", "2026-11-24", channel, [3, 3]);
            crowd.accept(&[crowd.submission(key + offset, None, &response)]);
        }
    }
    assert_eq!(fold_all(&crowd), 0);
}
