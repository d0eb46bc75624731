//! The words of the citizens' pages and of the shipped forms: plain, and every one of them used.

use std::{collections::BTreeSet, fs, path::Path};

use sipas::{
    domain::{form_file, ids::Language, wording},
    http::{
        pages::words::Words,
        problem::{ApiError, Thing},
    },
};

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

fn keys(file: &str) -> Vec<String> {
    let text = fs::read_to_string(top().join("src/http/locales").join(file)).unwrap();
    let starts = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    text.lines()
        .filter(starts)
        .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
        .collect()
}

/// The words in quotation marks of the program and its templates.
fn quoted() -> BTreeSet<String> {
    let files = below(&top().join("src"));
    let read = files.iter().filter(|path| path.extension().is_some_and(|e| e == "rs" || e == "html"));
    let texts = read.map(|path| fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a key may be made from a text with gaps, `room-{name}-text`.
fn made_from(key: &str, text: &str) -> bool {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, gap)) = rest.split_once('{') {
        pieces.push(before);
        let Some((_, after)) = gap.split_once('}') else { return false };
        rest = after;
    }
    pieces.push(rest);
    let letters: usize = pieces.iter().map(|piece| piece.len()).sum();
    let plain =
        |piece: &&str| piece.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if pieces.len() < 2 || letters < 3 || !pieces.iter().all(plain) {
        return false;
    }
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    let Some(mut inside) = key.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    pieces[1..pieces.len() - 1].iter().all(|piece| match inside.split_once(piece) {
        Some((_, after)) => {
            inside = after;
            true
        }
        None => false,
    })
}

#[test]
fn every_text_is_used() {
    let quoted = quoted();
    let folder = top().join("src/http/locales/vi");
    let mut unused = Vec::new();
    for file in below(&folder) {
        let name = format!("vi/{}", file.file_name().unwrap().to_string_lossy());
        // The tablet's scripts name these; a test beside `pages::kiosk` compares both.
        if name.starts_with("vi/kiosk") {
            continue;
        }
        let lonely = |key: &String| !quoted.contains(key) && !quoted.iter().any(|text| made_from(key, text));
        unused.extend(keys(&name).into_iter().filter(lonely));
    }
    assert!(unused.is_empty(), "nothing shows these: {}", unused.join(", "));
    assert!(made_from("room-scores-text", "room-{name}-text") && !made_from("scores-text", "room-{}-text"));
}

#[test]
fn citizens_pages_speak_plainly() {
    let words = Words::of(Language::VI);
    let mut heavy = Vec::new();
    for key in keys("vi/pages.ftl") {
        heavy.extend(wording::text_notes(&words.t(&key)).into_iter().map(|note| format!("{key}: {note}")));
    }
    for error in problems_of_citizens() {
        let said = error.words(Language::VI);
        for text in [said.title, &said.detail] {
            heavy.extend(
                wording::text_notes(text).into_iter().map(|note| format!("{}: {note}", error.code())),
            );
        }
    }
    assert!(heavy.is_empty(), "{}", heavy.join("\n"));
}

/// What somebody may meet who only answers.
fn problems_of_citizens() -> Vec<ApiError> {
    vec![
        ApiError::MistypedCode,
        ApiError::SpentCode,
        ApiError::ExpiredCode,
        ApiError::VoidCode,
        ApiError::ReplacedCode,
        ApiError::ClosedUnit,
        ApiError::TooMany(3),
        ApiError::Busy,
        ApiError::Stopping,
        ApiError::Timeout,
        ApiError::NotFound(Thing::Page),
        ApiError::NotFound(Thing::Unit),
        ApiError::NotFound(Thing::Receipt),
    ]
}

#[test]
fn the_lint_notices_what_is_hard_to_read() {
    let seed = "Ông/bà hài lòng với chỗ ngồi, trang thiết bị và các vật dụng?";
    let notes = |text: &str| wording::text_notes(text).join("; ");
    assert!(notes(seed).contains("joins objects with \"và\""), "the plan's own phrase: {}", notes(seed));
    assert!(notes("Xin hỏi UBND.").contains("says UBND"));
    assert!(notes("Bạn gửi phiếu nhé.").contains("\"bạn\""));
    assert!(notes("Ông/bà đã gửi? Đã nhận?").contains("more than one question mark"));
    let long = format!("Ông/bà {} không?", "rất ".repeat(24));
    assert!(notes(&long).contains("27 syllables"), "{}", notes(&long));
    assert_eq!(notes("Ông/bà được phục vụ ở đâu?"), "");
}

/// Sentences of instruments that are worded by law, read and left as they are: form, question, what the lint says.
const REVIEWED: &str = include_str!("wording-reviewed.txt");

#[test]
fn shipped_forms_speak_plainly_or_as_the_law_does() {
    let mut found = Vec::new();
    for (name, text) in form_file::SHIPPED {
        let notes = form_file::read(name, text).unwrap().notes;
        let about_words = notes.into_iter().filter(|note| !note.key.starts_with("languages."));
        let about_words = about_words.filter(|note| !note.what.contains("the Vietnamese text is shown"));
        found.extend(about_words.map(|note| format!("{name}: {}: {}", note.key, note.what)));
    }
    let reviewed: Vec<&str> =
        REVIEWED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(reviewed.iter().all(|line| !line.starts_with("one-stop-short")), "no law words the short form");
    assert_eq!(found, reviewed, "\n{}\n", found.join("\n"));
}
