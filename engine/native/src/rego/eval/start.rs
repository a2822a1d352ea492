//! What an evaluation starts with: the time, chance, the description of the runtime.

use std::time::{SystemTime, UNIX_EPOCH};

use super::options::Options;
use crate::rego::builtins::context::Context;
use crate::rego::values::Value;

pub(super) fn context(options: &Options) -> Context {
    let started = if options.now_ns.is_none() || options.seed.is_none() { clock() } else { 0 };
    let now_ns = options.now_ns.unwrap_or(started);
    let seed = options.seed.unwrap_or(u64::from_ne_bytes(started.to_ne_bytes()));
    let mut context = Context::new(now_ns, seed);
    context.cancel = options.cancel.clone();
    context.deadline = options.deadline;
    context.steps_left = options.max_steps;
    context.bytes_left = options.max_memory_bytes;
    if !options.env.is_empty() {
        let env = Value::object(options.env.iter().map(|(name, value)| (Value::string(name), Value::string(value))));
        context.runtime = Value::object([(Value::string("env"), env)]);
    }
    context
}

fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
