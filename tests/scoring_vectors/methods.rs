//! Counts whose values are known: the index, its variants, their intervals, and what a level means.

use num_rational::BigRational;
use sipas::domain::{
    answers::Missing,
    form::{Form, Text},
    score::{Hundredths, Measure, Method, Score, score},
    tally::{NodeSums, Tally, values_of},
};

use super::people::{Factor, form_of};

const ONE: [Factor; 1] = [Factor { part: "", slug: "access", criteria: 1, answered_by: 0, satisfied: 0 }];

/// A tally in which one criterion has these counts of levels 1 to 5, one answer a person.
fn counted(form: &Form, levels: [u64; 5]) -> Tally {
    let columns: Vec<Vec<u64>> = form
        .columns()
        .iter()
        .map(|column| {
            let mut counts = levels.to_vec();
            counts.resize(values_of(column.kind) + Missing::ALL.len(), 0);
            counts
        })
        .collect();
    let (n, s) = (levels.iter().sum(), levels[3] + levels[4]);
    let sums = NodeSums { people: n, m: n, s, m2: n, s2: s, ms: s };
    Tally::from_parts(form, n, columns, vec![sums; form.nodes().len()]).expect("the form's shape")
}

/// The score of the only criterion.
fn scored(levels: [u64; 5], method: &str) -> Score {
    let form = form_of(&ONE, "[1, 2, 3, 4, 5]");
    score(&form, &counted(&form, levels), 0, &method.parse().unwrap())
}

fn printed(levels: [u64; 5], method: &str) -> String {
    scored(levels, method).printed().expect("a value").to_string()
}

#[test]
fn the_index_is_the_share_of_the_two_upper_levels() {
    let levels = [2, 3, 15, 60, 20];
    let index = scored(levels, "top2-pooled");
    assert_eq!(index.value, Some(BigRational::from_integer(80.into())));
    assert_eq!((index.respondents, index.n), (100, 100));
    assert_eq!(printed(levels, "top2-pooled"), "80.00");
    assert_eq!(printed(levels, "mean-level-20-100-pooled"), "78.60");
    assert_eq!(printed(levels, "mean-level-0-100-pooled"), "73.25");
}

#[test]
fn published_means_of_another_country_come_out_of_the_mean_variant_and_not_of_the_index() {
    for (levels, mean, top_two, published) in [
        ([23, 46, 153, 419, 528], "79.58", "81.01", "80"),
        ([67, 61, 205, 1276, 4434], "91.16", "94.49", "91"),
    ] {
        assert_eq!(printed(levels, "mean-level-0-100-pooled"), mean);
        assert_eq!(printed(levels, "top2-pooled"), top_two);
        let value = Measure::MeanLevelFromZero.of(&levels).unwrap();
        assert_eq!(sipas::domain::score::Precision::Whole.print(&value), published);
    }
}

#[test]
fn a_method_says_which_kind_of_number_it_gives() {
    for method in Method::all() {
        let id = method.id();
        let kind = match method.measure {
            Measure::TopTwo => "top2",
            Measure::MeanLevelOfFive => "mean-level-20-100",
            Measure::MeanLevelFromZero => "mean-level-0-100",
        };
        assert!(id.starts_with(kind), "{id}");
    }
}

#[test]
fn a_criterion_carries_wilsons_interval() {
    // All of 6.4 stand beside the formula; these two come through the whole path.
    for (levels, ends) in [([2, 2, 2, 12, 12], ("62.69", "90.49")), ([0, 0, 0, 10, 20], ("88.65", "100.00"))]
    {
        let interval = scored(levels, "top2-pooled").interval.expect("an interval");
        let (low, high) = interval.printed();
        assert_eq!((low.to_string().as_str(), high.to_string().as_str()), ends);
        assert_eq!(interval.method.as_str(), "wilson");
    }
    assert_eq!(scored([2, 2, 2, 12, 12], "mean-level-0-100-pooled").interval, None);
}

#[test]
fn a_value_is_rounded_half_up_and_only_once() {
    // 1 of 800 is 0.125: half up. 3999 of 4000 is 99.975.
    assert_eq!(printed([799, 0, 0, 1, 0], "top2-pooled"), "0.13");
    assert_eq!(printed([1, 0, 0, 0, 3999], "top2-pooled"), "99.98");
    // 84.4449… stays 84.44, and is not made 84.45 and then 84.5.
    let value = scored([155_551, 0, 0, 0, 844_449], "top2-pooled").value.expect("a value");
    assert_eq!(Hundredths::rounded(&value).to_string(), "84.44");
    assert_eq!(sipas::domain::score::Precision::OneDecimal.print(&value), "84.4");
}

#[test]
fn levels_mean_the_same_whichever_way_round_they_are_shown() {
    let (up, down) = (form_of(&ONE, "[1, 2, 3, 4, 5]"), form_of(&ONE, "[5, 4, 3, 2, 1]"));
    assert_eq!((up.order, down.order), ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]));
    for form in [&up, &down] {
        let words: Vec<&str> = form.levels.iter().map(Text::vi).collect();
        assert_eq!((words[0], words[4]), ("Rất không hài lòng", "Rất hài lòng"), "level 5 is the best");
        let tally = counted(form, [1, 2, 3, 4, 90]);
        assert_eq!(tally.levels(0), [1, 2, 3, 4, 90]);
        let index = score(form, &tally, 0, &Method::default()).printed().expect("a value");
        assert_eq!(index.to_string(), "94.00");
    }
}
