//! What one module says about itself: package, imports, rules with all that they read and call, and metadata. Nothing is
//! judged; checks of bundles are written on it.
//!
//! Names are resolved as [`compile`](super::compile) resolves them: an import, or a rule of the module, stands as the path
//! that it means. Rules that other files add to the package are not known here; no path is missed by that but their own.

use super::annotations::block_term;
use super::core::{Call, Head, Kind, Name, Place, Rule, Statement, Term};
use super::fault::Fault;
use super::lower::Lowering;
use super::resolve::{self, Globals, Import, Resolver};
use super::walk::{self, Item};
use crate::rego::builtins;
use crate::rego::errors::Error;
use crate::rego::syntax::annotations::{Annotations, Target};
use crate::rego::syntax::ast;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// A constant; scalars other than strings as their text.
    Key(String),
    /// Anything that is known only when it is evaluated.
    Variable,
}

/// A path below `data` or `input` that is read, called, or replaced by `with`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub root: Name,
    pub steps: Vec<PathStep>,
    pub at: Place,
}

/// A call of a function by name: `count`, `data.a.f`. Operators are no calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOf {
    pub name: String,
    /// True unless it is a path below `data`: a built-in, or a function that another file adds to the package.
    pub is_builtin: bool,
    pub arguments: usize,
    pub at: Place,
}

/// A METADATA block: an object of constants, and whether it declares an entrypoint.
#[derive(Debug, Clone)]
pub struct Block {
    pub value: Term,
    pub entrypoint: bool,
    pub at: Place,
}

/// A rule with its `else` branches.
#[derive(Debug, Clone)]
pub struct RuleDescription {
    /// Below the package; ends at the first step that is a variable.
    pub path: Vec<String>,
    /// The number of parameters, if it is a function.
    pub parameters: Option<usize>,
    pub is_default: bool,
    /// True for `contains`.
    pub is_set: bool,
    pub at: Place,
    pub references: Vec<Reference>,
    pub calls: Vec<CallOf>,
    pub annotations: Vec<Block>,
}

/// `import data.a as b`; language imports are left out.
#[derive(Debug, Clone)]
pub struct ImportDescription {
    /// With its root.
    pub path: Vec<String>,
    pub alias: String,
    pub at: Place,
}

#[derive(Debug, Clone)]
pub struct Description {
    pub file: Name,
    pub package: Vec<String>,
    pub at: Place,
    pub imports: Vec<ImportDescription>,
    pub rules: Vec<RuleDescription>,
    /// Metadata of the package.
    pub annotations: Vec<Block>,
}

/// Describes a module.
///
/// # Errors
/// A parameter shadows `data` or `input`: what its rule reads cannot be told.
pub fn describe(module: ast::Module) -> Result<Description, Vec<Error>> {
    let files = [module.file.clone()];
    let mut lowering = Lowering::new(0);
    let package = lowering.terms(module.package.path.0);
    let at = package.get(1).map_or_else(|| lowering.place(module.package.span), |step| step.at);
    let imports: Vec<Import> = module.imports.into_iter().map(|import| lowered(&mut lowering, import)).collect();
    let mut rules = Vec::new();
    for rule in module.rules {
        lowering.rule(0, rule, &mut rules);
    }
    let exports: Vec<Name> =
        rules.iter().filter_map(|rule: &Rule| rule.head.reference.first().and_then(Term::as_var).cloned()).collect();
    let globals = resolve::globals(&package, &exports, &imports);
    let mut described: Vec<RuleDescription> = Vec::new();
    for rule in &mut rules {
        let told = read(rule, &globals).map_err(|fault| vec![fault.into_error(&files)])?;
        match described.last_mut() {
            Some(first) if rule.is_else => {
                first.references.extend(told.0);
                first.calls.extend(told.1);
            }
            _ => described.push(described_rule(rule, told)),
        }
    }
    let mut annotations = Vec::new();
    for block in &module.annotations {
        let target = match block.target {
            Target::Package => Some(&mut annotations),
            Target::Rule(index) => described.get_mut(index).map(|rule| &mut rule.annotations),
        };
        target.into_iter().for_each(|blocks| blocks.push(described_block(&lowering, block)));
    }
    Ok(Description {
        file: module.file,
        package: constant_steps(&package).into_iter().skip(1).collect(),
        at,
        imports: imports.iter().filter_map(described_import).collect(),
        rules: described,
        annotations,
    })
}

fn lowered(lowering: &mut Lowering, import: ast::Import) -> Import {
    Import {
        name: import.name().cloned(),
        at: lowering.place(import.span),
        path: lowering.terms(import.reference().to_vec()),
        alias: import.alias,
    }
}

fn described_import(import: &Import) -> Option<ImportDescription> {
    let name = import.name.as_ref().filter(|_| !import.is_language())?;
    Some(ImportDescription { path: constant_steps(&import.path), alias: name.to_string(), at: import.at })
}

fn described_block(lowering: &Lowering, block: &Annotations) -> Block {
    let at = lowering.place(block.span);
    Block { value: block_term(block, at), entrypoint: block.entrypoint, at }
}

fn described_rule(rule: &Rule, (references, calls): (Vec<Reference>, Vec<CallOf>)) -> RuleDescription {
    let Head { reference, arguments, .. } = &rule.head;
    RuleDescription {
        path: constant_steps(reference),
        parameters: (!arguments.is_empty()).then_some(arguments.len()),
        is_default: rule.default,
        is_set: rule.head.is_multi_value(),
        at: reference.first().map_or(rule.at, |name| name.at),
        references,
        calls,
        annotations: Vec::new(),
    }
}

/// Resolves a rule and gathers what it reads and calls, in order of place.
fn read(rule: &mut Rule, globals: &Globals) -> Result<(Vec<Reference>, Vec<CallOf>), Fault> {
    Resolver::new(globals).rule(rule)?;
    let mut gathered = Gathered::default();
    let mut visit = |item: Item<'_>| gathered.item(item);
    walk::terms(rule.head.reference.get(1..).unwrap_or_default(), &mut visit);
    walk::head(&rule.head, &mut visit);
    walk::body(&rule.body, &mut visit);
    gathered.references.sort_by_key(|reference| reference.at);
    gathered.calls.sort_by_key(|call| call.at);
    Ok((gathered.references, gathered.calls))
}

#[derive(Default)]
struct Gathered {
    references: Vec<Reference>,
    calls: Vec<CallOf>,
}

impl Gathered {
    fn item(&mut self, item: Item<'_>) -> bool {
        match item {
            Item::Term(term) => match &term.kind {
                Kind::Ref(terms) => self.reference(terms),
                Kind::Var(_) => self.reference(std::slice::from_ref(term)),
                Kind::Call(call) => self.call(call),
                _ => {}
            },
            Item::Expr(expr) => {
                if let Statement::Call(call) = &expr.statement {
                    self.call(call);
                }
            }
            Item::With(_) => {}
        }
        false
    }

    fn reference(&mut self, terms: &[Term]) {
        let Some((first, steps)) = terms.split_first() else { return };
        let Some(root) = first.as_var().filter(|name| matches!(&***name, "data" | "input")) else { return };
        // The walk meets the name once more, as the first element of this reference.
        if steps.is_empty() && self.references.last().is_some_and(|known| known.at == first.at && known.root == *root) {
            return;
        }
        let steps = steps.iter().map(|step| constant_step(step).map_or(PathStep::Variable, PathStep::Key));
        self.references.push(Reference { root: root.clone(), steps: steps.collect(), at: first.at });
    }

    fn call(&mut self, call: &Call) {
        let is_rule = call.operator.first().and_then(Term::as_var).is_some_and(|name| &**name == "data");
        if is_rule {
            self.reference(&call.operator);
        }
        let name = call.name();
        let is_operator = !is_rule && {
            let infix = builtins::lookup(&name).is_some_and(|builtin| builtin.signature.infix.is_some());
            infix || name.starts_with("internal.")
        };
        if !is_operator {
            let arguments = call.arguments.len();
            self.calls.push(CallOf { name, is_builtin: !is_rule, arguments, at: call.operator_at });
        }
    }
}

/// A scalar as a step of a path.
fn constant_step(term: &Term) -> Option<String> {
    match &term.kind {
        Kind::String(text) | Kind::Number(text) => Some(text.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Null => Some("null".to_owned()),
        _ => None,
    }
}

/// The first element and the steps up to the first that is no scalar.
fn constant_steps(terms: &[Term]) -> Vec<String> {
    let first = terms.first().and_then(|term| term.as_var().or_else(|| term.as_string()));
    let steps = terms.iter().skip(1).map_while(constant_step);
    first.map(ToString::to_string).into_iter().chain(steps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::syntax::{ParseOptions, RegoVersion, parse_module};

    fn described(text: &str) -> Description {
        let module = parse_module("m.rego", text, RegoVersion::V1, &ParseOptions::default()).expect("parses");
        describe(module).expect("is described")
    }

    fn paths(rule: &RuleDescription) -> Vec<String> {
        let step = |step: &PathStep| match step {
            PathStep::Key(key) => key.clone(),
            PathStep::Variable => "*".to_owned(),
        };
        let path = |it: &Reference| {
            [it.root.to_string()].into_iter().chain(it.steps.iter().map(step)).collect::<Vec<_>>().join("/")
        };
        rule.references.iter().map(path).collect()
    }

    #[test]
    fn every_path_is_told_whatever_it_is_written_as() {
        let text = r#"package a.b
import data.x.y as z
p[input.k] := z.q[i] if {
	some i
	not own(data["s t"][i].u)
	walk(data, _)
	every v in input.vs { v == $"{data.t}" }
	count([w | w := data.e with data.f as data.g]) > 1
}
own(x) if x
"#;
        let module = described(text);
        let rule = module.rules.first().expect("a rule");
        let expected = [
            "input/k",
            "data/x/y/q/*",
            "data/a/b/own",
            "data/s t/*/u",
            "data",
            "input/vs",
            "data/t",
            "data/e",
            "data/f",
            "data/g",
        ];
        assert_eq!(paths(rule), expected);
        assert_eq!(rule.path, ["p"]);
        let calls: Vec<_> = rule.calls.iter().map(|call| (call.name.as_str(), call.is_builtin)).collect();
        assert_eq!(calls, [("data.a.b.own", false), ("walk", true), ("count", true)]);
    }

    #[test]
    fn a_local_hides_a_name_and_a_declaration_elsewhere_does_not() {
        let module =
            described("package a\nimport data.x as z\np if { z := 1; z }\nq if { z.r; [z | some z in [1]] }\n");
        let told: Vec<_> = module.rules.iter().map(paths).collect();
        assert_eq!(told, [vec![], vec!["data/x/r".to_owned()]]);
    }

    #[test]
    fn metadata_belongs_to_what_it_stands_above() {
        let text = "# METADATA\n# title: T\npackage a\n# METADATA\n# entrypoint: true\np := 1\nq := 2\n";
        let module = described(text);
        assert_eq!(module.annotations.len(), 1);
        let entrypoints: Vec<bool> =
            module.rules.iter().map(|rule| rule.annotations.iter().any(|block| block.entrypoint)).collect();
        assert_eq!(entrypoints, [true, false]);
    }
}
