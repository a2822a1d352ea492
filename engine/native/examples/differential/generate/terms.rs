//! Expressions of a wanted kind, over what is in scope.

use super::builtins::{BUILTINS, Builtin, Takes};
use super::values::{CONCRETE, Kind, NAMES, any, constant};
use super::{Generator, RuleShape};

const FIELDS: [&str; 8] = ["a", "b", "c", "d", "k", "xs", "o", "rows"];

impl Generator<'_> {
    /// A term that is meant to have this kind; now and then it has another.
    pub fn term(&mut self, kind: Kind, depth: usize) -> String {
        let kind = if self.random.chance(self.wild) { any(self.random) } else { kind };
        if depth == 0 {
            return self.leaf(kind);
        }
        match self.random.below(20) {
            0..=4 => self.leaf(kind),
            5..=7 => self.reference(depth),
            8..=11 => self.operation(kind, depth),
            12..=14 => self.builtin_call(kind, depth),
            15 | 16 => self.comprehension(kind, depth),
            17 => self.composite(kind, depth),
            18 => self.rule_call(depth).unwrap_or_else(|| self.leaf(kind)),
            _ if self.style.templates && kind == Kind::String => self.template(depth),
            _ => self.composite(kind, depth),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        match self.random.below(10) {
            0..=3 => self.variable(kind).unwrap_or_else(|| constant(self.random, kind, 1)),
            4..=6 => self.reference(0),
            _ => constant(self.random, kind, 1),
        }
    }

    /// A variable in scope, of the kind if there is one.
    pub fn variable(&mut self, kind: Kind) -> Option<String> {
        let number = |kind: Kind| matches!(kind, Kind::Int | Kind::Number);
        let fits = |had: Kind| had == kind || had == Kind::Any || kind == Kind::Any || number(had) && number(kind);
        let fitting: Vec<String> =
            self.variables.iter().filter(|(_, had)| fits(*had)).map(|(name, _)| name.clone()).collect();
        let all: Vec<String> = self.variables.iter().map(|(name, _)| name.clone()).collect();
        let from = if self.random.chance(self.wild) { all } else { fitting };
        (!from.is_empty()).then(|| self.random.choose(&from).clone())
    }

    /// A variable of which nothing is known: it may have parts.
    fn unknown_variable(&mut self) -> Option<String> {
        let names: Vec<&String> =
            self.variables.iter().filter(|(_, kind)| *kind == Kind::Any).map(|(name, _)| name).collect();
        (!names.is_empty()).then(|| (*self.random.choose(&names)).clone())
    }

    fn field(&mut self) -> &'static str {
        FIELDS[self.random.below(FIELDS.len())]
    }

    /// Something below input, data, a rule or a variable.
    pub fn reference(&mut self, depth: usize) -> String {
        let mut text = match self.random.below(12) {
            0..=4 => format!("input.{}", self.field()),
            5 | 6 => format!("data.d0.{}", self.field()),
            7 => "input".to_owned(),
            8 => match self.rule_reference(depth) {
                Some(text) => return text,
                None => format!("input.{}", self.field()),
            },
            9 => match self.unknown_variable() {
                Some(name) => name,
                None => format!("data.d0.{}", self.field()),
            },
            10 => format!("data.d0[{}]", self.key(depth)),
            _ => format!("input[{}]", self.key(depth)),
        };
        while self.random.chance(25) {
            let part = match self.random.below(4) {
                0 => format!(".{}", self.random.choose(&NAMES)),
                1 => format!("[{}]", self.key(depth)),
                2 => "[0]".to_owned(),
                _ => format!("[\"{}\"]", self.random.choose(&NAMES)),
            };
            text += &part;
        }
        text
    }

    fn key(&mut self, depth: usize) -> String {
        match self.random.below(8) {
            0..=2 => self.variable(Kind::Any).unwrap_or_else(|| "\"a\"".into()),
            3 | 4 => constant(self.random, Kind::String, 0),
            5 => constant(self.random, Kind::Int, 0),
            6 if depth > 0 => self.term(Kind::Any, depth - 1),
            _ if self.free_variables => "_".into(),
            _ => "0".into(),
        }
    }

    /// A rule that is not a function, perhaps with a key.
    fn rule_reference(&mut self, depth: usize) -> Option<String> {
        let rules: Vec<(String, RuleShape)> =
            self.rules.iter().filter(|(_, shape)| !matches!(shape, RuleShape::Function(_))).cloned().collect();
        if rules.is_empty() {
            return None;
        }
        let (name, shape) = self.random.choose(&rules).clone();
        let full = self.random.chance(20);
        let base = if full { format!("data.{}.{name}", self.package) } else { name };
        Some(match shape {
            RuleShape::Keyed if self.random.chance(75) => match self.unknown_variable() {
                Some(name) if !self.random.chance(10) => format!("{base}[{name}]"),
                _ if self.random.chance(self.wild) => format!("{base}[{}]", self.key(depth)),
                _ if self.free_variables => format!("{base}[_]"),
                _ => format!("{base}[input.{}]", self.field()),
            },
            _ => base,
        })
    }

    fn rule_call(&mut self, depth: usize) -> Option<String> {
        let functions: Vec<(String, usize)> = self
            .rules
            .iter()
            .filter_map(|(name, shape)| match shape {
                RuleShape::Function(arity) => Some((name.clone(), *arity)),
                _ => None,
            })
            .collect();
        if functions.is_empty() {
            return None;
        }
        let (name, arity) = self.random.choose(&functions).clone();
        let arguments: Vec<String> = (0..arity).map(|_| self.term(Kind::Any, depth.saturating_sub(1))).collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn operation(&mut self, kind: Kind, depth: usize) -> String {
        let (operators, operand): (&[&str], Kind) = match kind {
            Kind::Number | Kind::Int => (&["+", "-", "*", "/", "%"], Kind::Number),
            Kind::Set => (&["|", "&", "-"], Kind::Set),
            Kind::Bool => (&["==", "!=", "<", "<=", ">", ">="], any(self.random)),
            _ => return self.composite(kind, depth),
        };
        let operator = self.random.pick(operators);
        let left = self.term(operand, depth - 1);
        let right = self.term(operand, depth - 1);
        format!("({left} {operator} {right})")
    }

    pub fn builtin_call(&mut self, kind: Kind, depth: usize) -> String {
        let fitting: Vec<&Builtin> =
            BUILTINS.iter().filter(|builtin| kind == Kind::Any || builtin.gives == kind).collect();
        let builtin = if fitting.is_empty() { self.random.choose(BUILTINS) } else { *self.random.choose(&fitting) };
        let arguments: Vec<String> = builtin.takes.iter().map(|takes| self.operand(*takes, depth)).collect();
        let name = match builtin.name {
            "and" | "or" => return format!("({} & {})", arguments[0], arguments[1]),
            name => name,
        };
        format!("{name}({})", arguments.join(", "))
    }

    fn operand(&mut self, takes: Takes, depth: usize) -> String {
        if self.random.chance(self.wild) {
            return self.term(Kind::Any, 0);
        }
        let below = depth.saturating_sub(1);
        let listed = |generator: &mut Self, kind: Kind| {
            let count = generator.random.below(4);
            let items: Vec<String> = (0..count).map(|_| generator.term(kind, 0)).collect();
            if generator.random.chance(30) && !items.is_empty() {
                format!("{{{}}}", items.join(", "))
            } else {
                format!("[{}]", items.join(", "))
            }
        };
        match takes {
            Takes::Is(kind) => self.term(kind, below),
            Takes::Oneof(texts) => {
                if self.random.chance(80) {
                    self.random.pick(texts).to_owned()
                } else {
                    self.term(Kind::String, below)
                }
            }
            Takes::Collection => {
                let kind = *self.random.choose(&[Kind::Array, Kind::Set, Kind::Object, Kind::String, Kind::Array]);
                self.term(kind, below)
            }
            Takes::Ordered => {
                let kind = *self.random.choose(&[Kind::Array, Kind::Set]);
                self.term(kind, below)
            }
            Takes::Strings => listed(self, Kind::String),
            Takes::Numbers => listed(self, Kind::Number),
            Takes::Objects => {
                let items: Vec<String> = (0..self.random.below(3)).map(|_| self.term(Kind::Object, 0)).collect();
                format!("[{}]", items.join(", "))
            }
            Takes::Sets => {
                let items: Vec<String> = (0..self.random.between(1, 3)).map(|_| self.term(Kind::Set, 0)).collect();
                format!("{{{}}}", items.join(", "))
            }
            Takes::Paths => {
                const PATHS: [&str; 8] =
                    ["\"a\"", "\"a/b\"", "\"/b\"", "[\"a\", \"b\"]", "\"xs/0\"", "\"\"", "[\"xs\", 1]", "\"o/a\""];
                let items: Vec<&str> = (0..self.random.between(1, 3)).map(|_| *self.random.choose(&PATHS)).collect();
                if self.random.chance(50) {
                    format!("{{{}}}", items.join(", "))
                } else {
                    format!("[{}]", items.join(", "))
                }
            }
        }
    }

    fn composite(&mut self, kind: Kind, depth: usize) -> String {
        let below = depth.saturating_sub(1);
        let count = self.random.below(4);
        match kind {
            Kind::Set => {
                let items: Vec<String> = (0..count.max(1)).map(|_| self.term(Kind::Any, below)).collect();
                format!("{{{}}}", items.join(", "))
            }
            Kind::Object => {
                let items: Vec<String> = (0..count)
                    .map(|_| {
                        let key = if self.random.chance(70) { Kind::String } else { Kind::Any };
                        format!("{}: {}", self.term(key, 0), self.term(Kind::Any, below))
                    })
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
            Kind::Array | Kind::Any => {
                let items: Vec<String> = (0..count).map(|_| self.term(Kind::Any, below)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => self.leaf(kind),
        }
    }

    fn comprehension(&mut self, kind: Kind, depth: usize) -> String {
        let mark = self.variables.len();
        let body = self.body(self.style.comprehension_length, depth - 1, "; ");
        let inner = *self.random.choose(&CONCRETE);
        let text = match kind {
            Kind::Set => format!("{{{} | {body}}}", self.term(inner, 0)),
            Kind::Object => format!("{{{}: {} | {body}}}", self.term(Kind::String, 0), self.term(inner, 0)),
            Kind::Int | Kind::Number => format!("count([{} | {body}])", self.term(inner, 0)),
            _ => format!("[{} | {body}]", self.term(inner, 0)),
        };
        self.variables.truncate(mark);
        text
    }

    fn template(&mut self, depth: usize) -> String {
        let mut text = String::from("$\"");
        for _ in 0..self.random.between(1, 3) {
            text += self.random.pick(&["a", " ", "x=", "é", "\\n", "\\{"]);
            let quoted = self.term(Kind::Any, depth.saturating_sub(1).min(1));
            text += &format!("{{{quoted}}}");
        }
        text + "\""
    }
}
