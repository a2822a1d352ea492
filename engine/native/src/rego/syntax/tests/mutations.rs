//! Damaged texts: no panic, an answer in any case, and trees that keep their promises.

use super::super::ast::{Expr, Module, Term, TermKind};
use super::super::visit::{Visitor, descend_expr, descend_rule, descend_term};
use super::{SAMPLES, parse};

/// A small generator of pseudo-random numbers (xorshift), so that failures repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

const PIECES: [&str; 36] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    ";",
    ".",
    "|",
    "&",
    "-",
    ":=",
    "==",
    "=",
    " not ",
    " some ",
    " every ",
    " in ",
    " if ",
    " contains ",
    " else ",
    " and ",
    " or ",
    " with ",
    "\"",
    "`",
    "$\"a{",
    "_",
    "01",
    "\n",
    "\0",
    "é",
    "# METADATA\n",
    "\\",
];

fn damaged(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(chars.len());
        let end = (at + random.below(8)).min(chars.len());
        match random.below(4) {
            0 => drop(chars.drain(at..end)),
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let copy: Vec<char> = chars[at..end].to_vec();
                let to = random.below(chars.len());
                chars.splice(to..to, copy);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                chars.splice(at..end, piece.chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// Measures the height of a tree and checks that collections are sorted.
struct Check {
    depth: u32,
    deepest: u32,
}

impl Visitor for Check {
    fn visit_term(&mut self, term: &Term) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        match &term.kind {
            TermKind::Set(members) => assert!(members.windows(2).all(|pair| pair[0] < pair[1])),
            TermKind::Object(members) => assert!(members.windows(2).all(|pair| pair[0].0 < pair[1].0)),
            _ => {}
        }
        descend_term(self, term);
        self.depth -= 1;
    }

    fn visit_expr(&mut self, expr: &Expr) {
        self.depth += 1;
        descend_expr(self, expr);
        self.depth -= 1;
    }
}

fn check(module: &Module) {
    let mut check = Check { depth: 0, deepest: 0 };
    module.rules.iter().for_each(|rule| descend_rule(&mut check, rule));
    assert!(check.deepest <= 300, "height {}", check.deepest);
    for rule in &module.rules {
        let _ = format!("{} {:?}", rule.head, rule.body.iter().map(Expr::to_string).collect::<Vec<_>>());
        assert!(rule.chain().all(|branch| !branch.body.is_empty()));
    }
}

#[test]
fn damaged_texts_are_answered() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for (version, text) in SAMPLES {
        check(&parse(version, text).unwrap_or_else(|errors| panic!("{errors:?}")));
        for _ in 0..1500 {
            if let Ok(module) = parse(version, &damaged(text, &mut random)) {
                check(&module);
            }
        }
    }
}

#[test]
fn every_prefix_is_answered() {
    for (version, text) in SAMPLES {
        for (at, _) in text.char_indices() {
            let _ = parse(version, &text[..at]);
        }
    }
}
