//! Scores: pure functions of a form, a tally and a method.
//!
//! Counts stay whole numbers and shares stay exact fractions until the one rounding of [`Precision`]; a
//! factor that was rounded never feeds an overall. Where there is no valid answer there is no score: never 0.
//! The formulas and where they come from are in `docs/scoring.md`.

pub mod aggregate;
mod method;
mod rounding;

use num_rational::BigRational;

use super::{
    form::{Form, Node, NodeKind},
    interval::{self, Interval},
    tally::Tally,
};
pub use method::{FactorRule, Measure, Method, MethodError, MethodMisfit, OverallRule};
pub use rounding::{Hundredths, Precision};

/// One node's score, with what it rests on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    /// People with at least one valid answer in the node; thresholds are on them.
    pub respondents: u64,
    /// Valid answers (levels 1 to 5) in the node.
    pub n: u64,
    /// Percent, exact; `None` where the method cannot compute it from what was answered.
    pub value: Option<BigRational>,
    /// 95 % interval; `None` where the value is, or where the method gives none from these sums.
    pub interval: Option<Interval>,
}

impl Score {
    /// The value as files print it: percent with two decimals, rounded half up.
    #[must_use]
    pub fn printed(&self) -> Option<Hundredths> {
        self.value.as_ref().map(Hundredths::rounded)
    }
}

/// Scores one node, given by its index in [`Form::nodes`].
///
/// The value is `None` (not computable) where the node has no valid answer; where a mean or a weighted mean
/// meets a child without one, because leaving the child out would change what the mean is of; and where the
/// method does not fit the form ([`Method::fits`] says so beforehand).
#[must_use]
pub fn score(form: &Form, tally: &Tally, node: usize, method: &Method) -> Score {
    let Some(found) = form.nodes().get(node) else { return Score::default() };
    let view = View { form, tally, method };
    let value = view.value(found, node);
    let interval = value.as_ref().and_then(|_| view.interval(found, node));
    let n = view.levels(&found.columns).iter().sum();
    Score { respondents: tally.node(node).people, n, value, interval }
}

struct View<'a> {
    form: &'a Form,
    tally: &'a Tally,
    method: &'a Method,
}

impl View<'_> {
    /// Counts of levels 1 to 5, summed over criteria.
    fn levels(&self, columns: &[usize]) -> [u64; 5] {
        let mut sum = [0; 5];
        for column in columns {
            for (to, from) in sum.iter_mut().zip(self.tally.levels(*column)) {
                *to += from;
            }
        }
        sum
    }

    fn value(&self, node: &Node, index: usize) -> Option<BigRational> {
        match node.kind {
            NodeKind::Criterion => self.pooled(node),
            NodeKind::Factor => self.factor(node),
            NodeKind::Part => match &self.method.overall {
                OverallRule::MeanOfParts => self.factor(node),
                OverallRule::Pooled
                | OverallRule::MeanOfCriteria
                | OverallRule::MeanOfFactors
                | OverallRule::Weighted(_) => self.whole(node, index),
            },
            NodeKind::Overall => self.whole(node, index),
        }
    }

    fn pooled(&self, node: &Node) -> Option<BigRational> {
        self.method.measure.of(&self.levels(&node.columns))
    }

    fn mean_of_criteria(&self, node: &Node) -> Option<BigRational> {
        let one = |column: &usize| self.method.measure.of(&self.tally.levels(*column));
        aggregate::mean(&node.columns.iter().map(one).collect::<Option<Vec<_>>>()?)
    }

    /// A factor, or a part that the method treats as one.
    fn factor(&self, node: &Node) -> Option<BigRational> {
        match self.method.factor {
            FactorRule::Pooled => self.pooled(node),
            FactorRule::MeanOfCriteria => self.mean_of_criteria(node),
        }
    }

    /// The overall, or a part that the method treats as a whole of its own.
    fn whole(&self, node: &Node, index: usize) -> Option<BigRational> {
        match &self.method.overall {
            OverallRule::Pooled => self.pooled(node),
            OverallRule::MeanOfCriteria => self.mean_of_criteria(node),
            OverallRule::MeanOfFactors => {
                let factors = self.factors_below(index).map(|f| self.factor(f));
                aggregate::mean(&factors.collect::<Option<Vec<_>>>()?)
            }
            OverallRule::MeanOfParts => {
                self.method.fits(self.form).ok()?;
                let parts = self.form.nodes().iter().filter(|n| n.kind == NodeKind::Part);
                aggregate::mean(&parts.map(|p| self.factor(p)).collect::<Option<Vec<_>>>()?)
            }
            OverallRule::Weighted(weights) => {
                self.method.fits(self.form).ok()?;
                let mut terms = Vec::new();
                for factor in self.factors_below(index) {
                    let weight = weights.of(&factor.slug)?;
                    if weight > 0 {
                        terms.push((self.factor(factor)?, BigRational::from_integer(weight.into())));
                    }
                }
                aggregate::weighted(&terms)
            }
        }
    }

    fn factors_below(&self, index: usize) -> impl Iterator<Item = &Node> {
        let nodes = self.form.nodes();
        let below = move |n: &&Node| {
            let grandparent = n.parent.and_then(|p| nodes.get(p)).and_then(|p| p.parent);
            n.kind == NodeKind::Factor && (n.parent == Some(index) || grandparent == Some(index))
        };
        nodes.iter().filter(below)
    }

    /// Only shares have an interval here, and of the aggregates only pooled ones: a mean of criteria or of
    /// factors would need the sums of products between them.
    fn interval(&self, node: &Node, index: usize) -> Option<Interval> {
        match self.method.measure {
            Measure::TopTwo => {}
            Measure::MeanLevelOfFive | Measure::MeanLevelFromZero => return None,
        }
        let pooled_factor = self.method.factor == FactorRule::Pooled;
        let pooled_whole = self.method.overall == OverallRule::Pooled;
        let pooled = match node.kind {
            NodeKind::Criterion => {
                let [_, _, _, fourth, fifth] = self.levels(&node.columns);
                let n = self.levels(&node.columns).iter().sum();
                return interval::wilson(fourth + fifth, n);
            }
            NodeKind::Factor => pooled_factor,
            NodeKind::Part => match &self.method.overall {
                OverallRule::MeanOfParts => pooled_factor,
                OverallRule::Pooled
                | OverallRule::MeanOfCriteria
                | OverallRule::MeanOfFactors
                | OverallRule::Weighted(_) => pooled_whole,
            },
            NodeKind::Overall => pooled_whole,
        };
        if pooled { interval::ratio(self.tally.node(index)) } else { None }
    }
}

#[cfg(test)]
pub(crate) mod tests;
