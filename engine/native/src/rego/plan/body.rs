//! Bodies and their statements.

use super::Fault;
use super::program::{Call, Callee, Every, Expr, Logic, Op, Overlay, Pattern, Replacement, Step, Walk, With};
use super::program::{GroupKind, Program, Quick};
use super::scope::Scope;
use super::terms::constant;
use crate::rego::analysis::core::{self, Kind, Place, Statement, Term};
use crate::rego::builtins::registry::lookup;
use crate::rego::values::Value;

impl Scope<'_> {
    pub(crate) fn body(&mut self, body: &[core::Expr]) -> Result<Box<[Step]>, Fault> {
        let mut out = Vec::with_capacity(body.len());
        for expr in body {
            self.deeper(expr.at, |scope| scope.statement(expr, &mut out))?;
        }
        Ok(out.into_boxed_slice())
    }

    fn statement(&mut self, expr: &core::Expr, out: &mut Vec<Step>) -> Result<(), Fault> {
        if self.names_of_author.is_none() {
            return self.unwatched(expr, out);
        }
        let known = self.known();
        let mut body = Vec::new();
        self.unwatched(expr, &mut body)?;
        self.watch(expr, known, body, out);
        Ok(())
    }

    fn unwatched(&mut self, expr: &core::Expr, out: &mut Vec<Step>) -> Result<(), Fault> {
        if expr.with.is_empty() {
            return self.without_with(expr, out);
        }
        let targets = expr.with.iter().map(|with| self.overlay(with)).collect::<Result<Box<[_]>, Fault>>()?;
        let mut body = Vec::new();
        self.without_with(expr, &mut body)?;
        let once = body.iter().all(|step| step.once);
        let op = Op::With(Box::new(With { targets, body: body.into_boxed_slice() }));
        out.push(Step { op, at: expr.at, once });
        Ok(())
    }

    fn without_with(&mut self, expr: &core::Expr, out: &mut Vec<Step>) -> Result<(), Fault> {
        if !expr.negated {
            return self.plain(expr, out);
        }
        let body = self.closed(|scope| {
            let mut body = Vec::new();
            scope.plain(expr, &mut body)?;
            Ok(scope.entered_negation(expr, body))
        })?;
        out.push(Step { op: Op::Not(body), at: expr.at, once: true });
        Ok(())
    }

    fn plain(&mut self, expr: &core::Expr, out: &mut Vec<Step>) -> Result<(), Fault> {
        let at = expr.at;
        let op = match &expr.statement {
            Statement::Term(term) => {
                let step = match &term.kind {
                    Kind::Ref(terms) => self.test_reference(terms, at)?,
                    _ => Step { op: Op::Test(self.expr(term)?), at, once: true },
                };
                out.push(step);
                return Ok(());
            }
            Statement::Call(call) => return self.call_statement(call, at, out),
            Statement::Every(every) => self.closed(|scope| scope.every(every))?,
            Statement::Not(not) => Op::Not(self.operand(&not.body, false)?),
            Statement::Logic(logic) => Op::Logic(Box::new(Logic {
                either: logic.either,
                left: self.operand(&logic.left, true)?,
                right: self.operand(&logic.right, true)?,
            })),
            Statement::Some(_) => return Err(Fault::new("a declaration that analysis should have removed", at)),
        };
        out.push(Step { op, at, once: true });
        Ok(())
    }

    /// A body of its own.
    fn operand(&mut self, body: &[core::Expr], first_only: bool) -> Result<Box<[Step]>, Fault> {
        self.closed(|scope| {
            let steps = scope.body(body)?;
            Ok(scope.entered(body, steps, first_only))
        })
    }

    fn every(&mut self, every: &core::Every) -> Result<Op, Fault> {
        let domain = self.expr(&every.domain)?;
        let key = match &every.key {
            Some(key) => self.pattern(key)?,
            None => Pattern::Bind(self.fresh()),
        };
        let value = self.pattern(&every.value)?;
        let body = self.body(&every.body)?;
        let body = self.entered(&every.body, body, true);
        Ok(Op::Every(Box::new(Every { domain, key, value, body })))
    }

    fn call_statement(&mut self, call: &core::Call, at: Place, out: &mut Vec<Step>) -> Result<(), Fault> {
        if let ([a, b], true) = (call.arguments.as_slice(), call.is_named("eq") || call.is_named("assign")) {
            return self.unify(a, b, at, out);
        }
        let callee = callee(self.program, &call.operator)
            .ok_or_else(|| Fault::new(format!("undefined function {}", call.name()), at))?;
        let name = builtin_name(callee);
        if name == "walk" {
            return self.walk(call, at, out);
        }
        if name == "internal.print" {
            let [operand] = call.arguments.as_slice() else { return Err(Fault::new("print takes one operand", at)) };
            let op = Op::Print(self.expr(operand)?);
            out.push(Step { op, at, once: true });
            return Ok(());
        }
        let arity = arity(self.program, callee);
        let op = match call.arguments.split_last() {
            Some((output, arguments)) if arguments.len() == arity => {
                let value = self.call(call, arguments, at)?;
                if self.is_free_reference(output) {
                    return Err(Fault::new("the result of a call cannot range over a reference", at));
                }
                Op::Match(self.pattern(output)?, value)
            }
            _ => Op::Test(self.call(call, &call.arguments, at)?),
        };
        out.push(Step { op, at, once: true });
        Ok(())
    }

    pub(super) fn call(&mut self, call: &core::Call, arguments: &[Term], at: Place) -> Result<Expr, Fault> {
        let callee = callee(self.program, &call.operator)
            .ok_or_else(|| Fault::new(format!("undefined function {}", call.name()), at))?;
        let arguments = self.exprs(arguments)?;
        let quick = quick(builtin_name(callee), arguments.len());
        Ok(Expr::Call(Box::new(Call { callee, quick, arguments, at })))
    }

    fn walk(&mut self, call: &core::Call, at: Place, out: &mut Vec<Step>) -> Result<(), Fault> {
        let (document, output) = match call.arguments.as_slice() {
            [document] => (document, None),
            [document, output] => (document, Some(output)),
            _ => return Err(Fault::new("walk takes one operand", at)),
        };
        let document = self.expr(document)?;
        let path = match output.map(|term| &term.kind) {
            Some(Kind::Array(pair)) if pair.len() == 2 => pair.first(),
            _ => None,
        };
        let with_path = !path.and_then(Term::as_var).is_some_and(|name| core::is_wildcard(name));
        let mut prefix = Vec::new();
        let mut prefix_open = true;
        if let Some(Kind::Array(keys)) = path.map(|term| &term.kind) {
            for key in keys {
                if !self.is_known(key) {
                    prefix_open = false;
                    break;
                }
                prefix.push(self.expr(key)?);
            }
        }
        let output = output.map(|term| self.pattern(term)).transpose()?;
        let prefix = prefix.into_boxed_slice();
        let walk = Walk { document, prefix, prefix_open, with_path, output };
        out.push(Step { op: Op::Walk(Box::new(walk)), at, once: false });
        Ok(())
    }

    fn overlay(&mut self, with: &core::With) -> Result<Overlay, Fault> {
        let target: &[Term] = match &with.target.kind {
            Kind::Ref(terms) => terms,
            Kind::Var(_) => std::slice::from_ref(&with.target),
            _ => return Err(Fault::new("an illegal target of with", with.at)),
        };
        if let Some(callee) = callee(self.program, target) {
            let by = match self.replacement(&with.value) {
                Some(callee) => Replacement::Function(callee),
                None => Replacement::Value(self.expr(&with.value)?),
            };
            return Ok(Overlay::Function { target: callee, by });
        }
        let value = self.expr(&with.value)?;
        let (root, rest) = target.split_first().ok_or_else(|| Fault::new("an empty target of with", with.at))?;
        let path: Option<Box<[Value]>> =
            rest.iter().map(|term| term.as_string().and_then(|_| constant(term))).collect();
        let Some(path) = path else { return Ok(Overlay::BadPath) };
        match root.as_var().map(|name| &**name) {
            Some("input") => Ok(Overlay::Input { path, value }),
            Some("data") => Ok(Overlay::Data { path, value }),
            _ => Err(Fault::new("an illegal target of with", with.at)),
        }
    }

    /// The function that a `with` puts in another's place, if its value is one.
    fn replacement(&self, value: &Term) -> Option<Callee> {
        match &value.kind {
            Kind::Ref(terms) => callee(self.program, terms),
            Kind::Var(name) if !self.has(name) => callee(self.program, std::slice::from_ref(value)),
            _ => None,
        }
    }
}

/// The function that a reference names: a rule with parameters or a built-in.
pub(super) fn callee(program: &Program, operator: &[Term]) -> Option<Callee> {
    let (root, rest) = operator.split_first()?;
    let name = root.as_var()?;
    if &**name == "data" {
        let mut node = 0;
        for term in rest {
            node = super::refs::child(program, node, &constant(term)?)?;
        }
        let group = program.nodes.get(node as usize)?.group?;
        let is_function = matches!(program.groups.get(group as usize)?.kind, GroupKind::Function(_));
        return is_function.then_some(Callee::Group(group));
    }
    if rest.is_empty() {
        return lookup(name).map(Callee::Builtin);
    }
    let mut full = String::from(&**name);
    for term in rest {
        full.push('.');
        full.push_str(term.as_string()?);
    }
    lookup(&full).map(Callee::Builtin)
}

fn arity(program: &Program, callee: Callee) -> usize {
    match callee {
        Callee::Group(group) => match program.groups.get(group as usize).map(|group| group.kind) {
            Some(GroupKind::Function(arity)) => arity,
            _ => 0,
        },
        Callee::Builtin(def) => def.signature.arity(),
    }
}

fn builtin_name(callee: Callee) -> &'static str {
    match callee {
        Callee::Group(_) => "",
        Callee::Builtin(def) => def.signature.name,
    }
}

fn quick(name: &str, operands: usize) -> Option<Quick> {
    let (quick, arity) = match name {
        "equal" => (Quick::Equal, 2),
        "neq" => (Quick::NotEqual, 2),
        "lt" => (Quick::Less, 2),
        "lte" => (Quick::LessOrEqual, 2),
        "gt" => (Quick::Greater, 2),
        "gte" => (Quick::GreaterOrEqual, 2),
        "internal.member_2" => (Quick::Member, 2),
        "count" => (Quick::Count, 1),
        _ => return None,
    };
    (arity == operands).then_some(quick)
}
