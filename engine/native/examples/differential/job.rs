//! One policy and everything it is asked, and the form of answers that both engines give.

use serde_json::{Value as Json, json};

/// One policy, its data, and what it is asked: every query with every input.
#[derive(Debug, Clone)]
pub struct Job {
    pub modules: Vec<(String, String)>,
    /// JSON texts, so that numbers stay as they were written.
    pub data: String,
    pub queries: Vec<String>,
    pub inputs: Vec<Option<String>>,
    pub v0: bool,
    pub strict: bool,
}

/// What an engine says of a job.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Errors of parsing or compiling: code and row.
    Refused(Vec<Fault>),
    /// By query, then by input: `?` where undefined, `!code message`, or the solutions.
    Results(Vec<Vec<String>>),
    /// The engine itself failed: a crash, or no answer in time.
    Broken(String),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub code: String,
    pub file: String,
    pub row: u64,
    pub message: String,
}

impl Job {
    pub fn to_json(&self, id: usize) -> String {
        let inputs: Vec<String> =
            self.inputs.iter().map(|input| format!("[{}]", input.as_deref().unwrap_or_default())).collect();
        format!(
            r#"{{"id":{id},"modules":{},"queries":{},"v0":{},"strict_builtin_errors":{},"data":{},"inputs":[{}]}}"#,
            json!(self.modules),
            json!(self.queries),
            self.v0,
            self.strict,
            self.data,
            inputs.join(",")
        )
    }

    pub fn evaluations(&self) -> usize {
        self.queries.len() * self.inputs.len()
    }
}

impl Answer {
    pub fn from_json(line: &str) -> Answer {
        let Ok(answer) = serde_json::from_str::<Json>(line) else {
            return Answer::Broken(format!("no answer: {line}"));
        };
        if let Some(errors) = answer.get("errors").and_then(Json::as_array) {
            return Answer::Refused(errors.iter().map(fault).collect());
        }
        let rows = answer.get("results").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let texts = |row: &Json| -> Vec<String> {
            let row = row.as_array().map(Vec::as_slice).unwrap_or_default();
            row.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
        };
        Answer::Results(rows.iter().map(texts).collect())
    }
}

fn fault(error: &Json) -> Fault {
    let text = |key: &str| error.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    Fault {
        code: text("code"),
        file: text("file"),
        row: error.get("row").and_then(Json::as_u64).unwrap_or_default(),
        message: text("message"),
    }
}
