//! Cases that are known not to pass, each with its reason: `version:note<TAB>reason`, `#` begins a comment line.

use std::collections::BTreeMap;

const FILE: &str = include_str!("known_gaps.txt");

pub fn read() -> Result<BTreeMap<String, String>, String> {
    let lines = FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| match line.split_once('\t') {
            Some((name, reason)) if !reason.trim().is_empty() => Ok((name.to_owned(), reason.trim().to_owned())),
            _ => Err(format!("known_gaps.txt: a gap needs a name, a tab and a reason: {line}")),
        })
        .collect()
}
