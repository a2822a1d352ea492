//! A schema made of its documents: all types by name, with their extensions merged in.

use std::collections::BTreeMap;

use super::ast::{Definition, Directive, DirectiveDefinition, Entry, FieldDefinition, Kind, Schema, Type};
use super::definitions;
use super::lexer::Fault;
use super::schema_parser::parse_schema;

const PRELUDE: &str = include_str!("prelude.graphql");
/// Directives that a schema may define again.
const STANDARD_DIRECTIVES: [&str; 6] = ["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"];

#[derive(Default)]
pub(super) struct Types {
    pub types: BTreeMap<String, Definition>,
    pub directives: BTreeMap<String, DirectiveDefinition>,
    /// The types that operations begin at, by `query`, `mutation`, `subscription`.
    pub roots: BTreeMap<String, String>,
    /// What an interface or a union can be, and an object itself, by name; in the order of the documents.
    possible: BTreeMap<String, Vec<String>>,
}

impl Types {
    /// # Errors
    /// The first fault, in gqlparser's words.
    pub fn build(schema: Schema) -> Result<Self, Fault> {
        let mut whole = parse_schema(PRELUDE)?;
        whole.definitions.iter_mut().for_each(|definition| definition.built_in = true);
        whole.schemas.extend(schema.schemas);
        whole.schema_extensions.extend(schema.schema_extensions);
        whole.directives.extend(schema.directives);
        whole.definitions.extend(schema.definitions);
        whole.extensions.extend(schema.extensions);
        let mut types = Types::default();
        let mut order = types.add_definitions(whole.definitions)?;
        types.add_extensions(whole.extensions, &mut order)?;
        types.find_possible(&order);
        types.add_directives(whole.directives)?;
        types.add_roots(&whole.schemas, &whole.schema_extensions)?;
        definitions::check(&types)?;
        if whole.schemas.is_empty() {
            types.infer_roots();
        }
        types.add_introspection();
        Ok(types)
    }

    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.types.get(name)
    }

    pub fn root(&self, operation: &str) -> Option<&Definition> {
        self.get(self.roots.get(if operation.is_empty() { "query" } else { operation })?)
    }

    pub fn possible(&self, name: &str) -> &[String] {
        self.possible.get(name).map_or(&[], Vec::as_slice)
    }

    fn add_definitions(&mut self, definitions: Vec<Definition>) -> Result<Vec<String>, Fault> {
        let mut order = Vec::with_capacity(definitions.len());
        for definition in definitions {
            if self.types.contains_key(&definition.name) {
                let message = format!("Cannot redeclare type {}.", definition.name);
                return Err(Fault { message, at: definition.at });
            }
            order.push(definition.name.clone());
            self.types.insert(definition.name.clone(), definition);
        }
        Ok(order)
    }

    /// An extension of a type that does not exist defines it.
    fn add_extensions(&mut self, extensions: Vec<Definition>, order: &mut Vec<String>) -> Result<(), Fault> {
        for extension in extensions {
            let base = self.types.entry(extension.name.clone()).or_insert_with(|| {
                order.push(extension.name.clone());
                Definition {
                    kind: extension.kind,
                    name: extension.name.clone(),
                    at: extension.at,
                    ..Definition::default()
                }
            });
            if base.kind != extension.kind {
                let message = format!(
                    "Cannot extend type {} because the base type is a {}, not {}.",
                    extension.name,
                    base.kind.name(),
                    extension.kind.name()
                );
                return Err(Fault { message, at: extension.at });
            }
            base.directives.extend(extension.directives);
            base.interfaces.extend(extension.interfaces);
            base.fields.extend(extension.fields);
            base.types.extend(extension.types);
            base.values.extend(extension.values);
        }
        Ok(())
    }

    fn find_possible(&mut self, order: &[String]) {
        for name in order {
            let Some(definition) = self.types.get(name) else { continue };
            let mut add = |at: &str, what: &str| self.possible.entry(at.to_owned()).or_default().push(what.to_owned());
            match definition.kind {
                Kind::Union => definition.types.iter().for_each(|(member, _)| add(name, member)),
                Kind::Object | Kind::InputObject => {
                    definition.interfaces.iter().for_each(|interface| add(interface, name));
                    add(name, name);
                }
                Kind::Interface => definition.interfaces.iter().for_each(|interface| add(interface, name)),
                Kind::Scalar | Kind::Enum | Kind::Unknown => {}
            }
        }
    }

    fn add_directives(&mut self, directives: Vec<DirectiveDefinition>) -> Result<(), Fault> {
        for directive in directives {
            let known = self.directives.contains_key(&directive.name);
            if known && !STANDARD_DIRECTIVES.contains(&directive.name.as_str()) {
                let message = format!("Cannot redeclare directive {}.", directive.name);
                return Err(Fault { message, at: directive.at });
            }
            self.directives.insert(directive.name.clone(), directive);
        }
        Ok(())
    }

    fn add_roots(&mut self, schemas: &[Entry], extensions: &[Entry]) -> Result<(), Fault> {
        if let [_, second, ..] = schemas {
            let message = "Cannot have multiple schema entry points, consider schema extensions instead.".to_owned();
            return Err(Fault { message, at: second.at });
        }
        for entry in schemas.iter().chain(extensions) {
            for operation in &entry.operations {
                if !self.types.contains_key(&operation.kind) {
                    let message = format!(
                        "Schema root {} refers to a type {} that does not exist.",
                        operation.operation, operation.kind
                    );
                    return Err(Fault { message, at: operation.at });
                }
                self.roots.insert(operation.operation.clone(), operation.kind.clone());
            }
            let directives: &[Directive] = &entry.directives;
            definitions::check_directives(self, directives, "SCHEMA", None, true)?;
        }
        Ok(())
    }

    /// Without `schema { … }` the types with the operations' names are the roots.
    fn infer_roots(&mut self) {
        for (operation, name) in [("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription")] {
            if self.types.contains_key(name) {
                self.roots.entry(operation.to_owned()).or_insert_with(|| name.to_owned());
            }
        }
    }

    fn add_introspection(&mut self) {
        let Some(query) = self.roots.get("query").and_then(|name| self.types.get_mut(name)) else { return };
        let name = FieldDefinition {
            name: "name".to_owned(),
            kind: Type::named("String", true),
            ..FieldDefinition::default()
        };
        query.fields.push(FieldDefinition {
            name: "__schema".to_owned(),
            kind: Type::named("__Schema", true),
            ..FieldDefinition::default()
        });
        query.fields.push(FieldDefinition {
            name: "__type".to_owned(),
            kind: Type::named("__Type", false),
            arguments: vec![name],
            ..FieldDefinition::default()
        });
    }
}
