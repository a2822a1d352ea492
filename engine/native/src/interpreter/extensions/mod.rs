//! Built-ins that OPA has and regorus lacks or answers differently. regorus asks extensions before its own built-ins.
//!
//! An extension cannot be replaced by `with` unless regorus has a built-in of the same name (`checks` refuses it).

mod arrays;
mod chance;
mod crypto;
mod encoding;
pub mod guarded;
mod jwt;
mod networks;
mod numbers;
pub mod operators;
mod sprintf;
mod sprintf_format;
mod strings;
mod time;

use regorus::{Engine, Value};

use crate::errors::{Error, Result, TYPE_MARK};
use crate::interpreter::circumstances::Circumstances;

/// Why a built-in has no answer.
pub enum Fault {
    /// The arguments' fault. As in OPA, the call is undefined, unless errors are strict.
    Arguments(String),
    /// An argument of the wrong type; undefined likewise.
    Type(String),
    /// A bound of this evaluator. Always ends the evaluation: undefined would turn `not f(x)` into true.
    Limit(String),
}

pub type Answer = std::result::Result<Value, Fault>;

/// Name, number of parameters, implementation.
pub type Extension = (&'static str, u8, fn(&[Value]) -> Answer);

fn all() -> impl Iterator<Item = &'static Extension> {
    [
        arrays::EXTENSIONS,
        chance::EXTENSIONS,
        crypto::EXTENSIONS,
        encoding::EXTENSIONS,
        guarded::EXTENSIONS,
        jwt::EXTENSIONS,
        networks::EXTENSIONS,
        numbers::EXTENSIONS,
        sprintf::EXTENSIONS,
        strings::EXTENSIONS,
        time::EXTENSIONS,
    ]
    .into_iter()
    .flatten()
}

/// The number of parameters of an extension of that name.
pub fn parameters(name: &str) -> Option<usize> {
    all().find(|(known, ..)| *known == name).map(|(_, parameters, _)| usize::from(*parameters))
}

pub fn register(engine: &mut Engine) -> Result<()> {
    for (name, parameters, run) in all().chain(operators::OPERATORS) {
        engine
            .add_extension((*name).into(), *parameters, Box::new(move |arguments| call(name, *run, &arguments)))
            .map_err(|error| Error::internal(format!("{name}: {error}")))?;
    }
    Ok(())
}

fn call(name: &str, run: fn(&[Value]) -> Answer, arguments: &[Value]) -> anyhow::Result<Value> {
    match run(arguments) {
        Ok(value) => Ok(value),
        Err(Fault::Arguments(_) | Fault::Type(_)) if !Circumstances::current().strict_builtin_errors => {
            Ok(Value::Undefined)
        }
        Err(Fault::Type(message)) => Err(anyhow::anyhow!("{name}: {message}{TYPE_MARK}")),
        Err(Fault::Arguments(message) | Fault::Limit(message)) => Err(anyhow::anyhow!("{name}: {message}")),
    }
}

fn wanted<T>(operand: usize, wanted: &str) -> std::result::Result<T, Fault> {
    Err(Fault::Type(format!("operand {operand} must be {wanted}")))
}

/// The text of the operand at a place, counted from zero.
fn string(arguments: &[Value], at: usize) -> std::result::Result<&str, Fault> {
    match arguments.get(at) {
        Some(Value::String(text)) => Ok(text),
        _ => wanted(at + 1, "string"),
    }
}

fn integer(arguments: &[Value], at: usize) -> std::result::Result<i64, Fault> {
    let number = arguments.get(at).and_then(|value| value.as_number().ok());
    number.and_then(|number| number.as_i64()).map_or_else(|| wanted(at + 1, "integer"), Ok)
}

/// The elements of an array or a set.
fn elements(arguments: &[Value], at: usize) -> std::result::Result<Vec<&Value>, Fault> {
    match arguments.get(at) {
        Some(Value::Array(items)) => Ok(items.iter().collect()),
        Some(Value::Set(items)) => Ok(items.iter_sorted().collect()),
        _ => wanted(at + 1, "array or set"),
    }
}
