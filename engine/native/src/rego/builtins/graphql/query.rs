//! Executable documents: operations and fragments.

use super::ast::{Field, Fragment, Inline, Operation, Query, Selection, Spread, Variable};
use super::lexer::{Fault, TokenKind};
use super::parser::{CLOSE, COLON, EQUALS, LEFT, OPEN, Parser, RIGHT, SPREAD};

pub(super) fn parse_query(text: &str) -> Result<Query, Fault> {
    let mut parser = Parser::new(text);
    let mut query = Query::default();
    while parser.peek().kind != TokenKind::Eof && parser.fault.is_none() {
        let token = parser.peek();
        match (token.kind, token.value.as_str()) {
            (OPEN, _) | (TokenKind::Name, "query" | "mutation" | "subscription") => {
                query.operations.push(operation(&mut parser));
            }
            (TokenKind::Name, "fragment") => query.fragments.push(fragment_definition(&mut parser)),
            _ => parser.unexpected(),
        }
    }
    parser.fault.map_or(Ok(query), Err)
}

fn operation(parser: &mut Parser) -> Operation {
    let at = parser.at();
    if parser.peek().kind == OPEN {
        let selections = required_selections(parser);
        return Operation { kind: "query".into(), selections, at, ..Operation::default() };
    }
    let comment = parser.comment.clone();
    let kind = parser.next().value;
    let name = if parser.peek().kind == TokenKind::Name { parser.next().value } else { String::new() };
    let variables = variables(parser);
    let directives = parser.directives(false);
    Operation { kind, name, variables, directives, selections: required_selections(parser), at, comment }
}

fn variables(parser: &mut Parser) -> Vec<Variable> {
    let variable = |parser: &mut Parser| {
        let at = parser.at();
        let comment = parser.comment.clone();
        let name = parser.variable();
        parser.expect(COLON);
        let kind = parser.type_reference();
        let default = parser.skip(EQUALS).then(|| parser.literal(true));
        Variable { name, kind, default, directives: parser.directives(false), at, comment }
    };
    parser.some(LEFT, RIGHT, variable).0
}

fn required_selections(parser: &mut Parser) -> Vec<Selection> {
    let token = parser.peek();
    if token.kind != OPEN {
        parser.fail(&token, format!("Expected {{, found {}", token.kind.text()));
        return Vec::new();
    }
    parser.nested(|parser| parser.some(OPEN, CLOSE, selection).0)
}

fn selection(parser: &mut Parser) -> Selection {
    if parser.peek().kind == SPREAD { fragment(parser) } else { Selection::Field(field(parser)) }
}

fn field(parser: &mut Parser) -> Field {
    let at = parser.at();
    let comment = parser.comment.clone();
    let alias = parser.name();
    let name = if parser.skip(COLON) { parser.name() } else { alias.clone() };
    let arguments = parser.arguments(false);
    let directives = parser.directives(false);
    let selections = if parser.peek().kind == OPEN { required_selections(parser) } else { Vec::new() };
    Field { alias, name, arguments, directives, selections, at, comment }
}

fn fragment(parser: &mut Parser) -> Selection {
    parser.peek();
    let comment = parser.comment.clone();
    parser.expect(SPREAD);
    let token = parser.peek();
    let at = parser.at();
    if token.kind == TokenKind::Name && token.value != "on" {
        let name = parser.name();
        return Selection::Spread(Spread { name, directives: parser.directives(false), at, comment });
    }
    let mut condition = String::new();
    if token.value == "on" {
        parser.next();
        condition = parser.name();
    }
    let directives = parser.directives(false);
    Selection::Inline(Inline { condition, directives, selections: required_selections(parser), at, comment })
}

fn fragment_definition(parser: &mut Parser) -> Fragment {
    let at = parser.at();
    let comment = parser.comment.clone();
    parser.keyword("fragment");
    let mut name = String::new();
    if parser.peek().value == "on" {
        parser.unexpected();
    } else {
        name = parser.name();
    }
    let variables = variables(parser);
    parser.keyword("on");
    let condition = parser.name();
    let directives = parser.directives(false);
    Fragment { name, variables, condition, directives, selections: required_selections(parser), at, comment }
}
