//! Requests per second of `POST /api/v1/responses`, beside a handler that only parses and checks the same body.
//!
//! `cargo bench --profile release --bench intake` (with `TEST_DATABASE_URL` also on PostgreSQL). Rounds are
//! interleaved, so that a slow minute of the machine falls on all alike.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a bench that cannot run should say where, and its table is what it is for"
)]

#[path = "intake/load.rs"]
mod load;
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
    load::{Measured, Target},
    service::Service,
};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 3;
const SECONDS: Duration = Duration::from_secs(5);

fn main() {
    // `cargo bench … -- "SQLite, receipt"` measures what is named alone, for a profile.
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let mut targets = vec![("parse and check only", ceiling())];
    let services: Vec<(&str, Service)> = Service::all();
    for (name, service) in
        services.iter().filter(|(name, _)| only.is_empty() || only.contains(&(*name).to_owned()))
    {
        targets.push((name, service.target()));
    }
    let mut measured: BTreeMap<usize, Vec<Measured>> = BTreeMap::new();
    for round in 0..ROUNDS {
        for (index, (name, target)) in targets.iter().enumerate() {
            let one = load::run(target, CONNECTIONS, SECONDS);
            eprintln!("round {} {name}: {one}", round + 1);
            measured.entry(index).or_default().push(one);
        }
    }
    print(&targets, &measured);
}

fn print(targets: &[(&str, Target)], measured: &BTreeMap<usize, Vec<Measured>>) {
    let median = |of: &[Measured]| {
        let mut rates: Vec<f64> = of.iter().map(Measured::rate).collect();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    let ceiling = measured.get(&0).map_or(1.0, |m| median(m));
    println!("| what | requests/s | of the ceiling | p50 ms | p99 ms | service us each | other than 201 |");
    println!("|---|---|---|---|---|---|---|");
    for (index, (name, _)) in targets.iter().enumerate() {
        let of = &measured[&index];
        let best = of.iter().map(|m| m.percentile(50)).fold(f64::MAX, f64::min);
        let p99 = of.iter().map(|m| m.percentile(99)).fold(f64::MAX, f64::min);
        let other: usize = of.iter().map(|m| m.other).sum();
        let rate = median(of);
        let cost = of.iter().map(Measured::cost).fold(f64::MAX, f64::min);
        println!(
            "| {name} | {rate:.0} | {:.2} | {best:.1} | {p99:.1} | {cost:.0} | {other} |",
            rate / ceiling
        );
    }
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
    Target { address, token: String::new(), codes: None, pid: Some(std::process::id()) }
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
