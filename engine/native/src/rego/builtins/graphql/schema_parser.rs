//! Type system documents: definitions and extensions.

use super::ast::{
    Comments, Definition, DirectiveDefinition, Entry, EnumValue, FieldDefinition, Kind, Notes, OperationType, Schema,
};
use super::lexer::{Fault, TokenKind};
use super::parser::{AMP, AT, CLOSE, COLON, EQUALS, LEFT, OPEN, PIPE, Parser, RIGHT};

const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

/// A description and the comments before it.
#[derive(Default)]
struct Description {
    text: String,
    comment: Comments,
}

pub(super) fn parse_schema(text: &str) -> Result<Schema, Fault> {
    let mut parser = Parser::new(text);
    let mut schema = Schema::default();
    while parser.peek().kind != TokenKind::Eof && parser.fault.is_none() {
        let description = description(&mut parser);
        let token = parser.peek();
        if token.kind != TokenKind::Name {
            parser.unexpected();
            break;
        }
        match token.value.as_str() {
            "schema" => schema.schemas.push(entry(&mut parser, description)),
            "directive" => schema.directives.push(directive_definition(&mut parser, description)),
            "extend" => {
                if !description.text.is_empty() {
                    let previous = parser.previous.clone();
                    parser.unexpected_token(&previous);
                }
                extension(&mut parser, &mut schema);
            }
            word => match kind_of(word) {
                Some(kind) => schema.definitions.push(definition(&mut parser, word, kind, description)),
                None => parser.unexpected(),
            },
        }
    }
    schema.comment = std::mem::take(&mut parser.comment);
    parser.fault.map_or(Ok(schema), Err)
}

fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "scalar" => Kind::Scalar,
        "type" => Kind::Object,
        "interface" => Kind::Interface,
        "union" => Kind::Union,
        "enum" => Kind::Enum,
        "input" => Kind::InputObject,
        _ => return None,
    })
}

fn description(parser: &mut Parser) -> Description {
    let token = parser.peek();
    if !matches!(token.kind, TokenKind::String | TokenKind::BlockString) {
        return Description::default();
    }
    let comment = parser.comment.clone();
    Description { text: parser.next().value, comment }
}

fn definition(parser: &mut Parser, word: &str, kind: Kind, description: Description) -> Definition {
    let after = parser.keyword(word);
    let notes = Notes { before: description.comment, after, end: Comments::new() };
    let mut found = body(parser, kind, true);
    found.description = description.text;
    found.notes = Notes { end: found.notes.end, ..notes };
    found
}

/// What follows the keyword, in definitions and in extensions.
fn body(parser: &mut Parser, kind: Kind, is_definition: bool) -> Definition {
    let mut found = Definition { kind, at: parser.at(), name: parser.name(), ..Definition::default() };
    if kind == Kind::Object || (kind == Kind::Interface && is_definition) {
        found.interfaces = interfaces(parser);
    }
    found.directives = parser.directives(is_definition || kind != Kind::InputObject);
    match kind {
        Kind::Scalar | Kind::Unknown => {}
        Kind::Object | Kind::Interface => (found.fields, found.notes.end) = parser.some(OPEN, CLOSE, field),
        Kind::InputObject => (found.fields, found.notes.end) = parser.some(OPEN, CLOSE, input_value),
        Kind::Enum => (found.values, found.notes.end) = parser.some(OPEN, CLOSE, enum_value),
        Kind::Union => {
            if parser.skip(EQUALS) {
                parser.skip(PIPE);
                loop {
                    let at = parser.at();
                    found.types.push((parser.name(), at));
                    if !parser.skip(PIPE) {
                        break;
                    }
                }
            }
        }
    }
    found
}

fn interfaces(parser: &mut Parser) -> Vec<String> {
    let mut names = Vec::new();
    if parser.peek().value != "implements" {
        return names;
    }
    parser.next();
    parser.skip(AMP);
    names.push(parser.name());
    while parser.skip(AMP) {
        names.push(parser.name());
    }
    names
}

fn extension(parser: &mut Parser, schema: &mut Schema) {
    let after = parser.keyword("extend");
    let word = parser.peek().value;
    if word == "schema" {
        parser.keyword("schema");
        let entry = entry_body(parser);
        if entry.directives.is_empty() && entry.operations.is_empty() {
            parser.unexpected();
        }
        let notes = Notes { after, ..entry.notes };
        schema.schema_extensions.push(Entry { notes, ..entry });
        return;
    }
    let Some(kind) = kind_of(&word) else { return parser.unexpected() };
    parser.keyword(&word);
    let found = body(parser, kind, false);
    let is_empty = found.interfaces.is_empty()
        && found.directives.is_empty()
        && found.fields.is_empty()
        && found.types.is_empty()
        && found.values.is_empty();
    if is_empty {
        parser.unexpected();
    }
    let notes = Notes { after, ..found.notes.clone() };
    schema.extensions.push(Definition { notes, ..found });
}

fn entry(parser: &mut Parser, description: Description) -> Entry {
    let after = parser.keyword("schema");
    let entry = entry_body(parser);
    let notes = Notes { before: description.comment, after, end: entry.notes.end.clone() };
    Entry { description: description.text, notes, ..entry }
}

fn entry_body(parser: &mut Parser) -> Entry {
    let mut entry = Entry { at: parser.at(), ..Entry::default() };
    entry.directives = parser.directives(true);
    let operation = |parser: &mut Parser| {
        let at = parser.at();
        let comment = parser.comment.clone();
        let token = parser.next();
        if !matches!(token.value.as_str(), "query" | "mutation" | "subscription") {
            parser.unexpected_token(&token);
        }
        parser.expect(COLON);
        OperationType { operation: token.value, kind: parser.name(), at, comment }
    };
    (entry.operations, entry.notes.end) = parser.some(OPEN, CLOSE, operation);
    entry
}

/// The description of a part; a part without one keeps no comment before it.
fn described(parser: &mut Parser) -> (String, Notes) {
    let description = description(parser);
    parser.peek();
    let before = if description.text.is_empty() { Comments::new() } else { description.comment };
    (description.text, Notes { before, after: parser.comment.clone(), end: Comments::new() })
}

fn field(parser: &mut Parser) -> FieldDefinition {
    let (description, notes) = described(parser);
    let at = parser.at();
    let name = parser.name();
    let arguments = parser.some(LEFT, RIGHT, input_value).0;
    parser.expect(COLON);
    let kind = parser.type_reference();
    let directives = parser.directives(true);
    FieldDefinition { description, name, arguments, default: None, kind, directives, at, notes }
}

fn input_value(parser: &mut Parser) -> FieldDefinition {
    let (description, notes) = described(parser);
    let at = parser.at();
    let name = parser.name();
    parser.expect(COLON);
    let kind = parser.type_reference();
    let default = parser.skip(EQUALS).then(|| parser.literal(true));
    let directives = parser.directives(true);
    FieldDefinition { description, name, arguments: Vec::new(), default, kind, directives, at, notes }
}

fn enum_value(parser: &mut Parser) -> EnumValue {
    let (description, notes) = described(parser);
    let at = parser.at();
    let name = parser.name();
    EnumValue { description, name, directives: parser.directives(true), at, notes }
}

fn directive_definition(parser: &mut Parser, description: Description) -> DirectiveDefinition {
    let after = parser.keyword("directive");
    parser.expect(AT);
    let at = parser.at();
    let name = parser.name();
    let arguments = parser.some(LEFT, RIGHT, input_value).0;
    let token = parser.peek();
    let repeatable = token.kind == TokenKind::Name && token.value == "repeatable" && parser.skip(TokenKind::Name);
    parser.keyword("on");
    parser.skip(PIPE);
    let mut locations = vec![location(parser)];
    while parser.skip(PIPE) {
        locations.push(location(parser));
    }
    let notes = Notes { before: description.comment, after, end: Comments::new() };
    DirectiveDefinition { description: description.text, name, arguments, locations, repeatable, at, notes }
}

fn location(parser: &mut Parser) -> String {
    let token = parser.expect(TokenKind::Name);
    if parser.fault.is_none() && !LOCATIONS.contains(&token.value.as_str()) {
        parser.unexpected_token(&token);
    }
    token.value
}
