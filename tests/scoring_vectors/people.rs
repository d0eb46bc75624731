//! Ten thousand made-up people whose answers, checked, counted and scored as everybody's, give the printed values.

use std::collections::BTreeMap;

use sipas::domain::{
    answers::{RawAnswer, RuledOut},
    form::{Form, NodeKind},
    form_file,
    score::{Method, score},
    tally::Tally,
};

const PEOPLE: usize = 10_000;

/// A factor: how many criteria it has, how many people answer it (all of it), and how many of all their answers
/// are at levels 4 and 5.
pub(super) struct Factor {
    pub part: &'static str,
    pub slug: &'static str,
    pub criteria: usize,
    pub answered_by: usize,
    pub satisfied: usize,
}

const fn factor(
    part: &'static str,
    slug: &'static str,
    criteria: usize,
    answered_by: usize,
    satisfied: usize,
) -> Factor {
    Factor { part, slug, criteria, answered_by, satisfied }
}

/// Everybody answers everything but feedback, which 0.8786 of the people answer.
const IN_2019: [Factor; 5] = [
    factor("", "access", 4, PEOPLE, 34_592),
    factor("", "procedure", 5, PEOPLE, 43_270),
    factor("", "official", 6, PEOPLE, 51_372),
    factor("", "result", 3, PEOPLE, 26_568),
    factor("", "feedback", 4, 8_786, 25_887),
];

/// 25 criteria of policy, 14 of service.
const IN_2023: [Factor; 9] = [
    factor("policy", "accountability", 6, PEOPLE, 49_494),
    factor("policy", "participation", 6, PEOPLE, 49_494),
    factor("policy", "quality", 9, PEOPLE, 74_241),
    factor("policy", "outcome", 4, PEOPLE, 32_996),
    factor("service", "access", 3, PEOPLE, 24_900),
    factor("service", "procedure", 3, PEOPLE, 24_906),
    factor("service", "official", 4, PEOPLE, 33_248),
    factor("service", "result", 2, PEOPLE, 16_606),
    factor("service", "feedback", 2, 6_857, 11_283),
];

/// 24 criteria of policy, 15 of service; of service's factors only access is printed.
const IN_2024: [Factor; 9] = [
    factor("policy", "accountability", 6, PEOPLE, 50_304),
    factor("policy", "participation", 6, PEOPLE, 50_304),
    factor("policy", "quality", 9, PEOPLE, 75_456),
    factor("policy", "outcome", 3, PEOPLE, 25_152),
    factor("service", "access", 3, PEOPLE, 25_281),
    factor("service", "procedure", 3, PEOPLE, 25_213),
    factor("service", "official", 4, PEOPLE, 33_618),
    factor("service", "result", 3, PEOPLE, 25_214),
    factor("service", "feedback", 2, PEOPLE, 16_809),
];

/// A form file with these factors, and nothing else in it.
pub(super) fn form_of(factors: &[Factor], order: &str) -> Form {
    let mut blocks = vec![format!(
        "id = \"vector\"\nversion = 1\nmethod = \"top2-pooled\"\nsource = \"published tables\"\norder = {order}\n\
         title.vi = \"Phiếu\"\nintro.vi = \"Xin trả lời.\"\ndont_know_label.vi = \"Không biết\"\n\
         levels = [{{ vi = \"Rất không hài lòng\" }}, {{ vi = \"Không hài lòng\" }}, {{ vi = \"Bình thường\" }}, \
         {{ vi = \"Hài lòng\" }}, {{ vi = \"Rất hài lòng\" }}]\n\
         [languages.vi]\nname = \"Tiếng Việt\"\nstate = \"reviewed\"\nreviewer = \"A. Reviewer\"\n"
    )];
    let mut parts: Vec<&str> = factors.iter().map(|f| f.part).filter(|part| !part.is_empty()).collect();
    parts.dedup();
    for part in &parts {
        blocks.push(format!("[[part]]\nslug = \"{part}\"\nname.vi = \"Phần {part}\"\n"));
    }
    for Factor { part, slug, criteria, .. } in factors {
        blocks.push(format!("[[factor]]\nslug = \"{slug}\"\nname.vi = \"{slug}\"\n"));
        if !part.is_empty() {
            blocks.push(format!("part = \"{part}\"\n"));
        }
        for number in 1..=*criteria {
            blocks.push(format!(
                "[[factor.question]]\nslug = \"{slug}.c{number}\"\ntext.vi = \"Ông/bà hài lòng với *{slug} {number}*?\"\n"
            ));
        }
    }
    form_file::read("vector.toml", &blocks.concat()).unwrap_or_else(|faults| panic!("{faults:#?}")).form
}

/// The levels that one criterion gets: so many people at 4 and 5, the others at 1 to 3, who is content spread over
/// the people.
fn level(person: usize, answered_by: usize, satisfied: usize) -> i64 {
    let place = person * 7919 % answered_by;
    let (content, others) = ([4, 5], [3, 2, 1]);
    if place < satisfied { content[place % 2] } else { others[place % 3] }
}

/// Everybody's answers, through the same door as a submission.
fn tally_of(form: &Form, factors: &[Factor]) -> Tally {
    let mut tally = Tally::empty(form);
    for person in 0..PEOPLE {
        let mut raw = BTreeMap::new();
        for factor in factors.iter().filter(|factor| person < factor.answered_by) {
            for number in 0..factor.criteria {
                let share = factor.satisfied / factor.criteria;
                let satisfied = share + usize::from(number < factor.satisfied % factor.criteria);
                let level = level(person, factor.answered_by, satisfied);
                raw.insert(format!("{}.c{}", factor.slug, number + 1), RawAnswer::Number(level));
            }
        }
        let answers = form.check(&raw, RuledOut::Refuse).unwrap_or_else(|faults| panic!("{faults:?}"));
        tally.add_row(form, &answers.row, false);
    }
    tally
}

fn printed(form: &Form, tally: &Tally, slug: &str, method: &str) -> String {
    let node = form.nodes().iter().position(|n| n.slug == slug).unwrap_or_else(|| panic!("{slug}"));
    let method: Method = method.parse().unwrap();
    score(form, tally, node, &method).printed().expect("a value").to_string()
}

/// Makes the people and compares: node and printed value by the default method, then by others.
fn assert_printed(
    factors: &[Factor],
    values: &[(&str, &str)],
    others: &[(&str, &str, &str)],
) -> (Form, Tally) {
    let form = form_of(factors, "[1, 2, 3, 4, 5]");
    let tally = tally_of(&form, factors);
    for (slug, value) in values {
        assert_eq!(printed(&form, &tally, slug, "top2-pooled"), *value, "{slug}");
    }
    for (slug, method, value) in others {
        assert_eq!(printed(&form, &tally, slug, method), *value, "{slug} by {method}");
    }
    (form, tally)
}

#[test]
fn ten_thousand_people_give_the_table_of_2019() {
    let (form, tally) = assert_printed(
        &IN_2019,
        &[
            ("access", "86.48"),
            ("procedure", "86.54"),
            ("official", "85.62"),
            ("result", "88.56"),
            ("feedback", "73.66"),
            ("overall", "84.45"),
        ],
        &[
            ("overall", "top2-mean-factors", "84.17"),
            ("overall", "top2-mean-criteria", "84.21"),
            ("overall", "top2-weighted(access=4,procedure=5,official=6,result=3,feedback=4)", "84.21"),
        ],
    );
    let at = |slug: &str| form.nodes().iter().position(|n| n.slug == slug).unwrap();
    let feedback = score(&form, &tally, at("feedback"), &Method::default());
    assert_eq!((feedback.respondents, feedback.n), (8_786, 35_144));
    let overall = score(&form, &tally, at("overall"), &Method::default());
    assert_eq!((overall.respondents, overall.n), (10_000, 215_144));
}

#[test]
fn the_shipped_form_gives_the_table_of_2019_too() {
    let (_, text) = form_file::SHIPPED.iter().find(|(name, _)| *name == "one-stop-full.toml").unwrap();
    let shipped = form_file::read("one-stop-full.toml", text).unwrap().form;
    let sizes = |form: &Form| -> Vec<(String, usize)> {
        let factors = form.nodes().iter().filter(|n| n.kind == NodeKind::Factor);
        factors.map(|n| (n.slug.clone(), n.columns.len())).collect()
    };
    assert_eq!(sizes(&shipped), sizes(&form_of(&IN_2019, "[1, 2, 3, 4, 5]")));
    assert_eq!(shipped.method.id(), "top2-pooled");
}

#[test]
fn ten_thousand_people_give_the_table_of_2023() {
    assert_printed(
        &IN_2023,
        &[
            ("access", "83.00"),
            ("procedure", "83.02"),
            ("official", "83.12"),
            ("result", "83.03"),
            ("feedback", "82.27"),
            ("service", "82.97"),
            ("policy", "82.49"),
            ("overall", "82.66"),
        ],
        &[("overall", "top2-mean-parts", "82.73"), ("service", "top2-mean-factors", "82.89")],
    );
}

#[test]
fn ten_thousand_people_give_the_table_of_2024() {
    assert_printed(
        &IN_2024,
        &[("access", "84.27"), ("service", "84.09"), ("policy", "83.84"), ("overall", "83.94")],
        &[
            // 83.965 exactly: half up, once.
            ("overall", "top2-mean-parts", "83.97"),
        ],
    );
}
