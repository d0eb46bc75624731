//! What reading costs at ten thousand and at ten million folded answers: `cargo bench --profile release --bench reading`.
//! Another number of answers may be given: `-- 1000000`. It needs 4 GB of disk for ten million. With `TEST_DATABASE_URL` it
//! measures PostgreSQL as well, in a database of its own on that server.
//!
//! The blocks are made with the program's own fold and closed with its own close; everything else goes through the
//! program itself.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot run should say where, and its table is what it is for"
)]

#[path = "reading/district.rs"]
mod district;
#[path = "reading/program.rs"]
mod program;

use std::time::{Duration, Instant};

use crate::{district::District, program::Program};

/// Requests for scores after the first.
const READS: usize = 200;

#[expect(clippy::disallowed_methods, reason = "the benches say where a server is as the tests do")]
fn main() {
    let given: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![10_000, 10_000_000] } else { given };
    let server = std::env::var("TEST_DATABASE_URL").ok();
    let databases = std::iter::once(None).chain(server.as_deref().map(Some));
    let runs: Vec<(u64, Option<&str>)> =
        databases.flat_map(|server| sizes.iter().map(move |answers| (*answers, server))).collect();
    let name = |server: Option<&str>| if server.is_some() { "PostgreSQL" } else { "SQLite" };
    let heads: Vec<String> =
        runs.iter().map(|(n, server)| format!("{}, {n} answers", name(*server))).collect();
    println!("| what | {} |", heads.join(" | "));
    println!("|---|{}", "---|".repeat(runs.len()));
    let columns: Vec<_> = runs.iter().map(|(answers, server)| measure(*answers, *server)).collect();
    for (row, (what, _)) in columns.first().into_iter().flatten().enumerate() {
        let cells = columns.iter().map(|column| column.get(row).map_or("", |(_, cell)| cell.as_str()));
        println!("| {what} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn measure(answers: u64, server: Option<&str>) -> Vec<(&'static str, String)> {
    let program = Program::new(server);
    let district = District::new(&program);
    let began = Instant::now();
    district.fill(answers);
    let mut rows = vec![("folding them, in one step for each unit and month", ms(began.elapsed()))];
    let close = district.close();
    rows.push(("answers of one month", (answers / district::MONTHS).to_string()));
    rows.push(("closing it", ms(close.whole)));
    rows.push(("longest step of the close", ms(close.longest)));
    for what in ["a cross of two groupings, first", "a cross of two groupings, again"] {
        let began = Instant::now();
        let pairs = district.cross();
        rows.push((what, format!("{}, {pairs} pairs", ms(began.elapsed()))));
    }
    drop(district);
    rows.push(("bytes on disk for each answer", format!("{:.1}", program.bytes() / float(answers))));
    let (verified, took) = program.time(&["verify"]);
    eprintln!("{}", verified.trim());
    rows.push(("verify", ms(took)));
    rows.extend(scores(&program));
    rows.extend(export(&program));
    rows
}

fn scores(program: &Program) -> Vec<(&'static str, String)> {
    let service = program.serve();
    let mut rows = vec![("start-up", ms(service.started))];
    std::thread::sleep(Duration::from_secs(2));
    rows.push(("resident at rest", format!("{:.0} MB", service.resident_mb("VmRSS"))));
    let mut took: Vec<Duration> = (0..=READS).map(|_| service.scores()).collect();
    rows.push(("scores of a year by unit, first", ms(took.remove(0))));
    took.sort_unstable();
    let at = |percent: usize| took.get((took.len() - 1) * percent / 100).copied().unwrap_or_default();
    rows.push(("scores of a year by unit, p50", ms(at(50))));
    rows.push(("scores of a year by unit, p99", ms(at(99))));
    rows
}

fn export(program: &Program) -> Vec<(&'static str, String)> {
    let export = program.export();
    let rate = |bytes: u64, time: Duration| format!("{:.0} MB/s", float(bytes) / 1e6 / time.as_secs_f64());
    let plain = program.plain_dump().map(|(bytes, time)| rate(bytes, time));
    vec![
        ("responses CSV, first byte", ms(export.first)),
        ("responses CSV", rate(export.bytes, export.whole)),
        ("responses CSV, size", format!("{:.1} MB", float(export.bytes) / 1e6)),
        ("responses CSV, most memory", format!("{:.0} MB", export.most_mb)),
        ("`sqlite3 -csv` of one month as a plain table", plain.unwrap_or_else(|| "not here".to_owned())),
    ]
}

fn float(number: u64) -> f64 {
    // Exact up to 2^53.
    number.to_string().parse().unwrap_or(f64::NAN)
}
