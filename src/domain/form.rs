//! The instrument: what is asked, in which order, on which scale, and which nodes are scored.
//!
//! A [`Form`] can only be made by [`Form::assemble`], so whoever holds one holds a consistent one.
//! It knows two shapes that everything else rests on: its **columns** (how one answer lies in a block)
//! and its **nodes** (what has a score).

mod draft;
mod layout;

use std::collections::HashMap;

use super::ids::{Language, Slug};
pub use draft::{
    Choice, Factor, FormDraft, FormLanguage, MatrixRow, NumberClass, OnlyIf, Part, Purpose, Question,
    QuestionKind, Text, TextState, Wording,
};

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
    /// Index in [`FormDraft::questions`].
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
        let (columns, width) = layout::columns_of(&draft);
        let nodes = layout::nodes_of(&draft, &columns);
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
