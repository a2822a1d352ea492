//! Makes the names of locals: `__local0__`, `__local1__`, … never one that the policy uses itself.

use std::collections::{HashMap, HashSet};

use super::core::{Call, Expr, Kind, Name, Statement, Term};

#[derive(Debug, Clone)]
pub(super) struct Names {
    prefix: &'static str,
    next: usize,
    taken: HashSet<Name>,
    /// What the author wrote where a name stands now: for messages.
    pub subjects: HashMap<Name, Term>,
}

impl Names {
    pub fn for_modules(taken: HashSet<Name>) -> Self {
        Names { prefix: "__local", next: 0, taken, subjects: HashMap::new() }
    }

    pub fn for_query(taken: HashSet<Name>) -> Self {
        Names { prefix: "__localq", next: 0, taken, subjects: HashMap::new() }
    }

    pub fn fresh(&mut self) -> Name {
        loop {
            let name = Name::from(format!("{}{}__", self.prefix, self.next));
            self.next += 1;
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }

    /// A new variable and the statement that binds it to the term.
    pub fn bind(&mut self, term: Term) -> (Term, Expr) {
        let at = term.at;
        let local = Term::var(self.fresh(), at);
        let mut expr = Expr::new(Statement::Call(equality(local.clone(), term)), at);
        expr.generated = true;
        (local, expr)
    }
}

/// The call `eq(left, right)`.
pub(super) fn equality(left: Term, right: Term) -> Call {
    let at = left.at;
    Call { operator: vec![Term::new(Kind::Var(Name::from("eq")), at)], operator_at: at, arguments: vec![left, right] }
}
