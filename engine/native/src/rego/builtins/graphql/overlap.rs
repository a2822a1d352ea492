//! Fields with the same response name must be able to be merged (specification of October 2021, section 5.3.2).
//!
//! The search compares sets of fields within themselves, with fragments, and fragments with each other, and remembers
//! which pairs of fragments it has compared.

use std::collections::{HashMap, HashSet};

use super::ast::{Argument, At, Definition, Field, Kind, Selection, Spread, Type};
use super::walker::{Walked, Walker};
use crate::rego::builtins::operands::BuiltinError;

/// Fragments that were compared: pairs over the whole document, and names within the current set.
#[derive(Default)]
pub(super) struct Compared<'a> {
    pairs: HashMap<(&'a str, &'a str), bool>,
    names: HashSet<&'a str>,
}

/// Why two fields cannot be merged: a reason, or the conflicts of their own fields.
struct Conflict {
    name: String,
    reason: String,
    inner: Vec<Conflict>,
    at: At,
}

impl Conflict {
    fn text(&self) -> String {
        if self.inner.is_empty() {
            return self.reason.clone();
        }
        let inner =
            |conflict: &Conflict| format!("subfields \"{}\" conflict because {}", conflict.name, conflict.text());
        self.inner.iter().map(inner).collect::<Vec<_>>().join(" and ")
    }
}

/// The fields of a selection by response name, in order, inline fragments included; and the fragments it spreads.
#[derive(Default)]
struct Collected<'a> {
    fields: Vec<(&'a str, Vec<&'a Field>)>,
    places: HashMap<&'a str, usize>,
    spreads: Vec<&'a Spread>,
}

impl<'a> Collected<'a> {
    fn of(selections: &'a [Selection]) -> Self {
        let mut collected = Collected::default();
        collected.add(selections);
        collected
    }

    fn add(&mut self, selections: &'a [Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let name = response_name(field);
                    let place = *self.places.entry(name).or_insert(self.fields.len());
                    match self.fields.get_mut(place) {
                        Some((_, fields)) => fields.push(field),
                        None => self.fields.push((name, vec![field])),
                    }
                }
                Selection::Inline(inline) => self.add(&inline.selections),
                Selection::Spread(spread) => self.spreads.push(spread),
            }
        }
    }

    fn get(&self, name: &str) -> &[&'a Field] {
        let place = self.places.get(name).and_then(|place| self.fields.get(*place));
        place.map_or(&[], |(_, fields)| fields)
    }

    fn is_same(&self, other: &Self) -> bool {
        let same = |(one, other): (&&Field, &&Field)| std::ptr::eq(*one, *other);
        self.fields.len() == other.fields.len()
            && self.fields.iter().zip(&other.fields).all(|((name, fields), (other_name, other_fields))| {
                name == other_name && fields.len() == other_fields.len() && fields.iter().zip(other_fields).all(same)
            })
    }
}

fn response_name(field: &Field) -> &str {
    if field.alias.is_empty() { &field.name } else { &field.alias }
}

impl<'a> Walker<'a, '_> {
    /// Adds a fault for each conflict within a selection.
    pub(super) fn check_overlaps(&mut self, selections: &'a [Selection]) -> Walked {
        if selections.is_empty() {
            return Ok(());
        }
        let own = Collected::of(selections);
        let mut conflicts = Vec::new();
        for (_, fields) in &own.fields {
            for (index, field) in fields.iter().enumerate() {
                for other in fields.iter().skip(index + 1) {
                    conflicts.extend(self.conflict(false, field, other)?);
                }
            }
        }
        self.compared.names.clear();
        for (index, spread) in own.spreads.iter().enumerate() {
            self.fields_and_fragment(&mut conflicts, false, &own, spread)?;
            for other in own.spreads.iter().skip(index + 1) {
                self.fragments(&mut conflicts, false, spread, other)?;
            }
        }
        for conflict in conflicts {
            let advice = "Use different aliases on the fields to fetch both if this was intentional.";
            let message = format!("Fields \"{}\" conflict because {}. {advice}", conflict.name, conflict.text());
            self.fail(conflict.at, message);
        }
        Ok(())
    }

    fn fields_and_fragment(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        own: &Collected<'a>,
        spread: &'a Spread,
    ) -> Walked {
        if !self.compared.names.insert(&spread.name) {
            return Ok(());
        }
        let Some(fragment) = self.fragment_named(&spread.name) else { return Ok(()) };
        let inner = Collected::of(&fragment.selections);
        if own.is_same(&inner) {
            return Ok(());
        }
        self.between(conflicts, exclusive, own, &inner)?;
        self.deeper(|walker| {
            let mut others = inner.spreads.iter().filter(|other| other.name != spread.name);
            others.try_for_each(|other| walker.fields_and_fragment(conflicts, exclusive, own, other))
        })
    }

    fn fragments(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        one: &'a Spread,
        other: &'a Spread,
    ) -> Walked {
        if one.name == other.name {
            return Ok(());
        }
        // Compared without exclusiveness means compared in every way.
        let done = self.compared.pairs.get(&(one.name.as_str(), other.name.as_str()));
        if done.is_some_and(|compared_exclusive| exclusive || !compared_exclusive) {
            return Ok(());
        }
        self.compared.pairs.insert((&one.name, &other.name), exclusive);
        self.compared.pairs.insert((&other.name, &one.name), exclusive);
        let found = self.fragment_named(&one.name).zip(self.fragment_named(&other.name));
        let Some((first, second)) = found else { return Ok(()) };
        let (first, second) = (Collected::of(&first.selections), Collected::of(&second.selections));
        self.between(conflicts, exclusive, &first, &second)?;
        self.deeper(|walker| {
            for spread in &second.spreads {
                walker.fragments(conflicts, exclusive, one, spread)?;
            }
            first.spreads.iter().try_for_each(|spread| walker.fragments(conflicts, exclusive, spread, other))
        })
    }

    fn between(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        exclusive: bool,
        one: &Collected<'a>,
        other: &Collected<'a>,
    ) -> Walked {
        for (name, fields) in &one.fields {
            for field in fields {
                for candidate in other.get(name) {
                    conflicts.extend(self.conflict(exclusive, field, candidate)?);
                }
            }
        }
        Ok(())
    }

    fn conflict(
        &mut self,
        exclusive: bool,
        one: &'a Field,
        other: &'a Field,
    ) -> Result<Option<Conflict>, BuiltinError> {
        self.context.tick()?;
        let (known, other_known) = (self.known(one), self.known(other));
        let Some((parent, other_parent)) = known.parent.zip(other_known.parent) else { return Ok(None) };
        let definitions = known.definition.zip(other_known.definition);
        // Fields of different objects are never fetched together.
        let apart = |a: &Definition, b: &Definition| a.name != b.name && [a.kind, b.kind] == [Kind::Object; 2];
        let exclusive = exclusive || (definitions.is_some() && apart(parent, other_parent));
        let name = response_name(one).to_owned();
        let because =
            |reason: String| Ok(Some(Conflict { name: name.clone(), reason, inner: Vec::new(), at: other.at }));
        if !exclusive {
            if one.name != other.name {
                return because(format!("\"{}\" and \"{}\" are different fields", one.name, other.name));
            }
            if !same_arguments(&one.arguments, &other.arguments) {
                return because("they have differing arguments".to_owned());
            }
        }
        if let Some((first, second)) = definitions
            && self.types_conflict(&first.kind, &second.kind)
        {
            let (first, second) = (first.kind.text(), second.kind.text());
            return because(format!("they return conflicting types \"{first}\" and \"{second}\""));
        }
        let inner = self.deeper(|walker| walker.between_selections(exclusive, one, other))?;
        if inner.is_empty() {
            return Ok(None);
        }
        Ok(Some(Conflict { name, reason: String::new(), inner, at: other.at }))
    }

    fn between_selections(
        &mut self,
        exclusive: bool,
        one: &'a Field,
        other: &'a Field,
    ) -> Result<Vec<Conflict>, BuiltinError> {
        let (first, second) = (Collected::of(&one.selections), Collected::of(&other.selections));
        let mut conflicts = Vec::new();
        self.between(&mut conflicts, exclusive, &first, &second)?;
        for spread in &second.spreads {
            self.compared.names.clear();
            self.fields_and_fragment(&mut conflicts, exclusive, &first, spread)?;
        }
        for spread in &first.spreads {
            self.compared.names.clear();
            self.fields_and_fragment(&mut conflicts, exclusive, &second, spread)?;
        }
        for spread in &first.spreads {
            for opposite in &second.spreads {
                self.fragments(&mut conflicts, exclusive, spread, opposite)?;
            }
        }
        Ok(conflicts)
    }

    fn types_conflict(&self, one: &Type, other: &Type) -> bool {
        match (&one.element, &other.element) {
            (Some(one), Some(other)) => return self.types_conflict(one, other),
            (None, None) => {}
            _ => return true,
        }
        if one.non_null != other.non_null {
            return true;
        }
        let found = self.types.get(&one.named).zip(self.types.get(&other.named));
        found.is_some_and(|(one, other)| one.is_leaf() && other.is_leaf() && one.name != other.name)
    }
}

fn same_arguments(one: &[Argument], other: &[Argument]) -> bool {
    let same =
        |a: &Argument, b: &Argument| a.name == b.name && a.value.kind == b.value.kind && a.value.raw == b.value.raw;
    one.len() == other.len() && one.iter().all(|argument| other.iter().any(|candidate| same(argument, candidate)))
}
