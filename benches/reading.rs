//! What reading costs at ten thousand and at ten million folded answers: `cargo bench --profile release --bench reading`.
//! Another number of answers may be given: `-- 1000000`. It needs 2 GB of disk for ten million.
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

fn main() {
    let given: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![10_000, 10_000_000] } else { given };
    println!("| what | {} |", sizes.iter().map(|n| format!("{n} answers")).collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---|".repeat(sizes.len()));
    let columns: Vec<Vec<(&str, String)>> = sizes.iter().map(|answers| measure(*answers)).collect();
    let rows = columns.first().map_or(0, Vec::len);
    for row in 0..rows {
        let cells: Vec<&(&str, String)> = columns.iter().filter_map(|column| column.get(row)).collect();
        let what = cells.first().map_or("", |cell| cell.0);
        println!("| {what} | {} |", cells.iter().map(|cell| cell.1.as_str()).collect::<Vec<_>>().join(" | "));
    }
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn measure(answers: u64) -> Vec<(&'static str, String)> {
    let program = Program::new();
    let district = District::new(&program);
    let began = Instant::now();
    district.fill(answers);
    let mut rows = vec![("folding them, in one step for each unit and month", ms(began.elapsed()))];
    let close = district.close();
    rows.push(("answers of one month", (answers / district::MONTHS).to_string()));
    rows.push(("closing it", ms(close.whole)));
    rows.push(("longest step of the close", ms(close.longest)));
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
    let rate = float(export.bytes) / 1e6 / export.whole.as_secs_f64();
    vec![
        ("responses CSV, first byte", ms(export.first)),
        ("responses CSV", format!("{rate:.0} MB/s")),
        ("responses CSV, size", format!("{:.1} MB", float(export.bytes) / 1e6)),
        ("responses CSV, most memory", format!("{:.0} MB", export.most_mb)),
    ]
}

fn float(number: u64) -> f64 {
    // Exact up to 2^53.
    number.to_string().parse().unwrap_or(f64::NAN)
}
