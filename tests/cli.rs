//! The built binary: exit codes, what goes where, messages that say what to do.

mod demo;
mod files;
mod forms;
mod help;
mod refusals;
mod settings;
mod units;

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::{
    database::{PrivateDatabase, on_postgres},
    service::sipas,
};

/// What a command left behind.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// It succeeded, and said nothing that a script would read.
    #[track_caller]
    fn assert_silent(&self) {
        assert_eq!((self.code, self.out.as_str()), (0, ""), "{}", self.err);
    }

    /// It ended with this code, printed nothing for scripts, and told people all of this.
    #[track_caller]
    fn assert_refused(&self, code: i32, told: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        for part in told {
            assert!(self.err.contains(part), "{part:?} is not in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

fn run(database: &PrivateDatabase, arguments: &[&str]) -> Ran {
    Ran::of(sipas(database, arguments))
}

/// Runs the binary in a folder with these variables and no others. What should end and does not is ended with
/// code 124.
fn run_in(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = Command::new("timeout");
    command.env_clear().envs(variables.iter().copied()).current_dir(folder);
    command.args(["30", env!("CARGO_BIN_EXE_sipas")]).args(arguments);
    Ran::of(command.output().expect("timeout runs"))
}

/// Starts a service that must refuse; one that listens instead is ended with code 124.
fn start(database: &PrivateDatabase, more: &[&str]) -> Ran {
    let (url, folder) = (database.url_text(), database.folder.path());
    let key = folder.join("sipas.key").display().to_string();
    let serve = ["serve", "--database-url", &url, "--key-file", &key, "--listen", "127.0.0.1:0"];
    run_in(folder, &[], &[serve.as_slice(), more].concat())
}

/// Writes a table of units into the database's folder; its path.
fn table(database: &PrivateDatabase, name: &str, rows: &str) -> String {
    let path = database.folder.path().join(name);
    let header = "action,code,parent,kind,name_vi,valid_from,valid_to,successors";
    std::fs::write(&path, format!("{header}\n{rows}\n")).unwrap();
    path.display().to_string()
}

const TWO_UNITS: &str = "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
                         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,";

/// A database with a province and a commune, made by the import of a table.
fn with_units() -> PrivateDatabase {
    let database = PrivateDatabase::new();
    let file = table(&database, "units.csv", TWO_UNITS);
    run(&database, &["unit", "import", &file]).assert_silent();
    database
}

/// Runs a statement with the database's own tool.
fn sql(database: &PrivateDatabase, statement: &str) {
    let url = database.url_text();
    let done = match url.strip_prefix("sqlite://") {
        Some(path) => Command::new("sqlite3").args([path, statement]).output(),
        None => Command::new("psql").args([url.as_str(), "-q", "-c", statement]).output(),
    };
    let done = done.expect("the database's tool runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
