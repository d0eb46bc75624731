//! A day: people with receipts answer on the page, one after the other, in an order that nobody planned. Only the test
//! knows who answered what; whoever watches sees the counters, and copies the write-ahead log.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};
use rand::seq::SliceRandom as _;
use sipas::{config::DatabaseUrl, domain::receipt::ReceiptCode, keys::SecretKeys};

use super::{
    dump::{self, Dump, Hash},
    pages::Wal,
    postgres::{self, Archive},
    sqlite,
};
use crate::{journeys::receipt::hidden, support::service::TestService};

/// Units with their service fields, and the share of the day's people who come with each. `rare` is on fewer than ten
/// receipts of a unit: answers must not show it.
const UNITS: [&str; 4] = ["tra-cu", "dai-an", "long-hiep", "ham-giang"];
const FIELDS: [(&str, usize); 3] = [("land", 60), ("civil", 38), ("rare", 2)];
/// Time between two people, about: a quiet service, so that each has a transaction of their own.
const BETWEEN: Duration = Duration::from_millis(6);
const QUESTIONS: [&str; 6] =
    ["general", "access.ease", "procedure.ease", "official.attitude", "result.delivery", "feedback.handling"];

/// Somebody with a receipt. Everybody's levels are different from everybody else's.
#[derive(Debug, Clone)]
pub struct Person {
    pub code: String,
    pub levels: [u8; 6],
    pub language: &'static str,
    pub comment: Option<String>,
}

/// What is left of a day.
pub struct Day {
    pub service: Arc<TestService>,
    /// In the order in which they answered.
    pub people: Vec<Person>,
    pub hashes: Vec<Hash>,
    /// Answers in the block of a unit, each time it had grown.
    pub growth: Vec<(String, usize)>,
    pub dump: Dump,
    wal: Wal,
    archive: Option<Archive>,
}

/// A province with these units.
pub fn a_province() -> TestService {
    let service = TestService::start();
    let mut rows = "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,".to_owned();
    for unit in UNITS {
        rows.extend(["\ncreate,", unit, ",tv,commune,Xã ", unit, ",2020-01-01,,"]);
    }
    service.import(&rows);
    service
}

fn people(service: &TestService, count: usize) -> Vec<Person> {
    let mut patterns: Vec<usize> = (0..5_usize.pow(6)).collect();
    patterns.shuffle(&mut rand::rng());
    let mut patterns = patterns.into_iter();
    let mut people = Vec::new();
    for unit in UNITS {
        for (field, share) in FIELDS {
            let number = (count * share / 100 / UNITS.len()).to_string();
            let csv = service.cli_ok(&[
                "receipt",
                "issue",
                "--unit",
                unit,
                "--count",
                &number,
                "--service-field",
                field,
            ]);
            let codes = csv.lines().skip(1).filter_map(|line| line.split(',').next());
            people.extend(codes.map(|code| person(code, patterns.next().unwrap())));
        }
    }
    people.shuffle(&mut rand::rng());
    people
}

fn person(code: &str, pattern: usize) -> Person {
    let level = |question: u32| u8::try_from(pattern / 5_usize.pow(question) % 5 + 1).unwrap();
    let language = ["vi", "vi", "vi", "km"][pattern % 4];
    let words = ["Chờ lâu. ", "ចាំយូរ។ "][usize::from(language == "km")];
    let comment = (pattern.is_multiple_of(3)).then(|| {
        format!(
            "ghi-{pattern} {}",
            words.repeat(if pattern.is_multiple_of(10) { 41 } else { 1 + pattern % 17 })
        )
    });
    Person {
        code: code.to_owned(),
        levels: [0, 1, 2, 3, 4, 5].map(level),
        language,
        comment: comment.map(|text| text.trim().to_owned()),
    }
}

/// Opens the page, fills it in, sends it.
pub fn answer(service: &TestService, person: &Person) {
    let path = format!("/r/{}", person.code.replace('-', ""));
    let page = service.browse(&format!("{path}?lang={}", person.language));
    assert_eq!(page.status, 200, "{}", page.text());
    let mut fields = hidden(&page.text());
    fields.extend(
        QUESTIONS.iter().zip(person.levels).map(|(slug, level)| ((*slug).to_owned(), level.to_string())),
    );
    fields.extend(person.comment.iter().map(|text| ("comment".to_owned(), text.clone())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(service.submit(&path, &fields).status, 303);
}

#[derive(diesel::QueryableByName)]
struct Grown {
    #[diesel(sql_type = diesel::sql_types::Text)]
    unit: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    held: i64,
}

/// The test's own eyes: how many answers are in the blocks of each unit.
enum Eyes {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Eyes {
    fn on(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(path) => {
                Self::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).unwrap())
            }
            DatabaseUrl::Postgres(url) => Self::Postgres(PgConnection::establish(url).unwrap()),
        }
    }

    fn look(&mut self) -> Vec<(String, usize)> {
        let query = diesel::sql_query(
            "SELECT unit, CAST(SUM(responses) AS BIGINT) AS held FROM segment GROUP BY unit",
        );
        let rows: Result<Vec<Grown>, _> = match self {
            Self::Sqlite(c) => query.load(c),
            Self::Postgres(c) => query.load(c),
        };
        // SQLite may be busy at that moment: the next look comes at once.
        let rows = rows.unwrap_or_default();
        rows.into_iter().map(|row| (row.unit, usize::try_from(row.held).unwrap())).collect()
    }
}

/// What the watchers of a day bring home.
struct Watched {
    growth: Vec<(String, usize)>,
    metrics: Vec<(usize, usize)>,
    wal: Wal,
}

/// Looks until told to stop, and once more.
fn watch(service: &TestService, stop: &AtomicBool) -> Watched {
    let url = &service.database.url;
    let mut eyes = Eyes::on(url);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut watched = Watched { growth: Vec::new(), metrics: Vec::new(), wal: Wal::default() };
    for turn in 0_u32.. {
        let last = stop.load(Relaxed);
        for (unit, held) in eyes.look() {
            if seen.insert(unit.clone(), held) != Some(held) {
                watched.growth.push((unit, held));
            }
        }
        if turn % 8 == 0 || last {
            watched.metrics.push(counters(&service.get("/metrics").text()));
            if let DatabaseUrl::Sqlite(path) = url {
                watched.wal.look(&path.with_extension("db-wal"));
            }
        }
        if last {
            break;
        }
        thread::sleep(Duration::from_millis(4));
    }
    watched
}

fn counters(text: &str) -> (usize, usize) {
    let value = |name: &str| {
        let line = text.lines().find(|line| !line.starts_with('#') && line.contains(name));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
    };
    (value("outcome=\"stored\""), value("kind=\"folded\""))
}

impl Day {
    /// So many people answer; then everything is copied that the attacker gets.
    pub fn of(count: usize) -> Self {
        let service = Arc::new(a_province());
        let people = people(&service, count);
        let archive = match &service.database.url {
            DatabaseUrl::Sqlite(_) => Err(String::new()),
            DatabaseUrl::Postgres(url) => Archive::begin(url),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let watcher = {
            let (service, stop) = (Arc::clone(&service), Arc::clone(&stop));
            thread::spawn(move || watch(&service, &stop))
        };
        for person in &people {
            let begin = Instant::now();
            answer(&service, person);
            thread::sleep(BETWEEN.saturating_sub(begin.elapsed() / 2));
        }
        service.eventually("all but less than a handful of each unit are folded", |service| {
            dump::ask(
                &service.database.url,
                "SELECT count(*) AS n FROM inbox GROUP BY unit HAVING count(*) > 4",
            )
            .is_empty()
        });
        stop.store(true, Relaxed);
        let home = watcher.join().unwrap();
        let keys = SecretKeys::open(&service.database.folder.path().join("sipas.key"), None).unwrap();
        let hash = |person: &Person| {
            let code: ReceiptCode = person.code.parse().unwrap();
            keys.code_hash(code.compact()).0.to_vec()
        };
        let missing = archive.as_ref().err().filter(|reason| !reason.is_empty()).cloned();
        let mut day = Self {
            hashes: people.iter().map(hash).collect(),
            people,
            growth: home.growth,
            dump: Dump { missing: missing.into_iter().collect(), ..Dump::default() },
            wal: home.wal,
            archive: archive.ok(),
            service,
        };
        day.steal(home.metrics);
        day
    }

    /// Everything but the key file.
    fn steal(&mut self, metrics: Vec<(usize, usize)>) {
        let url = self.service.database.url.clone();
        let mut dump = dump::tables(&url);
        let (wal, rows) = match &url {
            DatabaseUrl::Sqlite(path) => {
                let late = sqlite::written_late(&std::fs::read(path).unwrap());
                let rows = late.into_iter().map(|code| dump::Event::Used { code, sealed: None });
                (sqlite::events(&self.wal, &dump.receipts), rows.collect())
            }
            DatabaseUrl::Postgres(_) => {
                let wal = self.archive.as_ref().map(|a| a.events(&url, &dump.receipts, &dump.comments));
                let wal = wal.unwrap_or(Ok(Vec::new()));
                dump.missing.extend(wal.as_ref().err().cloned());
                (wal.unwrap_or_default(), postgres::of_rows(&url, &dump.receipts, &dump.comments))
            }
        };
        dump.wal = dump::traces(&wal, &dump.receipts);
        dump.rows = dump::traces(&rows, &dump.receipts);
        dump.log = self.service.log();
        dump.metrics = metrics;
        dump.missing.append(&mut self.dump.missing);
        self.dump = dump;
    }
}
