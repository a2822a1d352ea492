//! Text to syntax tree, within limits.

use std::collections::{HashMap, HashSet};
use std::num::{NonZeroU32, NonZeroUsize};

use regorus::PolicyLengthConfig;
use regorus::unstable::{Module, Parser, Query, Ref, Rule, RuleHead, Source};

use super::effort::{self, MAX_READINGS_OF_ALL};
use super::references::constant_steps;
use super::rewrite::{rewrite_module, rewrite_query};
use super::walk::{query_facts, read_module};
use super::{ModuleFacts, RuleFacts};
use crate::errors::{Error, Location, PARSE_ERROR, Result};

/// The largest module, the most lines, the longest line that are read. Hand-written policy is far below; spans are
/// 32-bit numbers, and a reader of one endless line is of no use to anyone.
pub const MAX_MODULE_BYTES: NonZeroUsize = NonZeroUsize::new(1 << 20).unwrap();
pub const MAX_MODULE_LINES: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
pub const MAX_COLUMNS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

pub fn length_limits() -> PolicyLengthConfig {
    PolicyLengthConfig { max_col: MAX_COLUMNS, max_file_bytes: MAX_MODULE_BYTES, max_lines: MAX_MODULE_LINES }
}

/// A module: what it says, and its text as the interpreter is to read it.
pub struct ReadModule {
    pub facts: ModuleFacts,
    pub text: String,
}

/// A query, as a `ReadModule`.
pub struct ReadQuery {
    pub facts: RuleFacts,
    pub text: String,
}

/// Parses Rego v1.
fn parse(file: &str, text: &str) -> Result<Module> {
    try_parse(file, text).map_err(|error| explain(Error::from_loading(&error, PARSE_ERROR), file, text))
}

fn try_parse(file: &str, text: &str) -> anyhow::Result<Module> {
    let source = Source::from_contents_with_limits(file.into(), text.into(), MAX_MODULE_BYTES, MAX_MODULE_LINES)?;
    let mut parser = Parser::new(&source)?;
    parser.set_max_col(MAX_COLUMNS);
    parser.enable_rego_v1()?;
    parser.parse()
}

/// Gives a place to an error without one, and its name to syntax that is newer than this evaluator.
fn explain(error: Error, file: &str, text: &str) -> Error {
    let Error::Policy { code, message, location, more } = error else {
        return error;
    };
    let location = location.or_else(|| Some(Location { file: file.into(), row: 1, column: 1 }));
    let line =
        location.as_ref().and_then(|place| text.lines().nth(place.row.saturating_sub(1) as usize)).unwrap_or_default();
    let message = if line.contains("$\"") || line.contains("$`") {
        format!("template strings are not supported by this evaluator: {message}")
    } else {
        message
    };
    Error::Policy { code, message, location, more }
}

/// Reads all modules together: a name of a package is one in each of its files.
pub fn read_modules(modules: &[(String, String)]) -> Result<Vec<ReadModule>> {
    let mut readings = 0;
    for (file, text) in modules {
        readings += effort::check(file, text)?;
        if readings > MAX_READINGS_OF_ALL {
            return Err(Error::policy(PARSE_ERROR, "all modules together are more than this evaluator reads", None));
        }
    }
    let parsed: Vec<Module> = modules.iter().map(|(file, text)| parse(file, text)).collect::<Result<_>>()?;
    parsed.iter().try_for_each(refuse_newer_keywords)?;
    let mut names: HashMap<Vec<String>, HashSet<String>> = HashMap::new();
    for module in &parsed {
        names.entry(constant_steps(&module.package.refr)).or_default().extend(rule_names(module));
    }
    let read = parsed.iter().zip(modules).map(|(module, (_, text))| {
        let names = &names[&constant_steps(&module.package.refr)];
        let facts = read_module(module, names);
        let is_document = |name: &str| {
            matches!(name, "data" | "input")
                || names.contains(name)
                || facts.imports.iter().any(|import| import.alias == name)
        };
        let text = rewrite_module(module, text, &is_document);
        ReadModule { facts, text }
    });
    Ok(read.collect())
}

/// Reads what a caller asks, as `opa eval` does.
pub fn read_query(text: &str) -> Result<ReadQuery> {
    effort::check("<query>", text)?;
    let query =
        parse_query(text).map_err(|error| explain(Error::from_loading(&error, PARSE_ERROR), "<query>", text))?;
    Ok(ReadQuery {
        facts: query_facts(&query),
        text: rewrite_query(&query, text, &|name| matches!(name, "data" | "input")),
    })
}

fn parse_query(text: &str) -> anyhow::Result<Ref<Query>> {
    let source = Source::from_contents_with_limits("<query>".into(), text.into(), MAX_MODULE_BYTES, MAX_MODULE_LINES)?;
    let mut parser = Parser::new(&source)?;
    parser.set_max_col(MAX_COLUMNS);
    parser.enable_rego_v1()?;
    parser.parse_user_query()
}

/// Negation of whole bodies came after this parser, which takes the import and reads the module as if it were not there.
fn refuse_newer_keywords(module: &Module) -> Result<()> {
    for import in &module.imports {
        if constant_steps(&import.refr) == ["future", "keywords", "not"] {
            let span = &import.span;
            let location = Location { file: span.source.file().clone(), row: span.line, column: span.col };
            let message = "future.keywords.not is not supported by this evaluator";
            return Err(Error::policy(PARSE_ERROR, message, Some(location)));
        }
    }
    Ok(())
}

/// The names that a module gives to its package: the first step of each rule.
fn rule_names(module: &Module) -> HashSet<String> {
    module
        .policy
        .iter()
        .filter_map(|rule| {
            let reference = match rule.as_ref() {
                Rule::Default { refr, .. } => refr,
                Rule::Spec { head, .. } => match head {
                    RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
                },
            };
            constant_steps(reference).into_iter().next()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        let modules = vec![("a.rego".to_owned(), text.to_owned())];
        read_modules(&modules).expect("valid").remove(0).text
    }

    #[test]
    fn a_text_is_rewritten_to_mean_what_it_means_in_opa() {
        let rows = [
            ("r if not input.x", "r if not input.x"),
            ("r if not input.x == 1", "r if not input.x == 1"),
            ("r if not input.x > 3", "r if { __not_0 = input.x ; not __not_0 > 3 }"),
            ("r if not lower(input.x) == \"a\"", "r if { __not_0 = lower(input.x) ; not __not_0 == \"a\" }"),
            ("r if { not \"a\" in input.xs }", "r if { __not_0 = input.xs ; not \"a\" in __not_0 }"),
            ("r if not input.a[input.b]", "r if { __not_0 = input.b ; not input.a[__not_0] }"),
            ("r if not s", "r if not s"),
            ("r if { x := {}; not x.y > 1 }", "r if { x := {}; __not_0 = x.y ; not __not_0 > 1 }"),
            (
                "r if not input.n > 1 with input.n as 5",
                "r if { __not_0 = input.n  with input.n as 5; not __not_0 > 1 with input.n as 5 }",
            ),
            ("r if not s with input as input.y", "r if { __not_0 = input.y ; not s with input as __not_0 }"),
            (
                "r if not count([x |\n some x in input.xs\n not x > input.n]) > 1",
                "r if { __not_1 = count([x |\n some x in input.xs\n __not_0 = input.n ; not x > __not_0]) ; not __not_1 > 1 }",
            ),
            ("r if { [p, v] := walk(s); v }", "r if { walk(s, __not_0) ; [p, v] := __not_0; v }"),
            (
                "r if count(walk(walk(s))) > 1",
                "r if { walk(s, __not_0) ; walk(__not_0, __not_1) ; count(__not_1) > 1 }",
            ),
            ("r if not walk(s) == [[], 1]", "r if { walk(s, __not_0) ; __not_1 = __not_0 ; not __not_1 == [[], 1] }"),
            ("r := [x | some x in walk(s)]", "r := [x | walk(s, __not_0) ; some x in __not_0]"),
            ("r if walk(s, [_, 1])", "r if walk(s, [_, 1])"),
            ("r contains w.a if { some w in s }", "r contains __not_0 if { some w in s; __not_0 = w.a }"),
            (
                "r contains {\"m\": m, \"p\": w.p} if some w in s",
                "r contains {\"m\": m, \"p\": __not_0} if { some w in s; __not_0 = w.p }",
            ),
            (
                "r[w.a] := f(w.b) if {\n some w in s # c\n}\nf(x) := x",
                "r[__not_0] := __not_1 if {\n some w in s; __not_0 = w.a; __not_1 = f(w.b) # c\n}\nf(x) := x",
            ),
            (
                "r contains f(\n w) if {\n some w in s\n}\nf(x) := x",
                "r contains __not_0\n if {\n some w in s; __not_0 = f(  w)\n}\nf(x) := x",
            ),
            (
                "r := s if s > 1\nelse := s[0] if not s > 2",
                "r := __not_0 if { s > 1; __not_0 = s }\nelse := __not_1 if { __not_2 = s ; not __not_2 > 2; __not_1 = s[0] }",
            ),
            (
                "r contains 1 + w if { some w in [1] }",
                "r contains __not_0 if { some w in [1]; __not_0 = bylaw_internal.plus(1 , w) }",
            ),
            ("r := input.x", "r := input.x"),
            ("r[s] := t if some s, t in input.x", "r[__not_s] := t if some __not_s, t in input.x"),
            (
                "r if { some s; input.x[s] == data.p.s; every s in [1] { s > r } }",
                "r if { some __not_s; input.x[__not_s] == data.p.s; every __not_s in [1] { __not_s > r } }",
            ),
            (
                "f(s) := s.s + 1 if { not s.x > 1 }",
                "f(__not_s) := __not_0 if { __not_1 = __not_s.x ; not __not_1 > 1; __not_0 = bylaw_internal.plus(__not_s.s , 1) }",
            ),
            (
                "r := {s: t | s := input.x; [s, t] = input.y}",
                "r := {__not_s: t | __not_s := input.x; [__not_s, t] = input.y}",
            ),
            ("r := 1 if input.x\nelse := s", "r := 1 if input.x\nelse := s"),
            ("r if s with input as {\"a\": input.b}", "r if { __not_0 = input.b ; s with input as {\"a\": __not_0} }"),
            ("r if s with input as {\"a\": 1}", "r if s with input as {\"a\": 1}"),
            ("r if s with f as s.g\nf(x) := x", "r if s with f as s.g\nf(x) := x"),
            (
                "r if not s > 1 with input.n as [x | some x in input.m]",
                "r if { __not_0 = [x | some x in input.m] ; __not_1 = s  with input.n as __not_0; not __not_1 > 1 with input.n as __not_0 }",
            ),
            ("r if not s > 1 # __not_", "r if { __not__0 = s ; not __not__0 > 1 } # __not_"),
        ];
        for (rule, expected) in rows {
            assert_eq!(rewritten(&format!("package p\n{rule}\ns := 1\n")), format!("package p\n{expected}\ns := 1\n"));
        }
    }
}
