//! Rules of every kind, as v1 and as v0 write them.

use super::values::{Kind, any, constant};
use super::{Generator, RuleShape};

impl Generator<'_> {
    /// One name with one to four bodies. Later rules refer to it.
    pub fn rule(&mut self, number: usize) -> String {
        let name = format!("p{number}");
        let bodies = if self.random.chance(50) { 1 } else { self.random.between(2, 4) };
        let (mut text, shape) = match self.random.below(20) {
            0..=4 => self.complete(&name, bodies),
            5..=8 => self.partial_set(&name, bodies),
            9..=11 => self.partial_object(&name, bodies),
            12 | 13 => self.nested(&name, bodies),
            14 => (self.chain(&name), RuleShape::Complete),
            15 => (self.built_in_table(&name), RuleShape::Keyed),
            _ => self.function(&name, bodies),
        };
        // Now and then a rule refers to itself or to what comes later.
        self.rules.push((name, shape));
        text.push('\n');
        text
    }

    fn with_body(&mut self, head: &str) -> String {
        let body = self.body(self.style.body_length, 2, "\n\t");
        if self.style.v0 { format!("{head} {{\n\t{body}\n}}\n") } else { format!("{head} if {{\n\t{body}\n}}\n") }
    }

    /// A head whose variables the body binds: the body is made first.
    fn headed(&mut self, head: impl Fn(&mut Self) -> String) -> String {
        self.variables.clear();
        let body = self.body(self.style.body_length, 2, "\n\t");
        let head = head(self);
        self.variables.clear();
        if self.style.v0 { format!("{head} {{\n\t{body}\n}}\n") } else { format!("{head} if {{\n\t{body}\n}}\n") }
    }

    fn complete(&mut self, name: &str, bodies: usize) -> (String, RuleShape) {
        let mut text = String::new();
        if self.random.chance(40) {
            let value =
                if self.random.chance(self.wild) { "[input.a]".into() } else { constant(self.random, Kind::Any, 1) };
            let operator = if self.style.v0 { "=" } else { ":=" };
            text += &format!("default {name} {operator} {value}\n");
        }
        let kind = any(self.random);
        let fixed = self.random.chance(55).then(|| constant(self.random, kind, 1));
        for _ in 0..bodies {
            let fixed = fixed.clone();
            text += &self.headed(|generator| {
                let value = match &fixed {
                    Some(value) => value.clone(),
                    None => generator.term(kind, 1),
                };
                let operator = if generator.style.v0 && generator.random.chance(50) { "=" } else { ":=" };
                if value == "true" && generator.random.chance(50) {
                    name.to_owned()
                } else {
                    format!("{name} {operator} {value}")
                }
            });
        }
        (text, RuleShape::Complete)
    }

    fn partial_set(&mut self, name: &str, bodies: usize) -> (String, RuleShape) {
        let mut text = String::new();
        for _ in 0..bodies {
            text += &self.headed(|generator| {
                let member = generator.term(Kind::Any, 1);
                if generator.style.v0 { format!("{name}[{member}]") } else { format!("{name} contains {member}") }
            });
        }
        (text, RuleShape::Keyed)
    }

    fn partial_object(&mut self, name: &str, bodies: usize) -> (String, RuleShape) {
        let mut text = String::new();
        for _ in 0..bodies {
            text += &self.headed(|generator| {
                let key = if generator.random.chance(60) {
                    generator.variable(Kind::String).unwrap_or_else(|| "\"a\"".into())
                } else {
                    generator.term(Kind::String, 0)
                };
                let value = generator.term(Kind::Any, 1);
                let operator = if generator.style.v0 { "=" } else { ":=" };
                format!("{name}[{key}] {operator} {value}")
            });
        }
        (text, RuleShape::Keyed)
    }

    fn nested(&mut self, name: &str, bodies: usize) -> (String, RuleShape) {
        let mut text = String::new();
        for _ in 0..bodies {
            text += &self.headed(|generator| {
                let key = generator.variable(Kind::Any).unwrap_or_else(|| "\"k\"".into());
                let other = generator.variable(Kind::Any).unwrap_or_else(|| "\"a\"".into());
                let value = generator.term(Kind::Any, 1);
                let operator = if generator.style.v0 { "=" } else { ":=" };
                match generator.random.below(if generator.style.v0 { 3 } else { 6 }) {
                    0 => format!("{name}.a.b {operator} {value}"),
                    1 => format!("{name}.a[{key}] {operator} {value}"),
                    2 => format!("{name}[{key}].b[{other}] {operator} {value}"),
                    3 => format!("{name}[{key}] contains {value}"),
                    4 => format!("{name}.s contains {value}"),
                    _ => format!("{name}[{key}][{other}]"),
                }
            });
        }
        (text, RuleShape::Keyed)
    }

    fn chain(&mut self, name: &str) -> String {
        self.variables.clear();
        let value = constant(self.random, Kind::Any, 1);
        let operator = if self.style.v0 { "=" } else { ":=" };
        let mut text = self.with_body(&format!("{name} {operator} {value}"));
        for _ in 0..self.random.between(1, 3) {
            self.variables.clear();
            let value =
                if self.random.chance(70) { constant(self.random, Kind::Any, 1) } else { self.term(Kind::Any, 1) };
            text.truncate(text.trim_end().len());
            text += &self.with_body(&format!(" else {operator} {value}"));
        }
        self.variables.clear();
        text
    }

    /// Many calls of built-ins, each seen for itself.
    fn built_in_table(&mut self, name: &str) -> String {
        let mut text = String::new();
        let operator = if self.style.v0 { "=" } else { ":=" };
        for number in 0..self.random.between(3, 10) {
            self.variables.clear();
            let call = self.builtin_call(Kind::Any, 1);
            let tail = if self.style.v0 { "{ true }".to_owned() } else { "if true".to_owned() };
            text += &format!("{name}[\"{number}\"] {operator} {call} {tail}\n");
        }
        text
    }

    fn function(&mut self, name: &str, bodies: usize) -> (String, RuleShape) {
        let arity = self.random.between(1, 2);
        let mut text = String::new();
        if self.random.chance(15) && !self.style.v0 {
            let wild = vec!["_"; arity].join(", ");
            text += &format!("default {name}({wild}) := {}\n", constant(self.random, Kind::Any, 0));
        }
        let kind = any(self.random);
        for _ in 0..bodies {
            self.variables.clear();
            let arguments: Vec<String> = (0..arity).map(|_| self.pattern()).collect();
            let known = self.variables.clone();
            let operator = if self.style.v0 { "=" } else { ":=" };
            let body = self.body(self.style.body_length, 2, "\n\t");
            let value = self.term(kind, 1);
            let head = format!("{name}({}) {operator} {value}", arguments.join(", "));
            text += &if self.style.v0 {
                format!("{head} {{\n\t{body}\n}}\n")
            } else {
                format!("{head} if {{\n\t{body}\n}}\n")
            };
            if self.random.chance(15) {
                self.variables = known;
                let value = self.term(kind, 1);
                text.truncate(text.trim_end().len());
                text += &self.with_body(&format!(" else {operator} {value}"));
            }
        }
        self.variables.clear();
        (text, RuleShape::Function(arity))
    }

    fn pattern(&mut self) -> String {
        self.counter += 1;
        let name = format!("w{}", self.counter);
        match self.random.below(10) {
            0 => constant(self.random, Kind::String, 0),
            1 => {
                self.variables.push((name.clone(), Kind::Any));
                format!("[{name}, _]")
            }
            2 => {
                self.variables.push((name.clone(), Kind::Any));
                format!("{{\"a\": {name}}}")
            }
            3 => "_".into(),
            _ => {
                self.variables.push((name.clone(), Kind::Any));
                name
            }
        }
    }
}
