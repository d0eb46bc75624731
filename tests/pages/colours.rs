//! The colours, computed: what is read stands out at 7, what is touched or drawn at 3; and the form's own copy of the
//! tokens says the same as the tokens.

use std::collections::BTreeMap;

fn asset(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/assets/");
    std::fs::read_to_string(format!("{folder}{name}")).unwrap()
}

/// The tokens of a style: in light, and in dark where they differ there.
fn tokens(style: &str) -> [BTreeMap<String, String>; 2] {
    let plain: String =
        style.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rest)| rest)).collect();
    let (light, rest) = plain.split_once("@media (prefers-color-scheme:dark)").unwrap();
    let dark = rest.split_once("}}").unwrap().0;
    let read = |text: &str| {
        let pieces = text.split([';', '{', '}']).map(str::trim).filter(|piece| piece.starts_with("--"));
        let pairs = pieces.filter_map(|piece| piece.split_once(':'));
        let colours = pairs.filter(|(_, value)| value.starts_with('#'));
        colours.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect::<BTreeMap<_, _>>()
    };
    let light = read(light);
    let mut both = light.clone();
    both.extend(read(dark));
    [light, both]
}

/// Relative luminance, as WCAG computes it.
fn luminance(colour: &str) -> f64 {
    let digits: String = match colour.trim_start_matches('#') {
        short if short.len() == 3 => short.chars().flat_map(|c| [c, c]).collect(),
        long => long.to_owned(),
    };
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// A token, what it stands on, and the least contrast.
const PAIRS: [(&str, &str, f64); 19] = [
    ("--ink", "--paper", 7.0),
    ("--ink", "--sheet", 7.0),
    ("--ink", "--sand", 7.0),
    ("--ink", "--tint", 7.0),
    ("--ink", "--blush", 7.0),
    ("--muted", "--paper", 7.0),
    ("--muted", "--sand", 4.5),
    ("--muted", "--blush", 4.5),
    ("--water", "--paper", 7.0),
    ("--water", "--sheet", 7.0),
    ("--on", "--water", 7.0),
    ("--alarm", "--paper", 7.0),
    ("--alarm", "--blush", 4.5),
    ("--edge", "--paper", 3.0),
    ("--edge", "--sheet", 3.0),
    ("--focus", "--paper", 3.0),
    ("--focus", "--sheet", 3.0),
    ("--focus", "--sand", 3.0),
    ("--focus", "--blush", 3.0),
];

#[test]
fn what_is_read_and_what_is_touched_stands_out_in_light_and_in_dark() {
    for (name, colours) in ["light", "dark"].into_iter().zip(tokens(&asset("citizen.css"))) {
        for (above, below, least) in PAIRS {
            let found = contrast(&colours[above], &colours[below]);
            assert!(found >= least, "{name}: {above} on {below} has {found:.2}, needs {least}");
        }
    }
    assert!((contrast("#fff", "#000") - 21.0).abs() < 0.001);
    assert!((contrast("#777", "#ffffff") - 4.48).abs() < 0.01);
}

#[test]
fn the_forms_own_tokens_are_those_of_every_page() {
    for (own, all) in tokens(&asset("citizen.css")).into_iter().zip(tokens(&asset("tokens.css"))) {
        assert!(own.len() > 10);
        for (name, value) in own {
            assert_eq!(all.get(&name), Some(&value), "{name}");
        }
    }
}
