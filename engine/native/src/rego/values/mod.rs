//! Rego's values: what a document, an input, a rule's result and a built-in's operand are made of.
//!
//! A [`Value`] is 16 bytes and cheap to clone. Undefined is not a value: it is `Option::None` wherever it can occur.
//! Order, equality, hash and text are OPA's: null < booleans < numbers < strings < arrays < objects < sets, `1 == 1.0`.

mod array;
mod builders;
mod decimal;
mod deep;
mod float;
mod float_text;
mod hash;
mod index;
pub mod json;
mod number;
mod object;
mod order;
pub mod path;
mod set;
mod strings;
mod text;
mod value;

#[cfg(test)]
mod tests;

pub use array::Array;
pub use builders::{ObjectBuilder, SetBuilder};
pub use decimal::Decimal;
pub use number::{Number, NumberError};
pub use object::{Object, ObjectIter, Shape};
pub use set::Set;
pub use strings::Str;
pub use text::quote;
pub use value::{Kind, Value};
