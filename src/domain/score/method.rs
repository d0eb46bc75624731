//! The named ways from counts to scores, and their ids.

use std::{collections::BTreeMap, fmt, str::FromStr};

use num_rational::BigRational;

use super::aggregate;
use crate::domain::{form::Form, ids::Slug};

/// What one set of level counts is worth, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Share of levels 4 and 5: the index.
    #[default]
    TopTwo,
    /// 100 · mean level / 5, from 20 to 100: a variant, not the index.
    MeanLevelOfFive,
    /// 100 · (mean level − 1) / 4, from 0 to 100: a variant, not the index.
    MeanLevelFromZero,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 3] = [Self::TopTwo, Self::MeanLevelOfFive, Self::MeanLevelFromZero];

    /// As ids begin.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TopTwo => "top2",
            Self::MeanLevelOfFive => "mean-level-20-100",
            Self::MeanLevelFromZero => "mean-level-0-100",
        }
    }

    /// The value of counts of levels 1 to 5; `None` where nobody gave a level.
    #[must_use]
    pub fn of(self, levels: &[u64; 5]) -> Option<BigRational> {
        let n: u64 = levels.iter().sum();
        let [_, second, third, fourth, fifth] = *levels;
        let above_one = second + 2 * third + 3 * fourth + 4 * fifth;
        match self {
            Self::TopTwo => aggregate::share(fourth + fifth, n),
            Self::MeanLevelOfFive => aggregate::share(above_one + n, 5 * n),
            Self::MeanLevelFromZero => aggregate::share(above_one, 4 * n),
        }
    }
}

/// How criteria become a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FactorRule {
    /// All answers of the factor pooled.
    #[default]
    Pooled,
    /// The mean of its criteria.
    MeanOfCriteria,
}

/// Whole-number weights of factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights(BTreeMap<Slug, u32>);

impl Weights {
    /// Checks that something is weighed.
    ///
    /// # Errors
    /// Where no weight is above 0.
    pub fn new(weights: BTreeMap<Slug, u32>) -> Result<Self, MethodError> {
        if weights.values().any(|w| *w > 0) {
            return Ok(Self(weights));
        }
        Err(MethodError { given: "weights of nothing".to_owned(), allowed: allowed() })
    }

    /// The weight of a factor.
    #[must_use]
    pub fn of(&self, factor: &str) -> Option<u32> {
        self.0.iter().find(|(slug, _)| slug.as_str() == factor).map(|(_, weight)| *weight)
    }
}

/// How the overall is made; a part is made in the same way from what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OverallRule {
    /// All answers pooled.
    #[default]
    Pooled,
    /// The mean of all criteria.
    MeanOfCriteria,
    /// The mean of the factors.
    MeanOfFactors,
    /// The mean of the parts; a part is made as a factor is.
    MeanOfParts,
    /// The weighted mean of the factors.
    Weighted(Weights),
}

/// A named scoring method. The default is `top2-pooled`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Method {
    /// From levels to a value.
    pub measure: Measure,
    /// From criteria to a factor.
    pub factor: FactorRule,
    /// From there to the overall.
    pub overall: OverallRule,
}

/// No such method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no scoring method; allowed: {allowed}")]
pub struct MethodError {
    /// What was given.
    pub given: String,
    /// The ids that are allowed.
    pub allowed: String,
}

/// Why a method cannot score a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodMisfit {
    /// A weight for a factor that the form does not have.
    #[error("the method weighs {factor:?}, but the form has no such factor")]
    UnknownFactor {
        /// Its slug.
        factor: String,
    },
    /// A factor of the form without a weight.
    #[error("the method gives no weight to the form's factor {factor:?}; write 0 to leave it out")]
    NoWeight {
        /// Its slug.
        factor: String,
    },
    /// A mean of parts of a form that has none.
    #[error("the method takes the mean of parts, but the form has no parts")]
    NoParts,
}

/// Between the rule of the overall and its weights.
const FACTOR_MEAN: &str = "-factor-mean";
const FACTOR_POOLED: &str = "-factor-pooled";

impl Method {
    /// Every method whose id is fixed; weighted methods carry their weights in the id and come on top.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let overall = [
            OverallRule::Pooled,
            OverallRule::MeanOfCriteria,
            OverallRule::MeanOfFactors,
            OverallRule::MeanOfParts,
        ];
        let mut all = Vec::new();
        for measure in Measure::ALL {
            for overall in &overall {
                let usual = usual_factor(overall);
                let other = match usual {
                    FactorRule::Pooled => FactorRule::MeanOfCriteria,
                    FactorRule::MeanOfCriteria => FactorRule::Pooled,
                };
                all.extend([usual, other].map(|factor| Self { measure, factor, overall: overall.clone() }));
            }
        }
        all
    }

    /// The id, as printed beside every score: `top2-pooled`, `top2-weighted(access=4,procedure=5)`.
    #[must_use]
    pub fn id(&self) -> String {
        let overall = match &self.overall {
            OverallRule::Pooled => "pooled",
            OverallRule::MeanOfCriteria => "mean-criteria",
            OverallRule::MeanOfFactors => "mean-factors",
            OverallRule::MeanOfParts => "mean-parts",
            OverallRule::Weighted(_) => "weighted",
        };
        let factor = match self.factor {
            usual if usual == usual_factor(&self.overall) => "",
            FactorRule::MeanOfCriteria => FACTOR_MEAN,
            FactorRule::Pooled => FACTOR_POOLED,
        };
        let weights = match &self.overall {
            OverallRule::Weighted(Weights(weights)) => {
                let terms: Vec<String> = weights.iter().map(|(slug, w)| format!("{slug}={w}")).collect();
                format!("({})", terms.join(","))
            }
            OverallRule::Pooled
            | OverallRule::MeanOfCriteria
            | OverallRule::MeanOfFactors
            | OverallRule::MeanOfParts => String::new(),
        };
        format!("{}-{overall}{factor}{weights}", self.measure.as_str())
    }

    /// Whether the method can score this form at all.
    ///
    /// # Errors
    /// Where it names factors or parts that the form does not have, or leaves out some that it has.
    pub fn fits(&self, form: &Form) -> Result<(), MethodMisfit> {
        match &self.overall {
            OverallRule::Pooled | OverallRule::MeanOfCriteria | OverallRule::MeanOfFactors => Ok(()),
            OverallRule::MeanOfParts => {
                // Where a form has parts, each of its factors lies in one.
                if form.parts.is_empty() { Err(MethodMisfit::NoParts) } else { Ok(()) }
            }
            OverallRule::Weighted(weights) => {
                let in_form = |slug: &&Slug| !form.factors.iter().any(|f| f.slug == **slug);
                if let Some(slug) = weights.0.keys().find(in_form) {
                    return Err(MethodMisfit::UnknownFactor { factor: slug.to_string() });
                }
                match form.factors.iter().find(|f| !weights.0.contains_key(&f.slug)) {
                    Some(f) => Err(MethodMisfit::NoWeight { factor: f.slug.to_string() }),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The rule of factors that an id leaves unsaid.
fn usual_factor(overall: &OverallRule) -> FactorRule {
    match overall {
        OverallRule::MeanOfCriteria => FactorRule::MeanOfCriteria,
        OverallRule::Pooled
        | OverallRule::MeanOfFactors
        | OverallRule::MeanOfParts
        | OverallRule::Weighted(_) => FactorRule::Pooled,
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        let named = Self::all().into_iter().find(|m| m.id() == text);
        named
            .or_else(|| read_weighted(text))
            .ok_or_else(|| MethodError { given: text.to_owned(), allowed: allowed() })
    }
}

fn read_weighted(text: &str) -> Option<Method> {
    let (head, terms) = text.strip_suffix(')')?.split_once('(')?;
    let (head, factor) = match head.strip_suffix(FACTOR_MEAN) {
        Some(head) => (head, FactorRule::MeanOfCriteria),
        None => (head, FactorRule::Pooled),
    };
    let measure = head.strip_suffix("-weighted")?;
    let measure = Measure::ALL.into_iter().find(|m| m.as_str() == measure)?;
    let mut weights = BTreeMap::new();
    for term in terms.split(',') {
        let (slug, weight) = term.trim().split_once('=')?;
        let digits = !weight.is_empty() && weight.bytes().all(|b| b.is_ascii_digit());
        let weight = if digits { weight.parse().ok()? } else { return None };
        if weights.insert(slug.parse().ok()?, weight).is_some() {
            return None;
        }
    }
    Some(Method { measure, factor, overall: OverallRule::Weighted(Weights::new(weights).ok()?) })
}

fn allowed() -> String {
    let mut ids: Vec<String> = Method::all().iter().map(Method::id).collect();
    ids.extend(Measure::ALL.map(|m| format!("{}-weighted(factor=weight,...)", m.as_str())));
    ids.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_reads_back_as_its_method() {
        let all = Method::all();
        for method in &all {
            assert_eq!(method.id().parse::<Method>().as_ref(), Ok(method));
        }
        let mut ids: Vec<String> = all.iter().map(Method::id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all.len(), "two methods share an id");
        assert_eq!(Method::default().id(), "top2-pooled");
    }

    #[test]
    fn weights_stand_in_the_id() {
        let id = "top2-weighted(access=4,official=6,procedure=5)";
        let given = "top2-weighted(procedure=5, access=4,official=6)";
        assert_eq!(given.parse::<Method>().unwrap().id(), id);
        let mean = "mean-level-0-100-weighted-factor-mean(a=0,b=1)";
        assert_eq!(mean.parse::<Method>().unwrap().to_string(), mean);
    }

    #[test]
    fn what_is_no_method_is_refused_with_what_is() {
        for text in [
            "",
            "top2",
            "top2-pooled ",
            "TOP2-POOLED",
            "top2-weighted",
            "top2-weighted()",
            "top2-weighted(a)",
            "top2-weighted(a=)",
            "top2-weighted(a=-1)",
            "top2-weighted(a=+1)",
            "top2-weighted(a=0)",
            "top2-weighted(a=1,a=2)",
            "top2-weighted(a=99999999999)",
            "top2-pooled-factor-pooled",
        ] {
            let error = text.parse::<Method>().unwrap_err();
            assert!(error.allowed.contains("top2-mean-factors"), "{text}");
        }
    }

    #[test]
    fn measures_are_what_their_names_say() {
        let levels = [2, 3, 15, 60, 20]; // the mean level is 3.93
        let value = |measure: Measure| measure.of(&levels).unwrap();
        assert_eq!(value(Measure::TopTwo), BigRational::from_integer(80.into()));
        assert_eq!(value(Measure::MeanLevelOfFive), BigRational::new(786.into(), 10.into()));
        assert_eq!(value(Measure::MeanLevelFromZero), BigRational::new(7325.into(), 100.into()));
        assert_eq!(Measure::TopTwo.of(&[0; 5]), None);
    }
}
