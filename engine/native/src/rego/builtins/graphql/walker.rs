//! A query walked over with the types of its schema at hand; the rules are asked at every part.
//!
//! Order of walking and of asking is gqlparser's, since it decides which fault is named first.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::ast::{
    Argument, At, Definition, Directive, Field, FieldDefinition, Fragment, Inline, Literal, LiteralKind, Operation,
    Query, Selection, Spread, Type, Variable,
};
use super::lexer::Fault;
use super::overlap::Compared;
use super::types::Types;
use crate::rego::builtins::context::Context;
use crate::rego::builtins::operands::BuiltinError;

/// Selections within each other, through fragments too; each costs stack.
const MAX_DEPTH: u32 = 500;

static TYPENAME: LazyLock<FieldDefinition> = LazyLock::new(|| FieldDefinition {
    name: "__typename".to_owned(),
    kind: Type::named("String", false),
    ..FieldDefinition::default()
});

pub(super) type Walked = Result<(), BuiltinError>;

/// What is known of a field once it was walked over: the type it is on, and its definition there.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    pub parent: Option<&'a Definition>,
    pub definition: Option<&'a FieldDefinition>,
}

/// A value and what is expected of it.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub kind: Option<&'a Type>,
    pub has_default: bool,
    pub definition: Option<&'a Definition>,
}

pub(super) struct Walker<'a, 'c> {
    pub types: &'a Types,
    pub query: &'a Query,
    pub context: &'c mut Context,
    pub faults: Vec<Fault>,
    pub operation: Option<&'a Operation>,
    /// Variables of the current operation that were met.
    pub used: HashSet<&'a str>,
    pub compared: Compared<'a>,
    pub memory: Memory<'a>,
    fragments: HashMap<&'a str, &'a Fragment>,
    fields: HashMap<usize, Known<'a>>,
    visited: HashSet<&'a str>,
    depth: u32,
}

/// What rules remember between parts.
#[derive(Default)]
pub(super) struct Memory<'a> {
    pub in_fragments: bool,
    pub spread_names: HashSet<&'a str>,
    pub fragment_names: HashSet<&'a str>,
    pub operation_names: HashSet<&'a str>,
    pub checked_for_cycles: HashSet<&'a str>,
    pub misplaced: HashSet<(&'a str, At)>,
}

/// All faults of a query, in order.
pub(super) fn validate(context: &mut Context, types: &Types, query: &Query) -> Result<Vec<Fault>, BuiltinError> {
    let mut walker = Walker {
        types,
        query,
        context,
        faults: Vec::new(),
        operation: None,
        used: HashSet::new(),
        compared: Compared::default(),
        memory: Memory::default(),
        // Of fragments with one name the first counts.
        fragments: query.fragments.iter().rev().map(|fragment| (fragment.name.as_str(), fragment)).collect(),
        fields: HashMap::new(),
        visited: HashSet::new(),
        depth: 0,
    };
    for operation in &query.operations {
        walker.visited.clear();
        walker.operation(operation)?;
    }
    for fragment in &query.fragments {
        walker.visited.clear();
        walker.fragment(fragment)?;
    }
    Ok(walker.faults)
}

fn key(field: &Field) -> usize {
    std::ptr::from_ref(field).addr()
}

impl<'a> Walker<'a, '_> {
    pub fn fail(&mut self, at: At, message: String) {
        self.faults.push(Fault { message, at });
    }

    pub fn known(&self, field: &Field) -> Known<'a> {
        self.fields.get(&key(field)).copied().unwrap_or_default()
    }

    pub fn fragment_named(&self, name: &str) -> Option<&'a Fragment> {
        self.fragments.get(name).copied()
    }

    /// One level deeper; too deep is a failure of the built-in.
    pub fn deeper<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T, BuiltinError>) -> Result<T, BuiltinError> {
        self.context.tick()?;
        if self.depth >= MAX_DEPTH {
            return Err(BuiltinError::failure(format!("query is nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    fn operation(&mut self, operation: &'a Operation) -> Walked {
        let types = self.types;
        self.operation = Some(operation);
        self.used.clear();
        for variable in &operation.variables {
            self.on_variable(variable);
        }
        let (root, place) = match operation.kind.as_str() {
            "" | "query" => (types.root("query"), "QUERY"),
            "mutation" => (types.root("mutation"), "MUTATION"),
            "subscription" => (types.root("subscription"), "SUBSCRIPTION"),
            other => return Err(BuiltinError::failure(format!("got unknown operation type {other:?}"))),
        };
        for variable in &operation.variables {
            if let Some(default) = &variable.default {
                let expected = self.expected_by(variable);
                self.value(default, expected)?;
            }
            self.directives(&variable.directives, "VARIABLE_DEFINITION")?;
        }
        self.directives(&operation.directives, place)?;
        self.selections(root, &operation.selections)?;
        self.on_operation(operation, root)?;
        self.operation = None;
        Ok(())
    }

    fn expected_by(&self, variable: &'a Variable) -> Expected<'a> {
        let definition = self.types.get(variable.kind.name());
        Expected { kind: Some(&variable.kind), has_default: false, definition }
    }

    fn fragment(&mut self, fragment: &'a Fragment) -> Walked {
        let definition = self.types.get(&fragment.condition);
        self.directives(&fragment.directives, "FRAGMENT_DEFINITION")?;
        self.selections(definition, &fragment.selections)?;
        self.on_fragment(fragment, definition)
    }

    fn directives(&mut self, directives: &'a [Directive], place: &'static str) -> Walked {
        for directive in directives {
            let definition = self.types.directives.get(&directive.name);
            self.arguments(&directive.arguments, definition.map_or(&[], |definition| &definition.arguments))?;
            self.on_directive(directive, definition, place);
        }
        self.on_directives(directives);
        Ok(())
    }

    fn arguments(&mut self, arguments: &'a [Argument], definitions: &'a [FieldDefinition]) -> Walked {
        for argument in arguments {
            let definition = definitions.iter().find(|definition| definition.name == argument.name);
            self.value(&argument.value, self.expected_of(definition))?;
        }
        Ok(())
    }

    fn expected_of(&self, definition: Option<&'a FieldDefinition>) -> Expected<'a> {
        let has_default =
            |found: &FieldDefinition| found.default.as_ref().is_some_and(|default| default.kind != LiteralKind::Null);
        Expected {
            kind: definition.map(|found| &found.kind),
            has_default: definition.is_some_and(has_default),
            definition: definition.and_then(|found| self.types.get(found.kind.name())),
        }
    }

    fn value(&mut self, value: &'a Literal, expected: Expected<'a>) -> Walked {
        self.deeper(|walker| {
            let variable = walker.variable_of(value);
            if let Some(variable) = variable {
                walker.used.insert(&variable.name);
            }
            for child in &value.children {
                let inner = match value.kind {
                    LiteralKind::Object => {
                        let field = expected.definition.and_then(|definition| definition.field(&child.name));
                        walker.expected_of(field)
                    }
                    _ => match expected.kind.and_then(|kind| kind.element.as_deref()) {
                        Some(element) => Expected { kind: Some(element), has_default: false, ..expected },
                        None => Expected { kind: None, has_default: false, definition: None },
                    },
                };
                walker.value(&child.value, inner)?;
            }
            walker.on_value(value, expected, variable);
            Ok(())
        })
    }

    fn variable_of(&self, value: &Literal) -> Option<&'a Variable> {
        let variables = self.operation.filter(|_| value.kind == LiteralKind::Variable)?;
        variables.variables.iter().find(|variable| variable.name == value.raw)
    }

    fn selections(&mut self, parent: Option<&'a Definition>, selections: &'a [Selection]) -> Walked {
        self.deeper(|walker| {
            selections.iter().try_for_each(|selection| match selection {
                Selection::Field(field) => walker.field(parent, field),
                Selection::Inline(inline) => walker.inline(parent, inline),
                Selection::Spread(spread) => walker.spread(parent, spread),
            })
        })
    }

    fn field(&mut self, parent: Option<&'a Definition>, field: &'a Field) -> Walked {
        self.context.tick()?;
        let definition = match field.name.as_str() {
            "__typename" => Some(&*TYPENAME),
            name => parent.and_then(|parent| parent.field(name)),
        };
        let known = Known { parent, definition };
        self.fields.insert(key(field), known);
        let inner = definition.and_then(|definition| self.types.get(definition.kind.name()));
        self.arguments(&field.arguments, definition.map_or(&[], |definition| &definition.arguments))?;
        self.directives(&field.directives, "FIELD")?;
        self.selections(inner, &field.selections)?;
        self.on_field(field, known)
    }

    fn inline(&mut self, parent: Option<&'a Definition>, inline: &'a Inline) -> Walked {
        let inner = match inline.condition.as_str() {
            "" => parent,
            name => self.types.get(name),
        };
        self.directives(&inline.directives, "INLINE_FRAGMENT")?;
        self.selections(inner, &inline.selections)?;
        self.on_inline(inline, parent)
    }

    fn spread(&mut self, parent: Option<&'a Definition>, spread: &'a Spread) -> Walked {
        let fragment = self.fragment_named(&spread.name);
        self.directives(&spread.directives, "FRAGMENT_SPREAD")?;
        // Each fragment once an operation: this also ends cycles.
        if let Some(fragment) = fragment.filter(|fragment| self.visited.insert(&fragment.name)) {
            self.directives(&fragment.directives, "FRAGMENT_DEFINITION")?;
            self.selections(self.types.get(&fragment.condition), &fragment.selections)?;
        }
        self.on_spread(spread, fragment, parent);
        Ok(())
    }
}
