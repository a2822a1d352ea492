//! Makes a differing case smaller for as long as it differs in the same way.

use serde_json::Value as Json;

use crate::compare::Difference;
use crate::edits::{Parts, replaced};
use crate::job::Job;

/// Enough for any generated policy, and a bound on the time one takes.
const MOST_TRIALS: usize = 1500;

/// `differs` answers with the differences of a job.
pub fn shrink(job: &Job, found: &Difference, differs: &mut dyn FnMut(&Job) -> Vec<Difference>) -> Job {
    let mut smallest = job.clone();
    if let Some((query, input)) = found.at {
        smallest.queries = vec![job.queries[query].clone()];
        smallest.inputs = vec![job.inputs[input].clone()];
    } else {
        smallest.queries.truncate(1);
        smallest.inputs.truncate(1);
    }
    let mut trials = 0;
    let mut still = |candidate: &Job| {
        trials += 1;
        trials <= MOST_TRIALS && differs(candidate).iter().any(|d| d.kind == found.kind)
    };
    if !still(&smallest) {
        return job.clone();
    }
    loop {
        let before = size(&smallest);
        drop_modules(&mut smallest, &mut still);
        for index in 0..smallest.modules.len() {
            shrink_module(&mut smallest, index, &mut still);
        }
        shrink_documents(&mut smallest, &mut still);
        if size(&smallest) >= before {
            return smallest;
        }
    }
}

fn size(job: &Job) -> usize {
    let inputs: usize = job.inputs.iter().flatten().map(String::len).sum();
    job.modules.iter().map(|(_, text)| text.len()).sum::<usize>() + job.data.len() + inputs
}

fn drop_modules(job: &mut Job, still: &mut dyn FnMut(&Job) -> bool) {
    let mut index = 0;
    while job.modules.len() > 1 && index < job.modules.len() {
        let mut candidate = job.clone();
        candidate.modules.remove(index);
        if still(&candidate) { *job = candidate } else { index += 1 }
    }
}

fn shrink_module(job: &mut Job, index: usize, still: &mut dyn FnMut(&Job) -> bool) {
    loop {
        let text = job.modules[index].1.clone();
        let Some(parts) = Parts::of(&text, job.v0) else { return };
        let taken = smaller_texts(&text, &parts).into_iter().find_map(|smaller| {
            let mut candidate = job.clone();
            candidate.modules[index].1 = smaller;
            still(&candidate).then_some(candidate)
        });
        match taken {
            Some(candidate) => *job = candidate,
            None => return,
        }
    }
}

/// Texts with something left out, the largest cuts first.
fn smaller_texts(text: &str, parts: &Parts) -> Vec<String> {
    let mut texts = Vec::new();
    for rule in parts.rules.iter().chain(&parts.imports).chain(&parts.modifiers) {
        texts.push(replaced(text, rule, ""));
    }
    for body in &parts.bodies {
        if let [only] = body.as_slice() {
            texts.push(replaced(text, only, "true"));
        }
        for (index, expr) in body.iter().enumerate() {
            if let Some(next) = body.get(index + 1) {
                texts.push(replaced(text, &(expr.start..next.start), ""));
            } else if let Some(before) = index.checked_sub(1).and_then(|i| body.get(i)) {
                texts.push(replaced(text, &(before.end..expr.end), ""));
            }
            texts.push(replaced(text, expr, "true"));
        }
    }
    let terms: Vec<_> = parts.terms().cloned().collect();
    for term in &terms {
        for inner in &terms {
            if term.start <= inner.start && inner.end <= term.end && inner != term {
                texts.push(replaced(text, term, text.get(inner.clone()).unwrap_or_default()));
            }
        }
        for plain in ["1", "\"a\"", "[]", "{}", "input", "_"] {
            if plain.len() < term.len() {
                texts.push(replaced(text, term, plain));
            }
        }
    }
    texts.retain(|smaller| smaller.len() < text.len());
    texts.sort_by_key(String::len);
    texts.dedup();
    texts
}

fn shrink_documents(job: &mut Job, still: &mut dyn FnMut(&Job) -> bool) {
    loop {
        let smaller = smaller_json(&job.data).into_iter().find_map(|data| {
            let candidate = Job { data, ..job.clone() };
            still(&candidate).then_some(candidate)
        });
        match smaller {
            Some(candidate) => *job = candidate,
            None => break,
        }
    }
    while let Some(Some(input)) = job.inputs.first() {
        let mut smaller: Vec<Option<String>> = smaller_json(input).into_iter().map(Some).collect();
        smaller.insert(0, None);
        let taken = smaller.into_iter().find_map(|input| {
            let candidate = Job { inputs: vec![input], ..job.clone() };
            still(&candidate).then_some(candidate)
        });
        match taken {
            Some(candidate) => *job = candidate,
            None => break,
        }
    }
}

/// Documents with one member or element less, or one level less.
fn smaller_json(text: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Json>(text) else { return Vec::new() };
    let mut found = Vec::new();
    cuts(&value, &mut |smaller| found.push(smaller.to_string()));
    found.retain(|smaller| smaller.len() < text.len());
    found
}

fn cuts(value: &Json, give: &mut dyn FnMut(Json)) {
    match value {
        Json::Object(members) => {
            for key in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(key);
                give(Json::Object(fewer));
            }
            for (key, member) in members {
                cuts(member, &mut |smaller| {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), smaller);
                    give(Json::Object(changed));
                });
            }
        }
        Json::Array(elements) => {
            for index in 0..elements.len() {
                let mut fewer = elements.clone();
                fewer.remove(index);
                give(Json::Array(fewer));
            }
            for (index, element) in elements.iter().enumerate() {
                cuts(element, &mut |smaller| {
                    let mut changed = elements.clone();
                    changed[index] = smaller;
                    give(Json::Array(changed));
                });
            }
        }
        _ => {}
    }
}
