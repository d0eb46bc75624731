//! Requests per second of `POST /api/v1/responses`, beside a handler that only parses and checks the same body.
//!
//! `cargo bench --profile release --bench intake` (with `TEST_DATABASE_URL` also on PostgreSQL). Rounds are
//! interleaved, so that a slow minute of the machine falls on all alike. What is named after `--` is measured alone:
//! rows of the table (`"SQLite, page"`), or what takes longer (`"one connection"`, `"thousand connections"`,
//! `overload`, `"two nodes"`, `"ten million"`, `sustained`).

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a bench that cannot run should say where, and its table is what it is for"
)]

#[path = "reading/district.rs"]
#[expect(dead_code, reason = "what closing is like is measured by the other bench")]
mod district;
#[path = "intake/load.rs"]
mod load;
#[path = "intake/more.rs"]
mod more;
#[path = "reading/program.rs"]
#[expect(dead_code, reason = "what reads is measured by the other bench")]
mod program;
#[path = "intake/service.rs"]
mod service;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use actix_web::{App, HttpResponse, HttpServer, web};
use sipas::domain::{
    answers::{RawAnswer, RuledOut},
    catalogue::Catalogue,
    form_file,
};

use crate::{
    load::{Drive, Measured, Target, Way},
    service::{Database, Home, Service},
};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
const SECONDS: Duration = Duration::from_secs(5);
/// Codes issued before a run: more than it can spend.
const CODES: usize = 200_000;

/// The rows of the table; the pages only where they are named.
const ROWS: [(&str, Database, Kind); 6] = [
    ("SQLite, api", Database::Sqlite, Kind::Api),
    ("SQLite, receipt", Database::Sqlite, Kind::Receipt),
    ("PostgreSQL, api", Database::Postgres, Kind::Api),
    ("PostgreSQL, receipt", Database::Postgres, Kind::Receipt),
    ("SQLite, page", Database::Sqlite, Kind::Page),
    ("PostgreSQL, page", Database::Postgres, Kind::Page),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Api,
    Receipt,
    Page,
}

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let is_named = |name: &str| named.iter().any(|one| one == name);
    for (_, measure) in more::ALL.iter().filter(|(name, _)| is_named(name)) {
        measure();
    }
    let wanted = |name: &str, kind| if named.is_empty() { kind != Kind::Page } else { is_named(name) };
    let rows: Vec<_> = ROWS.into_iter().filter(|(name, _, kind)| wanted(name, *kind)).collect();
    if !rows.is_empty() {
        table(&rows);
    }
}

fn table(rows: &[(&'static str, Database, Kind)]) {
    let mut targets = vec![("parse and check only", ceiling())];
    let started: Vec<_> =
        rows.iter().filter_map(|(name, database, kind)| start(name, *database, *kind)).collect();
    targets.extend(started.iter().map(|(name, _, _, target)| (*name, target.clone())));
    let drive = Drive { connections: CONNECTIONS, length: SECONDS, every: None };
    let mut measured: BTreeMap<usize, Vec<Measured>> = BTreeMap::new();
    for round in 0..ROUNDS {
        for (index, (name, target)) in targets.iter().enumerate() {
            let one = load::run(target, drive);
            eprintln!("round {} {name}: {one}", round + 1);
            measured.entry(index).or_default().push(one);
        }
    }
    print(&targets, &measured);
}

fn start(
    name: &'static str,
    database: Database,
    kind: Kind,
) -> Option<(&'static str, Home, Vec<Service>, Target)> {
    let home = Home::new(database)?;
    let services = vec![home.serve()];
    let codes = home.codes(if kind == Kind::Api { 1 } else { CODES });
    let way = match kind {
        Kind::Api => home.token(),
        Kind::Receipt => Way::Code,
        Kind::Page => {
            let code = codes.lock().ok()?.pop()?;
            services.first()?.opened(&code)
        }
    };
    let target = home.target(&services, way, &codes);
    Some((name, home, services, target))
}

fn print(targets: &[(&str, Target)], measured: &BTreeMap<usize, Vec<Measured>>) {
    let median = |of: &[Measured]| {
        let mut rates: Vec<f64> = of.iter().map(Measured::rate).collect();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let ceiling = measured.get(&0).map_or(1.0, |m| median(m));
    println!("| what | requests/s | of the ceiling | p50 ms | p99 ms | us each | other than thanks |");
    println!("|---|---|---|---|---|---|---|");
    for (index, (name, _)) in targets.iter().enumerate() {
        let of = &measured[&index];
        let best = of.iter().map(|m| m.percentile(50)).fold(f64::MAX, f64::min);
        let p99 = of.iter().map(|m| m.percentile(99)).fold(f64::MAX, f64::min);
        let other: usize = of.iter().map(|m| m.other + m.refused).sum();
        let rate = median(of);
        let cost = of.iter().map(Measured::cost).fold(f64::MAX, f64::min);
        println!(
            "| {name} | {rate:.0} | {:.2} | {best:.1} | {p99:.1} | {cost:.0} | {other} |",
            rate / ceiling
        );
    }
}

/// Exact up to 2^53.
fn float(number: u64) -> f64 {
    number.to_string().parse().unwrap_or(f64::NAN)
}

/// The same body, parsed and checked against the same form, and nothing else.
fn ceiling() -> Target {
    let forms: Vec<_> = form_file::SHIPPED
        .iter()
        .map(|(name, text)| form_file::read(name, text).expect("shipped forms are sound").form)
        .collect();
    let forms = Arc::new(Catalogue::new(forms));
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::Data::from(Arc::clone(&forms)))
                    .route("/api/v1/responses", web::post().to(parse_only))
            })
            .workers(2)
            .bind(("127.0.0.1", 0))
            .expect("a port is free");
            sender.send(server.addrs()[0]).expect("the bench waits");
            server.run().await
        })
    });
    let address = receiver.recv().expect("the ceiling starts");
    let way = Way::Token(String::new());
    Target {
        addresses: vec![address],
        unit: "tra-cu",
        way,
        codes: Arc::default(),
        pids: vec![std::process::id()],
    }
}

async fn parse_only(body: web::Bytes, forms: web::Data<Catalogue>) -> HttpResponse {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    let form = "one-stop-short".parse().ok().and_then(|id| forms.newest(&id));
    let (Some(form), Some(answers)) = (form, body["answers"].as_object()) else {
        return HttpResponse::BadRequest().finish();
    };
    let raw: BTreeMap<String, RawAnswer> = answers
        .iter()
        .map(|(slug, value)| {
            let answer = value.as_i64().map_or_else(
                || RawAnswer::Text(value.as_str().unwrap_or_default().to_owned()),
                RawAnswer::Number,
            );
            (slug.clone(), answer)
        })
        .collect();
    match form.check(&raw, RuledOut::Refuse) {
        Ok(_) => HttpResponse::Created().json(serde_json::json!({ "outcome": "stored" })),
        Err(_) => HttpResponse::UnprocessableEntity().finish(),
    }
}
