//! A citizen's ways through a form in a real browser, and what the service has of them afterwards.

use serde_json::json;

use super::{
    browser::{run, say},
    stages::Stages,
};

#[test]
fn people_answer_without_scripts_by_keyboard_and_over_a_bad_network() {
    let stages = Stages::new();
    let plan = json!({
        "base": stages.address(""),
        "code": stages.code,
        "form": stages.address("/u/tra-cu"),
        "forms": stages.forms(),
    });
    let said = run("citizen.mjs", &plan);
    for step in ["without scripts vi", "without scripts km", "sent again after it was stored", "by keyboard"]
    {
        assert!(said.lines().any(|line| line == step), "{step}: {said}");
    }
    said.lines().filter(|line| line.contains(" taps")).for_each(say);
    // One by the receipt of the fixture, one without scripts each, three over the bad network, one by keyboard, one each
    // at human pace; and the one whose acknowledgement was lost came twice and counts once.
    let metrics = stages.town.get("/metrics").body;
    let outcome = |name: &str| {
        let label = format!("outcome=\"{name}\"");
        metrics.lines().find(|line| line.contains(&label)).and_then(|line| line.rsplit(' ').next())
    };
    assert_eq!((outcome("stored"), outcome("repeated")), (Some("10"), Some("1")), "{metrics}");
}
