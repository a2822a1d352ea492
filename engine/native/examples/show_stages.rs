//! What becomes of a policy on its way to an answer: `cargo run --example show_stages -- policy.rego`.
//!
//! Prints each rule in the core language and then the program; `docs/rego-engine.md` follows one policy with it.

use bylaw_native::rego::analysis::core::{Expr, Statement};
use bylaw_native::rego::analysis::text;
use bylaw_native::rego::values::Value;
use bylaw_native::rego::{CompileOptions, Policy};

fn main() {
    let file = std::env::args().nth(1).expect("a policy file");
    let policy = std::fs::read_to_string(&file).expect("a policy file that can be read");
    let snapshot = match Policy::compile(&[(file, policy)], Value::empty_object(), &CompileOptions::default()) {
        Ok(snapshot) => snapshot,
        Err(errors) => return errors.iter().for_each(|error| println!("{error}")),
    };
    println!("# core");
    for rule in &snapshot.compiled().rules {
        let body: Vec<String> = rule.body.iter().map(statement).collect();
        println!("{} if {{ {} }}", text::reference(&snapshot.compiled().path_of(rule.id)), body.join("; "));
    }
    println!("\n# program\n{:#?}", snapshot.program().rules);
    for group in &snapshot.program().groups {
        println!("{:?} {:?}\n{:#?}", group.path, group.kind, group.index);
    }
}

fn statement(expr: &Expr) -> String {
    let not = if expr.negated { "not " } else { "" };
    match &expr.statement {
        Statement::Term(term) => format!("{not}{}", text::term(term)),
        Statement::Call(call) => format!("{not}{}", text::call(call)),
        other => format!("{not}{other:?}"),
    }
}
