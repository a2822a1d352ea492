//! Whether a schema's definitions make sense (specification of October 2021, section 3), in the order and the words of
//! gqlparser.

use std::collections::BTreeSet;

use super::ast::{At, Definition, Directive, DirectiveDefinition, FieldDefinition, Kind, LiteralKind, Type};
use super::lexer::Fault;
use super::types::Types;

type Checked = Result<(), Fault>;

fn fail(at: At, message: String) -> Checked {
    Err(Fault { message, at })
}

pub(super) fn check(types: &Types) -> Checked {
    types.types.values().try_for_each(|definition| check_definition(types, definition))?;
    types.directives.values().try_for_each(|directive| {
        check_name(directive.at, &directive.name)?;
        check_arguments(types, &directive.arguments, Some(directive))
    })
}

/// Names with two underscores belong to introspection.
fn check_name(at: At, name: &str) -> Checked {
    if name.starts_with("__") {
        let why = "must not begin with \"__\", which is reserved by GraphQL introspection.";
        return fail(at, format!("Name \"{name}\" {why}"));
    }
    Ok(())
}

fn check_definition(types: &Types, definition: &Definition) -> Checked {
    let location = if definition.kind == Kind::InputObject { "INPUT_FIELD_DEFINITION" } else { "FIELD_DEFINITION" };
    for field in &definition.fields {
        check_name(field.at, &field.name)?;
        check_type(types, &field.kind)?;
        check_arguments(types, &field.arguments, None)?;
        check_directives(types, &field.directives, location, None, true)?;
    }
    for (member, _) in &definition.types {
        match types.get(member) {
            None => return fail(definition.at, format!("Undefined type {member:?}.")),
            Some(found) if found.kind != Kind::Object => {
                let kind = definition.kind.name();
                return fail(definition.at, format!("{kind} type {member:?} must be OBJECT."));
            }
            Some(_) => {}
        }
    }
    for interface in &definition.interfaces {
        check_implements(types, definition, interface)?;
    }
    check_members(types, definition)?;
    check_uniqueness(definition)?;
    if !definition.built_in {
        check_name(definition.at, &definition.name)?;
    }
    // The list is merged from the definition and its extensions, so one directive may be in it several times.
    check_directives(types, &definition.directives, definition.kind.name(), None, false)
}

fn check_members(types: &Types, definition: &Definition) -> Checked {
    let (kind, name) = (definition.kind.name(), &definition.name);
    match definition.kind {
        Kind::Object | Kind::Interface => {
            if definition.fields.is_empty() {
                return fail(definition.at, format!("{kind} {name}: must define one or more fields."));
            }
            let output = |found: &Definition| found.kind != Kind::InputObject;
            for field in &definition.fields {
                if types.get(field.kind.name()).is_some_and(|found| !output(found)) {
                    let wanted = "SCALAR, OBJECT, INTERFACE, UNION, ENUM";
                    return fail(field.at, format!("{kind} {name}: field must be one of {wanted}."));
                }
            }
        }
        Kind::Enum => {
            if definition.values.is_empty() {
                return fail(definition.at, format!("{kind} {name}: must define one or more unique enum values."));
            }
            for value in &definition.values {
                if matches!(value.name.as_str(), "true" | "false" | "null") {
                    return fail(definition.at, format!("{kind} {name}: non-enum value {}.", value.name));
                }
                check_directives(types, &value.directives, "ENUM_VALUE", None, true)?;
            }
        }
        Kind::InputObject => {
            if definition.fields.is_empty() {
                return fail(definition.at, format!("{kind} {name}: must define one or more input fields."));
            }
            for field in &definition.fields {
                if let Some(found) = types.get(field.kind.name()).filter(|found| !found.is_input()) {
                    let (kind, name) = (found.kind.name(), &field.name);
                    let message = format!("{kind} {name}: field must be one of SCALAR, ENUM, INPUT_OBJECT.");
                    return fail(field.at, message);
                }
            }
        }
        Kind::Scalar | Kind::Union | Kind::Unknown => {}
    }
    Ok(())
}

fn check_uniqueness(definition: &Definition) -> Checked {
    let name = &definition.name;
    if let Some(field) = repeated(&definition.fields, |field| &field.name) {
        return fail(field.at, format!("Field {name}.{} can only be defined once.", field.name));
    }
    if let Some(value) = repeated(&definition.values, |value| &value.name) {
        return fail(value.at, format!("Enum value {name}.{} can only be defined once.", value.name));
    }
    if let Some((member, at)) = repeated(&definition.types, |(member, _)| member) {
        let message = format!("Union type {name} can only include type {member} once.");
        return fail(at.or(definition.at), message);
    }
    Ok(())
}

/// The repetition of the first element that has one.
fn repeated<T>(elements: &[T], name: impl Fn(&T) -> &String) -> Option<&T> {
    let mut seen = BTreeSet::new();
    if elements.iter().all(|element| seen.insert(name(element))) {
        return None;
    }
    elements
        .iter()
        .enumerate()
        .find_map(|(index, first)| elements.iter().skip(index + 1).find(|later| name(later) == name(first)))
}

fn check_type(types: &Types, kind: &Type) -> Checked {
    match types.get(kind.name()) {
        Some(_) => Ok(()),
        None => fail(kind.at, format!("Undefined type {}.", kind.name())),
    }
}

fn check_arguments(types: &Types, arguments: &[FieldDefinition], of: Option<&DirectiveDefinition>) -> Checked {
    for argument in arguments {
        check_name(argument.at, &argument.name)?;
        check_type(types, &argument.kind)?;
        if let Some(found) = types.get(argument.kind.name()).filter(|found| !found.is_input()) {
            let (text, name, kind) = (argument.kind.text(), &argument.name, found.kind.name());
            let why = format!("because {kind} is not a valid input type");
            return fail(argument.at, format!("cannot use {text} as argument {name} {why}"));
        }
        check_directives(types, &argument.directives, "ARGUMENT_DEFINITION", of, true)?;
    }
    Ok(())
}

pub(super) fn check_directives(
    types: &Types,
    directives: &[Directive],
    location: &str,
    inside: Option<&DirectiveDefinition>,
    one_place: bool,
) -> Checked {
    let mut seen = BTreeSet::new();
    for directive in directives {
        let name = &directive.name;
        check_name(directive.at, name)?;
        if inside.is_some_and(|inside| inside.name == *name) {
            return fail(directive.at, format!("Directive {name} cannot refer to itself."));
        }
        let Some(definition) = types.directives.get(name) else {
            return fail(directive.at, format!("Undefined directive {name}."));
        };
        if !seen.insert(name) && one_place && !definition.repeatable {
            return fail(directive.at, format!("The directive {name} can only be used once at this location."));
        }
        if !definition.locations.iter().any(|allowed| allowed == location) {
            return fail(directive.at, format!("Directive {name} is not applicable on {location}."));
        }
        for argument in &directive.arguments {
            if !definition.arguments.iter().any(|known| known.name == argument.name) {
                let message = format!("Undefined argument {} for directive {name}.", argument.name);
                return fail(argument.at, message);
            }
        }
        for wanted in definition.arguments.iter().filter(|known| known.kind.non_null && known.default.is_none()) {
            let given = directive.arguments.iter().find(|argument| argument.name == wanted.name);
            if given.is_none_or(|argument| argument.value.kind == LiteralKind::Null) {
                let message = format!("Argument {} for directive {name} cannot be null.", wanted.name);
                return fail(directive.at, message);
            }
        }
    }
    Ok(())
}

/// Section 3.6: an object or an interface has everything that the interfaces it implements have.
fn check_implements(types: &Types, definition: &Definition, interface: &str) -> Checked {
    let Some(found) = types.get(interface) else {
        return fail(definition.at, format!("Undefined type {interface:?}."));
    };
    if found.kind != Kind::Interface {
        return fail(definition.at, format!("{interface:?} is a non interface type {}.", found.kind.name()));
    }
    for required in &found.fields {
        check_field(types, definition, found, required)?;
    }
    if let Some(ancestor) = found.interfaces.iter().find(|ancestor| !definition.interfaces.contains(ancestor)) {
        let name = &definition.name;
        let message = if ancestor == name {
            format!("Type {name} cannot implement {interface} because it would create a circular reference.")
        } else {
            format!("Type {name} must implement {ancestor} because it is implemented by {interface}.")
        };
        return fail(definition.at, message);
    }
    Ok(())
}

fn check_field(types: &Types, definition: &Definition, interface: &Definition, required: &FieldDefinition) -> Checked {
    let intro = format!("For {} to implement {}", definition.name, interface.name);
    let name = &required.name;
    let Some(field) = definition.field(name) else {
        return fail(definition.at, format!("{intro} it must have a field called {name}."));
    };
    if !is_covariant(types, &required.kind, &field.kind) {
        let message = format!("{intro} the field {name} must have type {}.", required.kind.text());
        return fail(field.at, message);
    }
    for wanted in &required.arguments {
        let same = format!("{intro} the field {name} must have the same arguments but");
        match field.arguments.iter().find(|argument| argument.name == wanted.name) {
            None => return fail(field.at, format!("{same} it is missing {}.", wanted.name)),
            Some(argument) if !wanted.kind.fits(&argument.kind) => {
                return fail(argument.at, format!("{same} {} has the wrong type.", wanted.name));
            }
            Some(_) => {}
        }
    }
    for argument in &field.arguments {
        let known = required.arguments.iter().any(|wanted| wanted.name == argument.name);
        if !known && argument.kind.non_null && argument.default.is_none() {
            let must = "must be optional or have a default value but";
            let message = format!("{intro} any additional arguments on {name} {must} {} is required.", argument.name);
            return fail(argument.at, message);
        }
    }
    Ok(())
}

fn is_covariant(types: &Types, required: &Type, actual: &Type) -> bool {
    if required.non_null && !actual.non_null {
        return false;
    }
    if !required.named.is_empty() {
        let possible = types.possible(&required.named);
        return required.named == actual.named || possible.contains(&actual.named);
    }
    match (&required.element, &actual.element) {
        (Some(required), Some(actual)) => is_covariant(types, required, actual),
        _ => false,
    }
}
