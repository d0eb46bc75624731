//! What makes a form consistent.
//!
//! These are the rules without which answers could not be stored, counted or named. What a form must not *ask*, and
//! how it should speak, is in [`super::wording`].

use std::collections::{BTreeMap, BTreeSet};

use super::{
    answers::Missing,
    form::{
        Choice, FormDraft, FormFault, NumberClass, OnlyIf, Purpose, Question, QuestionKind, Text, TextState,
    },
    ids::Language,
};

/// Most options of a multiple choice: bits of a whole number, with room for the missing reasons.
const MOST_PICKS: usize = 60;
/// Most options of a single choice, rows of options or classes: values of a byte, with room for the missing reasons.
const MOST_CHOICES: usize = 250;
/// Most characters of a comment.
const MOST_CHARS: usize = 500;

/// Slugs that mean something else in exports, groupings and submissions.
pub(super) const RESERVED: &[&str] = &[
    "overall",
    "unit",
    "form",
    "version",
    "form_version",
    "period",
    "month",
    "quarter",
    "year",
    "day",
    "channel",
    "service_field",
    "language",
    "assisted",
    "pace",
    "flagged",
    "flags",
    "posters",
    "receipt",
    "submission",
    "submission_key",
];

/// All faults of a draft.
pub(super) fn faults(draft: &FormDraft) -> Vec<FormFault> {
    let mut found = Faults::default();
    head(&mut found, draft);
    texts(&mut found, draft);
    names(&mut found, draft);
    groups(&mut found, draft);
    for (index, question) in draft.questions.iter().enumerate() {
        let mut at = found.at(format!("question {}", question.slug));
        purpose(&mut at, draft, question);
        kind(&mut at, &question.kind);
        if let Some(only_if) = &question.only_if {
            filter(&mut at, draft, index, only_if);
        }
    }
    found.0
}

#[derive(Debug, Default)]
struct Faults(Vec<FormFault>);

/// Collects the faults of one place.
struct At<'f> {
    all: &'f mut Faults,
    key: String,
}

impl Faults {
    fn at(&mut self, key: impl Into<String>) -> At<'_> {
        At { all: self, key: key.into() }
    }
}

impl At<'_> {
    fn fault(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        let (what, remedy) = (what.into(), remedy.into());
        self.all.0.push(FormFault { key: self.key.clone(), what, remedy });
    }

    /// A fault at something inside this place.
    fn inner(&mut self, inner: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let key = format!("{}, {inner}", self.key);
        self.all.at(key).fault(what, remedy);
    }
}

fn head(found: &mut Faults, draft: &FormDraft) {
    if draft.version == 0 {
        found.at("version").fault("is 0", "number versions from 1");
    }
    if draft.series == 0 || draft.series > draft.version {
        let what = format!("is {}, but this is version {}", draft.series, draft.version);
        found.at("series").fault(what, "name the earlier version that began the series, or this version");
    }
    if draft.order != [1, 2, 3, 4, 5] && draft.order != [5, 4, 3, 2, 1] {
        let remedy = "write [1, 2, 3, 4, 5] or [5, 4, 3, 2, 1]";
        found.at("order").fault("does not show the five levels in one direction", remedy);
    }
    if draft.source.trim().is_empty() {
        found.at("source").fault("is missing", "say where the instrument comes from: source = \"...\"");
    }
    if draft.languages.first().is_none_or(|l| l.code != Language::VI) {
        found.at("languages").fault("do not begin with vi", "write a block [languages.vi]");
    }
    let mut seen = BTreeSet::new();
    for language in &draft.languages {
        let mut at = found.at(format!("languages.{}", language.code));
        if !seen.insert(language.code) {
            at.fault("is declared twice", "keep one");
        }
        if language.name.trim().is_empty() {
            at.fault("has no name", "write its own name for itself, like name = \"Tiếng Việt\"");
        }
        if language.state == TextState::Reviewed && language.reviewer.is_none() {
            at.fault("is reviewed, but names no reviewer", "write reviewer = \"...\", or state = \"draft\"");
        }
    }
}

fn texts(found: &mut Faults, draft: &FormDraft) {
    let declared: BTreeSet<Language> = draft.languages.iter().map(|l| l.code).collect();
    for (key, text) in draft.every_text() {
        let mut at = found.at(key);
        if text.vi().trim().is_empty() {
            at.fault("has no Vietnamese text", "write vi = \"...\"");
        }
        for (language, wording) in text.0.iter().filter(|(l, _)| **l != Language::VI) {
            if wording.text.trim().is_empty() {
                at.fault(format!("is empty in {language}"), "write the text, or leave the language out");
            }
            if !declared.contains(language) {
                let remedy = format!("write a block [languages.{language}], or take the text out");
                at.fault(format!("has a text in {language}, which the form does not declare"), remedy);
            }
        }
    }
    for question in &draft.questions {
        let stray = |(language, object): (&Language, &super::form::Wording)| {
            question.text.0.get(language).is_none_or(|w| !w.text.contains(&object.text))
        };
        if question.emphasis.0.iter().any(stray) {
            let remedy = "set words of the text itself between stars";
            found.at(format!("question {}, text", question.slug)).fault("does not hold its emphasis", remedy);
        }
    }
}

/// Questions, matrix rows, factors and parts share one list of names: exports and scores name them by slug.
fn names(found: &mut Faults, draft: &FormDraft) {
    let mut named: BTreeMap<&str, String> = BTreeMap::new();
    let parts = draft.parts.iter().map(|p| (p.slug.as_str(), format!("part {}", p.slug)));
    let factors = draft.factors.iter().map(|f| (f.slug.as_str(), format!("factor {}", f.slug)));
    let questions = draft.questions.iter().map(|q| (q.slug.as_str(), format!("question {}", q.slug)));
    let rows = draft.questions.iter().flat_map(|q| match &q.kind {
        QuestionKind::Matrix { rows, .. } => {
            rows.iter().map(|r| (r.slug.as_str(), format!("question {}, row {}", q.slug, r.slug))).collect()
        }
        QuestionKind::Satisfaction { .. }
        | QuestionKind::Single { .. }
        | QuestionKind::Multiple { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Text { .. } => Vec::new(),
    });
    for (slug, place) in parts.chain(factors).chain(questions).chain(rows) {
        let mut at = found.at(place.clone());
        if RESERVED.contains(&slug) {
            at.fault(
                format!("has the slug {slug:?}, which exports use for something else"),
                "choose another slug",
            );
        }
        if let Some(first) = named.get(slug) {
            at.fault(format!("has the slug {slug:?}, which {first} has too"), "give each a slug of its own");
        } else {
            named.insert(slug, place);
        }
    }
}

fn groups(found: &mut Faults, draft: &FormDraft) {
    let factor_of = |q: &Question| match &q.kind {
        QuestionKind::Satisfaction { factor } => Some(*factor),
        QuestionKind::Single { .. }
        | QuestionKind::Multiple { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Text { .. } => None,
    };
    let rated: Vec<(&Question, Option<usize>)> =
        draft.questions.iter().filter_map(|q| factor_of(q).map(|f| (q, f))).collect();
    if rated.is_empty() {
        found.at("form").fault("has no satisfaction question", "add one with kind = \"satisfaction\"");
    }
    for (index, factor) in draft.factors.iter().enumerate() {
        let mut at = found.at(format!("factor {}", factor.slug));
        if !rated.iter().any(|(_, f)| *f == Some(index)) {
            at.fault("has no satisfaction question", "add one inside it, or take the factor out");
        }
        if !draft.parts.is_empty() && factor.part.is_none_or(|p| p >= draft.parts.len()) {
            at.fault("is in no part, but the form has parts", "write part = and the slug of its part");
        }
    }
    for (index, part) in draft.parts.iter().enumerate() {
        if !draft.factors.iter().any(|f| f.part == Some(index)) {
            found
                .at(format!("part {}", part.slug))
                .fault("has no factor", "name it in a factor, or take it out");
        }
    }
    for (question, factor) in rated {
        let mut at = found.at(format!("question {}", question.slug));
        match (question.slug.as_str(), factor) {
            ("general", Some(_)) => {
                at.fault("is the general question, but stands in a factor", "take it out of the factor");
            }
            ("general", None) => {}
            (_, None) => {
                at.fault("rates satisfaction in no factor", "name its factor; only `general` has none");
            }
            (_, Some(f)) if f >= draft.factors.len() => {
                at.fault("names no factor of the form", "name its factor");
            }
            (_, Some(_)) => {}
        }
    }
}

fn purpose(at: &mut At<'_>, draft: &FormDraft, question: &Question) {
    let rated = matches!(question.kind, QuestionKind::Satisfaction { .. });
    let text = matches!(question.kind, QuestionKind::Text { .. });
    if rated != (question.purpose == Purpose::Satisfaction) {
        at.inner(
            "purpose",
            "does not fit the kind",
            "satisfaction is the purpose of satisfaction questions alone",
        );
    }
    if text != (question.purpose == Purpose::Comment) {
        at.inner("purpose", "does not fit the kind", "comment is the purpose of text questions alone");
    }
    if text && question.required {
        at.inner("required", "asks a free text of everybody", "leave required out: a comment is a gift");
    }
    if text && question.dont_know {
        at.inner("dont_know", "is offered for a free text", "leave dont_know out: an empty box says it");
    }
    if text && question.only_if.is_some() {
        at.inner("only_if", "filters a free text", "leave only_if out: everybody may comment");
    }
    if question.purpose == Purpose::Respondent && draft.respondent_notice.is_none() {
        let remedy =
            "write respondent_notice.vi = \"...\" at the top of the file: why, and that it is optional";
        at.fault("asks about the respondent, but the form has no notice for it", remedy);
    }
}

fn kind(at: &mut At<'_>, kind: &QuestionKind) {
    match kind {
        QuestionKind::Satisfaction { .. } => {}
        QuestionKind::Single { options } => choices(at, options, MOST_CHOICES),
        QuestionKind::Multiple { options, at_most } => {
            choices(at, options, MOST_PICKS);
            if at_most.is_some_and(|most| most == 0 || most > options.len()) {
                let remedy = format!("write a number from 1 to {}, or leave it out", options.len());
                at.inner("at_most", "is not between 1 and the number of options", remedy);
            }
        }
        QuestionKind::Matrix { rows, options } => {
            choices(at, options, MOST_CHOICES);
            if rows.is_empty() {
                at.inner("rows", "are missing", "write rows = [ { slug = \"...\", vi = \"...\" } ]");
            }
        }
        QuestionKind::Number { min, max, classes } => number(at, *min, *max, classes),
        QuestionKind::Text { max_chars } => {
            if !(1..=MOST_CHARS).contains(max_chars) {
                at.inner("max_chars", format!("is not between 1 and {MOST_CHARS}"), "write max_chars = 500");
            }
        }
    }
}

fn choices(at: &mut At<'_>, options: &[Choice], most: usize) {
    if options.len() < 2 {
        let remedy = "write options = [ { code = \"...\", vi = \"...\" }, ... ]";
        at.inner("options", format!("are {}, but a choice needs two", options.len()), remedy);
    }
    if options.len() > most {
        let what = format!("are {}, more than {most}", options.len());
        at.inner("options", what, "join some, or ask two questions");
    }
    codes(at, "option", options.iter().map(|o| o.code.as_str()));
}

/// Codes are distinct and none reads as "no answer".
fn codes<'c>(at: &mut At<'_>, word: &str, codes: impl Iterator<Item = &'c str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            at.inner(&format!("{word} {code}"), "stands there twice", "give each a code of its own");
        }
        if Missing::named(code).is_some() {
            let remedy = "choose another code, or write dont_know = true";
            at.inner(&format!("{word} {code}"), "has a code that means no answer", remedy);
        }
    }
}

fn number(at: &mut At<'_>, min: i64, max: i64, classes: &[NumberClass]) {
    if min > max {
        at.inner("min", format!("is {min}, above the largest number {max}"), "write min below max");
    }
    if classes.len() < 2 || classes.len() > MOST_CHOICES {
        let remedy = format!(
            "write 2 to {MOST_CHOICES} classes: classes = [ {{ code = \"...\", up_to = 1, vi = \"...\" }} ]"
        );
        at.inner("classes", format!("are {}", classes.len()), remedy);
        return;
    }
    let ascending = classes.windows(2).all(|pair| matches!(pair, [a, b] if a.up_to < b.up_to));
    if !ascending {
        at.inner("classes", "do not ascend", "order them by up_to, each larger than the one before");
    }
    if classes.first().is_some_and(|c| c.up_to < min) {
        at.inner("classes", format!("begin below the smallest number {min}"), "take that class out");
    }
    if classes.last().is_none_or(|c| c.up_to != max) {
        let remedy = format!("write up_to = {max} in the last class");
        at.inner("classes", format!("do not end at the largest number {max}"), remedy);
    }
    codes(at, "class", classes.iter().map(|c| c.code.as_str()));
}

fn filter(at: &mut At<'_>, draft: &FormDraft, index: usize, only_if: &OnlyIf) {
    let remedy = "name an earlier single-choice question";
    if only_if.question >= index {
        at.inner("only_if", "looks at a question that does not come earlier", remedy);
        return;
    }
    match draft.questions.get(only_if.question).map(|q| &q.kind) {
        Some(QuestionKind::Single { options }) => {
            let known = only_if.options.iter().all(|o| *o < options.len());
            if only_if.options.is_empty() || !known {
                at.inner("only_if", "names no option of that question", "write is = [\"code\"]");
            }
        }
        _ => at.inner("only_if", "looks at a question that is no single choice", remedy),
    }
}

impl FormDraft {
    /// Every text with the words that name its place: `question access.seating, hint`.
    #[must_use]
    pub fn every_text(&self) -> Vec<(String, &Text)> {
        let mut texts: Vec<(String, &Text)> =
            vec![("title".into(), &self.title), ("intro".into(), &self.intro)];
        texts.extend(self.respondent_notice.as_ref().map(|t| ("respondent_notice".into(), t)));
        texts.push(("dont_know_label".into(), &self.dont_know_label));
        texts.extend(self.levels.iter().enumerate().map(|(i, t)| (format!("levels, {}", i + 1), t)));
        texts.extend(self.parts.iter().map(|p| (format!("part {}, name", p.slug), &p.name)));
        texts.extend(self.factors.iter().map(|f| (format!("factor {}, name", f.slug), &f.name)));
        for question in &self.questions {
            let key = |rest: &str| format!("question {}, {rest}", question.slug);
            texts.push((key("text"), &question.text));
            texts.extend(question.hint.as_ref().map(|h| (key("hint"), h)));
            let choices = |list: &[Choice]| -> Vec<String> {
                list.iter().map(|o| key(&format!("option {}", o.code))).collect()
            };
            match &question.kind {
                QuestionKind::Satisfaction { .. } | QuestionKind::Text { .. } => {}
                QuestionKind::Single { options } | QuestionKind::Multiple { options, .. } => {
                    texts.extend(choices(options).into_iter().zip(options.iter().map(|o| &o.label)));
                }
                QuestionKind::Matrix { rows, options } => {
                    texts.extend(rows.iter().map(|r| (key(&format!("row {}", r.slug)), &r.label)));
                    texts.extend(choices(options).into_iter().zip(options.iter().map(|o| &o.label)));
                }
                QuestionKind::Number { classes, .. } => {
                    texts.extend(classes.iter().map(|c| (key(&format!("class {}", c.code)), &c.label)));
                }
            }
        }
        texts
    }
}
