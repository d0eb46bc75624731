//! The world as a test wants it: another day, a death at a chosen write (`harm.c`, loaded before the C library).

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use sipas::{domain::period::Day, http::state::Clock};

use super::database::PrivateDatabase;

const DAY: i64 = 86_400;

/// The library, built once with the C compiler that the program itself needs.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/harm.c");
        let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("libharm.so");
        // Under a name of its own first: another run of the tests may have the library loaded.
        let new = library.with_extension(std::process::id().to_string());
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .args([new.as_path(), Path::new(source)])
            .arg("-ldl")
            .output()
            .expect("a C compiler, as for the program itself");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        fs::rename(&new, &library).unwrap();
        library
    })
}

/// Runs the program under the library with these variables.
fn under(variables: &[(&str, &str)]) -> Vec<String> {
    let mut words = vec!["env".to_owned(), format!("LD_PRELOAD={}", library().display())];
    words.extend(variables.iter().map(|(name, value)| format!("{name}={value}")));
    words
}

/// Kills the program at its Nth write to a file.
pub fn dying_at(write: u32) -> Vec<String> {
    under(&[("SIPAS_TEST_DIE_AT", &write.to_string())])
}

/// The clock of a program and of every command on its database.
pub struct TestClock(PathBuf);

impl TestClock {
    /// Puts a clock before everything that is run on a database.
    pub fn before(database: &mut PrivateDatabase) -> Self {
        let file = database.folder.path().join("clock");
        fs::write(&file, "0").unwrap();
        database.run_by = under(&[("SIPAS_TEST_CLOCK", file.to_str().unwrap())]);
        Self(file)
    }

    /// Sets it to a day, at the time of day that it is.
    pub fn set(&self, day: Day) {
        self.put(i64::from(day.number() - Clock::System.today().number()) * DAY);
    }

    /// Sets it forward by so many seconds.
    pub fn forward(&self, seconds: i64) {
        let off: i64 = fs::read_to_string(&self.0).unwrap().trim().parse().unwrap();
        self.put(off + seconds);
    }

    fn put(&self, off: i64) {
        let new = self.0.with_extension("new");
        fs::write(&new, off.to_string()).unwrap();
        fs::rename(&new, &self.0).unwrap();
    }
}
