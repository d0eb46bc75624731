//! Codes of receipts: alphabet, check character, states.

/// The keyed hash of a receipt's code: all that the database holds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeHash(pub [u8; 32]);

/// State of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// May be used.
    Issued,
    /// Spent.
    Used,
    /// Too late.
    Expired,
    /// Taken back.
    Void,
    /// A reprint took its place.
    Replaced,
}
