//! Codes of receipts: alphabet, check character, states.
