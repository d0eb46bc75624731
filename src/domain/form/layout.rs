//! The two shapes that follow from a draft: columns of a block, nodes of the score tree.

use super::{Column, ColumnKind, FormDraft, Node, NodeKind, QuestionKind};
use crate::domain::ids::Slug;

/// Bytes that `bits` bits take.
fn bytes_for(bits: usize) -> usize {
    bits.div_ceil(8)
}

pub(super) fn columns_of(draft: &FormDraft) -> (Vec<Column>, usize) {
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

pub(super) fn nodes_of(draft: &FormDraft, columns: &[Column]) -> Vec<Node> {
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
