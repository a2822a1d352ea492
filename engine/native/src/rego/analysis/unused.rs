//! Variables that are declared or assigned and never used.

use super::core::{Expr, Name, Place, is_generated, is_wildcard};
use super::fault::Fault;
use super::locals::Locals;
use super::scopes::Occurrence;
use super::vars::{self, Skip, VarSet};
use crate::rego::errors::COMPILE;

/// Where the statements of a body stood, and what each declared, before they were rewritten.
type Starts = [(Place, VarSet)];

/// The variables of the innermost scope that came in one way, as (new name, author's name), in order.
fn of_scope(locals: &Locals<'_>, occurrence: Occurrence) -> Vec<(Name, Name)> {
    let Some(scope) = locals.scopes.innermost() else { return Vec::new() };
    let mut found: Vec<(Name, Name)> = scope
        .occurrences
        .iter()
        .filter(|(_, how)| **how == occurrence)
        .filter_map(|(name, _)| scope.renamed.get(name).map(|renamed| (renamed.clone(), name.clone())))
        .collect();
    found.sort();
    found
}

fn renamed_used(locals: &Locals<'_>, used: &VarSet) -> VarSet {
    let mut found = VarSet::default();
    for name in used.iter() {
        found.add(locals.scopes.renamed(name).unwrap_or(name));
    }
    found
}

fn place_of_body(starts: &Starts) -> Place {
    starts.first().map(|(at, _)| *at).unwrap_or_default()
}

/// Strict mode: `x := 1` and `x` never again.
pub(super) fn assigned(locals: &mut Locals<'_>, starts: &Starts, body: &[Expr], used: &VarSet) {
    if !locals.faults.is_empty() {
        return;
    }
    let used = renamed_used(locals, used);
    for (renamed, name) in of_scope(locals, Occurrence::Assigned) {
        if is_wildcard(&name) || locals.scopes.uses(&name) > 1 || used.contains(&renamed) {
            continue;
        }
        let found = body.iter().find(|expr| vars::of_expr(expr, Skip::NOTHING).contains(&renamed));
        let at = found.map_or_else(|| place_of_body(starts), |expr| expr.at);
        locals.faults.push(Fault::new(COMPILE, format!("assigned var {name} unused"), at));
    }
}

/// `some x` and `x` never again.
pub(super) fn declared(locals: &mut Locals<'_>, starts: &Starts, body: &[Expr], used: &VarSet) {
    if !locals.faults.is_empty() {
        return;
    }
    let declared = of_scope(locals, Occurrence::Declared);
    if declared.is_empty() {
        return;
    }
    let mut seen = vars::of_body(body, Skip::NOTHING);
    seen.extend(&renamed_used(locals, used));
    for (renamed, name) in declared {
        if seen.contains(&renamed) || used.contains(&renamed) || is_generated(&name) {
            continue;
        }
        let found = starts.iter().find(|(_, declares)| declares.contains(&name));
        let at = found.map_or_else(|| place_of_body(starts), |(at, _)| *at);
        locals.faults.push(Fault::new(COMPILE, format!("declared var {name} unused"), at));
    }
}
