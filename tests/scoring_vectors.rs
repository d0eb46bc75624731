//! The published tables of the index as tests.
//!
//! Published tables give values of nodes and no counts. So first each value is taken as given, and each relation
//! that people suppose between them goes through the crate's own functions: those that the tables refute must
//! fail here too. Then synthetic people, whose answers are counted and scored as everybody's, hit the printed
//! values. That pooled answers cover the truth in 93 to 97 of 100 samples is tested beside the intervals
//! themselves, in `src/domain/interval.rs`.

mod methods;
mod people;

use num_rational::BigRational;
use sipas::domain::score::{
    Hundredths,
    aggregate::{mean, share, weighted},
};

/// A number with decimals, exact.
fn exact(text: &str) -> BigRational {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: u64 = format!("{whole}{decimals}").parse().expect("a number");
    BigRational::new(digits.into(), 10_u64.pow(u32::try_from(decimals.len()).unwrap()).into())
}

fn exact_all<const N: usize>(texts: [&str; N]) -> Vec<BigRational> {
    texts.map(exact).to_vec()
}

fn mean_of(texts: &[BigRational]) -> BigRational {
    mean(texts).expect("something has a mean")
}

/// The mean of values with weights, both as written.
fn weighted_of(values: &[BigRational], weights: &[&str]) -> BigRational {
    assert_eq!(values.len(), weights.len());
    let terms: Vec<_> = values.iter().cloned().zip(weights.iter().map(|weight| exact(weight))).collect();
    weighted(&terms).expect("something is weighed")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Pass,
    Fail,
}
use Verdict::{Fail, Pass};

/// Each relation: what it says, what it computes, what is printed, and whether the tables bear it out.
fn assert_verdicts(relations: &[(&str, BigRational, &str, Verdict)]) {
    for (relation, computed, printed, verdict) in relations {
        let computed = Hundredths::rounded(computed);
        let found = if computed == printed.parse().unwrap() { Pass } else { Fail };
        assert_eq!(found, *verdict, "{relation}: computed {computed}, printed {printed}");
    }
}

/// Access, procedure, official, result, feedback: nation, 2019.
fn factors_2019() -> Vec<BigRational> {
    exact_all(["86.48", "86.54", "85.62", "88.56", "73.66"])
}

#[test]
fn the_overall_of_2019_is_no_mean_of_its_factors_and_fits_pooled_answers() {
    let factors = factors_2019();
    assert_eq!(mean_of(&factors), exact("84.172"));
    let by_criteria = weighted_of(&factors, &["4", "5", "6", "3", "4"]);
    assert_eq!(Hundredths::rounded(&by_criteria).to_string(), "84.21");
    assert_verdicts(&[
        ("overall = mean of 5 factors", mean_of(&factors), "84.45", Fail),
        ("overall = weighted by 4, 5, 6, 3, 4 criteria", by_criteria, "84.45", Fail),
        (
            "the same, with 0.8786 as many answers to feedback",
            weighted_of(&factors, &["4", "5", "6", "3", "3.5144"]),
            "84.45",
            Pass,
        ),
        ("weighted 1, 1, 1, 1, 0.871", weighted_of(&factors, &["1", "1", "1", "1", "0.871"]), "84.45", Pass),
        ("valid of selected", share(35_268, 36_630).unwrap(), "96.28", Pass),
    ]);
    assert_eq!(10 + 20 + 27 + 6, 63, "classes of provinces");
}

#[test]
fn the_missing_factor_of_2018_would_be_another_under_each_method() {
    let with = |feedback: &str| exact_all(["80.62", "86.40", "85.10", "88.13", feedback]);
    let criteria = ["4", "5", "6", "3", "4"];
    assert_verdicts(&[
        ("74.70 under the mean of factors", mean_of(&with("74.70")), "82.99", Pass),
        ("74.08 under weights by criteria", weighted_of(&with("74.08"), &criteria), "82.99", Pass),
        ("74.70 under weights by criteria", weighted_of(&with("74.70"), &criteria), "82.99", Fail),
        ("74.08 under the mean of factors", mean_of(&with("74.08")), "82.99", Fail),
    ]);
}

#[test]
fn neither_the_domains_nor_the_factors_of_2023_are_plain_means() {
    let service = exact_all(["83.00", "83.02", "83.12", "83.03", "82.27"]);
    let domains = exact_all(["82.49", "82.97"]);
    assert_eq!(mean_of(&service), exact("82.888"));
    assert_eq!(mean_of(&domains), exact("82.73"));
    let access_if_rounded = exact_all(["83.41", "83.02", "83.12", "83.03", "82.27"]);
    assert_verdicts(&[
        ("service = mean of 5 factors", mean_of(&service), "82.97", Fail),
        ("the same, had 83 % stood for 83.41", mean_of(&access_if_rounded), "82.97", Pass),
        (
            "service = weighted by 4, 4, 5, 3, 3 criteria",
            weighted_of(&service, &["4", "4", "5", "3", "3"]),
            "82.97",
            Fail,
        ),
        ("overall = mean of domains", mean_of(&domains), "82.66", Fail),
        ("overall with service weighing 0.354", weighted_of(&domains, &["0.646", "0.354"]), "82.66", Pass),
        ("valid of issued", share(39_765, 40_230).unwrap(), "98.84", Pass),
    ]);
}

#[test]
fn the_overall_of_2024_fits_pooled_criteria_and_no_mean() {
    let domains = exact_all(["83.84", "84.09"]);
    assert_eq!(mean_of(&domains), exact("83.965"));
    let harassment: BigRational = exact_all(["90.06", "8.98", "0.96"]).iter().sum();
    assert_verdicts(&[
        ("a single choice adds up", harassment, "100.00", Pass),
        ("overall = mean of domains", mean_of(&domains), "83.94", Fail),
        ("overall = mean of 9 factors", weighted_of(&domains, &["4", "5"]), "83.94", Fail),
        ("overall with service weighing 0.40", weighted_of(&domains, &["0.60", "0.40"]), "83.94", Pass),
        ("overall with 15 of 39 criteria", weighted_of(&domains, &["24", "15"]), "83.94", Pass),
    ]);
}

/// Smallest and largest share of service that can lie behind printed values, which are each off by at most this.
fn weights_behind([policy, service, overall]: [&str; 3], domain_off: &str) -> (BigRational, BigRational) {
    let [policy, service, overall] = [policy, service, overall].map(exact);
    let (domain_off, off) = (exact(domain_off), exact("0.005"));
    let low_policy = &policy - &domain_off;
    let high_policy = &policy + &domain_off;
    let least = (&overall - &off - &high_policy) / (&service + &domain_off - &high_policy);
    let most = (&overall + &off - &low_policy) / (&service - &domain_off - &low_policy);
    (least, most)
}

#[test]
fn one_weight_of_service_fits_2023_and_2024_and_it_is_not_a_half() {
    // The domains of 2023 are differences of printed values, so they may be off by twice as much.
    let (least_2023, most_2023) = weights_behind(["82.49", "82.97", "82.66"], "0.01");
    let (least_2024, most_2024) = weights_behind(["83.84", "84.09", "83.94"], "0.005");
    let printed =
        [&least_2023, &most_2023, &least_2024, &most_2024].map(|w| Hundredths::rounded(w).to_string());
    assert_eq!(printed, ["0.32", "0.39", "0.36", "0.44"]);
    let both = least_2024..=most_2023;
    assert!(both.contains(&exact("0.37")) && !both.contains(&exact("0.5")), "{both:?}");
    assert!(both.contains(&BigRational::new(15.into(), 39.into())), "15 of 39 criteria");
    assert!(!both.contains(&BigRational::new(5.into(), 9.into())), "5 of 9 factors");
}

#[test]
fn differences_between_years_and_places_are_made_of_printed_values() {
    for (later, earlier, difference) in [
        ("82.66", "80.08", "2.58"),
        ("83.94", "82.66", "1.28"),
        ("87.59", "72.54", "15.05"),
        ("84.09", "82.97", "1.12"),
        ("83.84", "82.49", "1.35"),
        ("80.08", "87.16", "-7.08"),
    ] {
        let [later, earlier]: [Hundredths; 2] = [later, earlier].map(|text| text.parse().unwrap());
        assert_eq!((later - earlier).to_string(), difference);
    }
}

#[test]
fn rows_of_perceptions_add_up_within_their_rounding() {
    for (row, sum) in [(["71.82", "25.80", "2.34"], "99.96"), (["57.07", "37.49", "5.44"], "100.00")] {
        let total: BigRational = exact_all(row).iter().sum();
        assert_eq!(Hundredths::rounded(&total), sum.parse().unwrap());
        assert!(exact("100") - &total <= exact("0.05"));
    }
}
