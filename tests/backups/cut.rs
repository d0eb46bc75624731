//! What is cut in the middle leaves nothing half done.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use sipas::{
    backup::{Archive, BackupError, Go, Making, Protection, Replace, Unlock, copy, make},
    domain::audit::By,
    storage::Store,
};

use super::{done, ways};
use crate::support::{database::PrivateDatabase, service::sipas};

/// A database with some thousand rows, in the folder of which a backup can lie; and one to restore into.
fn some_thousand_rows() -> (PrivateDatabase, PrivateDatabase) {
    let (from, to) = ways().remove(0);
    let units = from.folder.path().join("units.csv");
    let rows = "action,code,parent,kind,name_vi,valid_from\ncreate,tv,,province,Trà Vinh,2020-01-01\n";
    fs::write(&units, rows).unwrap();
    done(&from, &["unit", "import", &units.display().to_string()]);
    done(&from, &["receipt", "issue", "--unit", "tv", "--count", "5000"]);
    (from, to)
}

#[test]
fn a_backup_a_restore_and_a_copy_that_are_stopped_leave_nothing() {
    let (from, to) = some_thousand_rows();
    let path = from.folder.path().join("town.backup");
    let (source, target) = (Store::open(&from.url, 2).unwrap(), Store::open(&to.url, 2).unwrap());
    let stop = &mut |done, total| {
        assert!(done > 0 && total > 5000);
        Go::Stop
    };
    let wish = Making {
        protection: &Protection::Open,
        key: None,
        replace: Replace::No,
        by: &By::service(1_795_500_000),
    };
    let stopped = make(&source, &path, &wish, stop);
    assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
    let left = fs::read_dir(from.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().contains("town")));
    make(&source, &path, &wish, &mut |_done, _total| Go::On).unwrap();
    let archive = Archive::open(&path, Unlock::Nothing).unwrap();
    for _ in 0..2 {
        let stopped = archive.restore(&target, stop);
        assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
        let stopped = copy(&source, &target, &By::service(0), stop);
        assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
    }
    archive.restore(&target, &mut |_done, _total| Go::On).unwrap();
    drop(target);
    done(&to, &["verify"]);
}

#[test]
fn a_restore_that_was_killed_can_be_done_again() {
    let (from, to) = some_thousand_rows();
    let file = from.folder.path().join("town.backup").display().to_string();
    done(&from, &["backup", "--to", &file]);
    for delay in [40, 120, 250, 500] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sipas"))
            .current_dir(to.folder.path())
            .args(["--database-url", &to.url_text(), "restore", &file])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // Whole, or not there: on a server the transaction of a client that was killed ends a moment later.
    let again = sipas(&to, &["restore", &file]);
    assert!(again.status.success() || super::text(&again.stderr).contains("is not empty"));
    done(&to, &["verify"]);
    let list = ["receipt", "unused", "--issued-until", "2100-01-01"];
    assert_eq!(done(&to, &list).0, done(&from, &list).0);
}
