//! What is run on an input, and what must be true of the outcome.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use bylaw_native::documents::yaml;
use bylaw_native::rego::syntax::{ParseOptions, RegoVersion, parse_module, parse_query, parse_reference, parse_term};
use bylaw_native::rego::values::{Value, json};
use bylaw_native::rego::{CompileOptions, Options, Policy};

use crate::changes::{self, Corpus};
use crate::job::Job;
use crate::random::Random;
use crate::{generate, mutate};

/// One evaluation under limits. The watch allows far more.
const DEADLINE: Duration = Duration::from_secs(1);
const MOST_MEMORY_BYTES: u64 = 64 << 20;
/// How late an evaluation may notice its deadline.
const LATE: Duration = Duration::from_secs(4);

#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// Bytes as module, query, term and reference.
    Parser,
    /// Policies through compiler and evaluation.
    Engine,
    /// Bytes as a document, written and read again.
    Values,
    /// Texts as streams of YAML documents.
    Yaml,
}

impl Target {
    pub fn named(name: &str) -> Option<Target> {
        Some(match name {
            "parser" => Target::Parser,
            "engine" => Target::Engine,
            "values" => Target::Values,
            "yaml" => Target::Yaml,
            _ => return None,
        })
    }

    pub fn run(self, random: &mut Random, corpus: &Corpus) {
        match self {
            Target::Parser => parse(&text(corpus.changed(random))),
            Target::Engine => evaluate(&job(random, corpus)),
            Target::Values => read_and_write(&changes::json(random)),
            Target::Yaml => read_yaml(&changes::yaml(random)),
        }
    }

    /// What `run` would be given.
    pub fn shown(self, random: &mut Random, corpus: &Corpus) -> String {
        match self {
            Target::Parser => text(corpus.changed(random)),
            Target::Engine => format!("{:#?}", job(random, corpus)),
            Target::Values => text(changes::json(random)),
            Target::Yaml => changes::yaml(random),
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn parse(text: &str) {
    let options = ParseOptions::default();
    for version in [RegoVersion::V1, RegoVersion::V0] {
        match parse_module("fuzz.rego", text, version, &options) {
            Ok(module) => {
                for rule in &module.rules {
                    assert!(rule.span.end as usize <= text.len(), "a span ends behind the text");
                    let _ = rule.head.to_string();
                }
            }
            Err(errors) => assert!(!errors.is_empty(), "refused without an error"),
        }
        let _ = parse_query(text, version, &options);
        if let Ok(term) = parse_term(text, version, &options) {
            let _ = term.to_string();
        }
    }
    let _ = parse_reference(text);
}

/// Generated and mutated policies get past the parser; changed bytes mostly do not.
fn job(random: &mut Random, corpus: &Corpus) -> Job {
    let mut job = match random.below(3) {
        0 if !corpus.cases.is_empty() => mutate::job(random, &corpus.cases),
        1 => {
            let mut job = generate::job(random);
            job.modules = vec![("fuzz.rego".into(), text(corpus.changed(random)))];
            job
        }
        _ => generate::job(random),
    };
    job.inputs.truncate(2);
    job.queries.truncate(3);
    job
}

fn evaluate(job: &Job) {
    let read = |text: &String| json::read(text.as_bytes(), &json::Limits::default()).ok();
    let Some(data) = read(&job.data) else { return };
    let options = CompileOptions { v0: job.v0, ..CompileOptions::default() };
    let snapshot = match Policy::compile(&job.modules, data, &options) {
        Ok(snapshot) => snapshot,
        Err(errors) => {
            assert!(errors.iter().all(|error| is_code(error.code)), "no code: {errors:?}");
            return;
        }
    };
    for input in &job.inputs {
        let input = input.as_ref().and_then(read);
        for query in &job.queries {
            let begun = Instant::now();
            let options = Options {
                deadline: Some(begun + DEADLINE),
                max_memory_bytes: MOST_MEMORY_BYTES,
                strict_builtin_errors: job.strict,
                ..Options::default()
            };
            if let Err(errors) = snapshot.query(query, input.clone(), &options) {
                assert!(errors.iter().all(|error| is_code(error.code)), "no code: {errors:?}");
            }
            assert!(begun.elapsed() < DEADLINE + LATE, "{:?} in spite of the deadline", begun.elapsed());
        }
    }
}

fn is_code(code: &str) -> bool {
    (code.starts_with("rego_") || code.starts_with("eval_")) && code.ends_with("_error")
}

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn read_and_write(bytes: &[u8]) {
    let Ok(value) = json::read(bytes, &json::Limits::default()) else { return };
    let written = json::write(&value);
    let again = json::read(&written, &json::Limits::default());
    let again = again.unwrap_or_else(|error| panic!("what was written cannot be read: {error:?}"));
    assert_eq!(value, again, "read, written and read again");
    assert_eq!(hash(&value), hash(&again), "equal values, unequal hashes");
    assert_eq!(written, json::write(&again), "written twice");
    let shown = value.to_string();
    assert_eq!(shown, again.to_string(), "shown twice");
    let options = json::WriteOptions { escape_html: false, ..Default::default() };
    let plain = json::write_with(&value, &options);
    assert_eq!(json::read(&plain, &json::Limits::default()).ok().as_ref(), Some(&value), "without escapes");
    let pair = Value::array(vec![value.clone(), again]);
    assert_eq!(Value::set(pair.as_array().map(|a| a.as_slice().to_vec()).unwrap_or_default()).container_len(), Some(1));
}

const YAML_LIMITS: yaml::Limits =
    yaml::Limits { max_depth: 50, max_values: 20_000, max_documents: 20, max_noted_steps: 20_000 };

fn read_yaml(text: &str) {
    let rows = text.matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count() + 2;
    match yaml::read(text, &YAML_LIMITS) {
        Ok(documents) => {
            for document in documents {
                let most = document.values.len();
                assert!(most <= 2 * YAML_LIMITS.max_values, "{most} values");
                assert!((document.root as usize) < most, "a document without a value");
                assert!(document.places.at([]).row <= rows, "a place behind the text");
            }
        }
        Err(fault) => assert!((1..=rows).contains(&fault.at.row), "{fault:?} of {rows} rows"),
    }
}
