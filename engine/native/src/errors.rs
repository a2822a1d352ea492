//! Everything that can go wrong here, each with the stable code and the place that Python's `bylaw.errors` carry on.
//! Translates regorus' error texts, the only form in which it says what happened.

use std::fmt;

/// A place in a text: `file:row:column`, both counted from one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub file: String,
    pub row: u32,
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.row, self.column)
    }
}

/// One of several mistakes in a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub code: &'static str,
    pub message: String,
    pub location: Option<Location>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not JSON, or not UTF-8.
    #[error("{0}")]
    Malformed(String),
    /// More bytes than the caller agreed to read.
    #[error("{0}")]
    TooLarge(String),
    /// Nested deeper than `json_text::MAX_DEPTH`.
    #[error("{0}")]
    TooDeep(String),
    /// An object says the same key twice.
    #[error("{0}")]
    DuplicateKey(String),
    /// JSON of another shape than the call reads.
    #[error("{0}")]
    WrongShape(String),
    /// Rego that cannot be loaded; `code` is the one OPA gives to the same mistake.
    #[error("{message}")]
    Policy { code: &'static str, message: String, location: Option<Location>, more: Vec<Mistake> },
    /// An evaluation that ended in an error of the policy or of the evaluator.
    #[error("{message}")]
    Failed { code: &'static str, message: String, location: Option<Location> },
    /// An evaluation stopped at its deadline.
    #[error("{0}")]
    TimedOut(String),
    /// Nobody there to evaluate: the queue is full, or the workers are gone.
    #[error("{0}")]
    Unavailable(String),
}

pub type Result<T> = std::result::Result<T, Error>;

pub const PARSE_ERROR: &str = "rego_parse_error";
pub const COMPILE_ERROR: &str = "rego_compile_error";
pub const TYPE_ERROR: &str = "rego_type_error";
pub const RECURSION_ERROR: &str = "rego_recursion_error";
pub const UNSAFE_VAR_ERROR: &str = "rego_unsafe_var_error";
pub const CONFLICT_ERROR: &str = "eval_conflict_error";
pub const BUILTIN_ERROR: &str = "eval_builtin_error";
pub const TYPE_EVALUATION_ERROR: &str = "eval_type_error";
pub const INTERNAL_ERROR: &str = "eval_internal_error";

impl Error {
    pub fn policy(code: &'static str, message: impl Into<String>, location: Option<Location>) -> Self {
        Error::Policy { code, message: message.into(), location, more: Vec::new() }
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Error::Failed { code: INTERNAL_ERROR, message: message.into(), location: None }
    }

    /// What regorus says while it reads a module; `fallback` is the code of whatever we do not recognise.
    pub fn from_loading(error: &anyhow::Error, fallback: &'static str) -> Self {
        let (message, location) = read_message(&error.to_string());
        let code = if message.contains("is unsafe") {
            UNSAFE_VAR_ERROR
        } else if message.contains("recursion detected") {
            RECURSION_ERROR
        } else if message.contains("could not find function") {
            TYPE_ERROR
        } else {
            fallback
        };
        Error::policy(code, message, location)
    }

    /// What regorus says while it evaluates.
    pub fn from_evaluation(error: &anyhow::Error) -> Self {
        if let Some(regorus::LimitError::TimeLimitExceeded { limit, .. }) = error.downcast_ref() {
            return Error::TimedOut(format!("the evaluation was stopped after {} ms", limit.as_millis()));
        }
        let (message, location) = read_message(&error.to_string());
        let code = evaluation_code(&message);
        Error::Failed { code, message, location }
    }
}

/// What our own built-ins say behind a complaint about an argument's type, as regorus' do.
pub const TYPE_MARK: &str = " argument. Got another";

/// The marks that regorus leaves in its texts, and OPA's code for each.
const EVALUATION_MARKS: &[(&str, &str)] = &[
    ("multiple outputs", CONFLICT_ERROR),
    ("rule conflicts", CONFLICT_ERROR),
    ("conflict", CONFLICT_ERROR),
    ("value for key", CONFLICT_ERROR),
    ("recursion detected", RECURSION_ERROR),
    ("is unsafe", UNSAFE_VAR_ERROR),
    ("internal error", INTERNAL_ERROR),
    (" argument. Got ", TYPE_EVALUATION_ERROR),
];

fn evaluation_code(message: &str) -> &'static str {
    EVALUATION_MARKS.iter().find(|(mark, _)| message.contains(mark)).map_or(BUILTIN_ERROR, |(_, code)| code)
}

/// What regorus says, without the place.
pub fn message_of(error: &anyhow::Error) -> String {
    read_message(&error.to_string()).0
}

/// Splits `\n--> file:row:col\n…\nerror: message` into the message and the place. Texts of another form are the message.
fn read_message(text: &str) -> (String, Option<Location>) {
    let Some((_, rest)) = text.split_once("--> ") else {
        return (text.trim().to_owned(), None);
    };
    let location = rest.lines().next().and_then(read_location);
    let message = rest.split_once("\nerror: ").map_or(rest, |(_, message)| message);
    let message = message.split("\n-->").next().unwrap_or(message);
    (message.trim().to_owned(), location)
}

fn read_location(line: &str) -> Option<Location> {
    let mut parts = line.trim().rsplitn(3, ':'); // from the right: file names may hold colons
    let column = parts.next()?.parse().ok()?;
    let row = parts.next()?.parse().ok()?;
    Some(Location { file: parts.next()?.to_owned(), row, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regorus_text_gives_up_its_message_and_place() {
        let text = "\n--> a:b.rego:3:7\n  |\n3 | x := 1\n  |      ^\nerror: rule conflicts with rule at a.rego:2:1";
        let location = Location { file: "a:b.rego".into(), row: 3, column: 7 };
        assert_eq!(read_message(text), ("rule conflicts with rule at a.rego:2:1".into(), Some(location)));
    }

    #[test]
    fn a_text_of_another_form_is_the_message() {
        assert_eq!(read_message("data must be object"), ("data must be object".into(), None));
    }
}
