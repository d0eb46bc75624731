//! Files in the binary, under names that change with their content, so that a browser may keep them for ever.
//!
//! The style of citizens' pages stands in the page itself: on a slow network a second request costs more than the two
//! kilobytes, and who answers once has nothing to keep. The content policy names it by its hash.

use std::{collections::BTreeMap, sync::LazyLock};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

/// One file.
pub struct Asset {
    /// Media type.
    pub kind: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

const FONT: &[u8] = include_bytes!("../assets/khmer-400.woff2");
const FORM_STYLE: &str = include_str!("../assets/citizen.css");
const FORM_SCRIPT: &str = include_str!("../assets/form.js");
const SCORES_STYLE: &str = include_str!("../assets/scores.css");
const TOKENS_STYLE: &str = include_str!("../assets/tokens.css");
const OFFICE_STYLE: &str = include_str!("../assets/office.css");

struct Files {
    by_name: BTreeMap<String, Asset>,
    citizen: String,
    citizen_hash: String,
    form_script: String,
    scores: String,
    office: String,
}

static FILES: LazyLock<Files> = LazyLock::new(|| {
    let mut by_name = BTreeMap::new();
    let mut add = |name: &str, extension: &str, kind, bytes: Vec<u8>| {
        let hash: String = blake3::hash(&bytes).to_hex().chars().take(12).collect();
        let name = format!("{name}.{hash}.{extension}");
        by_name.insert(name.clone(), Asset { kind, bytes });
        name
    };
    let font = add("khmer-400", "woff2", "font/woff2", FONT.to_vec());
    let style = |text: &str| text.replace("khmer-400.woff2", &format!("/static/{font}"));
    let css = "text/css; charset=utf-8";
    let citizen = slim(&style(FORM_STYLE));
    let both = [style(FORM_STYLE), style(SCORES_STYLE)].concat().into_bytes();
    let scores = add("scores", "css", css, both);
    let office = add("office", "css", css, [TOKENS_STYLE.as_bytes(), OFFICE_STYLE.as_bytes()].concat());
    let script = add("form", "js", "text/javascript; charset=utf-8", FORM_SCRIPT.as_bytes().to_vec());
    let address = |name: String| format!("/static/{name}");
    Files {
        by_name,
        citizen_hash: format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(&citizen))),
        citizen,
        form_script: address(script),
        scores: address(scores),
        office: address(office),
    }
});

/// A style without its remarks and line ends: it is sent with every page.
fn slim(style: &str) -> String {
    without_remarks(style).lines().map(str::trim).collect()
}

fn without_remarks(style: &str) -> String {
    let mut rest = style;
    let mut kept = String::new();
    while let Some((before, remark)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = remark.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The file with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    FILES.by_name.get(name)
}

/// The style of citizens' pages, for their head.
#[must_use]
pub fn citizen_style() -> &'static str {
    &FILES.citizen
}

/// What the content policy calls it.
#[must_use]
pub fn citizen_style_hash() -> &'static str {
    &FILES.citizen_hash
}

/// Address of the one script of the form's page.
#[must_use]
pub fn form_script() -> &'static str {
    &FILES.form_script
}

/// Address of the style of the offices' pages.
#[must_use]
pub fn office_style() -> &'static str {
    &FILES.office
}

/// Address of the style of the page of scores.
#[must_use]
pub fn scores_style() -> &'static str {
    &FILES.scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slim_style_has_no_remarks_and_means_the_same() {
        assert_eq!(slim("/* a */\na{b:c}\n@media x{\n d{e:f}}\n/* open"), "a{b:c}@media x{d{e:f}}");
        // Within a selector or a value no line ends: taking the ends out joins nothing that was apart.
        let plain = without_remarks(FORM_STYLE);
        for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
            assert!(line.ends_with(['{', '}', ';', ',']), "{line}");
        }
        assert!(!citizen_style().contains(['\n', '<', '&']));
    }
}
