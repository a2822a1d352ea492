//! Rules: parameters, body, head.

use std::collections::{HashMap, HashSet};

use super::program::{Group, GroupKind, HeadKey, KnownKey, MAX_HEAD_SLOTS, Program, RulePlan};
use super::scope::{Notes, Scope};
use super::terms::constant;
use super::{Fault, spans, tree};
use crate::rego::analysis::Compiled;
use crate::rego::analysis::core::{Kind, Name, Rule, Term};
use crate::rego::analysis::walk::{self, Item};
use crate::rego::errors::Error;

pub(super) fn plan(compiled: &Compiled, marked: bool) -> Result<Program, Error> {
    let mut program = Program { files: compiled.files.clone(), ..Program::default() };
    tree::build(compiled, &mut program).map_err(|fault| fault.into_error(&compiled.files))?;
    let mut suffixes = vec![0; compiled.rules.len()];
    for group in &program.groups {
        note_lengths(group, &mut suffixes);
    }
    let mut notes = Notes::default();
    let mut rules = Vec::with_capacity(compiled.rules.len());
    for rule in &compiled.rules {
        let path_length = suffixes.get(rule.id.0 as usize).copied().unwrap_or_default();
        rules.push(
            plan_rule(&program, compiled, rule, path_length, &mut notes, marked)
                .map_err(|fault| fault.into_error(&compiled.files))?,
        );
    }
    program.rules = rules;
    program.base_paths = notes.base_paths;
    spans::build(compiled, &mut program, &notes.ranges);
    Ok(program)
}

/// The length of the group's path for each of its rules: the rest of a rule's reference is its suffix.
fn note_lengths(group: &Group, lengths: &mut [usize]) {
    if group.kind != GroupKind::Object {
        return;
    }
    for candidate in &group.rules {
        if let Some(length) = lengths.get_mut(candidate.rule as usize) {
            *length = group.path.len() + 1;
        }
    }
}

fn plan_rule(
    program: &Program,
    compiled: &Compiled,
    rule: &Rule,
    path_length: usize,
    notes: &mut Notes,
    marked: bool,
) -> Result<RulePlan, Fault> {
    let mut scope = Scope::new(program);
    scope.notes = Some(notes);
    scope.names_of_author = marked.then_some(&compiled.original_names);
    if !marked {
        scope.unread = unread(rule);
    }
    let path = compiled.path_of(rule.id);
    let suffix: &[Term] = if path_length == 0 { &[] } else { path.get(path_length..).unwrap_or_default() };
    for term in suffix.iter().chain(&rule.head.member) {
        if let Kind::Var(name) = &term.kind {
            scope.declare_head(name);
        }
    }
    let arguments =
        rule.head.arguments.iter().map(|argument| scope.pattern(argument)).collect::<Result<Box<[_]>, Fault>>()?;
    let body = scope.body(&rule.body)?;
    let body = scope.entered_rule(rule, &path, body);
    let suffix = suffix.iter().map(|term| head_key(&mut scope, term)).collect::<Result<Box<[_]>, Fault>>()?;
    let member = rule.head.member.as_ref().map(|term| head_key(&mut scope, term)).transpose()?;
    let value = rule.head.value.as_ref().map(|term| scope.expr(term)).transpose()?;
    Ok(RulePlan { slots: scope.slots(), arguments, body, suffix, member, value, at: rule.at, head_at: rule.head.at })
}

/// The variables that stand at one place of the rule only.
fn unread(rule: &Rule) -> HashSet<Name> {
    let mut places: HashMap<Name, u32> = HashMap::new();
    let mut count = |item: Item<'_>| {
        if let Item::Term(Term { kind: Kind::Var(name), .. }) = item {
            *places.entry(name.clone()).or_default() += 1;
        }
        false
    };
    walk::terms(&rule.head.reference, &mut count);
    walk::head(&rule.head, &mut count);
    walk::body(&rule.body, &mut count);
    places.into_iter().filter_map(|(name, count)| (count == 1).then_some(name)).collect()
}

fn head_key(scope: &mut Scope<'_>, term: &Term) -> Result<HeadKey, Fault> {
    let value = scope.expr(term)?;
    let known = match (&term.kind, constant(term)) {
        (_, Some(value)) => KnownKey::Constant(value),
        (Kind::Var(name), None) => {
            let slot = scope.slot(name);
            if slot < MAX_HEAD_SLOTS { KnownKey::Slot(slot) } else { KnownKey::Open }
        }
        _ => KnownKey::Open,
    };
    Ok(HeadKey { value, known })
}
