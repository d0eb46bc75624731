//! What takes longer than the table of rates: each is measured where its name is given.

use std::{
    fs::File,
    io::Write as _,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::{
    CONNECTIONS, ROUNDS, SECONDS,
    district::District,
    load::{self, Drive, Measured, Target, Way},
    program::Program,
    service::{Database, Home, Service},
};

/// How long the load of what must last lasts.
const MINUTE: Duration = Duration::from_mins(1);
/// Most answers that a minute takes on any machine that this runs on.
const CODES: usize = 1_000_000;

/// A measurement of its own, by name.
pub(crate) const ALL: [(&str, fn()); 6] = [
    ("one connection", one_connection),
    ("thousand connections", thousand_connections),
    ("overload", overload),
    ("two nodes", two_nodes),
    ("ten million", ten_million),
    ("sustained", sustained),
];

fn closed(connections: usize, length: Duration) -> Drive {
    Drive { connections, length, every: None }
}

/// Databases that can be measured here, with what they are called.
fn databases() -> impl Iterator<Item = (&'static str, Home)> {
    [("SQLite", Database::Sqlite), ("PostgreSQL", Database::Postgres)]
        .into_iter()
        .filter_map(|(name, database)| Some((name, Home::new(database)?)))
}

fn by_code(home: &Home, codes: usize) -> (Vec<Service>, Target) {
    let services = vec![home.serve()];
    let codes = home.codes(codes);
    let target = home.target(&services, Way::Code, &codes);
    (services, target)
}

/// 99 of 100 waits for 16 KiB to be on disk were not longer than this, in milliseconds.
fn sync_p99() -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = File::create(folder.path().join("sync")).expect("a file");
    let mut took: Vec<f64> = (0..400)
        .map(|_| {
            file.write_all(&[1; 16 << 10]).expect("room");
            let began = Instant::now();
            file.sync_data().expect("a disk");
            began.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() * 99 / 100]
}

fn one_connection() {
    for (name, home) in databases() {
        let (_services, target) = by_code(&home, 100_000);
        load::run(&target, closed(1, Duration::from_secs(1)));
        let sync = sync_p99();
        let measured = load::run(&target, closed(1, 2 * SECONDS));
        let goal = 3.0 * sync.max(sync_p99()) + 1.0;
        println!("{name}, one connection: {measured}; fdatasync p99 {sync:.2} ms, goal {goal:.2} ms");
    }
}

fn thousand_connections() {
    for (name, home) in databases() {
        let (_services, target) = by_code(&home, CODES);
        let few = load::run(&target, closed(CONNECTIONS, 2 * SECONDS));
        let many = load::run(&target, closed(1000, MINUTE));
        println!("{name}, {CONNECTIONS} connections: {few}");
        println!("{name}, 1000 connections for 60 s: {many}; {:.0} MB resident", target.resident());
    }
}

/// Twice as many requests a second as are taken, by so many connections that the queue is full all the time.
fn overload() {
    for (name, home) in databases() {
        let (_services, target) = by_code(&home, CODES);
        let taken = load::run(&target, closed(CONNECTIONS, 2 * SECONDS));
        let connections = 6000;
        let every = Duration::from_secs_f64(f64::from(connections) / (2.0 * taken.rate()));
        let drive = Drive {
            connections: usize::try_from(connections).unwrap_or(usize::MAX),
            length: MINUTE,
            every: Some(every),
        };
        let most = watched(&target);
        let over = load::run(&target, drive);
        println!("{name}, {CONNECTIONS} connections: {taken}");
        println!(
            "{name}, twice as much for 60 s: {:.0}/s offered, {over}; most memory {:.0} MB, after it {:.0} MB",
            over.offered(),
            most.lock().map_or(f64::NAN, |most| *most),
            target.resident()
        );
    }
}

/// Most memory that the service has in use from now on.
fn watched(target: &Target) -> Arc<Mutex<f64>> {
    let most = Arc::new(Mutex::new(0.0_f64));
    let (target, seen) = (target.clone(), Arc::downgrade(&most));
    std::thread::spawn(move || {
        while let Some(most) = seen.upgrade() {
            if let Ok(mut most) = most.lock() {
                *most = most.max(target.resident());
            }
            drop(most);
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    most
}

/// Medians of interleaved rounds.
fn compare(targets: [(&str, &Target); 2]) {
    let mut rates = [const { Vec::new() }; 2];
    let mut worst = [0.0_f64; 2];
    for _round in 0..2 * ROUNDS {
        for (index, (name, target)) in targets.iter().enumerate() {
            let one = load::run(target, closed(CONNECTIONS, SECONDS));
            eprintln!("{name}: {one}");
            rates[index].push(one.rate());
            worst[index] = worst[index].max(one.percentile(99));
        }
    }
    let mut median = |index: usize| {
        rates[index].sort_by(f64::total_cmp);
        rates[index][rates[index].len() / 2]
    };
    let (first, second) = (median(0), median(1));
    println!(
        "{}: {first:.0}/s, worst p99 {:.1} ms; {}: {second:.0}/s, worst p99 {:.1} ms; ratio {:.2}",
        targets[0].0,
        worst[0],
        targets[1].0,
        worst[1],
        second / first
    );
}

fn two_nodes() {
    let Some(home) = Home::new(Database::Postgres) else { return };
    let (one, target) = by_code(&home, CODES);
    let more = home.serve();
    let both: Vec<Service> = one.into_iter().chain([more]).collect();
    let two = home.target(&both, Way::Code, &target.codes);
    compare([("one node", &target), ("two nodes", &two)]);
}

/// The same living receipts beside ten million folded answers and beside none.
fn ten_million() {
    #[expect(clippy::disallowed_methods, reason = "a smaller number for a try")]
    let answers = std::env::var("BENCH_ANSWERS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000_000);
    let programs: Vec<(Program, Home)> = [0, answers]
        .into_iter()
        .map(|answers| {
            let program = Program::new(None);
            let district = District::new(&program);
            if answers > 0 {
                district.fill(answers);
            }
            district.close();
            let home = Home::at(&program.path(""), program.url(), "xa-1");
            (program, home)
        })
        .collect();
    let ready: Vec<(Vec<Service>, Target)> =
        programs.iter().map(|(_, home)| by_code(home, 1_000_000)).collect();
    compare([("no answers", &ready[0].1), ("folded answers", &ready[1].1)]);
    println!("{answers} folded answers, 1000000 receipts issued on each side, one unit");
}

fn sustained() {
    for (name, home) in databases() {
        let (_services, target) = by_code(&home, CODES);
        let most = watched(&target);
        let measured: Measured = load::run(&target, closed(CONNECTIONS, MINUTE));
        let most = most.lock().map_or(f64::NAN, |most| *most);
        println!("{name}, {CONNECTIONS} connections for 60 s: {measured}; most memory {most:.0} MB");
    }
}
