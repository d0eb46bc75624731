//! A form file: TOML text in, a consistent [`Form`] out, or every fault with its line, key and remedy.
//!
//! Files are written by officers, not by programmers, so a fault never stops the search for the next one, and
//! each says what to do. Only what is not TOML at all is reported alone, because nothing else can be known then.
//!
//! [`read`] is the door for files: it also refuses what a new form must not ask ([`super::wording`]).
//! [`read_stored`] is the door for texts that were published before: a rule that became stricter since must never
//! make answers unreadable.

mod notes;
mod question;
mod schema;
mod shipped;
mod text;
mod toml_text;

use std::fmt;

use toml::de::DeTable;

use self::{
    text::Texts,
    toml_text::{Reading, Section},
};
use super::{
    form::{Factor, Form, FormDraft, Part, Question},
    form_rules,
    ids::{FormId, Slug},
    wording::{self, Length},
};

pub use self::{schema::schema, shipped::SHIPPED};

/// A fault of a form file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {what}; {remedy}")]
pub struct FileFault {
    /// The file, as it was named by the caller.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// For example `question access.seating`; `file` where the whole file is meant.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// Something that an author should know and may leave as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNote {
    /// The file, as it was named by the caller.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// As in [`FileFault::key`].
    pub key: String,
    /// What there is to know.
    pub what: String,
}

impl fmt::Display for FileNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.key, self.what)
    }
}

/// A form and what its author should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadForm {
    /// The form.
    pub form: Form,
    /// Missing translations, drafts, and wording that could be better.
    pub notes: Vec<FileNote>,
}

const TOP_KEYS: &[&str] = &[
    "id",
    "version",
    "series",
    "length",
    "method",
    "source",
    "order",
    "dont_know",
    "required",
    "title",
    "intro",
    "respondent_notice",
    "dont_know_label",
    "levels",
    "languages",
    "part",
    "factor",
    "question",
];
const PART_KEYS: &[&str] = &["slug", "name"];
const FACTOR_KEYS: &[&str] = &["slug", "name", "part", "question"];

/// Reads a form file that is to be published.
///
/// # Errors
/// All faults at once: of the file, of the form, of its words, and of a file name that says another id or version.
pub fn read(file_name: &str, text: &str) -> Result<ReadForm, Vec<FileFault>> {
    let root = parse(file_name, text)?;
    let mut reading = Reading::new(file_name, text);
    let drafted = draft_of(&mut reading, root.get_ref());
    let Some((draft, length)) = drafted else { return Err(reading.into_faults()) };
    check_name(&mut reading, &draft);
    for fault in form_rules::faults(&draft).into_iter().chain(wording::faults(&draft, length)) {
        reading.add(fault);
    }
    let notes = notes::of(&reading, &draft);
    finish(reading, draft).map(|form| ReadForm { form, notes })
}

/// Reads a text that was published before, without the rules of wording and of file names. The name is only for
/// messages.
///
/// # Errors
/// All faults at once; a text that was accepted by [`read`] has none.
pub fn read_stored(name: &str, text: &str) -> Result<Form, Vec<FileFault>> {
    let root = parse(name, text)?;
    let mut reading = Reading::new(name, text);
    let Some((draft, _)) = draft_of(&mut reading, root.get_ref()) else { return Err(reading.into_faults()) };
    for fault in form_rules::faults(&draft) {
        reading.add(fault);
    }
    finish(reading, draft)
}

fn finish(reading: Reading<'_>, draft: FormDraft) -> Result<Form, Vec<FileFault>> {
    if reading.has_faults() {
        return Err(reading.into_faults());
    }
    let file = reading.file().to_owned();
    Form::assemble(draft).map_err(|faults| {
        let place = |f: super::form::FormFault| FileFault {
            file: file.clone(),
            line: 1,
            key: f.key,
            what: f.what,
            remedy: f.remedy,
        };
        faults.into_iter().map(place).collect()
    })
}

/// The text as TOML, or its syntax errors.
fn parse<'t>(file: &str, text: &'t str) -> Result<toml::Spanned<DeTable<'t>>, Vec<FileFault>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(root);
    }
    let fault = |e: toml::de::Error| FileFault {
        file: file.to_owned(),
        line: toml_text::line_of(text, e.span().map_or(0, |s| s.start)),
        key: "file".to_owned(),
        what: format!("this line is not TOML ({})", e.message()),
        remedy: "look for a missing quotation mark, bracket or = on this line or the one before".to_owned(),
    };
    Err(errors.into_iter().map(fault).collect())
}

/// `<id>.toml` or `<id>-v<n>.toml`.
fn check_name(reading: &mut Reading<'_>, draft: &FormDraft) {
    let name = reading.file().rsplit(['/', '\\']).next().unwrap_or_default();
    let allowed = [format!("{}.toml", draft.id), format!("{}-v{}.toml", draft.id, draft.version)];
    if !allowed.iter().any(|a| a == name) {
        let what = format!("the file says id {} and version {}", draft.id, draft.version);
        reading.fault_at(0, "file", what, format!("name it {} or {}", allowed[0], allowed[1]));
    }
}

/// What the file says; `None` where too little was readable to look further.
fn draft_of(reading: &mut Reading<'_>, root: &DeTable<'_>) -> Option<(FormDraft, Length)> {
    let top = Section::top(root);
    reading.known_keys(&top, TOP_KEYS);
    let texts = Texts::declared(reading, &top);
    let id: Option<FormId> = reading.needed(&top, "id");
    let version = reading.version(&top, "version");
    let series = if top.has("series") { reading.version(&top, "series") } else { version };
    let method = if top.has("method") { reading.needed(&top, "method") } else { "top2-pooled".parse().ok() };
    let length = length_of(reading, &top);
    let levels = texts.levels(reading, &top);
    let order = order_of(reading, &top);
    let parts: Vec<Part> =
        reading.tables(&top, "part").into_iter().filter_map(|s| part_of(reading, &texts, s)).collect();
    let (factors, blocks) = factors_of(reading, &texts, &top, &parts);
    let questions = questions_of(reading, &texts, &top, &factors, blocks);
    let draft = FormDraft {
        id: id?,
        version: version?,
        series: series?,
        title: texts.text(reading, &top, "title"),
        intro: texts.text(reading, &top, "intro"),
        respondent_notice: texts.optional(reading, &top, "respondent_notice"),
        levels,
        order,
        dont_know_label: texts.text(reading, &top, "dont_know_label"),
        parts,
        factors,
        questions,
        method: method?,
        source: reading.string(&top, "source").unwrap_or_default(),
        languages: texts.languages,
    };
    Some((draft, length))
}

fn length_of(reading: &mut Reading<'_>, top: &Section<'_, '_>) -> Length {
    match reading.string(top, "length").as_deref() {
        Some("short") => Length::Short,
        None | Some("full") => Length::Full,
        Some(_) => {
            let remedy = "write \"short\" (at most 6 rated questions and 1 comment) or \"full\"";
            reading.fault(top, "length", "is no length of a form", remedy);
            Length::Full
        }
    }
}

/// Levels in the order of showing; what is no list of five small numbers is left to the rules as zeros.
fn order_of(reading: &mut Reading<'_>, top: &Section<'_, '_>) -> [u8; 5] {
    if !top.has("order") {
        return [1, 2, 3, 4, 5];
    }
    let numbers = reading.integers(top, "order");
    let levels: Vec<u8> = numbers.iter().filter_map(|n| u8::try_from(*n).ok()).collect();
    levels.try_into().unwrap_or_default()
}

fn part_of(reading: &mut Reading<'_>, texts: &Texts, mut section: Section<'_, '_>) -> Option<Part> {
    let slug: Option<Slug> = reading.named_section(&mut section, "part");
    reading.known_keys(&section, PART_KEYS);
    let name = texts.text(reading, &section, "name");
    Some(Part { slug: slug?, name })
}

/// The factors, and the question blocks written inside them with the index of their factor.
fn factors_of<'a, 'd>(
    reading: &mut Reading<'_>,
    texts: &Texts,
    top: &Section<'a, 'd>,
    parts: &[Part],
) -> (Vec<Factor>, Vec<(Section<'a, 'd>, Option<usize>)>) {
    let mut factors = Vec::new();
    let mut blocks = Vec::new();
    for mut section in reading.tables(top, "factor") {
        let slug: Option<Slug> = reading.named_section(&mut section, "factor");
        reading.known_keys(&section, FACTOR_KEYS);
        let name = texts.text(reading, &section, "name");
        let part = reading.reference(&section, "part", parts.iter().map(|p| &p.slug));
        let index = slug.is_some().then_some(factors.len());
        blocks.extend(reading.tables(&section, "question").into_iter().map(|q| (q, index)));
        match slug {
            Some(slug) => factors.push(Factor { slug, name, part }),
            None => reading.set_incomplete(),
        }
    }
    (factors, blocks)
}

/// All questions in the order of the file, wherever their blocks stand.
fn questions_of<'a, 'd>(
    reading: &mut Reading<'_>,
    texts: &Texts,
    top: &Section<'a, 'd>,
    factors: &[Factor],
    mut blocks: Vec<(Section<'a, 'd>, Option<usize>)>,
) -> Vec<Question> {
    blocks.extend(reading.tables(top, "question").into_iter().map(|q| (q, None)));
    blocks.sort_by_key(|(section, _)| section.at);
    let defaults = question::Defaults {
        dont_know: reading.boolean(top, "dont_know").unwrap_or(false),
        required: reading.boolean(top, "required").unwrap_or(false),
        factors,
    };
    let mut questions: Vec<Question> = Vec::new();
    let mut filters = Vec::new();
    for (section, factor) in blocks {
        match question::read(reading, texts, &defaults, section, factor) {
            Some((question, filter)) => {
                filters.extend(filter.map(|f| (questions.len(), f)));
                questions.push(question);
            }
            None => reading.set_incomplete(),
        }
    }
    question::bind_filters(reading, &mut questions, filters);
    questions
}
