//! What every problem must have.

use super::*;

#[test]
fn a_pointer_escapes_its_two_signs() {
    assert_eq!(pointer(["answers", "access.ease"]), "/answers/access.ease");
    assert_eq!(pointer(["answers", "a/b~c"]), "/answers/a~1b~0c");
}

#[test]
fn every_code_has_words_in_three_languages() {
    for error in every_error() {
        let entry = texts::of(error.code()).unwrap_or_else(|| panic!("{}", error.code()));
        assert!(entry.title.iter().chain(&entry.detail).all(|text| !text.is_empty()));
        for language in [Language::VI, Language::KM, Language::EN] {
            assert!(!error.words(language).detail.contains("{}"));
        }
    }
}

fn every_error() -> Vec<ApiError> {
    let cause = || Cause::from("cause");
    let mut all = vec![
        ApiError::MethodNotAllowed("GET"),
        ApiError::BadJson { line: 1, column: 2 },
        ApiError::BadRequest,
        ApiError::TooLarge(1),
        ApiError::UnsupportedMedia("application/json"),
        ApiError::Timeout,
        ApiError::Invalid(Vec::new()),
        ApiError::TwoSeries("a 1, a 2".to_owned()),
        ApiError::Unauthorized,
        ApiError::MistypedCode,
        ApiError::SpentCode,
        ApiError::KeyConflict,
        ApiError::ReceiptState,
        ApiError::ExpiredCode,
        ApiError::VoidCode,
        ApiError::ReplacedCode,
        ApiError::ClosedUnit,
        ApiError::AddressTooLong(9),
        ApiError::TooMany(3),
        ApiError::Busy,
        ApiError::Stopping,
        ApiError::Unavailable(cause()),
        ApiError::StorageFull(cause()),
        ApiError::Internal(cause()),
    ];
    all.extend(
        [Thing::Page, Thing::Unit, Thing::Form, Thing::Receipt, Thing::Device].map(ApiError::NotFound),
    );
    let refusals = [
        Refusal::Scope(Scope::ScoresRead),
        Refusal::OutsideSubtree,
        Refusal::Channel,
        Refusal::AnsweredOn,
        Refusal::CrossSite,
        Refusal::NotPublic,
    ];
    all.extend(refusals.map(ApiError::Forbidden));
    all
}

#[test]
fn what_can_be_tried_again_says_when() {
    assert_eq!(ApiError::Busy.retry_after(), Some(RETRY_SECONDS));
    assert_eq!(ApiError::TooMany(0).retry_after(), Some(1));
    assert_eq!(ApiError::SpentCode.retry_after(), None);
}

#[test]
fn a_status_of_the_framework_keeps_its_number() {
    for status in [400, 404, 405, 408, 413, 415, 500] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(ApiError::of_status(status).status(), status);
    }
}
