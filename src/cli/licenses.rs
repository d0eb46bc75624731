//! `sipas licenses`: what is in this program besides its own code, and under which licence it may be passed on.
//!
//! The list of crates is written by `TEST_WRITE=licenses tests/run sqlite` (tests/architecture/licences.rs), which also
//! fails where the list is not that of `Cargo.lock` any more.

use super::{CliError, Output};

/// Crates that are linked into the program: name, version, licence, where they come from.
const CRATES: &str = include_str!("licenses.csv");

/// What is in the program and is no crate, or lies inside one under a licence of its own.
const PARTS: &[[&str; 4]] = &[
    ["SQLite (in libsqlite3-sys)", "", "blessing (public domain)", "https://sqlite.org/copyright.html"],
    ["libpq (in pq-src)", "", "PostgreSQL", "https://www.postgresql.org/about/licence/"],
    [
        "OpenSSL (in openssl-src)",
        "",
        "Apache-2.0",
        "https://github.com/openssl/openssl/blob/master/LICENSE.txt",
    ],
    ["mimalloc (in libmimalloc-sys)", "", "MIT", "https://github.com/microsoft/mimalloc/blob/main/LICENSE"],
    ["Zstandard (in zstd-sys)", "", "BSD-3-Clause", "https://github.com/facebook/zstd/blob/dev/LICENSE"],
    ["Brotli's dictionary (in brotli)", "", "MIT", "https://github.com/google/brotli/blob/master/LICENSE"],
    [
        "BoringSSL's arithmetic (in ring)",
        "",
        "Apache-2.0",
        "https://github.com/briansmith/ring/blob/main/LICENSE",
    ],
    [
        "Swagger UI (in utoipa-swagger-ui-vendored)",
        "",
        "Apache-2.0",
        "https://github.com/swagger-api/swagger-ui",
    ],
    [
        "Lists of common passwords, names and words (in zxcvbn)",
        "",
        "MIT",
        "https://github.com/shssoichiro/zxcvbn-rs",
    ],
    ["Noto Sans Khmer, Khmer block", "", "OFL-1.1", "src/http/assets/OFL.txt"],
    ["Noto Sans, Noto Sans Khmer, for prints", "", "OFL-1.1", "src/report/print/fonts/OFL.txt"],
];

/// Writes the list.
pub(super) fn run(out: &mut Output) -> Result<(), CliError> {
    out.data(CRATES.trim_end())?;
    for part in PARTS {
        let quoted =
            part.map(|cell| if cell.contains(',') { format!("\"{cell}\"") } else { cell.to_owned() });
        out.data(quoted.join(","))?;
    }
    Ok(())
}
