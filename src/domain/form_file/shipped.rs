//! The forms that the binary carries, so that a fresh installation can ask something.

/// File name and text of every shipped form.
pub const SHIPPED: &[(&str, &str)] = &[
    ("one-stop-short.toml", include_str!("../../../survey-forms/one-stop-short.toml")),
    ("one-stop-full.toml", include_str!("../../../survey-forms/one-stop-full.toml")),
    ("sipas-2022.toml", include_str!("../../../survey-forms/sipas-2022.toml")),
];
