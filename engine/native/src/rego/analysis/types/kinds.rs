//! Static types. An unknown type is `None`: OPA's `nil`.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::rego::builtins::signature;
use crate::rego::values::Value;

pub type Maybe = Option<Type>;

/// Types with more parts than this, or nested deeper, count as `any`, so that no policy can make types that take
/// long to compare: the cost of unifying unions can double with each level.
const MAX_PARTS: usize = 4_000;
const MAX_DEPTH: usize = 16;

#[derive(Debug, Clone)]
pub enum Type {
    Null,
    Boolean,
    Number,
    String,
    Array(Arc<Array>),
    Object(Arc<Object>),
    Set(Arc<Set>),
    /// One of the listed, in order; any value if none is listed.
    Any(Arc<Any>),
    Function(Arc<Function>),
}

/// Elements of known places, then any number of others.
#[derive(Debug)]
pub struct Array {
    pub fixed: Vec<Maybe>,
    pub rest: Maybe,
    facts: Facts,
}

/// Known keys in order, then others.
#[derive(Debug)]
pub struct Object {
    pub fixed: Vec<(Value, Maybe)>,
    pub rest: Option<(Maybe, Maybe)>,
    facts: Facts,
}

#[derive(Debug)]
pub struct Set {
    pub of: Maybe,
    facts: Facts,
}

#[derive(Debug)]
pub struct Any {
    pub of: Vec<Type>,
    facts: Facts,
}

#[derive(Debug)]
pub struct Function {
    pub arguments: Vec<Maybe>,
    pub result: Maybe,
    pub variadic: Maybe,
    facts: Facts,
}

/// What is remembered of a type so that nobody has to walk it again.
#[derive(Debug, Clone, Copy)]
struct Facts {
    parts: usize,
    depth: usize,
    has_unknown: bool,
}

fn facts<'a>(parts: impl Iterator<Item = &'a Maybe>) -> Facts {
    let mut facts = Facts { parts: 1, depth: 1, has_unknown: false };
    for part in parts {
        if let Some(part) = part {
            facts.include(part);
        }
        facts.has_unknown |= is_unknown(part);
    }
    facts
}

impl Facts {
    fn include(&mut self, part: &Type) {
        let (parts, depth) = part.size();
        self.parts = self.parts.saturating_add(parts);
        self.depth = self.depth.max(depth.saturating_add(1));
    }
}

/// True if it or a part of it is unknown. Unions are known.
pub fn is_unknown(kind: &Maybe) -> bool {
    match kind {
        None => true,
        Some(Type::Array(array)) => array.facts.has_unknown,
        Some(Type::Object(object)) => object.facts.has_unknown,
        Some(Type::Set(set)) => set.facts.has_unknown,
        Some(Type::Function(function)) => function.facts.has_unknown,
        Some(_) => false,
    }
}

impl Type {
    /// The number of parts and the depth.
    fn size(&self) -> (usize, usize) {
        let facts = match self {
            Type::Null | Type::Boolean | Type::Number | Type::String => return (1, 1),
            Type::Array(array) => array.facts,
            Type::Object(object) => object.facts,
            Type::Set(set) => set.facts,
            Type::Any(any) => any.facts,
            Type::Function(function) => function.facts,
        };
        (facts.parts, facts.depth)
    }

    fn bounded(self) -> Type {
        let (parts, depth) = self.size();
        if parts > MAX_PARTS || depth > MAX_DEPTH { Type::any() } else { self }
    }

    pub fn any() -> Type {
        Type::Any(Arc::new(Any { of: Vec::new(), facts: facts(std::iter::empty()) }))
    }

    pub fn array(fixed: Vec<Maybe>, rest: Maybe) -> Type {
        let mut facts = facts(fixed.iter());
        if let Some(rest) = &rest {
            facts.include(rest);
            facts.has_unknown |= is_unknown(&Some(rest.clone()));
        }
        Type::Array(Arc::new(Array { fixed, rest, facts })).bounded()
    }

    pub fn object(mut fixed: Vec<(Value, Maybe)>, rest: Option<(Maybe, Maybe)>) -> Type {
        fixed.sort_by(|(a, _), (b, _)| a.cmp(b));
        let rests = rest.iter().flat_map(|(key, value)| [key, value]);
        let facts = facts(fixed.iter().map(|(_, kind)| kind).chain(rests));
        Type::Object(Arc::new(Object { fixed, rest, facts })).bounded()
    }

    pub fn set(of: Maybe) -> Type {
        let facts = facts(std::iter::once(&of));
        Type::Set(Arc::new(Set { of, facts })).bounded()
    }

    /// A union as it is; see `combine` for making one.
    pub(super) fn union(mut of: Vec<Type>) -> Type {
        of.sort_by(Type::compare);
        let mut facts = facts(std::iter::empty());
        of.iter().for_each(|kind| facts.include(kind));
        Type::Any(Arc::new(Any { of, facts })).bounded()
    }

    pub fn function(arguments: Vec<Maybe>, result: Maybe) -> Type {
        Self::declared(arguments, result, None)
    }

    fn declared(arguments: Vec<Maybe>, result: Maybe, variadic: Maybe) -> Type {
        let facts = facts(arguments.iter().chain([&result]));
        Type::Function(Arc::new(Function { arguments, result, variadic, facts }))
    }

    /// The type of a built-in.
    pub fn of_built_in(signature: &'static signature::Signature) -> Type {
        let arguments = signature.arguments.iter().map(|argument| Some(Type::of_declaration(&argument.kind)));
        let result = signature.result.as_ref().map(|result| Type::of_declaration(&result.kind));
        let variadic = signature.variadic.as_ref().map(Type::of_declaration);
        Self::declared(arguments.collect(), result, variadic)
    }

    pub fn of_declaration(kind: &signature::Type) -> Type {
        match kind {
            signature::Type::Any => Type::any(),
            signature::Type::Null => Type::Null,
            signature::Type::Boolean => Type::Boolean,
            signature::Type::Number => Type::Number,
            signature::Type::String => Type::String,
            signature::Type::Array { fixed, rest } => {
                let fixed = fixed.iter().map(|kind| Some(Type::of_declaration(kind)));
                Type::array(fixed.collect(), rest.map(Type::of_declaration))
            }
            signature::Type::Set(of) => Type::set(Some(Type::of_declaration(of))),
            signature::Type::Object { fixed, rest } => {
                let fixed = fixed.iter().map(|(key, kind)| (Value::string(key), Some(Type::of_declaration(kind))));
                let rest =
                    rest.map(|(key, value)| (Some(Type::of_declaration(key)), Some(Type::of_declaration(value))));
                Type::object(fixed.collect(), rest)
            }
            signature::Type::AnyOf(kinds) => Type::union(kinds.iter().map(Type::of_declaration).collect()),
        }
    }

    /// True for `any` of everything.
    pub fn is_any(&self) -> bool {
        matches!(self, Type::Any(any) if any.of.is_empty())
    }

    fn rank(&self) -> u8 {
        match self {
            Type::Null => 0,
            Type::Boolean => 1,
            Type::Number => 2,
            Type::String => 3,
            Type::Array(_) => 4,
            Type::Object(_) => 5,
            Type::Set(_) => 6,
            Type::Any(_) => 7,
            Type::Function(_) => 8,
        }
    }

    /// OPA's order of types.
    pub fn compare(&self, other: &Type) -> Ordering {
        match (self, other) {
            (Type::Array(a), Type::Array(b)) => {
                if Arc::ptr_eq(a, b) {
                    return Ordering::Equal;
                }
                compare_maybe(&a.rest, &b.rest).then_with(|| compare_all(&a.fixed, &b.fixed))
            }
            (Type::Object(a), Type::Object(b)) => {
                if Arc::ptr_eq(a, b) {
                    return Ordering::Equal;
                }
                compare_objects(a, b)
            }
            (Type::Set(a), Type::Set(b)) => compare_maybe(&a.of, &b.of),
            (Type::Any(a), Type::Any(b)) => {
                let pairs = a.of.iter().zip(&b.of).map(|(a, b)| a.compare(b));
                first_difference(pairs).then_with(|| a.of.len().cmp(&b.of.len()))
            }
            (Type::Function(a), Type::Function(b)) => a
                .arguments
                .len()
                .cmp(&b.arguments.len())
                .then_with(|| compare_all(&a.arguments, &b.arguments))
                .then_with(|| compare_maybe(&a.result, &b.result))
                .then_with(|| compare_maybe(&a.variadic, &b.variadic)),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare_all(a: &[Maybe], b: &[Maybe]) -> Ordering {
    first_difference(a.iter().zip(b).map(|(a, b)| compare_maybe(a, b))).then_with(|| a.len().cmp(&b.len()))
}

/// Unknown comes first.
pub fn compare_maybe(a: &Maybe, b: &Maybe) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => a.compare(b),
    }
}

fn compare_objects(a: &Object, b: &Object) -> Ordering {
    let rests = match (&a.rest, &b.rest) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some((a_key, a_value)), Some((b_key, b_value))) => {
            compare_maybe(a_key, b_key).then_with(|| compare_maybe(a_value, b_value))
        }
    };
    let pairs = a.fixed.iter().zip(&b.fixed);
    let pairs = pairs.map(|((a_key, a), (b_key, b))| a_key.cmp(b_key).then_with(|| compare_maybe(a, b)));
    rests.then_with(|| first_difference(pairs)).then_with(|| a.fixed.len().cmp(&b.fixed.len()))
}
