//! Intervals of shares: Wilson, and the ratio estimator over people.
