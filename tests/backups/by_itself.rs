//! Backups that a service makes by itself.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use sipas::{
    backup::{self, Go, Protection, Schedule, Turn},
    domain::audit::{Actor, By, begin_of},
    storage::Store,
};

use super::{another, done, mode};
use crate::support::{
    database::PrivateDatabase,
    service::{TestService, a_submission},
};

const HOUR: i64 = 3600;
/// A midnight in Viet Nam.
const MIDNIGHT: i64 = 20_000 * 24 * HOUR - 7 * HOUR;

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_service_makes_a_backup_at_once_and_tells_of_it() {
    let database = PrivateDatabase::new();
    let folder = database.folder.path().join("kept");
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let dir = format!("backup-dir={}", folder.display());
    let to = format!("backup-recipient={recipient}");
    let service = TestService::on(Arc::new(database), &["--set", &dir, "--set", &to]);
    service.eventually("a backup", |service| service.metrics_say("kind=\"backups\"", 1));
    let kept = names(&folder);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].starts_with("sipas-") && kept[0].ends_with(".backup.age"), "{kept:?}");
    assert_eq!((mode(&folder), mode(&folder.join(&kept[0]))), (0o700, 0o600));
    assert_eq!(service.get("/readyz").json()["checks"]["backup"], "made");
    service.eventually("its line", |service| service.log().contains("backup made"));
    let mut service = service;
    service.stop();
    service.restart();
    service.eventually("it knows the last one", |service| {
        service.get("/readyz").json()["checks"]["backup"] == "made"
    });
    assert_eq!(names(&folder).len(), 1, "the next one is due tomorrow");
}

#[test]
fn a_backup_that_fails_is_told_and_disturbs_nobody() {
    let database = PrivateDatabase::new();
    let file = database.folder.path().join("a-file");
    fs::write(&file, "no folder").unwrap();
    let dir = format!("backup-dir={}", file.join("kept").display());
    let service = TestService::on(Arc::new(database), &["--set", &dir]);
    service.eventually("it is told", |service| service.metrics_say("kind=\"backup_failing\"", 1));
    let ready = service.get("/readyz");
    assert_eq!((ready.status, &ready.json()["checks"]["backup"]), (200, &"failing".into()));
    assert!(service.log().contains("choose another place, make room"), "{}", service.log());
    service.import("create,dai-an,,commune,Xã Đại An,2020-01-01,,");
    let token = service.token(&["responses:write"], None);
    assert_eq!(another(&service, &token), 201);
    assert_eq!(service.post(&token, "/api/v1/responses", &a_submission("dai-an", [3; 6])).status, 201);
}

#[test]
fn without_a_folder_none_is_made_and_readiness_says_so() {
    let service = TestService::start();
    assert_eq!(service.get("/readyz").json()["checks"]["backup"], "off");
}

#[test]
fn a_key_that_is_none_stops_the_start() {
    let database = PrivateDatabase::new();
    let said =
        super::refused(&database, 2, &["serve", "--set", "backup-dir=x", "--set", "backup-recipient=age1x"]);
    assert!(said.contains("\"age1x\" is no key to encrypt to"), "{said}");
    let said = super::refused(&database, 2, &["serve", "--set", "backup-every=5m"]);
    assert!(said.contains("1h to 31d"), "{said}");
}

#[test]
fn the_newest_are_kept_and_nothing_else_is_touched() {
    let database = PrivateDatabase::new();
    done(&database, &["token", "create", "--name", "a", "--scope", "scores:read"]);
    let folder = database.folder.path().join("kept");
    fs::create_dir(&folder).unwrap();
    let mine = [
        "mine.backup",
        "sipas-nokey-2020-01-01-before-20261124000000.backup",
        "sipas-other123-2020-01-01T000000.backup",
    ];
    for name in mine {
        fs::write(folder.join(name), "mine").unwrap();
    }
    fs::write(folder.join(".sipas-nokey-2020-01-01T000000.backup.part"), "left by one that died").unwrap();
    let store = Store::open(&database.url, 2).unwrap();
    let schedule = Schedule {
        folder: folder.clone(),
        every: "24h".parse().unwrap(),
        keep: 3,
        protection: Protection::Open,
        actor: Actor::Service,
    };
    let turn = |now| backup::turn(&store, &schedule, now, &mut |_done, _total| Go::On).unwrap();
    for day in 0..5 {
        let now = MIDNIGHT + day * 24 * HOUR + day;
        assert!(matches!(turn(now), Turn::Made { .. }), "day {day}");
        assert_eq!(turn(now + 23 * HOUR), Turn::NotDue { last: Some(now) });
    }
    let mut expected: Vec<String> = [("06", "02"), ("07", "03"), ("08", "04")]
        .iter()
        .map(|(day, second)| format!("sipas-nokey-2024-10-{day}T0000{second}.backup"))
        .chain(mine.map(str::to_owned))
        .collect();
    expected.sort();
    assert_eq!(names(&folder), expected);
    assert!(mine.iter().all(|name| fs::read_to_string(folder.join(name)).unwrap() == "mine"));
}

#[test]
fn a_backup_that_is_being_made_is_not_made_twice_and_one_that_died_is_made_again() {
    let database = PrivateDatabase::new();
    done(&database, &["token", "create", "--name", "a", "--scope", "scores:read"]);
    let store = Store::open(&database.url, 3).unwrap();
    let every = "24h".parse().unwrap();
    let claim = |now| store.with(|db| sipas::storage::jobs::claim_backup(db, now, every)).unwrap();
    let not_due = sipas::storage::jobs::Claim::NotDue { last: None };
    assert_eq!(claim(MIDNIGHT), sipas::storage::jobs::Claim::Ours);
    assert_eq!(claim(MIDNIGHT + 60), not_due, "another node is at it");
    assert_eq!(claim(MIDNIGHT + HOUR), sipas::storage::jobs::Claim::Ours, "it died");
    store.with(sipas::storage::jobs::unclaim_backup).unwrap();
    assert_eq!(claim(MIDNIGHT + HOUR + 1), sipas::storage::jobs::Claim::Ours, "it failed");
}

#[test]
fn beside_a_service_the_command_goes_on_until_it_is_ended() {
    let database = PrivateDatabase::new();
    done(&database, &["token", "create", "--name", "a", "--scope", "scores:read"]);
    let folder = database.folder.path().join("kept");
    let mut child = Command::new(env!("CARGO_BIN_EXE_sipas"))
        .current_dir(database.folder.path())
        .args(["--database-url", &database.url_text(), "backup", "--every", "24h", "--keep", "2", "--dir"])
        .arg(&folder)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while names(&folder).iter().all(|name| name.starts_with('.')) {
        assert!(began.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none());
        thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let file = folder.join(&names(&folder)[0]).display().to_string();
    done(&database, &["restore", "--check", &file]);
}

#[test]
fn before_a_migration_the_database_is_kept() {
    let database = PrivateDatabase::new();
    done(&database, &["token", "create", "--name", "a", "--scope", "scores:read"]);
    let (store, folder) = (Store::open(&database.url, 2).unwrap(), database.folder.path());
    let by = By::service(begin_of("2026-11-24".parse().unwrap()));
    let made = backup::before_migration(&store, folder, &Protection::Open, "20270101000000", &by).unwrap();
    assert_eq!(made.path, folder.join("sipas-nokey-2026-11-24-before-20270101000000.backup"));
    done(&database, &["restore", "--check", &made.path.display().to_string()]);
}
