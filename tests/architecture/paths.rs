//! The paths that a file names, from its `use` declarations and from its code.

use std::collections::BTreeSet;

/// Every path in the code, as its segments. A path that begins with an imported name or with a module of the file's
/// own is left out: the import says where it leads.
pub(super) fn named(code: &str) -> Vec<Vec<String>> {
    let (uses, rest) = apart(code);
    let mut paths: Vec<Vec<String>> = uses.iter().flat_map(|tree| expanded(tree)).collect();
    let mut local: BTreeSet<String> = paths.iter().filter_map(|path| path.last()).cloned().collect();
    local.extend(modules(&rest));
    let inline = rest.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
    let inline = inline.filter(|run| run.contains("::")).map(|run| run.trim_start_matches(':'));
    for run in inline {
        let path: Vec<String> = run.split("::").map(str::to_owned).collect();
        if path.first().is_some_and(|first| !local.contains(first)) {
            paths.push(path);
        }
    }
    paths
}

/// The trees of `use` declarations, and everything else.
fn apart(code: &str) -> (Vec<String>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut tree: Option<String> = None;
    for line in code.lines() {
        let begun = match line.trim().split_once("use ") {
            Some(("" | "pub " | "pub(super) " | "pub(crate) ", begun)) if tree.is_none() => Some(begun),
            _ => None,
        };
        match (&mut tree, begun) {
            (Some(open), _) => open.push_str(line.trim()),
            (None, Some(begun)) => tree = Some(begun.to_owned()),
            (None, None) => rest.extend([line, "\n"]),
        }
        if let Some(whole) = tree.take_if(|tree| tree.ends_with(';')) {
            uses.push(whole.trim_end_matches(';').to_owned());
        }
    }
    (uses, rest)
}

/// `a::{b, c::{d, e as f}}` as `a::b`, `a::c::d`, `a::c::e::f`: an alias is the name that the file knows.
fn expanded(tree: &str) -> Vec<Vec<String>> {
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.replace(" as ", "::");
        let whole = path.split("::").map(|segment| segment.trim().to_owned());
        return vec![whole.filter(|segment| !segment.is_empty() && segment != "self").collect()];
    };
    let head: Vec<String> =
        head.split("::").filter(|segment| !segment.trim().is_empty()).map(|s| s.trim().to_owned()).collect();
    let group = group.strip_suffix('}').expect("a closed group");
    let branches = branches(group).into_iter().flat_map(|branch| expanded(&branch));
    branches.map(|branch| head.iter().cloned().chain(branch).collect()).collect()
}

/// Splits at the commas that stand in no inner group.
fn branches(group: &str) -> Vec<String> {
    let (mut found, mut depth) = (vec![String::new()], 0_i32);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            found.push(String::new());
        } else if let Some(branch) = found.last_mut() {
            branch.push(c);
        }
    }
    found.into_iter().map(|branch| branch.trim().to_owned()).filter(|branch| !branch.is_empty()).collect()
}

/// The modules that a file declares.
fn modules(code: &str) -> Vec<String> {
    let name = |line: &str| {
        let (_, name) = line.trim().strip_suffix(';')?.split_once("mod ")?;
        Some(name.to_owned())
    };
    code.lines().filter_map(name).collect()
}

#[test]
fn imports_and_inline_paths_are_read_alike() {
    let code = "use std::{io, time::Duration};\npub(super) use self::b::C;\nuse crate::{\n    report::{csv, qr as q},\n    \
                storage::Store,\n};\nmod inner;\nfn f() -> diesel::Result { csv::write(q::x(inner::y)); time::now() }\n";
    let found: Vec<String> = named(code).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "std::io",
            "std::time::Duration",
            "b::C",
            "crate::report::csv",
            "crate::report::qr::q",
            "crate::storage::Store",
            "diesel::Result",
            "time::now",
        ]
    );
}
