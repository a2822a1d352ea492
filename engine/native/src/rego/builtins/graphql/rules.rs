//! Rules about operations, fields, fragments and directives (specification of October 2021, section 5), at the parts
//! where gqlparser asks them and in its alphabetical order.

use std::collections::HashSet;

use super::ast::{
    Argument, At, Definition, Directive, DirectiveDefinition, Field, FieldDefinition, Fragment, Inline, Kind,
    Operation, Selection, Spread, Variable,
};
use super::suggestions::{did_you_mean, or_list, suggestions};
use super::walker::{Known, Walked, Walker};
use crate::rego::builtins::operands::BuiltinError;

/// Lists of types within each other that an introspection query may ask for.
const MAX_INTROSPECTION_LISTS: u32 = 3;

impl<'a> Walker<'a, '_> {
    pub(super) fn on_variable(&mut self, variable: &Variable) {
        let name = variable.kind.name();
        if self.types.get(name).is_none() {
            self.fail(variable.at, format!("Unknown type \"{name}\"."));
        }
    }

    pub(super) fn on_operation(&mut self, operation: &'a Operation, root: Option<&Definition>) -> Walked {
        if root.is_none() {
            let message = format!("Schema does not support operation type \"{}\"", operation.kind);
            self.fail(operation.at, message);
        }
        if operation.name.is_empty() && self.query.operations.len() > 1 {
            self.fail(operation.at, "This anonymous operation must be the only defined operation.".to_owned());
        }
        for variable in operation.variables.iter().filter(|variable| !self.used.contains(variable.name.as_str())) {
            let message = match operation.name.as_str() {
                "" => format!("Variable \"${}\" is never used.", variable.name),
                name => format!("Variable \"${}\" is never used in operation \"{name}\".", variable.name),
            };
            self.faults.push(super::lexer::Fault { message, at: variable.at });
        }
        self.check_overlaps(&operation.selections)?;
        self.single_subscription(operation)?;
        if !self.memory.operation_names.insert(&operation.name) {
            self.fail(operation.at, format!("There can be only one operation named \"{}\".", operation.name));
        }
        for variable in second_ones(&operation.variables, |variable| &variable.name) {
            self.fail(variable.at, format!("There can be only one variable named \"${}\".", variable.name));
        }
        for variable in &operation.variables {
            let definition = self.types.get(variable.kind.name());
            if definition.is_some_and(|definition| !definition.is_input()) {
                let (name, kind) = (&variable.name, variable.kind.text());
                self.fail(variable.at, format!("Variable \"${name}\" cannot be non-input type \"{kind}\"."));
            }
        }
        Ok(())
    }

    fn single_subscription(&mut self, operation: &'a Operation) -> Walked {
        if operation.kind != "subscription" || self.types.root("subscription").is_none() {
            return Ok(());
        }
        let mut fields: Vec<(&str, At)> = Vec::new();
        self.top_fields(&operation.selections, &mut fields, &mut HashSet::new())?;
        let mut seen = HashSet::new();
        fields.retain(|(name, _)| seen.insert(*name));
        let name = match operation.name.as_str() {
            "" => "Anonymous Subscription".to_owned(),
            name => format!("Subscription {name:?}"),
        };
        if let Some((_, at)) = fields.get(1) {
            self.fail(*at, format!("{name} must select only one top level field."));
        }
        for (_, at) in fields.iter().filter(|(field, _)| field.starts_with("__")) {
            self.fail(*at, format!("{name} must not select an introspection top level field."));
        }
        Ok(())
    }

    fn top_fields(
        &mut self,
        selections: &'a [Selection],
        fields: &mut Vec<(&'a str, At)>,
        inside: &mut HashSet<&'a str>,
    ) -> Walked {
        for selection in selections {
            match selection {
                Selection::Field(field) => fields.push((&field.name, field.at)),
                Selection::Inline(inline) => {
                    self.deeper(|walker| walker.top_fields(&inline.selections, fields, inside))?;
                }
                Selection::Spread(spread) => {
                    let Some(fragment) = self.fragment_named(&spread.name) else { return Ok(()) };
                    if inside.insert(&fragment.name) {
                        self.deeper(|walker| walker.top_fields(&fragment.selections, fields, inside))?;
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn on_field(&mut self, field: &'a Field, known: Known<'a>) -> Walked {
        if let (Some(parent), None) = (known.parent, known.definition) {
            self.unknown_field(field, parent);
        }
        if let (Some(parent), Some(definition)) = (known.parent, known.definition) {
            let owner = format!("field \"{}.{}\"", parent.name, field.name);
            self.known_arguments(&field.arguments, &definition.arguments, &owner, field.at);
        }
        let is_introspection = matches!(field.name.as_str(), "__schema" | "__type");
        if is_introspection && self.asks_too_much(field, &mut HashSet::new(), 0)? {
            self.fail(field.at, "Maximum introspection depth exceeded".to_owned());
        }
        if self.operation.is_some() {
            self.check_overlaps(&field.selections)?;
        }
        if let Some(definition) = known.definition {
            let owner = format!("Field \"{}\"", field.name);
            self.required_arguments(&field.arguments, &definition.arguments, &owner, field.at);
            self.leaf_or_not(field, definition);
        }
        self.unique_arguments(&field.arguments);
        Ok(())
    }

    fn unknown_field(&mut self, field: &Field, parent: &'a Definition) {
        let types = self.suggested_types(parent, &field.name);
        let hint = if types.is_empty() {
            let fields = match parent.kind {
                Kind::Object | Kind::Interface => parent.fields.as_slice(),
                _ => &[],
            };
            let near = suggestions(&field.name, fields.iter().map(|known| known.name.as_str()));
            did_you_mean("Did you mean", &near, true)
        } else {
            let quoted: Vec<String> = types.iter().map(|name| format!("\"{name}\"")).collect();
            format!(" Did you mean to use an inline fragment on {}?", or_list(&quoted))
        };
        let message = format!("Cannot query field \"{}\" on type \"{}\".{hint}", field.name, parent.name);
        self.fail(field.at, message);
    }

    /// Types that have the field, interfaces that are implemented most often first.
    fn suggested_types(&self, parent: &'a Definition, name: &str) -> Vec<&'a str> {
        if !matches!(parent.kind, Kind::Interface | Kind::Union) {
            return Vec::new();
        }
        let mut interfaces: Vec<(usize, &str)> = Vec::new();
        let mut objects: Vec<(usize, &str)> = Vec::new();
        for possible in self.types.possible(&parent.name).iter().filter_map(|name| self.types.get(name)) {
            if possible.field(name).is_none() {
                continue;
            }
            objects.push((0, &possible.name));
            for interface in &possible.interfaces {
                if self.types.get(interface).is_none_or(|found| found.field(name).is_none()) {
                    continue;
                }
                match interfaces.iter_mut().find(|(_, known)| known == interface) {
                    Some((count, _)) => *count += 1,
                    None => interfaces.push((1, interface)),
                }
            }
        }
        interfaces.extend(objects);
        interfaces.sort_by(|(a_count, a), (b_count, b)| b_count.cmp(a_count).then(a.cmp(b)));
        interfaces.into_iter().map(|(_, name)| name).collect()
    }

    fn known_arguments(&mut self, given: &[Argument], known: &[FieldDefinition], owner: &str, at: At) {
        for argument in given.iter().filter(|argument| !known.iter().any(|one| one.name == argument.name)) {
            let near = suggestions(&argument.name, known.iter().map(|one| one.name.as_str()));
            let near = did_you_mean("Did you mean", &near, true);
            self.fail(at, format!("Unknown argument \"{}\" on {owner}.{near}", argument.name));
        }
    }

    fn required_arguments(&mut self, given: &[Argument], known: &[FieldDefinition], owner: &str, at: At) {
        for wanted in known.iter().filter(|one| one.kind.non_null && one.default.is_none()) {
            if !given.iter().any(|argument| argument.name == wanted.name) {
                let kind = wanted.kind.text();
                let what = format!("{owner} argument \"{}\" of type \"{kind}\"", wanted.name);
                self.fail(at, format!("{what} is required, but it was not provided."));
            }
        }
    }

    fn unique_arguments(&mut self, given: &[Argument]) {
        for argument in second_ones(given, |argument| &argument.name) {
            self.fail(argument.at, format!("There can be only one argument named \"{}\".", argument.name));
        }
    }

    fn leaf_or_not(&mut self, field: &Field, definition: &FieldDefinition) {
        let Some(found) = self.types.get(definition.kind.name()) else { return };
        let name = &field.name;
        if found.is_leaf() && !field.selections.is_empty() {
            let why = format!("since type \"{}\" has no subfields.", found.name);
            self.fail(field.at, format!("Field \"{name}\" must not have a selection {why}"));
        }
        if !found.is_leaf() && field.selections.is_empty() {
            let kind = definition.kind.text();
            let what = format!("Field \"{name}\" of type \"{kind}\" must have a selection of subfields.");
            self.fail(field.at, format!("{what} Did you mean \"{name} {{ ... }}\"?"));
        }
    }

    fn asks_too_much(
        &mut self,
        field: &'a Field,
        inside: &mut HashSet<&'a str>,
        lists: u32,
    ) -> Result<bool, BuiltinError> {
        let is_list = matches!(field.name.as_str(), "fields" | "interfaces" | "possibleTypes" | "inputFields");
        let lists = lists + u32::from(is_list);
        if is_list && lists >= MAX_INTROSPECTION_LISTS {
            return Ok(true);
        }
        self.any_asks_too_much(&field.selections, inside, lists)
    }

    fn any_asks_too_much(
        &mut self,
        selections: &'a [Selection],
        inside: &mut HashSet<&'a str>,
        lists: u32,
    ) -> Result<bool, BuiltinError> {
        self.deeper(|walker| {
            for selection in selections {
                let too_much = match selection {
                    Selection::Field(field) => walker.asks_too_much(field, inside, lists)?,
                    Selection::Inline(inline) => walker.any_asks_too_much(&inline.selections, inside, lists)?,
                    Selection::Spread(spread) => match walker.fragment_named(&spread.name) {
                        Some(fragment) if inside.insert(&fragment.name) => {
                            let too_much = walker.any_asks_too_much(&fragment.selections, inside, lists)?;
                            inside.remove(fragment.name.as_str());
                            too_much
                        }
                        _ => false,
                    },
                };
                if too_much {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    pub(super) fn on_inline(&mut self, inline: &'a Inline, parent: Option<&'a Definition>) -> Walked {
        let definition = self.types.get(&inline.condition);
        let condition = &inline.condition;
        if definition.is_some_and(|definition| !definition.is_composite()) {
            let message = format!("Fragment cannot condition on non composite type \"{condition}\".");
            self.fail(inline.at, message);
        }
        if !condition.is_empty() && definition.is_none() {
            self.fail(inline.at, format!("Unknown type \"{condition}\"."));
        }
        self.check_overlaps(&inline.selections)?;
        if let Some(parent) = parent.filter(|parent| !self.can_be(parent, condition)) {
            let types = format!("objects of type \"{}\" can never be of type \"{condition}\".", parent.name);
            self.fail(inline.at, format!("Fragment cannot be spread here as {types}"));
        }
        Ok(())
    }

    pub(super) fn on_spread(
        &mut self,
        spread: &'a Spread,
        fragment: Option<&'a Fragment>,
        parent: Option<&'a Definition>,
    ) {
        if fragment.is_none() {
            self.fail(spread.at, format!("Unknown fragment \"{}\".", spread.name));
        }
        if !self.memory.in_fragments {
            self.memory.spread_names.insert(&spread.name);
        }
        if let (Some(fragment), Some(parent)) = (fragment, parent)
            && !self.can_be(parent, &fragment.condition)
        {
            let (name, condition) = (&spread.name, &fragment.condition);
            let types = format!("objects of type \"{}\" can never be of type \"{condition}\".", parent.name);
            self.fail(spread.at, format!("Fragment \"{name}\" cannot be spread here as {types}"));
        }
    }

    /// Whether something of the parent's type can be what a fragment is for. Other rules see to types that are unknown
    /// or not composite.
    fn can_be(&self, parent: &Definition, condition: &str) -> bool {
        if !parent.is_composite() || self.types.get(condition).is_none_or(|found| !found.is_composite()) {
            return true;
        }
        let wanted = self.types.possible(condition);
        match parent.kind {
            Kind::Object => wanted.contains(&parent.name),
            _ => self.types.possible(&parent.name).iter().any(|possible| wanted.contains(possible)),
        }
    }

    pub(super) fn on_fragment(&mut self, fragment: &'a Fragment, definition: Option<&Definition>) -> Walked {
        let (name, condition) = (&fragment.name, &fragment.condition);
        match definition {
            Some(found) if !condition.is_empty() && !found.is_composite() => {
                let what = format!("Fragment \"{name}\" cannot condition on non composite type");
                self.fail(fragment.at, format!("{what} \"{condition}\"."));
            }
            Some(_) => {}
            None => {
                let near = suggestions(condition, self.types.types.keys().map(String::as_str));
                let near = did_you_mean("Did you mean", &near, true);
                self.fail(fragment.at, format!("Unknown type \"{condition}\".{near}"));
            }
        }
        self.cycles(fragment, &mut Vec::new(), &mut Vec::new())?;
        self.memory.in_fragments = true;
        if !self.memory.spread_names.contains(name.as_str()) {
            self.fail(fragment.at, format!("Fragment \"{name}\" is never used."));
        }
        self.check_overlaps(&fragment.selections)?;
        if !self.memory.fragment_names.insert(name) {
            self.fail(fragment.at, format!("There can be only one fragment named \"{name}\"."));
        }
        Ok(())
    }

    /// Follows spreads; `open` are the fragments being followed, with the length of the path where each began.
    fn cycles(&mut self, fragment: &'a Fragment, path: &mut Vec<&'a str>, open: &mut Vec<(&'a str, usize)>) -> Walked {
        if !self.memory.checked_for_cycles.insert(&fragment.name) {
            return Ok(());
        }
        let spreads = spreads_in(&fragment.selections);
        if spreads.is_empty() {
            return Ok(());
        }
        open.push((&fragment.name, path.len()));
        for spread in spreads {
            let begun = open.iter().find(|(name, _)| *name == spread.name).map(|(_, start)| *start);
            path.push(&spread.name);
            match begun {
                None => {
                    if let Some(inner) = self.fragment_named(&spread.name) {
                        self.deeper(|walker| walker.cycles(inner, path, open))?;
                    }
                }
                Some(start) => {
                    let through = path.get(start..path.len() - 1).unwrap_or_default();
                    let names: Vec<String> = through.iter().map(|name| format!("\"{name}\"")).collect();
                    let via = if names.is_empty() { String::new() } else { format!(" via {}", names.join(", ")) };
                    let message = format!("Cannot spread fragment \"{}\" within itself{via}.", spread.name);
                    self.fail(spread.at, message);
                }
            }
            path.pop();
        }
        open.pop();
        Ok(())
    }

    pub(super) fn on_directive(
        &mut self,
        directive: &'a Directive,
        definition: Option<&'a DirectiveDefinition>,
        place: &str,
    ) {
        let name = &directive.name;
        let Some(definition) = definition else {
            self.fail(directive.at, format!("Unknown directive \"@{name}\"."));
            return self.unique_arguments(&directive.arguments);
        };
        let owner = format!("directive \"@{name}\"");
        self.known_arguments(&directive.arguments, &definition.arguments, &owner, directive.at);
        let allowed = definition.locations.iter().any(|allowed| allowed == place);
        if !allowed && self.memory.misplaced.insert((name, directive.at)) {
            self.fail(directive.at, format!("Directive \"@{name}\" may not be used on {place}."));
        }
        let owner = format!("Directive \"@{name}\"");
        self.required_arguments(&directive.arguments, &definition.arguments, &owner, directive.at);
        self.unique_arguments(&directive.arguments);
    }

    pub(super) fn on_directives(&mut self, directives: &[Directive]) {
        let mut seen = HashSet::new();
        for directive in directives {
            let repeatable = self.types.directives.get(&directive.name).is_some_and(|known| known.repeatable);
            if !seen.insert(&directive.name) && !repeatable {
                let name = &directive.name;
                let message = format!("The directive \"@{name}\" can only be used once at this location.");
                self.fail(directive.at, message);
            }
        }
    }
}

/// The second of each name that comes more than once.
fn second_ones<T>(elements: &[T], name: impl Fn(&T) -> &String) -> Vec<&T> {
    let (mut once, mut twice) = (HashSet::new(), HashSet::new());
    let is_second = |element: &&T| !once.insert(name(element).clone()) && twice.insert(name(element).clone());
    elements.iter().filter(is_second).collect()
}

/// All spreads below a selection, not through fragments; the last set that was found is looked into first.
fn spreads_in(selections: &[Selection]) -> Vec<&Spread> {
    let (mut found, mut open) = (Vec::new(), vec![selections]);
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Spread(spread) => found.push(spread),
                Selection::Field(field) => open.push(&field.selections),
                Selection::Inline(inline) => open.push(&inline.selections),
            }
        }
    }
    found
}
