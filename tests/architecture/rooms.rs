//! Which way the arrows point: `cli` -> `http` -> `intake` -> `backup` -> `storage` -> `domain`; nothing points back.

use std::collections::{BTreeMap, BTreeSet};

use super::{paths::named, production, read};

/// What each room may know of the others.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    // `config` reads settings into domain types.
    ("config", &["domain"]),
    // `config` says where the provider is, and what its claims stand for in roles of `domain`.
    ("identity", &["config", "domain"]),
    ("telemetry", &["config"]),
    ("keys", &["domain"]),
    ("demo", &["domain"]),
    ("report", &["domain"]),
    // `config` says where the database is, `keys` open what waits in the inbox while it is folded.
    ("storage", &["config", "domain", "keys"]),
    // `config` says how often a backup is made.
    ("backup", &["config", "domain", "storage"]),
    // `config` says whether the database is a file with one writer or a server: who folds depends on it.
    ("intake", &["backup", "config", "domain", "keys", "storage"]),
    ("http", &["config", "domain", "identity", "intake", "keys", "report", "storage"]),
    (
        "cli",
        &["backup", "config", "demo", "domain", "http", "intake", "keys", "report", "storage", "telemetry"],
    ),
    ("lib", &[]),
    ("main", &[]),
];

/// Which rooms name which crate: exactly these, so that a crate that nobody names any more is noticed too.
const CRATES: &[(&str, &[&str])] = &[
    ("actix_web", &["http"]),
    ("age", &["backup"]),
    ("argon2", &["keys"]),
    ("askama", &["http"]),
    ("blake3", &["backup", "cli", "http", "intake", "keys", "storage"]),
    ("chacha20poly1305", &["keys"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("csv", &["report"]),
    ("diesel", &["storage"]),
    ("diesel_migrations", &["storage"]),
    ("fluent_templates", &["http"]),
    ("governor", &["http"]),
    ("hex", &["http", "storage"]),
    ("indicatif", &["cli"]),
    ("lettre", &["http"]),
    // `config` reads which networks are believed, `http` asks whether an address is in one.
    ("ipnet", &["config", "http"]),
    ("mimalloc", &["main"]),
    ("num_bigint", &["domain"]),
    ("num_rational", &["domain", "http"]),
    ("num_traits", &["domain"]),
    // Key pairs of the tablets' queues, and what was sealed to them.
    ("p256", &["keys"]),
    ("ring", &["keys"]),
    // The provider is another service: `identity` is its client.
    ("openidconnect", &["identity"]),
    ("png", &["report"]),
    ("prometheus", &["http"]),
    ("qrcode", &["report"]),
    ("rand", &["cli", "http", "keys", "storage"]),
    ("rand_chacha", &["demo"]),
    ("rustls", &["http"]),
    ("schemars", &["domain"]),
    ("serde", &["backup", "http", "identity", "report", "storage"]),
    ("serde_json", &["backup", "domain", "http", "identity", "storage"]),
    (
        "thiserror",
        &["backup", "cli", "config", "domain", "http", "identity", "intake", "keys", "report", "storage"],
    ),
    ("time", &["domain"]),
    // `storage` hands blocking work to its threads, `intake` waits on its channels.
    ("tokio", &["http", "intake", "storage"]),
    ("toml", &["config", "domain"]),
    ("totp_rs", &["keys"]),
    ("tracing", &["cli", "http", "intake", "telemetry"]),
    ("tracing_subscriber", &["telemetry"]),
    ("unic_langid", &["http"]),
    // The values that `report` makes are described where they are made.
    ("utoipa", &["http", "report"]),
    ("ureq", &["identity"]),
    ("utoipa_swagger_ui", &["http"]),
    ("uuid", &["http"]),
    ("validator", &["http"]),
    ("zxcvbn", &["domain"]),
    ("zstd", &["backup", "storage"]),
    // Linked, never named: SQLite, libpq and TLS are built in.
    ("libsqlite3_sys", &[]),
    ("openssl_sys", &[]),
    ("pq_sys", &[]),
];

/// What the pure room uses beside `std`, where, and why.
const DOMAIN: &[(&str, &[&str])] = &[
    // Errors with their sentences, in every file.
    ("thiserror", &["src/domain/"]),
    // Civil days: the calendar, never a clock.
    ("time", &["src/domain/period.rs"]),
    // Scores are exact fractions until they are printed; intervals are computed values.
    ("num_bigint", &["src/domain/score"]),
    ("num_rational", &["src/domain/score"]),
    ("num_traits", &["src/domain/score", "src/domain/interval.rs"]),
    // How early a password would be guessed.
    ("zxcvbn", &["src/domain/password.rs"]),
    // A form file is TOML with its lines; its format has a JSON Schema.
    ("toml", &["src/domain/form_file"]),
    ("schemars", &["src/domain/form_file/schema.rs"]),
    ("serde_json", &["src/domain/form_file/schema.rs"]),
];

/// The world, which the domain does not know.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time",
    "async",
    ".await",
    "now_utc",
    "now_local",
    "println!",
    "static mut",
];

fn dependencies() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let (_, table) = manifest.split_once("\n[dependencies]\n").expect("dependencies");
    let table = table.split("\n[").next().unwrap_or_default();
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.replace('-', "_")).collect()
}

/// Crates by name, with the files that name them.
fn crates_named() -> BTreeMap<String, Vec<(String, String)>> {
    let known = dependencies();
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for source in production() {
        let firsts: BTreeSet<String> =
            named(&source.code()).into_iter().filter_map(|path| path.into_iter().next()).collect();
        for first in firsts.into_iter().filter(|first| known.contains(first)) {
            found.entry(first).or_default().push((source.room().to_owned(), source.path.clone()));
        }
    }
    found
}

#[test]
fn rooms_know_only_the_rooms_below_them() {
    for source in production() {
        let room = source.room();
        let (_, allowed) = ARROWS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{room}"));
        for path in named(&source.code()) {
            let [first, second, ..] = path.as_slice() else { continue };
            if first == "crate" || first == "sipas" {
                let known = second == room || allowed.contains(&second.as_str()) || room == "main";
                assert!(known, "{}: {room} must not know {second}", source.path);
            }
        }
    }
}

#[test]
fn the_arrows_make_no_circle() {
    let below =
        |room: &str| ARROWS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, below)| below);
    for (room, direct) in ARROWS {
        let mut seen = BTreeSet::new();
        let mut open = direct.to_vec();
        while let Some(next) = open.pop() {
            assert_ne!(next, *room, "{room} leads back to itself");
            if seen.insert(next) {
                open.extend(below(next));
            }
        }
    }
}

#[test]
fn no_path_climbs_out_of_its_room() {
    for source in production() {
        let inside = source.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        let depth = inside.split('/').count();
        for path in named(&source.code()) {
            let climbs = path.iter().take_while(|segment| *segment == "super").count();
            assert!(climbs < depth, "{}: {}", source.path, path.join("::"));
        }
    }
}

#[test]
fn each_crate_is_named_only_in_its_rooms() {
    let found = crates_named();
    let known: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(dependencies().into_iter().collect::<BTreeSet<_>>(), known, "each dependency has its rooms");
    for (name, rooms) in CRATES {
        let named = found.get(*name).cloned().unwrap_or_default();
        let in_rooms: BTreeSet<&str> = named.iter().map(|(room, _)| room.as_str()).collect();
        assert_eq!(in_rooms, rooms.iter().copied().collect(), "{name} is named in {named:?}");
    }
}

#[test]
fn the_domain_is_pure() {
    for (name, places) in crates_named() {
        for (_, path) in places.iter().filter(|(room, _)| room == "domain") {
            let allowed = DOMAIN.iter().find(|(allowed, _)| *allowed == name).map_or(&[][..], |(_, at)| at);
            assert!(allowed.iter().any(|at| path.starts_with(at)), "{path} must not use {name}");
        }
    }
    for source in production().iter().filter(|source| source.room() == "domain") {
        let code = source.code();
        let paths: Vec<String> = named(&code).iter().map(|path| path.join("::")).collect();
        for word in WORLD {
            let asked = paths.iter().any(|path| path.starts_with(word))
                || (!word.starts_with("std::") && code.split_whitespace().any(|run| run.contains(word)));
            assert!(!asked, "{} asks the world: {word}", source.path);
        }
    }
}
