//! QR symbols as SVG and one-bit PNG.
use crate::domain::receipt::ReceiptCode;
/// s
pub struct Symbol;
/// s
#[derive(Debug)]
pub struct TooLong {
    /// s
    pub longest_host: usize,
}
/// s
pub fn receipt(_url: &str, _code: &ReceiptCode) -> Result<Symbol, TooLong> {
    Ok(Symbol)
}
/// s
pub fn svg(_s: &Symbol) -> String {
    String::new()
}
/// s
pub fn png(_s: &Symbol) -> Result<Vec<u8>, std::io::Error> {
    Ok(vec![])
}
