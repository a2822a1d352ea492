//! What a built-in takes and gives, as OPA's type checker sees it.
//!
//! Names, types and flags are the facts of `opa capabilities --current` at v1.20.2; they decide arity, static type
//! errors and the wording of both (`have: (…)`, `want: (x: number, …)`).

/// A static type. `Any` is every value; `AnyOf` is a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Any,
    Null,
    Boolean,
    Number,
    String,
    /// Leading elements of known types, then any number of `rest`, or none if there is no such type.
    Array {
        fixed: &'static [Type],
        rest: Option<&'static Type>,
    },
    Set(&'static Type),
    /// Keys that must be there, then the type of all other keys and values, if others are allowed.
    Object {
        fixed: &'static [(&'static str, Type)],
        rest: Option<(&'static Type, &'static Type)>,
    },
    AnyOf(&'static [Type]),
}

/// An argument or the result, with the name that error messages show, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: Option<&'static str>,
    pub kind: Type,
}

/// The declaration of one built-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    pub name: &'static str,
    /// The operator that calls it, for instance `+`.
    pub infix: Option<&'static str>,
    pub arguments: &'static [Parameter],
    /// The type of further arguments, for built-ins that take any number (`print`).
    pub variadic: Option<Type>,
    /// `None` for built-ins that have no value (`print`).
    pub result: Option<Parameter>,
    /// True if one call can have many results (`walk`).
    pub relation: bool,
    /// True if equal arguments can give different results in different evaluations.
    pub nondeterministic: bool,
    /// True if Rego v1 refuses it.
    pub deprecated: bool,
}

impl Signature {
    /// The number of declared arguments, without the output.
    pub const fn arity(&self) -> usize {
        self.arguments.len()
    }

    pub(super) const fn infix(mut self, operator: &'static str) -> Self {
        self.infix = Some(operator);
        self
    }

    pub(super) const fn variadic(mut self, kind: Type) -> Self {
        self.variadic = Some(kind);
        self
    }

    pub(super) const fn relation(mut self) -> Self {
        self.relation = true;
        self
    }

    pub(super) const fn nondeterministic(mut self) -> Self {
        self.nondeterministic = true;
        self
    }

    pub(super) const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }
}

pub(super) const fn named(name: &'static str, kind: Type) -> Parameter {
    Parameter { name: Some(name), kind }
}

pub(super) const fn unnamed(kind: Type) -> Parameter {
    Parameter { name: None, kind }
}

/// A built-in that has a value.
pub(super) const fn function(name: &'static str, arguments: &'static [Parameter], result: Parameter) -> Signature {
    Signature {
        name,
        infix: None,
        arguments,
        variadic: None,
        result: Some(result),
        relation: false,
        nondeterministic: false,
        deprecated: false,
    }
}

/// A built-in that has no value.
pub(super) const fn procedure(name: &'static str, arguments: &'static [Parameter]) -> Signature {
    Signature {
        name,
        infix: None,
        arguments,
        variadic: None,
        result: None,
        relation: false,
        nondeterministic: false,
        deprecated: false,
    }
}
