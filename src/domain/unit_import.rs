//! A CSV of changes to units, as a plan that can be shown, applied and taken back.
