//! Whether two answers say the same, and if not, in what way they differ.

use std::collections::BTreeSet;

use crate::job::{Answer, Fault};

/// One difference: what is asked where, what either says, and of which kind it is.
#[derive(Debug, Clone)]
pub struct Difference {
    /// Query and input, where it is one of evaluation.
    pub at: Option<(usize, usize)>,
    pub ours: String,
    pub theirs: String,
    /// What stays the same while a case is made smaller.
    pub kind: String,
}

/// At most this many errors are compared with their rows: OPA stops at ten.
const ERRORS_COMPARED: usize = 9;

/// All differences between this engine's answer and another's. None: OPA itself broke down or took too long.
pub fn differences(ours: &Answer, theirs: &Answer) -> Vec<Difference> {
    match (ours, theirs) {
        (_, Answer::Broken(_)) => Vec::new(),
        (Answer::Broken(text), _) => vec![whole("broken / anything".into(), text.clone(), summary(theirs))],
        (Answer::Refused(ours), Answer::Refused(theirs)) => refusals(ours, theirs),
        (Answer::Refused(faults), Answer::Results(_)) => {
            let codes: Vec<String> = codes(faults).into_iter().collect();
            vec![whole(format!("{} / accepted", codes.join(",")), texts(faults), "accepted".into())]
        }
        (Answer::Results(_), Answer::Refused(faults)) => {
            if faults.iter().any(|f| f.code == "panic") {
                return Vec::new();
            }
            let codes: Vec<String> = codes(faults).into_iter().collect();
            vec![whole(format!("accepted / {}", codes.join(",")), "accepted".into(), texts(faults))]
        }
        (Answer::Results(ours), Answer::Results(theirs)) => {
            let mut found = Vec::new();
            for (query, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                for (input, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                    if let Some(kind) = cell(ours, theirs) {
                        let (ours, theirs) = (ours.clone(), theirs.clone());
                        found.push(Difference { at: Some((query, input)), ours, theirs, kind });
                    }
                }
            }
            found
        }
    }
}

fn whole(kind: String, ours: String, theirs: String) -> Difference {
    Difference { at: None, ours, theirs, kind }
}

fn refusals(ours: &[Fault], theirs: &[Fault]) -> Vec<Difference> {
    if theirs.iter().any(|f| f.code == "panic") {
        return Vec::new();
    }
    let (our_codes, their_codes) = (codes(ours), codes(theirs));
    if our_codes != their_codes {
        let join = |codes: BTreeSet<String>| codes.into_iter().collect::<Vec<_>>().join(",");
        let kind = format!("{} / {}", join(our_codes), join(their_codes));
        return vec![whole(kind, texts(ours), texts(theirs))];
    }
    // The parser of OPA stops at the first broken statement; ours reads on.
    let parsing = our_codes.contains("rego_parse_error");
    let places = |faults: &[Fault]| -> BTreeSet<(String, u64)> {
        let faults = if parsing { faults.get(..1).unwrap_or_default() } else { faults };
        faults.iter().map(|fault| (fault.file.clone(), fault.row)).collect()
    };
    // For a few errors OPA names no place.
    let placeless = theirs.iter().any(|fault| fault.row == 0);
    if placeless || ours.len() > ERRORS_COMPARED || theirs.len() > ERRORS_COMPARED || places(ours) == places(theirs) {
        return Vec::new();
    }
    vec![whole("rows of errors".into(), texts(ours), texts(theirs))]
}

fn codes(faults: &[Fault]) -> BTreeSet<String> {
    faults.iter().map(|fault| fault.code.clone()).collect()
}

fn texts(faults: &[Fault]) -> String {
    let lines = faults.iter().map(|f| format!("{}:{}: {}: {}", f.file, f.row, f.code, f.message));
    lines.collect::<Vec<_>>().join("\n")
}

fn summary(answer: &Answer) -> String {
    match answer {
        Answer::Refused(faults) => texts(faults),
        Answer::Results(_) => "results".into(),
        Answer::Broken(text) => text.clone(),
    }
}

/// The kind of a difference between two results; none if they are the same, or OPA gave up.
fn cell(ours: &str, theirs: &str) -> Option<String> {
    let (our_class, their_class) = (class(ours), class(theirs));
    if matches!(their_class, "eval_cancel_error" | "panic") {
        return None;
    }
    let same = if ours.starts_with('!') { our_class == their_class } else { ours == theirs };
    (!same).then(|| format!("{our_class} / {their_class}"))
}

fn class(text: &str) -> &str {
    match text.strip_prefix('!') {
        Some(error) => error.split(' ').next().unwrap_or_default(),
        None if text == "?" => "undefined",
        None => "value",
    }
}
