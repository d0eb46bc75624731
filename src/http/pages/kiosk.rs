//! The tablet's program: a shell, one script, one style, the texts in all languages, and the worker that keeps all of it for
//! when there is no network. Everything is in the binary, and its version changes with any of it.

use std::{collections::BTreeMap, sync::LazyLock};

use askama::Template;
use serde::Serialize;

use super::{
    assets::Asset,
    words::{LANGUAGES, Words},
};
use crate::domain::ids::Language;

/// One subject each; together they are one script, whose names are nobody else's.
const SCRIPT: [&str; 7] = [
    include_str!("../assets/kiosk/store.js"),
    include_str!("../assets/kiosk/seal.js"),
    include_str!("../assets/kiosk/sending.js"),
    include_str!("../assets/kiosk/screens.js"),
    include_str!("../assets/kiosk/asking.js"),
    concat!(include_str!("../assets/kiosk/idle.js"), include_str!("../assets/kiosk/staff.js")),
    include_str!("../assets/kiosk/main.js"),
];
const WORKER: &str = include_str!("../assets/kiosk/worker.js");
const STYLE: [&str; 2] = [include_str!("../assets/tokens.css"), include_str!("../assets/kiosk/kiosk.css")];
const FONT: &[u8] = include_bytes!("../assets/khmer-400.woff2");
const ICONS: [(&str, &[u8]); 2] = [
    ("icon-192", include_bytes!("../assets/kiosk/icon-192.png")),
    ("icon-512", include_bytes!("../assets/kiosk/icon-512.png")),
];
/// The texts of the program: every key of these files.
const KEYS: [&str; 2] =
    [include_str!("../locales/vi/kiosk.ftl"), include_str!("../locales/vi/kiosk_staff.ftl")];
/// What a text may be given; the script fills it in.
const VALUES: [&str; 9] =
    ["origin", "questions", "minutes", "number", "total", "seconds", "count", "min", "max"];
/// Where the program lies.
const PATH: &str = "/kiosk";

#[derive(Template)]
#[template(path = "kiosk.html")]
struct Shell<'a> {
    version: &'a str,
    texts: &'a str,
    icon: &'a str,
    style: &'a str,
    script: &'a str,
    no_script: String,
}

#[derive(Serialize)]
struct Icon<'a> {
    src: &'a str,
    sizes: &'static str,
    r#type: &'static str,
    purpose: &'static str,
}

#[derive(Serialize)]
struct Manifest<'a> {
    id: &'static str,
    name: String,
    short_name: &'static str,
    lang: &'static str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    orientation: &'static str,
    background_color: &'static str,
    theme_color: &'static str,
    icons: Vec<Icon<'a>>,
}

struct Program {
    version: String,
    shell: String,
    files: BTreeMap<String, Asset>,
}

static PROGRAM: LazyLock<Program> = LazyLock::new(Program::make);

/// The texts by language and key, with `{name}` where the script fills in.
fn texts() -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let keys = KEYS.iter().flat_map(|file| file.lines());
    let is_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    let keys: Vec<&'static str> =
        keys.filter(is_key).filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect();
    let marks = VALUES.map(|name| (name, format!("{{{name}}}")));
    let marks: Vec<(&'static str, &str)> = marks.iter().map(|(name, mark)| (*name, mark.as_str())).collect();
    let of = |language: Language| {
        let words = Words::of(language);
        keys.iter().map(|key| (*key, words.with(key, &marks))).collect()
    };
    LANGUAGES.into_iter().map(|(language, _)| (language.to_string(), of(language))).collect()
}

impl Program {
    fn make() -> Self {
        let mut files = BTreeMap::new();
        let mut add = |name: &str, extension: &str, kind: &'static str, bytes: Vec<u8>| {
            let hash: String = blake3::hash(&bytes).to_hex().chars().take(12).collect();
            let name = format!("{name}.{hash}.{extension}");
            let address = format!("{PATH}/{name}");
            files.insert(name, Asset { kind, bytes });
            address
        };
        let font = add("khmer-400", "woff2", "font/woff2", FONT.to_vec());
        let style = STYLE.concat().replace("/kiosk/khmer-400.woff2", &font);
        let style = add("kiosk", "css", "text/css; charset=utf-8", style.into_bytes());
        let script = format!("(() => {{\n'use strict';\n{}}})();\n", SCRIPT.concat());
        let script = add("kiosk", "js", "text/javascript; charset=utf-8", script.into_bytes());
        let texts = serde_json::to_vec(&texts()).unwrap_or_default();
        let texts = add("texts", "json", "application/json", texts);
        let icons = ICONS.map(|(name, bytes)| add(name, "png", "image/png", bytes.to_vec()));
        let [small, large] = &icons;
        let all = [&font, &style, &script, &texts, small, large].map(String::as_str);
        let mut version = blake3::Hasher::new();
        for part in all.into_iter().chain([WORKER, include_str!("../templates/kiosk.html")]) {
            version.update(part.as_bytes());
        }
        let version: String = version.finalize().to_hex().chars().take(12).collect();
        let shell = Shell {
            version: &version,
            texts: &texts,
            icon: small,
            style: &style,
            script: &script,
            no_script: Words::of(Language::VI).t("staff-no-script"),
        };
        let shell = shell.render().unwrap_or_default();
        let manifest = serde_json::to_vec(&manifest(small, large)).unwrap_or_default();
        let kept = [&[PATH, "/kiosk/manifest.webmanifest"], all.as_slice()].concat();
        let kept = serde_json::to_string(&kept).unwrap_or_default();
        let worker = format!("'use strict';\nconst VERSION = '{version}';\nconst FILES = {kept};\n{WORKER}");
        let kind = "text/javascript; charset=utf-8";
        files.insert("worker.js".to_owned(), Asset { kind, bytes: worker.into_bytes() });
        let kind = "application/manifest+json";
        files.insert("manifest.webmanifest".to_owned(), Asset { kind, bytes: manifest });
        Self { version, shell, files }
    }
}

fn manifest<'a>(small: &'a str, large: &'a str) -> Manifest<'a> {
    let icon = |src, sizes, purpose| Icon { src, sizes, r#type: "image/png", purpose };
    Manifest {
        id: PATH,
        name: Words::of(Language::VI).t("kiosk-title"),
        short_name: "SIPAS",
        lang: "vi",
        start_url: PATH,
        scope: PATH,
        display: "fullscreen",
        orientation: "landscape",
        background_color: "#fbf8f2",
        theme_color: "#0b5351",
        icons: vec![
            icon(small, "192x192", "any"),
            icon(large, "512x512", "any"),
            icon(large, "512x512", "maskable"),
        ],
    }
}

/// Changes with anything that a tablet runs.
#[must_use]
pub fn version() -> &'static str {
    &PROGRAM.version
}

/// The document that runs the program.
#[must_use]
pub fn shell() -> &'static str {
    &PROGRAM.shell
}

/// A file of the program.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    PROGRAM.files.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_the_script_names_is_there_and_none_is_left_over() {
        let all = texts();
        let script = SCRIPT.concat();
        let named: std::collections::BTreeSet<&str> = script
            .split(['\'', '`', '"'])
            .filter(|run| run.starts_with("kiosk-") || run.starts_with("staff-"))
            .collect();
        for (language, texts) in &all {
            for key in named.iter().filter(|key| !key.starts_with("kiosk-failing-")) {
                assert!(texts.contains_key(key), "{key} is missing in {language}");
            }
            for (key, text) in texts {
                assert!(named.contains(key) || *key == "staff-no-script", "{key} is left over");
                assert!(
                    !text.contains("Unknown localization") && !text.contains("{ $"),
                    "{language} {key}: {text}"
                );
            }
        }
        assert!(all["vi"].len() > 60);
        assert_eq!(all["vi"]["kiosk-of"], "Câu {number} trong {total}");
    }

    #[test]
    fn the_program_is_whole_and_its_worker_keeps_all_of_it() {
        let worker = String::from_utf8(find("worker.js").unwrap().bytes.clone()).unwrap();
        for (name, _) in PROGRAM.files.iter().filter(|(name, _)| *name != "worker.js") {
            assert!(worker.contains(&format!("\"/kiosk/{name}\"")), "{name}");
        }
        assert!(shell().contains(version()) && worker.contains(version()));
        for inline in ["style=", "onclick", "<style"] {
            assert!(!shell().contains(inline));
        }
    }
}
