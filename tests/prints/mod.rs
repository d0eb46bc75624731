//! What is printed, as an independent reader sees it: rendered to pixels, decoded by zbar, measured.

pub mod escpos;
pub mod pixels;
mod sheets;
mod slips;
mod wear;

use std::{collections::BTreeSet, path::PathBuf};

use num_traits::ToPrimitive as _;

use crate::support::service::TestService;

/// A number of dots, to measure with.
pub fn float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

/// A measure as whole dots.
pub fn whole(number: f64) -> usize {
    number.round().to_usize().unwrap_or(0)
}

/// Where receipts of these tests lead to: as long as addresses mostly are.
pub const PUBLIC: &str = "https://sipas.travinh.gov.vn";

/// Prints on the shell; the file.
pub fn print(service: &TestService, layout: &str, count: usize) -> PathBuf {
    let file = service.database.folder.path().join(format!("{layout}.print"));
    let count = count.to_string();
    let path = file.display().to_string();
    let arguments = ["receipt", "print", "--unit", "tra-cu", "--layout", layout, "--count", &count];
    service.cli_ok(&[arguments.as_slice(), &["--out", &path, "--public-url", PUBLIC]].concat());
    file
}

/// Every text is the address of another receipt that can be used.
pub fn assert_all_open(service: &TestService, texts: &[String], count: usize) {
    let different: BTreeSet<&String> = texts.iter().collect();
    assert_eq!((texts.len(), different.len()), (count, count), "{texts:?}");
    for text in texts {
        let begin = format!("{}/R/", PUBLIC.to_uppercase());
        let code = text.strip_prefix(&begin).unwrap_or_else(|| panic!("{text} begins with {begin}"));
        assert_eq!((code.len(), text.len() <= 47), (11, true), "{text}");
        let page = service.browse(&format!("/r/{code}"));
        assert_eq!(page.status, 200, "{text}");
    }
}
