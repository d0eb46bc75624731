//! The shape of the source tree: which room may know which, how large a file is, what both databases share, and
//! that what is served is described.

mod licences;
mod migrations;
mod paths;
mod rooms;
mod security;
mod served;
mod writing;

use std::{fs, path::Path};

/// A Rust file of the tree.
struct Source {
    /// From the top of the project, `src/http/routes.rs`.
    path: String,
    /// All of it.
    text: String,
}

impl Source {
    /// The room it belongs to: `src/keys.rs` and all of `src/keys/` are `keys`.
    fn room(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().map_or(inside, |room| room.trim_end_matches(".rs"))
    }

    fn is_test(&self) -> bool {
        !self.path.starts_with("src/") || self.path.ends_with("/tests.rs")
    }

    /// What runs: without comment lines and without the tests at its end.
    fn code(&self) -> String {
        let code = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder, by path.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(top().join(&folder)).unwrap_or_else(|error| panic!("{folder}: {error}")) {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn sources(folder: &str) -> Vec<Source> {
    let rust = files(folder)
        .into_iter()
        .filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| Source { text: read(&path), path }).collect()
}

/// What runs: the files of `src` that are no tests.
fn production() -> Vec<Source> {
    sources("src").into_iter().filter(|source| !source.is_test()).collect()
}
