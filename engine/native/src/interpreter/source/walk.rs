//! Walks a syntax tree for references and calls.

use std::collections::{HashMap, HashSet};

use regorus::unstable::{Expr, Import, Literal, LiteralStmt, Module, Query, Ref, Rule, RuleBody, RuleHead, Span};

use super::references::{constant_steps, flatten};
use super::{
    Call, ImportFacts, ModuleFacts, Reference, Refusal, Replacement, Root, RuleFacts, Step, data_path, scopes,
};

/// The facts of a module. `names` are those of its whole package, other files included.
pub fn read_module(module: &Module, names: &HashSet<String>) -> ModuleFacts {
    let package_span = module.package.refr.span();
    let package = constant_steps(&module.package.refr);
    let imports: Vec<ImportFacts> = module.imports.iter().filter_map(read_import).collect();
    let aliases = imports.iter().map(|import| (import.alias.as_str(), import.path.as_slice())).collect();
    let rules = module.policy.iter().map(|rule| Walker::new(&package, names, &aliases).rule(rule)).collect();
    ModuleFacts {
        file: package_span.source.file().clone(),
        row: package_span.line,
        column: package_span.col,
        imports,
        rules,
        package: package.clone(),
    }
}

fn read_import(import: &Import) -> Option<ImportFacts> {
    let path = constant_steps(&import.refr);
    if matches!(path.first()?.as_str(), "rego" | "future") {
        return None;
    }
    let alias = import.r#as.as_ref().map_or_else(|| path.last().cloned(), |span| Some(span.text().to_owned()));
    Some(ImportFacts { alias: alias?, path, row: import.span.line, column: import.span.col })
}

/// What a query reads and calls, as if it were the body of a rule.
pub fn query_facts(query: &Query) -> RuleFacts {
    let (names, aliases) = (HashSet::new(), HashMap::new());
    let mut walker = Walker::new(&[], &names, &aliases);
    walker.query(query, &[]);
    RuleFacts {
        path: Vec::new(),
        variable_steps: 0,
        parameters: None,
        is_default: false,
        is_computed_default: false,
        row: 1,
        column: 1,
        references: walker.references,
        calls: walker.calls,
        replacements: walker.replacements,
        refusals: walker.refusals,
    }
}

struct Walker<'m> {
    package: &'m [String],
    names: &'m HashSet<String>,
    aliases: &'m HashMap<&'m str, &'m [String]>,
    scopes: Vec<HashSet<String>>,
    references: Vec<Reference>,
    calls: Vec<Call>,
    replacements: Vec<Replacement>,
    refusals: Vec<Refusal>,
    /// Whether what is read stands in a body, where statements can be put before it.
    in_body: bool,
}

impl<'m> Walker<'m> {
    fn new(package: &'m [String], names: &'m HashSet<String>, aliases: &'m HashMap<&'m str, &'m [String]>) -> Self {
        Walker {
            package,
            names,
            aliases,
            scopes: Vec::new(),
            references: Vec::new(),
            calls: Vec::new(),
            replacements: Vec::new(),
            refusals: Vec::new(),
            in_body: false,
        }
    }

    fn rule(mut self, rule: &Rule) -> RuleFacts {
        let (reference, parameters) = match rule {
            Rule::Default { refr, args, value, .. } => {
                self.scopes.push(scopes::parameters(args));
                self.expression(value);
                (refr, (!args.is_empty()).then_some(args.len()))
            }
            Rule::Spec { head, bodies, .. } => self.spec(head, bodies),
        };
        let span = reference.span();
        let path = constant_steps(reference);
        RuleFacts {
            variable_steps: flatten(reference).1.len() + 1 - path.len(),
            path,
            parameters,
            is_default: matches!(rule, Rule::Default { .. }),
            is_computed_default: matches!(rule, Rule::Default { value, .. } if !scopes::is_constant(value)),
            row: span.line,
            column: span.col,
            references: self.references,
            calls: self.calls,
            replacements: self.replacements,
            refusals: self.refusals,
        }
    }

    fn spec<'r>(&mut self, head: &'r RuleHead, bodies: &'r [RuleBody]) -> (&'r Ref<Expr>, Option<usize>) {
        let (reference, parameters, outputs): (_, _, Vec<&Ref<Expr>>) = match head {
            RuleHead::Compr { refr, assign, .. } => (refr, None, assign.iter().map(|a| &a.value).collect()),
            RuleHead::Set { refr, key, .. } => (refr, None, key.iter().collect()),
            RuleHead::Func { refr, args, assign, .. } => {
                self.scopes.push(scopes::parameters(args));
                (refr, Some(args.len()), assign.iter().map(|a| &a.value).collect())
            }
        };
        if bodies.is_empty() {
            self.head(reference, &outputs);
        }
        for body in bodies {
            self.scopes.push(scopes::declared_in(&body.query));
            if !body.is_else {
                self.head(reference, &outputs);
            }
            if let Some(assign) = &body.assign {
                self.expression(&assign.value);
            }
            self.statements(&body.query);
            self.scopes.pop();
        }
        (reference, parameters)
    }

    fn head(&mut self, reference: &Expr, outputs: &[&Ref<Expr>]) {
        for (_, index) in flatten(reference).1 {
            if let Some(index) = index {
                self.expression(index);
            }
        }
        for output in outputs {
            self.expression(output);
        }
    }

    /// A nested query with what is evaluated in its scope.
    fn query(&mut self, query: &Query, outputs: &[&Ref<Expr>]) {
        self.scopes.push(scopes::declared_in(query));
        self.statements(query);
        let outer = std::mem::replace(&mut self.in_body, false);
        for output in outputs {
            self.expression(output);
        }
        self.in_body = outer;
        self.scopes.pop();
    }

    fn statements(&mut self, query: &Query) {
        for statement in &query.stmts {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        let outer = std::mem::replace(&mut self.in_body, true);
        self.literal(statement);
        self.in_body = outer;
    }

    fn literal(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expression(key));
                self.expression(value);
                self.expression(collection);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
            Literal::Every { key, value, domain, query, .. } => {
                self.expression(domain);
                let declared = key.iter().chain([value]).map(|span| span.text().to_owned()).collect();
                self.scopes.push(declared);
                self.query(query, &[]);
                self.scopes.pop();
            }
        }
        for modifier in &statement.with_mods {
            self.replacement(&modifier.refr);
            self.expression(&modifier.refr);
            self.expression(&modifier.r#as);
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expression),
            Expr::Call { fcn, params, .. } => {
                self.call(fcn, params.len());
                params.iter().for_each(|parameter| self.expression(parameter));
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|item| self.expression(item)),
            Expr::Object { fields, .. } => {
                for (_, key, value) in fields {
                    self.expression(key);
                    self.expression(value);
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => self.query(query, &[term]),
            Expr::ObjectCompr { key, value, query, .. } => self.query(query, &[key, value]),
            Expr::UnaryExpr { span, expr, .. } => {
                if !matches!(expr.as_ref(), Expr::Number { .. }) {
                    self.refuse(span, "this evaluator negates numbers only; write 0 - x");
                }
                self.expression(expr);
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expression(lhs);
                self.expression(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expression(key));
                self.expression(value);
                self.expression(collection);
            }
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
        }
    }

    fn reference(&mut self, expression: &Expr) {
        let (root, steps) = flatten(expression);
        for (_, index) in &steps {
            if let Some(index) = index {
                self.expression(index);
            }
        }
        let Expr::Var { span, .. } = root else {
            self.expression(root);
            return;
        };
        let Some((root, mut path)) = self.resolve(span.text()) else {
            return;
        };
        path.extend(steps.into_iter().map(|(step, _)| step));
        self.references.push(Reference { root, steps: path, row: span.line, column: span.col });
    }

    /// What a name stands for, unless it is a local variable.
    fn resolve(&self, name: &str) -> Option<(Root, Vec<Step>)> {
        let key = |step: &String| Step::Key(step.clone());
        if name == "data" {
            return Some((Root::Data, Vec::new()));
        }
        if name == "input" {
            return Some((Root::Input, Vec::new()));
        }
        if self.scopes.iter().any(|scope| scope.contains(name)) {
            return None;
        }
        if self.names.contains(name) {
            let steps = self.package.iter().map(key).chain([Step::Key(name.to_owned())]);
            return Some((Root::Data, steps.collect()));
        }
        let (root, steps) = self.aliases.get(name)?.split_first()?;
        let root = if root == "input" { Root::Input } else { Root::Data };
        Some((root, steps.iter().map(key).collect()))
    }

    fn refuse(&mut self, span: &Span, message: &'static str) {
        self.refusals.push(Refusal { message, row: span.line, column: span.col });
    }

    fn call(&mut self, function: &Expr, arguments: usize) {
        let span = flatten(function).0.span();
        let (name, path) = self.function_name(function);
        if !self.in_body && path.is_none() && name == "walk" {
            self.refuse(span, "this evaluator walks in bodies only; bind the result of walk to a variable there");
        }
        if let Some(path) = &path {
            self.references.push(Reference {
                root: Root::Data,
                steps: path.iter().cloned().map(Step::Key).collect(),
                row: span.line,
                column: span.col,
            });
        }
        self.calls.push(Call { name, path, arguments, row: span.line, column: span.col });
    }

    fn replacement(&mut self, target: &Expr) {
        let (name, path) = self.function_name(target);
        let root = name.split(['.', '[']).next().unwrap_or_default();
        if path.is_none() && root != "data" && root != "input" {
            let span = target.span();
            self.replacements.push(Replacement { name, row: span.line, column: span.col });
        }
    }

    fn function_name(&self, function: &Expr) -> (String, Option<Vec<String>>) {
        let steps = constant_steps(function);
        let Some((first, rest)) = steps.split_first() else {
            return (function.span().text().to_owned(), None);
        };
        match self.resolve(first) {
            Some((Root::Data, prefix)) => {
                let prefix = prefix.into_iter().filter_map(|step| match step {
                    Step::Key(key) => Some(key),
                    Step::Variable => None,
                });
                let path: Vec<String> = prefix.chain(rest.iter().cloned()).collect();
                (data_path(path.iter().map(String::as_str)), Some(path))
            }
            _ => (steps.join("."), None),
        }
    }
}
