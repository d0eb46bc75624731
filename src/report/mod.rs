//! One value, many outputs: score tables, answers, CSV, JSON, QR symbols, printed things. Knows `domain` alone.

pub mod answers_csv;
pub mod csv;
pub mod form_json;
pub mod json;
pub mod print;
pub mod qr;
pub mod receipt_table;
pub mod score_table;
pub mod selection;
pub mod unit_table;
