//! Checks that look at one rule or module at a time.

use std::collections::HashMap;

use super::core::{Call, Expr, Kind, Name, Rule, Statement, Term};
use super::fault::Fault;
use super::functions::{Builtins, Functions};
use super::resolve::Import;
use super::text;
use super::walk::{self, Item, ItemMut};
use crate::rego::errors::{COMPILE, TYPE};

fn is_root_name(name: &str) -> bool {
    name == "data" || name == "input"
}

fn is_root_document(term: &Term) -> Option<&Name> {
    match term.as_ref_terms()? {
        [only] => only.as_var().filter(|name| is_root_name(name)),
        _ => None,
    }
}

/// Stage 4, `CheckKeywordOverrides`, for rules and parameters.
pub(super) fn root_documents_in_head(rule: &Rule, faults: &mut Vec<Fault>) {
    if let Some(name) = rule.head.reference.first().and_then(Term::as_var).filter(|name| is_root_name(name)) {
        let message = format!("rules must not shadow {name} (use a different rule name)");
        faults.push(Fault::new(COMPILE, message, rule.at));
    }
    for argument in &rule.head.arguments {
        if let Some(name) = is_root_document(argument) {
            let message = format!("args must not shadow {name} (use a different variable name)");
            faults.push(Fault::new(COMPILE, message, argument.at));
        }
    }
}

/// Stage 4 for assignments.
pub(super) fn root_documents_assigned<'a>(faults: &mut Vec<Fault>, item: Item<'a>) -> bool {
    if let Item::Expr(expr) = item
        && expr.is_assignment()
        && let Some(name) = expr.as_call().and_then(|call| is_root_document(call.arguments.first()?))
    {
        let message = format!("variables must not shadow {name} (use a different variable name)");
        faults.push(Fault::new(COMPILE, message, expr.at));
    }
    false
}

/// Stage 5, `CheckDuplicateImports`, for one module.
pub(super) fn duplicate_imports(imports: &[Import], faults: &mut Vec<Fault>) {
    let mut seen: HashMap<&Name, &Import> = HashMap::new();
    for import in imports {
        let Some(name) = &import.name else { continue };
        match seen.get(name) {
            Some(earlier) => {
                let message = format!("import must not shadow {}", earlier.text());
                faults.push(Fault::new(COMPILE, message, import.at));
            }
            None => {
                seen.insert(name, import);
            }
        }
    }
}

/// Stage 11, `CheckVoidCalls`: `x := print(1)`.
pub(super) fn void_call(builtins: &Builtins, faults: &mut Vec<Fault>, item: Item<'_>) -> bool {
    if let Item::Term(Term { kind: Kind::Call(call), at }) = item
        && builtins.find(&call.operator).is_some_and(|signature| signature.result.is_none())
    {
        faults.push(Fault::new(TYPE, format!("{} used as value", text::call(call)), *at));
    }
    false
}

/// The name of a function with the author's variables.
fn shown(operator: &[Term], original: &HashMap<Name, Name>) -> String {
    let mut operator = operator.to_vec();
    walk::terms_mut(&mut operator, &mut |item| {
        if let ItemMut::Term(Term { kind: Kind::Var(name), .. }) = item
            && let Some(before) = original.get(name)
        {
            *name = before.clone();
        }
        false
    });
    text::reference(&operator)
}

/// Stage 22, `CheckUndefinedFuncs`: functions that are not there, and calls with too few or too many arguments.
pub(super) fn undefined_function(
    functions: &Functions<'_>,
    original: &HashMap<Name, Name>,
    faults: &mut Vec<Fault>,
    item: Item<'_>,
) -> bool {
    let Item::Expr(expr) = item else { return false };
    let Statement::Call(call) = &expr.statement else { return false };
    let Some(arity) = functions.arity(&call.operator) else {
        let message = format!("undefined function {}", shown(&call.operator, original));
        faults.push(Fault::new(TYPE, message, expr.at));
        return true;
    };
    let given = call.arguments.len();
    let is_wrong =
        if expr.generated { !expr.is_equality() && given != arity + 1 } else { given != arity && given != arity + 1 };
    if is_wrong && !is_variadic(functions, call) {
        let given = if expr.generated { given.saturating_sub(1) } else { given };
        faults.push(Fault::new(TYPE, arity_message(functions, call, original, arity, given), expr.at));
        return true;
    }
    false
}

fn is_variadic(functions: &Functions<'_>, call: &Call) -> bool {
    functions.builtins.find(&call.operator).is_some_and(|signature| signature.variadic.is_some())
}

fn arity_message(
    functions: &Functions<'_>,
    call: &Call,
    original: &HashMap<Name, Name>,
    arity: usize,
    given: usize,
) -> String {
    let name = shown(&call.operator, original);
    if functions.builtins.find(&call.operator).is_some() {
        return format!("{name}: arity mismatch");
    }
    let plural = if given == 1 { "" } else { "s" };
    format!("function {name} has arity {arity}, got {given} argument{plural}")
}

/// Stage 30, `CheckUnsafeBuiltins`: calls that the host forbids.
pub(super) fn unsafe_builtin(forbidden: &[String], faults: &mut Vec<Fault>, item: Item<'_>) -> bool {
    if let Item::Expr(Expr { statement: Statement::Call(call), at, .. }) = item {
        let name = call.name();
        if forbidden.contains(&name) {
            let message = format!("unsafe built-in function calls in expression: {name}");
            faults.push(Fault::new(TYPE, message, *at));
        }
    }
    false
}

/// Stage 31, `CheckDeprecatedBuiltins`.
pub(super) fn deprecated_builtin(builtins: &Builtins, faults: &mut Vec<Fault>, item: Item<'_>) -> bool {
    let (call, at) = match item {
        Item::Expr(Expr { statement: Statement::Call(call), at, .. }) => (call, *at),
        Item::Term(Term { kind: Kind::Call(call), .. }) => (&**call, call.operator_at),
        _ => return false,
    };
    if builtins.find(&call.operator).is_some_and(|signature| signature.deprecated) {
        let message = format!("deprecated built-in function calls in expression: {}", call.name());
        faults.push(Fault::new(TYPE, message, at));
    }
    false
}

/// Visits everything in a rule but the reference of its head.
pub(super) fn in_rule<'a>(rule: &'a Rule, visit: &mut dyn walk::Visit<'a>) {
    walk::head(&rule.head, visit);
    walk::body(&rule.body, visit);
}
