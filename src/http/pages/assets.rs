//! Files in the binary, under names that change with their content, so that a browser may keep them for ever.

use std::{collections::BTreeMap, sync::LazyLock};

/// One file.
pub struct Asset {
    /// Media type.
    pub kind: &'static str,
    /// Content.
    pub bytes: Vec<u8>,
}

const FONT: &[u8] = include_bytes!("../assets/khmer-400.woff2");
const FORM_STYLE: &str = include_str!("../assets/citizen.css");
const SCORES_STYLE: &str = include_str!("../assets/scores.css");
const TOKENS_STYLE: &str = include_str!("../assets/tokens.css");
const OFFICE_STYLE: &str = include_str!("../assets/office.css");

struct Files {
    by_name: BTreeMap<String, Asset>,
    citizen: String,
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
    let style = |text: &str| text.replace("khmer-400.woff2", &font).into_bytes();
    let css = "text/css; charset=utf-8";
    let citizen = add("citizen", "css", css, style(FORM_STYLE));
    let both = [style(FORM_STYLE), style(SCORES_STYLE)].concat();
    let scores = add("scores", "css", css, both);
    let office = add("office", "css", css, [TOKENS_STYLE.as_bytes(), OFFICE_STYLE.as_bytes()].concat());
    let address = |name: String| format!("/static/{name}");
    Files { by_name, citizen: address(citizen), scores: address(scores), office: address(office) }
});

/// The file with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    FILES.by_name.get(name)
}

/// Address of the style of citizens' pages.
#[must_use]
pub fn citizen_style() -> &'static str {
    &FILES.citizen
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
