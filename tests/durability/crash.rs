//! The crash bench: people answer by token, by code and by the page, months close, and the service is killed at
//! random moments. `tests/crash` runs it with more rounds.

use std::{
    fs,
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sipas::{
    config::DatabaseUrl,
    domain::period::Month,
    http::state::Clock,
    storage::{Store, months, tallies},
};

use crate::support::{
    database::{PrivateDatabase, variable},
    harm::TestClock,
    people::{Ledger, Town, assert_all_there_once, on_disk},
    service::{TestService, command},
};

/// Communes: enough that a close takes many steps.
const UNITS: usize = 24;
/// Receipts of each of the first units and of each month.
const RECEIPTS: usize = 120;
/// A month is closed by the command in every second round.
const ROUNDS_A_MONTH: u64 = 2;
/// Longest load before a kill, in milliseconds.
const LONGEST: u64 = 400;
/// And after a close has begun: the close of a month takes about as long.
const LONGEST_OF_A_CLOSE: u64 = 40;

/// What came out; printed at the end.
#[derive(Debug, Default)]
struct Report {
    rounds: u64,
    acknowledged: u64,
    unheard: u64,
    unheard_but_stored: u64,
    kills_in_a_close: u64,
    kills_with_a_fold_due: u64,
    months_closed: u64,
}

struct Bench {
    service: TestService,
    clock: TestClock,
    town: Town,
    month: Month,
    chance: ChaCha8Rng,
    /// Answers of the running month: their keys are known for sure.
    ledger: Ledger,
    report: Report,
}

impl Bench {
    fn new(seed: u64) -> Self {
        let mut database = PrivateDatabase::new();
        let clock = TestClock::before(&mut database);
        let service = TestService::on(Arc::new(database), &["--set", "close-after-days=365"]);
        let units: Vec<String> = (0..UNITS).map(|number| format!("xa-{number:02}")).collect();
        let rows: Vec<String> = std::iter::once("create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,".to_owned())
            .chain(units.iter().map(|unit| format!("create,{unit},tv,commune,Xã {unit},2020-01-01,,")))
            .collect();
        service.import(&rows.join("\n"));
        let units: Vec<&str> = units.iter().map(String::as_str).collect();
        let town = Town::new(&service, &units);
        let chance = ChaCha8Rng::seed_from_u64(seed);
        let (ledger, report) = (Ledger::default(), Report::default());
        Self { service, clock, town, month: Clock::System.today().month(), chance, ledger, report }
    }

    /// The next month begins: its receipts are issued, and answers of the month before still come.
    fn next_month(&mut self) {
        self.month = self.month.plus(1);
        self.clock.set(self.month.first_day().plus(11));
        self.ledger = Ledger::default();
        self.town.earlier = Some(self.month.plus(-1).last_day());
        self.town.codes.lock().unwrap().clear();
        self.town.issue(&self.service, 3, RECEIPTS);
    }

    fn round(mut self) -> Self {
        let closes = self.report.rounds % ROUNDS_A_MONTH == ROUNDS_A_MONTH - 1;
        if self.report.rounds.is_multiple_of(ROUNDS_A_MONTH) {
            self.next_month();
        }
        let longest = if closes { LONGEST_OF_A_CLOSE } else { LONGEST };
        let (seed, wait) = (self.chance.next_u64(), Duration::from_millis(self.chance.next_u64() % longest));
        let stop = AtomicBool::new(false);
        let service = &self.service;
        let sent = thread::scope(|scope| {
            let people = scope.spawn(|| self.town.send(service, seed, &stop));
            let close = closes.then(|| begin_close(service, self.month.plus(-1)));
            thread::sleep(wait);
            service.pull_the_plug();
            if let Some(mut command) = close {
                // On a server the command itself closes the month.
                command.kill().unwrap();
                command.wait().unwrap();
            }
            stop.store(true, Relaxed);
            people.join().unwrap()
        });
        self.report.rounds += 1;
        self.report.acknowledged += u64::try_from(sent.acknowledged.len()).unwrap();
        self.report.unheard += u64::try_from(sent.unheard.len()).unwrap();
        self.ledger.extend(sent);
        self.service.await_end();
        self.look_at_the_disk();
        self.service.restart();
        self.check(closes);
        self
    }

    /// What the kill left behind, before anybody mends it.
    fn look_at_the_disk(&mut self) {
        let copy = tempfile::tempdir().unwrap();
        let url = match &self.service.database.url {
            DatabaseUrl::Sqlite(path) => {
                // A copy: the service shall find its file and its log as the kill left them.
                let to = copy.path().join("copy.db");
                fs::copy(path, &to).unwrap();
                let (log, log_copy) = (path.with_extension("db-wal"), to.with_extension("db-wal"));
                if log.exists() {
                    fs::copy(log, log_copy).unwrap();
                }
                DatabaseUrl::Sqlite(to)
            }
            server @ DatabaseUrl::Postgres(_) => server.clone(),
        };
        let store = Store::open(&url, 1).unwrap();
        let closing = store.with(months::states).unwrap().state(self.month.plus(-1));
        self.report.kills_in_a_close += u64::from(closing == months::MonthState::Closing);
        let waiting = store.with(tallies::waiting).unwrap();
        let due = waiting.iter().any(|(place, waiting)| place.month == self.month && *waiting >= 5);
        self.report.kills_with_a_fold_due += u64::from(due);
    }

    /// Every acknowledged key is there, once; nothing else is; everything verifies.
    fn check(&mut self, closes: bool) {
        let there = assert_all_there_once(&self.service, &self.town.token, &mut self.ledger);
        self.report.unheard_but_stored += there;
        if closes {
            self.service.cli_ok(&["period", "close", &self.month.plus(-1).to_string()]);
            self.report.months_closed += 1;
        }
        let keys = self.report.acknowledged + self.report.unheard;
        assert_eq!(on_disk(&self.service), keys, "after round {}", self.report.rounds);
        self.service.assert_sound();
    }
}

/// Runs `sipas period close`, and waits until the close has begun.
fn begin_close(service: &TestService, month: Month) -> Child {
    let mut close = command(&service.database);
    close.args(["period", "close", &month.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
    let command = close.spawn().unwrap();
    let store = Store::open(&service.database.url, 1).unwrap();
    let begin = Instant::now();
    while store.with(months::states).unwrap().state(month) == months::MonthState::Open {
        assert!(begin.elapsed() < Duration::from_secs(20), "the close does not begin:\n{}", service.log());
        thread::sleep(Duration::from_millis(1));
    }
    command
}

#[test]
fn killed_at_random_moments_every_acknowledged_key_is_there_once() {
    let number = |name: &str| variable(name).map(|text| text.parse::<u64>().expect("a whole number"));
    let rounds = number("CRASH_ROUNDS").unwrap_or(20);
    let seed = number("CRASH_SEED").unwrap_or_else(rand::random);
    eprintln!("crash bench: CRASH_SEED={seed}");
    let begin = Instant::now();
    let mut bench = Bench::new(seed);
    for _ in 0..rounds {
        bench = bench.round();
    }
    let Report { acknowledged, unheard, unheard_but_stored, months_closed, .. } = bench.report;
    let Report { kills_in_a_close, kills_with_a_fold_due, .. } = bench.report;
    eprintln!(
        "{rounds} rounds, {rounds} kills: {kills_in_a_close} in a close, {kills_with_a_fold_due} with a fold due\n\
         {acknowledged} keys acknowledged, each there once\n\
         {unheard} keys unheard, {unheard_but_stored} of them stored all the same; sent again, each is there once\n\
         {months_closed} months closed; verify was clean after each of {rounds} rounds\n\
         {} answers on disk, {} s",
        on_disk(&bench.service),
        begin.elapsed().as_secs()
    );
    assert!(acknowledged > rounds, "there was load: {acknowledged}");
    assert!(rounds < 20 || kills_in_a_close > 0, "a kill fell into a close");
    assert!(rounds < 20 || kills_with_a_fold_due > 0, "a kill fell where a fold was due");
}
