//! One value, many outputs: score tables, answers, CSV, JSON, QR symbols. Knows `domain` alone.

pub mod answers_csv;
pub mod csv;
pub mod form_json;
pub mod json;
pub mod qr;
pub mod score_table;
pub mod selection;
pub mod unit_table;
