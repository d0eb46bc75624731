//! Small forms and people, and what their scores must be. The makers at the top serve other tests as well.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::Zero as _;
use proptest::prelude::*;

use super::*;
use crate::domain::{
    answers::{Cell, Missing},
    form::{
        Factor, FormDraft, FormLanguage, Part, Purpose, Question, QuestionKind, Text, TextState, Wording,
    },
    ids::Language,
};

fn text(words: &str) -> Text {
    let wording = Wording { text: words.to_owned(), state: TextState::Reviewed };
    Text(BTreeMap::from([(Language::VI, wording)]))
}

/// A form with a general question and one criterion slug list per factor; `a.b` lies in part `a`.
pub(crate) fn sample_form(factors: &[(&str, usize)]) -> Form {
    let part_of = |name: &str| name.split_once('.').map(|(part, _)| part.to_owned());
    let mut parts: Vec<String> = factors.iter().filter_map(|(f, _)| part_of(f)).collect();
    parts.dedup();
    let question = |slug: String, factor| Question {
        text: text(&format!("Ông/bà có hài lòng về {slug}?")),
        slug: slug.parse().unwrap(),
        emphasis: Text::default(),
        hint: None,
        kind: QuestionKind::Satisfaction { factor },
        purpose: Purpose::Satisfaction,
        required: false,
        dont_know: true,
        only_if: None,
    };
    let criteria = factors.iter().enumerate().flat_map(|(index, (name, count))| {
        (1..=*count).map(move |n| question(format!("{name}.c{n}"), Some(index)))
    });
    let draft = FormDraft {
        id: "sample".parse().unwrap(),
        version: 1,
        series: 1,
        title: text("Phiếu mẫu"),
        intro: text("Xin ông/bà cho biết ý kiến."),
        respondent_notice: None,
        languages: vec![FormLanguage {
            code: Language::VI,
            name: "Tiếng Việt".to_owned(),
            state: TextState::Reviewed,
            reviewer: Some("A reader".to_owned()),
        }],
        levels: ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"].map(text),
        order: [1, 2, 3, 4, 5],
        dont_know_label: text("Không biết"),
        parts: parts.iter().map(|p| Part { slug: p.parse().unwrap(), name: text(p) }).collect(),
        factors: factors
            .iter()
            .map(|(name, _)| Factor {
                slug: name.parse().unwrap(),
                name: text(name),
                part: part_of(name).and_then(|own| parts.iter().position(|p| *p == own)),
            })
            .collect(),
        questions: std::iter::once(question("general".to_owned(), None)).chain(criteria).collect(),
        method: Method::default(),
        source: "sample".to_owned(),
    };
    Form::assemble(draft).unwrap()
}

/// A tally of people who gave these levels, in column order; 0 stands for "don't know".
pub(crate) fn tally_of(form: &Form, people: &[Vec<u8>]) -> Tally {
    let mut tally = Tally::empty(form);
    for person in people {
        let mut row = vec![0; form.width()];
        for (index, column) in form.columns().iter().enumerate() {
            let cell = match person.get(index) {
                Some(level @ 1..=5) => Cell::Value(*level),
                Some(_) => Cell::Missing(Missing::DontKnow),
                None => Cell::Missing(Missing::Skipped),
            };
            column.write(cell, &mut row);
        }
        tally.add_row(form, &row, false);
    }
    tally
}

/// Index of the node with this slug.
pub(crate) fn node(form: &Form, slug: &str) -> usize {
    form.nodes().iter().position(|n| n.slug == slug).unwrap()
}

fn printed(form: &Form, tally: &Tally, slug: &str, method: &str) -> String {
    let score = score(form, tally, node(form, slug), &method.parse().unwrap());
    score.printed().map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Factor a with two criteria, factor b with one; columns: general, a1, a2, b1.
fn small() -> (Form, Tally) {
    let form = sample_form(&[("a", 2), ("b", 1)]);
    let people = [vec![5, 5, 4, 1], vec![4, 4, 0, 2], vec![1, 2, 0, 5], vec![0, 3, 0, 0]];
    let tally = tally_of(&form, &people);
    (form, tally)
}

#[test]
fn each_method_combines_as_its_name_says() {
    let (form, tally) = small();
    // a1: 2 of 4 = 50, a2: 1 of 1 = 100, b1: 1 of 3 = 33.33
    for (slug, method, expected) in [
        ("general", "top2-pooled", "66.67"),
        ("a.c1", "top2-pooled", "50.00"),
        ("a", "top2-pooled", "60.00"), // 3 of 5
        ("a", "top2-mean-criteria", "75.00"),
        ("a", "top2-pooled-factor-mean", "75.00"),
        ("overall", "top2-pooled", "50.00"), // 4 of 8
        ("overall", "top2-mean-criteria", "61.11"),
        ("overall", "top2-mean-factors", "46.67"), // (60 + 33.33) / 2
        ("overall", "top2-mean-factors-factor-mean", "54.17"), // (75 + 33.33) / 2
        ("overall", "top2-weighted(a=3,b=1)", "53.33"),
        ("overall", "top2-weighted(a=0,b=1)", "33.33"),
        ("b", "mean-level-20-100-pooled", "53.33"), // levels 1, 2, 5: mean 2.67
        ("b", "mean-level-0-100-pooled", "41.67"),
    ] {
        assert_eq!(printed(&form, &tally, slug, method), expected, "{slug} by {method}");
    }
}

#[test]
fn parts_are_combined_too() {
    let form = sample_form(&[("p.a", 2), ("p.b", 1), ("q.c", 1)]);
    let people = [vec![0, 5, 5, 1, 4], vec![0, 5, 1, 1, 1], vec![0, 5, 1, 1, 1]];
    let tally = tally_of(&form, &people);
    // a: 4 of 6, b: 0 of 3, c: 1 of 3; p pooled: 4 of 9
    for (slug, method, expected) in [
        ("p", "top2-pooled", "44.44"),
        ("p", "top2-mean-factors", "33.33"),
        ("overall", "top2-mean-parts", "38.89"), // (44.44 + 33.33) / 2
        ("overall", "top2-mean-factors", "33.33"), // (66.67 + 0 + 33.33) / 3
        ("overall", "top2-pooled", "41.67"),
        ("p", "top2-weighted(p.a=1,p.b=3,q.c=5)", "16.67"),
    ] {
        assert_eq!(printed(&form, &tally, slug, method), expected, "{slug} by {method}");
    }
}

#[test]
fn without_a_valid_answer_there_is_no_score_rather_than_zero() {
    let form = sample_form(&[("a", 2), ("b", 1)]);
    let tally = tally_of(&form, &[vec![5, 5, 4, 0], vec![5, 5, 4, 0]]);
    assert_eq!(printed(&form, &tally, "b", "top2-pooled"), "-");
    assert_eq!(printed(&form, &tally, "overall", "top2-pooled"), "100.00");
    for method in ["top2-mean-criteria", "top2-mean-factors", "top2-weighted(a=1,b=1)"] {
        assert_eq!(printed(&form, &tally, "overall", method), "-", "{method}");
    }
    assert_eq!(printed(&form, &tally, "overall", "top2-weighted(a=1,b=0)"), "100.00");
    let empty = score(&form, &tally, node(&form, "b"), &Method::default());
    assert_eq!((empty.respondents, empty.n, empty.interval), (0, 0, None));
}

#[test]
fn a_method_that_does_not_fit_says_why_and_scores_nothing() {
    let (form, tally) = small();
    for (method, part) in [
        ("top2-mean-parts", "no parts"),
        ("top2-weighted(a=1)", "no weight to the form's factor \"b\""),
        ("top2-weighted(a=1,b=1,z=1)", "no such factor"),
    ] {
        let error = method.parse::<Method>().unwrap().fits(&form).unwrap_err();
        assert!(error.to_string().contains(part), "{method}: {error}");
        assert_eq!(printed(&form, &tally, "overall", method), "-", "{method}");
    }
}

#[test]
fn the_general_question_stands_outside_the_overall() {
    let form = sample_form(&[("a", 1)]);
    let tally = tally_of(&form, &[vec![1, 5], vec![1, 5]]);
    assert_eq!(printed(&form, &tally, "general", "top2-pooled"), "0.00");
    assert_eq!(printed(&form, &tally, "overall", "top2-pooled"), "100.00");
}

#[test]
fn respondents_and_answers_are_two_numbers() {
    let (form, tally) = small();
    let a = score(&form, &tally, node(&form, "a"), &Method::default());
    assert_eq!((a.respondents, a.n), (4, 5));
}

#[test]
fn an_interval_is_given_only_where_the_sums_give_one() {
    let form = sample_form(&[("p.a", 2), ("q.b", 1)]);
    let tally = tally_of(&form, &vec![vec![5, 5, 2, 4]; 12]);
    let kind = |slug: &str, method: &str| {
        let score = score(&form, &tally, node(&form, slug), &method.parse().unwrap());
        score.interval.map_or("", |i| i.method.as_str())
    };
    for (slug, method, expected) in [
        ("general", "top2-pooled", "wilson"),
        ("p.a.c1", "top2-mean-criteria", "wilson"),
        ("p.a", "top2-pooled", "ratio"),
        ("p", "top2-pooled", "ratio"),
        ("overall", "top2-pooled", "ratio"),
        ("p.a", "top2-mean-factors", "ratio"),
        ("p", "top2-mean-parts", "ratio"),
        ("p", "top2-mean-factors", ""),
        ("p.a", "top2-mean-criteria", ""),
        ("overall", "top2-mean-parts", ""),
        ("overall", "top2-weighted(p.a=1,q.b=1)", ""),
        ("p.a.c1", "mean-level-0-100-pooled", ""),
        ("overall", "mean-level-20-100-pooled", ""),
    ] {
        assert_eq!(kind(slug, method), expected, "{slug} by {method}");
    }
}

fn people() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(0_u8..=5, 7), 1..25)
}

fn sample() -> Form {
    sample_form(&[("p.a", 3), ("p.b", 1), ("q.c", 2)])
}

fn methods() -> Vec<Method> {
    let mut all = Method::all();
    all.push("top2-weighted(p.a=4,p.b=5,q.c=0)".parse().unwrap());
    all
}

proptest! {
    #[test]
    fn a_score_lies_between_0_and_100(people in people()) {
        let form = sample();
        let tally = tally_of(&form, &people);
        let hundred = BigRational::from_integer(100.into());
        for method in methods() {
            for index in 0..form.nodes().len() {
                let score = score(&form, &tally, index, &method);
                prop_assert!(score.value.is_none_or(|v| v >= BigRational::zero() && v <= hundred));
                prop_assert!(score.respondents <= score.n);
            }
        }
    }

    #[test]
    fn a_satisfied_answer_never_lowers_a_score(people in people(), column in 0_usize..7, level in 4_u8..=5) {
        let form = sample();
        let before = tally_of(&form, &people);
        let mut more = vec![0; 7];
        more[column] = level;
        let mut after = before.clone();
        after.merge(&tally_of(&form, &[more]));
        for method in methods().iter().filter(|m| m.measure == Measure::TopTwo || level == 5) {
            for index in 0..form.nodes().len() {
                let [old, new] = [&before, &after].map(|t| score(&form, t, index, method).value);
                if let Some(old) = old {
                    prop_assert!(new.is_some_and(|new| new >= old), "{method} of node {index}");
                }
            }
        }
    }

    #[test]
    fn it_does_not_matter_in_which_order_tallies_are_merged(a in people(), b in people(), c in people()) {
        let form = sample();
        let [a_t, b_t, c_t] = [&a, &b, &c].map(|p| tally_of(&form, p));
        let mut left = a_t.clone();
        left.merge(&b_t);
        left.merge(&c_t);
        let mut right = c_t;
        right.merge(&b_t);
        right.merge(&a_t);
        let together = tally_of(&form, &[a, b, c].concat());
        for method in methods() {
            for index in 0..form.nodes().len() {
                let whole = score(&form, &together, index, &method);
                prop_assert_eq!(&score(&form, &left, index, &method), &whole);
                prop_assert_eq!(&score(&form, &right, index, &method), &whole);
            }
        }
    }
}
