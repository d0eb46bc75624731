//! The instrument: what is asked, in which order, on which scale, and which nodes are scored.
//!
//! A [`Form`] can only be made by [`Form::assemble`], so whoever holds one holds a consistent one.
//! It knows two shapes that everything else rests on: its **columns** (how one answer lies in a block)
//! and its **nodes** (what has a score).

use std::collections::{BTreeMap, HashMap};

use super::{
    ids::{FormId, Language, OptionCode, Slug},
    score::Method,
};

/// Whether a person who speaks the language has looked at a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextState {
    /// Not yet reviewed; may be shown, is listed by `sipas form check`.
    Draft,
    /// Reviewed by a named person.
    Reviewed,
}

/// One text in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What is shown.
    pub text: String,
    /// Whether it was reviewed.
    pub state: TextState,
}

/// A text in all its languages. Vietnamese is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub BTreeMap<Language, Wording>);

impl Text {
    /// The text in this language, else in Vietnamese, with the language it is really in.
    #[must_use]
    pub fn get(&self, language: Language) -> (&str, Language) {
        match self.0.get(&language) {
            Some(wording) => (&wording.text, language),
            None => (self.vi(), Language::VI),
        }
    }

    /// The Vietnamese text.
    #[must_use]
    pub fn vi(&self) -> &str {
        self.0.get(&Language::VI).map_or("", |w| w.text.as_str())
    }
}

/// A language that a form is offered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLanguage {
    /// Its code.
    pub code: Language,
    /// Its own name for itself, as the link shows it: `Tiếng Việt`.
    pub name: String,
    /// State of the texts that do not say their own.
    pub state: TextState,
    /// Who reviewed them.
    pub reviewer: Option<String>,
}

/// A domain of the method (`policy`, `service`), called part here because the code has a room `domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `policy`.
    pub slug: Slug,
    /// Its name.
    pub name: Text,
}

/// A factor: a handful of criteria that are scored together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// `access`.
    pub slug: Slug,
    /// Its name.
    pub name: Text,
    /// Index of its part in [`Form::parts`], where the instrument has parts.
    pub part: Option<usize>,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stable code, as stored and exported.
    pub code: OptionCode,
    /// What is shown.
    pub label: Text,
}

/// One row of a matrix; it is answered, counted and exported as a question of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Full slug, `interest.health`.
    pub slug: Slug,
    /// What is shown.
    pub label: Text,
}

/// A class that a number is stored as; the number itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberClass {
    /// Stable code, for example `3_to_5`.
    pub code: OptionCode,
    /// What is shown in results.
    pub label: Text,
    /// Largest number in the class (inclusive).
    pub up_to: i64,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// Five levels of satisfaction: a criterion, or the general question.
    Satisfaction {
        /// Index of its factor; `None` for the general question, a node of its own outside the overall.
        factor: Option<usize>,
    },
    /// One of several options.
    Single {
        /// The options, in order.
        options: Vec<Choice>,
    },
    /// Any number of several options.
    Multiple {
        /// The options, in order; at most 60.
        options: Vec<Choice>,
        /// Most that may be picked, where the form limits it.
        at_most: Option<usize>,
    },
    /// Several rows with the same options.
    Matrix {
        /// The rows, in order.
        rows: Vec<MatrixRow>,
        /// The options of every row.
        options: Vec<Choice>,
    },
    /// A whole number, kept as its class.
    Number {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// The classes, ascending; the last reaches `max`.
        classes: Vec<NumberClass>,
    },
    /// Free text; becomes a comment, never part of a block.
    Text {
        /// Most characters (Unicode scalar values).
        max_chars: usize,
    },
}

/// What a question is for; groupings and pages differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Satisfaction: the only purpose that is scored.
    Satisfaction,
    /// Perceptions and facts (trips, lateness, harassment).
    Fact,
    /// Wishes and expectations.
    Expectation,
    /// About the respondent (age band, sex): may be used as a grouping.
    Respondent,
    /// Free text.
    Comment,
}

/// Asks a question only where another was answered in a certain way; else it is `not_applicable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyIf {
    /// Index of the single-choice question that decides; always an earlier one.
    pub question: usize,
    /// Indexes of the options that let this question be asked.
    pub options: Vec<usize>,
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Stable slug, `access.seating`.
    pub slug: Slug,
    /// What is asked.
    pub text: Text,
    /// The object of the question, a run of `text` that a page may set bold.
    pub emphasis: Text,
    /// One line of help under it.
    pub hint: Option<Text>,
    /// What it takes.
    pub kind: QuestionKind,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether an answer must be given.
    pub required: bool,
    /// Whether "don't know / not applicable" is offered.
    pub dont_know: bool,
    /// When it is asked.
    pub only_if: Option<OnlyIf>,
}

/// Everything that a form file says, before [`Form::assemble`] has looked whether it holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// `one-stop-short`.
    pub id: FormId,
    /// 1, 2, ...: a published version never changes.
    pub version: u16,
    /// The version that began the series this one continues; equal to `version` where it starts one.
    pub series: u16,
    /// Shown as the heading.
    pub title: Text,
    /// One or two sentences under the heading.
    pub intro: Text,
    /// A notice before the respondent's questions, where the form has such.
    pub respondent_notice: Option<Text>,
    /// Languages, Vietnamese first.
    pub languages: Vec<FormLanguage>,
    /// Words of levels 1 (very dissatisfied) to 5 (very satisfied).
    pub levels: [Text; 5],
    /// Levels in the order of showing: `[1,2,3,4,5]` or `[5,4,3,2,1]`.
    pub order: [u8; 5],
    /// Words of the "don't know" answer.
    pub dont_know_label: Text,
    /// Parts, where the instrument has them.
    pub parts: Vec<Part>,
    /// Factors, in order.
    pub factors: Vec<Factor>,
    /// Questions, in the order of asking.
    pub questions: Vec<Question>,
    /// How its scores are made unless another method is asked for.
    pub method: Method,
    /// Where the instrument comes from.
    pub source: String,
}

/// What a column of a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A level 1 to 5, or a missing reason.
    Level,
    /// An option's index from 0, or a missing reason. The number says how many options there are.
    Choice(usize),
    /// Option bits from bit 0 up, then three bits that tell a missing reason (0: answered).
    Bits(usize),
    /// A class's index from 0, or a missing reason.
    Class(usize),
}

/// One column: a question, or one row of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Slug of the question or the matrix row.
    pub slug: Slug,
    /// Index in [`Form::questions`].
    pub question: usize,
    /// Index of the matrix row.
    pub row: Option<usize>,
    /// What it holds.
    pub kind: ColumnKind,
    /// First byte within an answer.
    pub offset: usize,
    /// Bytes within an answer.
    pub width: usize,
}

/// What kind of thing is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// One satisfaction question (also the general question).
    Criterion,
    /// A factor.
    Factor,
    /// A part (the method's domain).
    Part,
    /// The whole instrument.
    Overall,
}

impl NodeKind {
    /// As columns and the API print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::Factor => "factor",
            Self::Part => "part",
            Self::Overall => "overall",
        }
    }
}

/// A node of the score tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Slug of the criterion, factor or part; `overall` for the whole.
    pub slug: String,
    /// Indexes of its criteria in [`Form::columns`] (a criterion lists itself).
    pub columns: Vec<usize>,
    /// Index in [`Form::nodes`] of the node it is part of; none for the overall and the general question.
    pub parent: Option<usize>,
}

/// A consistent instrument, with its columns and its nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    draft: FormDraft,
    columns: Vec<Column>,
    width: usize,
    nodes: Vec<Node>,
    by_slug: HashMap<String, Place>,
}

/// Where a slug leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A question that has no column of its own (a matrix as a whole, a text).
    Question(usize),
    /// A column (index in [`Form::columns`]).
    Column(usize),
}

/// Why a draft does not hold together. The key names the place as the file does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}; {remedy}")]
pub struct FormFault {
    /// For example `question access.seating`.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl std::ops::Deref for Form {
    type Target = FormDraft;

    fn deref(&self) -> &FormDraft {
        &self.draft
    }
}

impl Form {
    /// Checks that a draft holds together and derives columns and nodes.
    ///
    /// # Errors
    /// All faults at once: doubled slugs, empty factors, filters that look forward, classes that do not reach
    /// the maximum, a form without a satisfaction question.
    pub fn assemble(draft: FormDraft) -> Result<Self, Vec<FormFault>> {
        let faults = super::form_rules::faults(&draft);
        if !faults.is_empty() {
            return Err(faults);
        }
        let (columns, width) = columns_of(&draft);
        let nodes = nodes_of(&draft, &columns);
        let mut by_slug: HashMap<String, Place> = draft
            .questions
            .iter()
            .enumerate()
            .map(|(i, q)| (q.slug.to_string(), Place::Question(i)))
            .collect();
        by_slug.extend(columns.iter().enumerate().map(|(i, c)| (c.slug.to_string(), Place::Column(i))));
        Ok(Self { draft, columns, width, nodes, by_slug })
    }

    /// How one answer lies in a block.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Bytes of one answer.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is scored: criteria in order of asking, factors, parts, overall.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Where a slug of a submission leads.
    #[must_use]
    pub fn place(&self, slug: &str) -> Option<Place> {
        self.by_slug.get(slug).copied()
    }

    /// The name of a node in a language, for pages and labels.
    #[must_use]
    pub fn node_name(&self, node: &Node, language: Language) -> (String, Language) {
        let found = match node.kind {
            NodeKind::Criterion => {
                self.questions.iter().find(|q| q.slug.as_str() == node.slug).map(|q| &q.text)
            }
            NodeKind::Factor => self.factors.iter().find(|f| f.slug.as_str() == node.slug).map(|f| &f.name),
            NodeKind::Part => self.parts.iter().find(|p| p.slug.as_str() == node.slug).map(|p| &p.name),
            NodeKind::Overall => Some(&self.title),
        };
        found.map_or_else(
            || (node.slug.clone(), Language::VI),
            |text| {
                let (words, lang) = text.get(language);
                (words.to_owned(), lang)
            },
        )
    }
}

/// Bytes that `bits` bits take.
fn bytes_for(bits: usize) -> usize {
    bits.div_ceil(8)
}

fn columns_of(draft: &FormDraft) -> (Vec<Column>, usize) {
    let mut columns = Vec::new();
    let mut offset = 0;
    let mut push = |slug: &Slug, question, row, kind, width| {
        columns.push(Column { slug: slug.clone(), question, row, kind, offset, width });
        offset += width;
    };
    for (index, question) in draft.questions.iter().enumerate() {
        match &question.kind {
            QuestionKind::Satisfaction { .. } => push(&question.slug, index, None, ColumnKind::Level, 1),
            QuestionKind::Single { options } => {
                push(&question.slug, index, None, ColumnKind::Choice(options.len()), 1);
            }
            QuestionKind::Multiple { options, .. } => {
                let width = bytes_for(options.len() + 3);
                push(&question.slug, index, None, ColumnKind::Bits(options.len()), width);
            }
            QuestionKind::Matrix { rows, options } => {
                for (row, r) in rows.iter().enumerate() {
                    push(&r.slug, index, Some(row), ColumnKind::Choice(options.len()), 1);
                }
            }
            QuestionKind::Number { classes, .. } => {
                push(&question.slug, index, None, ColumnKind::Class(classes.len()), 1);
            }
            QuestionKind::Text { .. } => {}
        }
    }
    (columns, offset)
}

fn nodes_of(draft: &FormDraft, columns: &[Column]) -> Vec<Node> {
    let factor_of = |column: &Column| match draft.questions.get(column.question).map(|q| &q.kind) {
        Some(QuestionKind::Satisfaction { factor }) => Some(*factor),
        _ => None,
    };
    let criteria: Vec<(usize, Option<usize>)> =
        columns.iter().enumerate().filter_map(|(i, c)| factor_of(c).map(|f| (i, f))).collect();
    let first_factor = criteria.len();
    let first_part = first_factor + draft.factors.len();
    let overall = first_part + draft.parts.len();
    let within = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
        criteria.iter().filter(|(_, f)| f.is_some_and(wanted)).map(|(i, _)| *i).collect()
    };
    let mut nodes: Vec<Node> = criteria
        .iter()
        .filter_map(|(i, factor)| {
            let slug = columns.get(*i)?.slug.to_string();
            let parent = factor.map(|f| first_factor + f);
            Some(Node { kind: NodeKind::Criterion, slug, columns: vec![*i], parent })
        })
        .collect();
    for (index, factor) in draft.factors.iter().enumerate() {
        let parent = Some(factor.part.map_or(overall, |p| first_part + p));
        let columns = within(&|f| f == index);
        nodes.push(Node { kind: NodeKind::Factor, slug: factor.slug.to_string(), columns, parent });
    }
    for (index, part) in draft.parts.iter().enumerate() {
        let columns = within(&|f| draft.factors.get(f).is_some_and(|f| f.part == Some(index)));
        nodes.push(Node {
            kind: NodeKind::Part,
            slug: part.slug.to_string(),
            columns,
            parent: Some(overall),
        });
    }
    let columns = within(&|_| true);
    nodes.push(Node { kind: NodeKind::Overall, slug: "overall".to_owned(), columns, parent: None });
    nodes
}
