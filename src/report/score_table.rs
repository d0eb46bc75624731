//! Scores by unit, period and group, with what is hidden already hidden.
