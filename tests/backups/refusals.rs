//! What is wrong is refused before anything is touched.

use std::{fs, path::PathBuf};

use super::{Lived, assert_untouched, done, refused, ways};
use crate::support::database::PrivateDatabase;

/// A small backup, its path, and a database to restore it into.
fn small() -> (PrivateDatabase, PathBuf, String, PrivateDatabase) {
    let (from, to) = ways().remove(0);
    let (path, file) = (from.folder.path().join("small.backup"), from.folder.path().join("small.backup"));
    done(&from, &["token", "create", "--name", "a", "--scope", "scores:read"]);
    let file = file.display().to_string();
    (from, path, file, to)
}

/// Lengths and places that lie in every part of a file: its first line, its middle, its checksum, and between.
fn places(length: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..40).map(|part| part * (length - 1) / 39).collect();
    places.extend([1, 7, 12, 14, 15, 16, 19, 20, 24, length - 32, length - 33, length - 31, length - 40]);
    places
}

#[test]
fn a_file_that_was_cut_or_altered_anywhere_is_refused_and_nothing_is_touched() {
    let (from, path, file, to) = small();
    done(&from, &["backup", "--to", &file]);
    let whole = fs::read(&path).unwrap();
    let wrong = |bytes: &[u8], what: &str| {
        fs::write(&path, bytes).unwrap();
        let opened = sipas::backup::Archive::open(&path, sipas::backup::Unlock::Nothing);
        assert!(opened.is_err(), "{what} was not noticed");
    };
    for place in places(whole.len()) {
        wrong(&whole[..place], &format!("a cut at {place} of {}", whole.len()));
        for bit in [1, 0x80] {
            let mut altered = whole.clone();
            altered[place] ^= bit;
            wrong(&altered, &format!("bit {bit} of byte {place} of {}", whole.len()));
        }
    }
    wrong(&[&whole[..], b"\n"].concat(), "a byte more");
    wrong(&[&whole[..], &whole[..]].concat(), "a file twice");
    fs::write(&path, &whole[..whole.len() - 100]).unwrap();
    let said = refused(&to, 3, &["restore", &file]);
    assert!(said.contains("was cut or altered") && said.contains("nothing was restored"), "{said}");
    let said = refused(&to, 3, &["restore", &file, "--check"]);
    assert!(said.contains("was cut or altered"), "{said}");
    assert_untouched(&to);
    fs::write(&path, &whole).unwrap();
    done(&to, &["restore", &file]);
}

#[test]
fn an_encrypted_file_that_was_altered_and_a_wrong_passphrase_are_refused() {
    use age::secrecy::ExposeSecret as _;
    let (from, path, file, to) = small();
    let secret = |name: &str, words: &str| {
        let path = from.folder.path().join(name);
        fs::write(&path, words).unwrap();
        path.display().to_string()
    };
    let (right, wrong, empty) = (secret("right", "đúng\n"), secret("wrong", "sai\n"), secret("empty", "\n"));
    done(&from, &["backup", "--to", &file, "--passphrase-file", &right]);
    let said = refused(&to, 3, &["restore", &file, "--passphrase-file", &wrong]);
    assert!(said.contains("the passphrase that was given does not open"), "{said}");
    let said = refused(&to, 3, &["restore", &file]);
    assert!(said.contains("is encrypted; give its passphrase with --passphrase-file"), "{said}");
    let said = refused(&to, 3, &["restore", &file, "--passphrase-file", &empty]);
    assert!(said.contains("its first line must be the passphrase"), "{said}");
    // From here on with a key, which takes less time than a passphrase.
    let identity = age::x25519::Identity::generate();
    let key = secret("identity", identity.to_string().expose_secret());
    done(&from, &["backup", "--to", &file, "--force", "--recipient", &identity.to_public().to_string()]);
    let whole = fs::read(&path).unwrap();
    let said = refused(&to, 3, &["restore", &file, "--passphrase-file", &right]);
    assert!(said.contains("give the identity it is for with --identity"), "{said}");
    for place in [0, 25, 60, 150, whole.len() / 2, whole.len() - 20, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        fs::write(&path, &altered).unwrap();
        refused(&to, 3, &["restore", &file, "--identity", &key]);
    }
    for length in [0, 30, 180, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        refused(&to, 3, &["restore", &file, "--identity", &key]);
    }
    assert_untouched(&to);
    fs::write(&path, &whole).unwrap();
    done(&to, &["restore", &file, "--identity", &key]);
}

#[test]
fn what_is_no_backup_or_a_newer_one_says_so() {
    let (from, path, file, to) = small();
    for (content, told) in [
        (&b"SQLite format 3\0 and more"[..], "is no backup of this service"),
        (b"", "is no backup of this service"),
        (b"sipas backup 2\nxxxx", "was made by a newer program (format 2)"),
    ] {
        fs::write(&path, content).unwrap();
        let said = refused(&to, 3, &["restore", &file]);
        assert!(said.contains(told), "{said}");
    }
    let said = refused(&to, 3, &["restore", "nowhere.backup"]);
    assert!(said.contains("nowhere.backup: No such file"), "{said}");
    assert_untouched(&to);
    drop(from);
}

#[test]
fn only_an_empty_database_is_filled() {
    let (from, _path, file, to) = small();
    done(&from, &["backup", "--to", &file]);
    let said = refused(&from, 3, &["restore", &file]);
    assert!(said.contains("is not empty (table audit has rows)"), "{said}");
    // Tables without rows are no obstacle: `migrate` was run, and nothing else.
    done(&to, &["migrate"]);
    done(&to, &["restore", &file]);
    let before = done(&to, &["token", "list"]).0;
    refused(&to, 3, &["restore", &file]);
    assert_eq!(done(&to, &["token", "list"]).0, before);
}

#[test]
fn a_running_service_keeps_a_restore_out() {
    let lived = Lived::on(PrivateDatabase::new());
    let (_, file) = lived.file("town.backup");
    done(&lived.service.database, &["backup", "--to", &file]);
    let said = refused(&lived.service.database, 3, &["restore", &file]);
    let told = ["a running `sipas` holds", "is not empty"];
    assert!(told.iter().any(|told| said.contains(told)), "{said}");
    lived.service.assert_sound();
}

#[test]
fn the_key_goes_along_only_encrypted_and_never_over_another_one() {
    let (from, _path, file, to) = small();
    let said = refused(&from, 2, &["backup", "--to", &file, "--with-key"]);
    assert!(said.contains("--with-key needs encryption"), "{said}");
    let (secret, words) = (from.folder.path().join("words"), "một hai ba");
    fs::write(&secret, words).unwrap();
    let secret = secret.display().to_string();
    let with_key = ["backup", "--to", &file, "--passphrase-file", &secret, "--with-key"];
    let said = refused(&from, 3, &with_key);
    assert!(said.contains("no key yet"), "{said}");
    done(&from, &["unit", "import", &units(&from)]);
    done(&from, &["receipt", "issue", "--unit", "tv"]);
    done(&from, &with_key);
    let there = to.folder.path().join("sipas.key");
    let another = format!("sipas key 1\n{}\n", "ab".repeat(32));
    fs::write(&there, &another).unwrap();
    let said = refused(&to, 3, &["restore", &file, "--passphrase-file", &secret]);
    assert!(said.contains("name the right file with --key-file"), "{said}");
    assert_eq!(fs::read_to_string(&there).unwrap(), another);
    assert_untouched(&to);
    fs::copy(from.folder.path().join("sipas.key"), &there).unwrap();
    let (_, said) = done(&to, &["restore", &file, "--passphrase-file", &secret]);
    assert!(said.contains("is the right one"), "{said}");
}

fn units(database: &PrivateDatabase) -> String {
    let path = database.folder.path().join("units.csv");
    let rows = "action,code,parent,kind,name_vi,valid_from\ncreate,tv,,province,Trà Vinh,2020-01-01\n";
    fs::write(&path, rows).unwrap();
    path.display().to_string()
}

#[test]
fn a_file_that_is_there_is_not_replaced_and_one_that_cannot_be_made_leaves_nothing() {
    let (from, path, file, _to) = small();
    fs::write(&path, "mine").unwrap();
    let said = refused(&from, 3, &["backup", "--to", &file]);
    assert!(said.contains("is there already") && said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    done(&from, &["backup", "--to", &file, "--force"]);
    assert!(fs::read(&path).unwrap().starts_with(b"sipas backup 1\n"));
    let nowhere = from.folder.path().join("nowhere/x.backup").display().to_string();
    let said = refused(&from, 3, &["backup", "--to", &nowhere]);
    assert!(said.contains("choose another place"), "{said}");
    let said = refused(&from, 2, &["backup", "--to", &nowhere, "--recipient", "age1nonsense"]);
    assert!(said.contains("is no key to encrypt to"), "{said}");
    let parts = fs::read_dir(from.folder.path()).unwrap();
    assert!(parts.into_iter().all(|entry| !entry.unwrap().file_name().to_string_lossy().ends_with(".part")));
}
