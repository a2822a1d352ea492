//! The instant of a decision is a fact, the same for all of its rules.

use regorus::Value;

use super::Extension;
use crate::interpreter::circumstances::Circumstances;

pub const EXTENSIONS: &[Extension] = &[("time.now_ns", 0, |_| Ok(Value::from(Circumstances::current().at_ns)))];
