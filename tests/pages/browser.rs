//! Runs the scripts that need a real browser.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Runs a script of `tests/browser` with a plan, which it reads as JSON; what it found, a line each.
pub fn run(script: &str, plan: &Value) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(folder.join("node_modules").exists(), "tests/browser/install puts there what these tests need");
    let mut child = Command::new("node")
        .current_dir(folder)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node runs");
    child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{script}: {out}{err}");
    out.into_owned()
}

/// Says something also where the test passes: the harness keeps back only what macros print.
pub fn say(text: &str) {
    let _said = writeln!(std::io::stderr(), "{text}");
}
