//! One question block of a form file.

use super::{
    text::Texts,
    toml_text::{Reading, Section},
};
use crate::domain::{
    form::{Choice, Factor, MatrixRow, NumberClass, OnlyIf, Purpose, Question, QuestionKind, Text},
    ids::{OptionCode, Slug},
};

/// Keys that every question may have.
pub(super) const COMMON_KEYS: &[&str] = &["slug", "kind", "purpose", "text", "hint", "required", "only_if"];
pub(super) const KINDS: [&str; 6] = ["satisfaction", "single", "multiple", "matrix", "number", "text"];
pub(super) const ONLY_IF_KEYS: &[&str] = &["question", "is"];

/// What the file says for all its questions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Defaults<'f> {
    /// Whether satisfaction questions offer "don't know".
    pub dont_know: bool,
    /// Whether satisfaction questions must be answered.
    pub required: bool,
    /// The factors, for questions that name theirs.
    pub factors: &'f [Factor],
}

/// A filter as the file writes it, by names.
#[derive(Debug)]
pub(super) struct Filter<'a, 'd> {
    section: Section<'a, 'd>,
    question: String,
    is: Vec<String>,
}

/// Reads one block; `None` where it has no usable slug or kind.
pub(super) fn read<'a, 'd>(
    reading: &mut Reading<'_>,
    texts: &Texts,
    defaults: &Defaults<'_>,
    mut section: Section<'a, 'd>,
    inside: Option<usize>,
) -> Option<(Question, Option<Filter<'a, 'd>>)> {
    let slug: Option<Slug> = reading.named_section(&mut section, "question");
    let kind = kind_name(reading, &section, inside)?;
    let keys = [COMMON_KEYS, own_keys(kind)].concat();
    reading.known_keys(&section, &keys);
    let starred = texts.text(reading, &section, "text");
    let (text, emphasis) = unstarred(reading, &section, starred);
    let scored = kind == "satisfaction";
    let question = Question {
        slug: slug?,
        text,
        emphasis,
        hint: texts.optional(reading, &section, "hint"),
        purpose: purpose_of(reading, &section, kind),
        required: reading.boolean(&section, "required").unwrap_or(scored && defaults.required),
        dont_know: reading.boolean(&section, "dont_know").unwrap_or(scored && defaults.dont_know),
        kind: kind_of(reading, texts, defaults, &section, (kind, inside)),
        only_if: None,
    };
    let filter = filter_of(reading, &section);
    Some((question, filter))
}

/// The kind that the block names; inside a factor it is satisfaction where it names none.
fn kind_name(
    reading: &mut Reading<'_>,
    section: &Section<'_, '_>,
    inside: Option<usize>,
) -> Option<&'static str> {
    if !section.has("kind") {
        if inside.is_some() || section.has("factor") {
            return Some("satisfaction");
        }
        reading.fault(section, "kind", "is missing", format!("write one of: {}", KINDS.join(", ")));
        return None;
    }
    let name = reading.string(section, "kind")?;
    let kind = KINDS.into_iter().find(|k| *k == name);
    if kind.is_none() {
        let remedy = format!("write one of: {}", KINDS.join(", "));
        reading.fault(section, "kind", format!("{name:?} is no kind of question"), remedy);
    }
    kind
}

/// Keys that only questions of one kind have.
pub(super) fn own_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "satisfaction" => &["factor", "dont_know"],
        "single" => &["options", "dont_know"],
        "multiple" => &["options", "at_most", "dont_know"],
        "matrix" => &["options", "rows", "dont_know"],
        "number" => &["min", "max", "classes", "dont_know"],
        _ => &["max_chars"],
    }
}

fn kind_of(
    reading: &mut Reading<'_>,
    texts: &Texts,
    defaults: &Defaults<'_>,
    section: &Section<'_, '_>,
    (kind, inside): (&str, Option<usize>),
) -> QuestionKind {
    match kind {
        "satisfaction" => {
            let named = reading.reference(section, "factor", defaults.factors.iter().map(|f| &f.slug));
            QuestionKind::Satisfaction { factor: inside.or(named) }
        }
        "single" => QuestionKind::Single { options: options_of(reading, texts, section) },
        "multiple" => {
            let at_most = reading.integer(section, "at_most").map(|n| usize::try_from(n).unwrap_or(0));
            QuestionKind::Multiple { options: options_of(reading, texts, section), at_most }
        }
        "matrix" => {
            let rows = rows_of(reading, texts, section);
            QuestionKind::Matrix { rows, options: options_of(reading, texts, section) }
        }
        "number" => QuestionKind::Number {
            min: needed_number(reading, &section.name, section, "min"),
            max: needed_number(reading, &section.name, section, "max"),
            classes: classes_of(reading, texts, section),
        },
        _ => {
            let limit =
                if section.has("max_chars") { reading.integer(section, "max_chars") } else { Some(500) };
            QuestionKind::Text { max_chars: usize::try_from(limit.unwrap_or(500)).unwrap_or(0) }
        }
    }
}

/// A number that the rules count with; where it cannot be read they are silent about what rests on it.
fn needed_number(reading: &mut Reading<'_>, question: &str, section: &Section<'_, '_>, key: &str) -> i64 {
    if !section.has(key) {
        reading.fault(section, key, "is missing", format!("write {key} = and a whole number"));
    }
    let number = reading.integer(section, key);
    if number.is_none() {
        reading.mute(&format!("{question}, classes"));
        reading.mute(&format!("{question}, min"));
    }
    number.unwrap_or(0)
}

fn purpose_of(reading: &mut Reading<'_>, section: &Section<'_, '_>, kind: &str) -> Purpose {
    let usual = match kind {
        "satisfaction" => Purpose::Satisfaction,
        "text" => Purpose::Comment,
        _ => Purpose::Fact,
    };
    match reading.string(section, "purpose").as_deref() {
        None => usual,
        Some("satisfaction") => Purpose::Satisfaction,
        Some("fact") => Purpose::Fact,
        Some("expectation") => Purpose::Expectation,
        Some("respondent") => Purpose::Respondent,
        Some("comment") => Purpose::Comment,
        Some(_) => {
            let remedy = "write one of: satisfaction, fact, expectation, respondent, comment";
            reading.fault(section, "purpose", "is no purpose of a question", remedy);
            usual
        }
    }
}

/// The items of a list of a question, each named by its code or slug.
fn items<'a, 'd, T>(
    reading: &mut Reading<'_>,
    section: &Section<'a, 'd>,
    (list, word, key): (&str, &str, &str),
) -> Vec<(Section<'a, 'd>, T)>
where
    T: std::str::FromStr<Err: std::fmt::Display> + std::fmt::Display,
{
    let mut found = Vec::new();
    for mut item in reading.tables(section, list) {
        let Some(name) = reading.needed::<T>(&item, key) else { continue };
        item.name = section.key(&format!("{word} {name}"));
        reading.note_place(item.name.clone(), item.at);
        found.push((item, name));
    }
    found
}

fn options_of(reading: &mut Reading<'_>, texts: &Texts, section: &Section<'_, '_>) -> Vec<Choice> {
    let found: Vec<(_, OptionCode)> = items(reading, section, ("options", "option", "code"));
    found.into_iter().map(|(s, code)| Choice { code, label: texts.flat(reading, &s, &["code"]) }).collect()
}

fn rows_of(reading: &mut Reading<'_>, texts: &Texts, section: &Section<'_, '_>) -> Vec<MatrixRow> {
    let found: Vec<(_, Slug)> = items(reading, section, ("rows", "row", "slug"));
    found.into_iter().map(|(s, slug)| MatrixRow { slug, label: texts.flat(reading, &s, &["slug"]) }).collect()
}

fn classes_of(reading: &mut Reading<'_>, texts: &Texts, section: &Section<'_, '_>) -> Vec<NumberClass> {
    let found: Vec<(_, OptionCode)> = items(reading, section, ("classes", "class", "code"));
    found
        .into_iter()
        .map(|(s, code)| {
            let up_to = needed_number(reading, &section.name, &s, "up_to");
            NumberClass { code, label: texts.flat(reading, &s, &["code", "up_to"]), up_to }
        })
        .collect()
}

/// Takes the stars out of a question's text: what stands between them is its object.
fn unstarred(reading: &mut Reading<'_>, section: &Section<'_, '_>, mut text: Text) -> (Text, Text) {
    let mut emphasis = Text::default();
    for (language, wording) in &mut text.0 {
        let pieces: Vec<&str> = wording.text.split('*').collect();
        let plain = pieces.concat();
        match pieces.as_slice() {
            [_] => {}
            [_, object, _] if !object.trim().is_empty() => {
                let mut object_wording = wording.clone();
                (*object).clone_into(&mut object_wording.text);
                emphasis.0.insert(*language, object_wording);
            }
            _ => {
                let what = format!("the stars in {language} do not enclose one run of words");
                reading.fault(section, "text", what, "write one pair: with *the waiting place*?");
            }
        }
        wording.text = plain;
    }
    (text, emphasis)
}

fn filter_of<'a, 'd>(reading: &mut Reading<'_>, section: &Section<'a, 'd>) -> Option<Filter<'a, 'd>> {
    let Some(table) = section.get("only_if")?.as_table() else {
        let remedy = "write only_if = { question = \"slug\", is = [\"code\"] }";
        reading.fault(section, "only_if", "is no table", remedy);
        return None;
    };
    let section = section.inner("only_if", table, section.byte("only_if"));
    reading.known_keys(&section, ONLY_IF_KEYS);
    let question: Option<String> = reading.needed(&section, "question");
    let is = reading.strings(&section, "is");
    Some(Filter { section, question: question?, is })
}

/// Turns the names in filters into indexes, once all questions are known.
pub(super) fn bind_filters(
    reading: &mut Reading<'_>,
    questions: &mut [Question],
    filters: Vec<(usize, Filter<'_, '_>)>,
) {
    for (index, filter) in filters {
        let only_if = bound(reading, questions, &filter);
        if let Some(question) = questions.get_mut(index) {
            question.only_if = only_if;
        }
    }
}

fn bound(reading: &mut Reading<'_>, questions: &[Question], filter: &Filter<'_, '_>) -> Option<OnlyIf> {
    let Some(place) = questions.iter().position(|q| q.slug.as_str() == filter.question) else {
        let what = format!("there is no question {:?}", filter.question);
        reading.fault(&filter.section, "question", what, "name an earlier single-choice question");
        return None;
    };
    let known: Vec<&str> = match questions.get(place).map(|q| &q.kind) {
        Some(QuestionKind::Single { options }) => options.iter().map(|o| o.code.as_str()).collect(),
        _ => return Some(OnlyIf { question: place, options: vec![0] }),
    };
    let mut options = Vec::new();
    for code in &filter.is {
        let found = known.iter().position(|k| k == code);
        if found.is_none() {
            let what = format!("question {} has no option {code:?}", filter.question);
            reading.fault(&filter.section, "is", what, format!("write one of: {}", known.join(", ")));
        }
        options.extend(found);
    }
    Some(OnlyIf { question: place, options })
}
