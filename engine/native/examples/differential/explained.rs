//! Differences that are known, each with its reason (`explained.txt`).

use std::collections::HashSet;

use crate::compare::Difference;
use crate::job::Job;

/// All parts that are given must be found.
pub struct Explanation {
    skipped: Option<String>,
    kind: String,
    module: String,
    theirs: String,
    ours: String,
    /// The same case does not differ where failing built-ins are undefined.
    only_strict: bool,
    /// A line, but for white space, stands in a module more than once.
    repeated: bool,
    /// Occurs in our own answer where failing built-ins are errors.
    strictly: String,
}

/// Entries are blocks of `kind:`, `module:`, `ours:`, `theirs:` (text that occurs there), `only_strict: yes`,
/// `repeated: yes` (a line stands in a module more than once), `strictly:` (text that occurs in our answer where failing built-ins are errors) and `reason:`.
pub fn read() -> Result<Vec<Explanation>, String> {
    let mut found = Vec::new();
    for block in include_str!("explained.txt").split("\n\n") {
        let field = |name: &str| {
            let lines = block.lines().filter(|line| !line.starts_with('#'));
            let line = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).next();
            line.map(str::trim).unwrap_or_default().to_owned()
        };
        let explanation = Explanation {
            skipped: None,
            kind: field("kind"),
            module: field("module"),
            theirs: field("theirs"),
            ours: field("ours"),
            only_strict: field("only_strict") == "yes",
            repeated: field("repeated") == "yes",
            strictly: field("strictly"),
        };
        let Explanation { kind, module, theirs, ours, strictly, .. } = &explanation;
        let says_nothing = [kind, module, theirs, ours, strictly].into_iter().all(String::is_empty);
        match (says_nothing, field("reason").is_empty()) {
            (true, true) => {}
            (false, false) => found.push(explanation),
            _ => return Err(format!("explained.txt: a block without a reason, or with nothing else:\n{block}")),
        }
    }
    Ok(found)
}

impl Explanation {
    /// Not an explanation, but a text that is not looked at in this run.
    pub fn skip(text: &str) -> Self {
        let nothing = String::new;
        Explanation {
            skipped: Some(text.to_owned()),
            kind: nothing(),
            module: nothing(),
            theirs: nothing(),
            ours: nothing(),
            only_strict: false,
            repeated: false,
            strictly: nothing(),
        }
    }

    pub fn skips(&self, difference: &Difference) -> bool {
        let texts = [&difference.kind, &difference.ours, &difference.theirs];
        self.skipped.as_ref().is_some_and(|skipped| texts.iter().any(|text| text.contains(skipped.as_str())))
    }

    pub fn covers(&self, job: &Job, difference: &Difference, agrees_without_strict: bool, strictly: &str) -> bool {
        if self.skipped.is_some() {
            return self.skips(difference);
        }
        (!self.only_strict || agrees_without_strict)
            && (!self.repeated || job.modules.iter().any(|(_, text)| repeats_a_line(text)))
            && difference.kind.contains(&self.kind)
            && difference.theirs.contains(&self.theirs)
            && difference.ours.contains(&self.ours)
            && strictly.contains(&self.strictly)
            && (self.module.is_empty() || job.modules.iter().any(|(_, text)| text.contains(&self.module)))
    }
}

fn repeats_a_line(module: &str) -> bool {
    let mut seen = HashSet::new();
    module.lines().map(str::trim).filter(|line| line.len() > 1).any(|line| !seen.insert(line))
}
