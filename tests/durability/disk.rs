//! The disk is full, a file may not grow, may not be written, or a log was left behind: told clearly, nothing lost.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use sipas::config::DatabaseUrl;

use super::server::{assert_whole, is_ready, under_load};
use crate::support::{
    database::{PrivateDatabase, on_postgres},
    people::{Sent, Town, on_disk},
    server::{TestServer, give},
    service::{TestService, a_submission, command},
};

fn file_of(database: &PrivateDatabase) -> PathBuf {
    let DatabaseUrl::Sqlite(path) = &database.url else { panic!("a file") };
    path.clone()
}

/// Starts a service that must not start; what it said.
fn refused(database: &PrivateDatabase) -> String {
    let mut service = command(database);
    service.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
    let mut child = service.spawn().unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() && begin.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(20));
    }
    // One that serves has no code.
    let _ended = child.kill();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// Sends until it is refused for want of room.
fn until_refused(service: &TestService, town: &Town, code: &str) -> Vec<Sent> {
    let mut sent = Vec::new();
    for _ in 0..5_000 {
        let body = a_submission("tra-cu", [2; 6]);
        let answer = service.post(&town.token, "/api/v1/responses", &body);
        if answer.status == 503 {
            assert_eq!(answer.json()["code"], code, "{}", answer.text());
            return sent;
        }
        assert_eq!(answer.status, 201, "{}", answer.text());
        sent.push(Sent::Json(body));
    }
    panic!("never refused:\n{}", service.log());
}

/// A small disk; gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount one.
    fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let options = format!("size={megabytes}m,mode=0777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|done| done.status.success()).then(|| Self(at.to_owned()))
    }

    /// Leaves no byte.
    fn fill(&self) {
        let to = format!("of={}", self.0.join("filler").display());
        let full = Command::new("dd").args(["if=/dev/zero", "bs=4k", &to]).output().unwrap();
        assert!(String::from_utf8_lossy(&full.stderr).contains("No space left"));
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_and_says_so_and_what_was_acknowledged_is_there() {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
    let Some(disk) = SmallDisk::mount(&place.path().join("disk"), 24) else {
        eprintln!("not tested: this user may not mount a small disk (a file that may not grow is)");
        return;
    };
    let server = on_postgres().then(TestServer::start);
    let database = if let Some(server) = &server {
        give(&disk.0);
        server.ask("postgres", &format!("CREATE TABLESPACE small LOCATION '{}'", disk.0.display()));
        server.ask("postgres", "ALTER DATABASE sipas SET TABLESPACE small");
        PrivateDatabase::on(&server.url())
    } else {
        PrivateDatabase::at(DatabaseUrl::Sqlite(disk.0.join("sipas.db")), tempfile::tempdir().unwrap())
    };
    let service = TestService::with_units_on(database);
    let town = Town::new(&service, &["tra-cu", "dai-an"]);
    town.issue(&service, 2, 200);
    let mut more = Vec::new();
    let mut ledger = under_load(&service, &town, || {
        disk.fill();
        more = until_refused(&service, &town, "storage-full");
        assert_eq!(service.get("/readyz").status, 503);
        assert_eq!(service.browse("/").status, 200, "what only reads goes on");
        assert!(service.log().contains("the disk or the database is full; make room"), "{}", service.log());
        disk.make_room();
        service.eventually("it recovered alone", is_ready);
    });
    ledger.acknowledged.extend(more);
    assert_whole(&service, &town, ledger);
}

#[test]
fn a_file_that_may_not_grow_refuses_and_says_so_and_recovers() {
    if on_postgres() {
        return; // the server's files are not the service's
    }
    let mut database = PrivateDatabase::new();
    // A limit that is reached is an error of the write, as on a disk that fails, and not a signal that kills.
    database.run_by = vec!["env".to_owned(), "--ignore-signal=XFSZ".to_owned()];
    let mut service = TestService::with_units_on(database);
    let town = Town::new(&service, &["tra-cu", "dai-an"]);
    town.issue(&service, 2, 200);
    let limit = |service: &TestService, bytes: &str| {
        let (process, size) = (service.process().to_string(), format!("--fsize={bytes}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &process, &size]).status().unwrap().success());
    };
    let mut more = Vec::new();
    let mut ledger = under_load(&service, &town, || {
        limit(&service, "1");
        more = until_refused(&service, &town, "unavailable");
        assert_eq!(service.get("/readyz").status, 503);
        assert!(service.log().contains("the disk refused to read or write; look at its space"));
        limit(&service, "unlimited");
        service.eventually("it recovered alone", is_ready);
    });
    ledger.acknowledged.extend(more);
    // Killed while nothing can be written, and started where nothing can be written.
    limit(&service, "1");
    until_refused(&service, &town, "unavailable");
    service.pull_the_plug();
    service.await_end();
    let mut again = PrivateDatabase::at(service.database.url.clone(), tempfile::tempdir().unwrap());
    let key = "sipas.key";
    fs::copy(service.database.folder.path().join(key), again.folder.path().join(key)).unwrap();
    again.run_by = ["env", "--ignore-signal=XFSZ", "prlimit", "--fsize=1"].map(str::to_owned).to_vec();
    let said = refused(&again);
    assert!(said.contains("the disk refused to read or write; look at its space"), "{said}");
    service.restart();
    assert_whole(&service, &town, ledger);
}

#[test]
fn a_database_file_that_may_not_be_written_is_told_and_left_as_it_is() {
    if on_postgres() {
        return; // tests/durability/server.rs makes the server read-only
    }
    let mut database = PrivateDatabase::new();
    // Root may write everything, unless it gives that right away.
    let powers = "-dac_override,-dac_read_search,-fowner";
    let words = ["setpriv", "--bounding-set", powers].map(str::to_owned).to_vec();
    if Command::new("id").arg("-u").output().unwrap().stdout == b"0\n" {
        database.run_by = words;
    }
    let mut service = TestService::with_units_on(database);
    let token = service.token(&["responses:write"], None);
    for _ in 0..7 {
        assert_eq!(service.post(&token, "/api/v1/responses", &a_submission("tra-cu", [3; 6])).status, 201);
    }
    service.stop();
    let file = file_of(&service.database);
    let folder = file.parent().unwrap().to_owned();
    let may = |path: &Path, mode: u32| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    may(&folder, 0o555);
    let said = refused(&service.database);
    assert!(said.contains("nothing that was acknowledged is lost"), "{said}");
    may(&folder, 0o700);
    may(&file, 0o444);
    let said = refused(&service.database);
    assert!(
        said.contains("the database can only be read; let the service write the file, its -wal"),
        "{said}"
    );
    // What SQLite made beside the file has the file's rights.
    for file in
        ["db", "db-wal", "db-shm"].map(|end| file.with_extension(end)).iter().filter(|file| file.exists())
    {
        may(file, 0o600);
    }
    service.restart();
    assert_eq!(on_disk(&service), 7);
    service.assert_sound();
}

#[test]
fn a_log_that_a_kill_left_behind_is_read_by_whoever_comes_first() {
    if on_postgres() {
        return; // a server recovers its own log
    }
    let mut service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let send = |service: &TestService, times: usize| {
        for _ in 0..times {
            let body = a_submission("dai-an", [3; 6]);
            assert_eq!(service.post(&token, "/api/v1/responses", &body).status, 201);
        }
    };
    send(&service, 12);
    service.pull_the_plug();
    service.await_end();
    let file = file_of(&service.database);
    let log = file.with_extension("db-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0, "a log was left behind");
    // Moved with its log, to a machine that does not know its index.
    let moved = Arc::new(service.database.copy());
    assert!(moved.folder.path().join("sipas.db-wal").exists());
    let moved = TestService::on(moved, &[]);
    assert_eq!(on_disk(&moved), 12);
    moved.assert_sound();
    // In its place, read by a command before the service is back.
    fs::remove_file(file.with_extension("db-shm")).unwrap();
    assert_eq!(on_disk(&service), 12);
    service.restart();
    send(&service, 3);
    assert_eq!(on_disk(&service), 15);
    service.assert_sound();
}
