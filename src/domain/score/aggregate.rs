//! How values become one value. Published tables, which give values of nodes and no counts, are checked
//! through these same functions.

use num_rational::BigRational;
use num_traits::Zero as _;

/// 100 · part / whole, in percent; `None` where the whole is nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<BigRational> {
    (whole > 0).then(|| BigRational::new((u128::from(part) * 100).into(), whole.into()))
}

/// The plain mean; `None` of nothing.
#[must_use]
pub fn mean(values: &[BigRational]) -> Option<BigRational> {
    let sum: BigRational = values.iter().sum();
    (!values.is_empty()).then(|| sum / BigRational::from_integer(values.len().into()))
}

/// The mean of `(value, weight)`; `None` where the weights add up to nothing.
#[must_use]
pub fn weighted(terms: &[(BigRational, BigRational)]) -> Option<BigRational> {
    let total: BigRational = terms.iter().map(|(_, weight)| weight).sum();
    let sum: BigRational = terms.iter().map(|(value, weight)| value * weight).sum();
    (!total.is_zero()).then(|| sum / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(number: i64) -> BigRational {
        BigRational::from_integer(number.into())
    }

    #[test]
    fn nothing_has_no_mean_and_no_share() {
        assert_eq!(share(0, 0), None);
        assert_eq!(mean(&[]), None);
        assert_eq!(weighted(&[]), None);
        assert_eq!(weighted(&[(whole(80), whole(0))]), None);
    }

    #[test]
    fn equal_weights_are_the_plain_mean() {
        let values = [whole(70), whole(80), whole(91)];
        let terms: Vec<_> = values.iter().map(|v| (v.clone(), whole(7))).collect();
        assert_eq!(weighted(&terms), mean(&values));
    }

    #[test]
    fn a_share_is_exact() {
        assert_eq!(share(2, 3), Some(BigRational::new(200.into(), 3.into())));
        assert_eq!(share(u64::MAX, u64::MAX), Some(whole(100)));
    }
}
