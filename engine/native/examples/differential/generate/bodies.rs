//! Bodies: expressions that bind variables, test, iterate, negate and replace.

use super::Generator;
use super::values::{Kind, any, constant};

impl Generator<'_> {
    /// Up to `length` expressions, joined.
    pub fn body(&mut self, length: usize, depth: usize, joined_by: &str) -> String {
        let count = self.random.between(1, length.max(1));
        let expressions: Vec<String> = (0..count).map(|_| self.expression(depth)).collect();
        expressions.join(joined_by)
    }

    pub fn expression(&mut self, depth: usize) -> String {
        let text = match self.random.below(26) {
            0..=3 => self.assignment(depth),
            4..=7 => self.iteration(depth),
            8 | 9 => self.indexed_test(),
            10..=12 => self.comparison(depth),
            13 => self.unification(depth),
            14 | 15 => self.membership(depth),
            16 | 17 => self.negation(depth),
            18 => self.every(depth),
            19 => self.term(Kind::Bool, depth),
            20 => self.reference(depth),
            21 => self.builtin_call(Kind::Bool, depth),
            22 if self.style.logic => self.logic(depth),
            23 => self.output_argument(depth),
            24 => self.walk(depth),
            _ => self.comparison(depth),
        };
        if depth > 0 && self.random.chance(6) { text + &self.modifier(depth) } else { text }
    }

    fn fresh(&mut self, kind: Kind) -> String {
        let name = if self.random.chance(self.wild) && !self.variables.is_empty() {
            self.variables[self.random.below(self.variables.len())].0.clone()
        } else {
            self.counter += 1;
            format!("{}{}", self.random.pick(&["x", "y", "z", "v"]), self.counter)
        };
        self.variables.push((name.clone(), kind));
        name
    }

    fn assignment(&mut self, depth: usize) -> String {
        let kind = any(self.random);
        let value = self.term(kind, depth);
        let operator = if self.random.chance(80) { ":=" } else { "=" };
        if self.random.chance(8) {
            let (first, second) = (self.fresh(Kind::Any), self.fresh(Kind::Any));
            return format!("[{first}, {second}] {operator} {value}");
        }
        let name = self.fresh(kind);
        format!("{name} {operator} {value}")
    }

    fn iteration(&mut self, depth: usize) -> String {
        let domain = if self.random.chance(80) {
            self.domain()
        } else {
            let kind = *self.random.choose(&[Kind::Array, Kind::Object, Kind::Set]);
            self.term(kind, depth)
        };
        match self.random.below(5) {
            0 | 1 if self.style.membership => {
                let value = self.fresh(Kind::Any);
                format!("some {value} in {domain}")
            }
            2 if self.style.membership => {
                let (key, value) = (self.fresh(Kind::Any), self.fresh(Kind::Any));
                format!("some {key}, {value} in {domain}")
            }
            3 => {
                let domain = self.domain();
                let value = self.fresh(Kind::Any);
                format!("{value} = {domain}[_]")
            }
            _ => {
                let domain = self.domain();
                let (key, value) = (self.fresh(Kind::Any), self.fresh(Kind::Any));
                let declared = if self.random.chance(60) { format!("some {key}; ") } else { String::new() };
                format!("{declared}{value} := {domain}[{key}]")
            }
        }
    }

    /// Something to iterate over.
    fn domain(&mut self) -> String {
        match self.random.below(8) {
            0..=2 => "input.xs".into(),
            3 => "input.rows".into(),
            4 => "data.d0.xs".into(),
            5 => "input.o".into(),
            6 => {
                let rules: Vec<String> = self
                    .rules
                    .iter()
                    .filter(|(_, shape)| *shape == super::RuleShape::Keyed)
                    .map(|(name, _)| name.clone())
                    .collect();
                if rules.is_empty() { "data.d0".into() } else { self.random.choose(&rules).clone() }
            }
            _ => self.reference(0),
        }
    }

    /// What OPA's rule index understands.
    fn indexed_test(&mut self) -> String {
        let name = *self.random.choose(&["a", "b", "c", "k"]);
        let kind = any_scalar(self.random.below(4));
        let value = constant(self.random, kind, 0);
        match self.random.below(7) {
            0..=2 => format!("input.{name} == {value}"),
            3 => format!("{value} = input.{name}"),
            4 if self.style.membership => {
                let other = constant(self.random, Kind::String, 0);
                format!("input.{name} in {{{value}, {other}}}")
            }
            5 if self.style.membership => format!("{value} in input.xs"),
            6 => format!("input.xs[_] == {value}"),
            _ => format!("input.{name}"),
        }
    }

    fn comparison(&mut self, depth: usize) -> String {
        let kind = any(self.random);
        let (left, right) = (self.term(kind, depth), self.term(kind, depth.min(1)));
        let operator = self.random.pick(&["==", "==", "!=", "<", "<=", ">", ">=", "="]);
        format!("{left} {operator} {right}")
    }

    fn unification(&mut self, depth: usize) -> String {
        let value = if self.random.chance(100 - self.wild) { self.domain() } else { self.term(Kind::Any, depth) };
        let pattern = match self.random.below(4) {
            0 => {
                let (first, second) = (self.fresh(Kind::Any), self.fresh(Kind::Any));
                format!("[{first}, {second}]")
            }
            1 => format!("{{\"a\": {}}}", self.fresh(Kind::Any)),
            2 => format!("[{}, \"a\"]", self.fresh(Kind::Any)),
            _ => {
                let inner = self.fresh(Kind::Any);
                format!("{{\"a\": [{inner}, _], \"b\": {}}}", self.fresh(Kind::Any))
            }
        };
        if self.random.chance(50) { format!("{pattern} = {value}") } else { format!("{value} = {pattern}") }
    }

    fn membership(&mut self, depth: usize) -> String {
        if !self.style.membership {
            return self.comparison(depth);
        }
        let collection = if self.random.chance(60) { self.reference(0) } else { self.term(Kind::Array, depth.min(1)) };
        let value = self.term(Kind::Any, 0);
        if self.random.chance(20) {
            let key = self.term(Kind::Any, 0);
            return format!("{key}, {value} in {collection}");
        }
        format!("{value} in {collection}")
    }

    fn negation(&mut self, depth: usize) -> String {
        let mark = self.variables.len();
        let (had, declared) = (self.free_variables, self.counter);
        self.free_variables = self.style.new_not || self.random.chance(3 * self.wild);
        let inner = match self.random.below(6) {
            0 | 1 => self.reference(0),
            2 => self.comparison(depth.min(1)),
            3 => self.membership(depth.min(1)),
            4 => self.builtin_call(Kind::Bool, depth.min(1)),
            _ if self.style.new_not => {
                let body = self.body(2, depth.saturating_sub(1), "; ");
                format!("{{ {body} }}")
            }
            _ => self.indexed_test(),
        };
        self.free_variables = had;
        self.variables.truncate(mark);
        debug_assert!(self.counter >= declared);
        format!("not {inner}")
    }

    fn every(&mut self, depth: usize) -> String {
        if !self.style.membership || depth == 0 {
            return self.indexed_test();
        }
        let domain = if self.random.chance(70) { self.reference(0) } else { self.term(Kind::Array, depth - 1) };
        let mark = self.variables.len();
        let key = if self.random.chance(30) { format!("{}, ", self.fresh(Kind::Any)) } else { String::new() };
        let value = self.fresh(Kind::Any);
        let body = self.body(2, depth - 1, "; ");
        self.variables.truncate(mark);
        format!("every {key}{value} in {domain} {{ {body} }}")
    }

    fn logic(&mut self, depth: usize) -> String {
        let mark = self.variables.len();
        let operand = |generator: &mut Self| {
            let text = match generator.random.below(4) {
                0 => format!("{{ {} }}", generator.body(2, depth.saturating_sub(1), "; ")),
                1 => generator.indexed_test(),
                2 => generator.comparison(0),
                _ => generator.reference(0),
            };
            generator.variables.truncate(mark);
            if generator.random.chance(15) { format!("not {text}") } else { text }
        };
        let (left, right) = (operand(self), operand(self));
        let operator = self.random.pick(&["and", "or", "or"]);
        if self.random.chance(25) {
            let third = operand(self);
            return format!("{left} {operator} {right} {} {third}", self.random.pick(&["and", "or"]));
        }
        format!("{left} {operator} {right}")
    }

    /// `plus(1, 2, x)`: the older form with the result as last operand.
    fn output_argument(&mut self, depth: usize) -> String {
        let (left, right) = (self.term(Kind::Number, depth.min(1)), self.term(Kind::Number, 0));
        let name = self.fresh(Kind::Number);
        format!("{}({left}, {right}, {name})", self.random.pick(&["plus", "minus", "mul"]))
    }

    fn walk(&mut self, depth: usize) -> String {
        let domain = if self.random.chance(70) { self.reference(0) } else { self.term(Kind::Object, depth.min(1)) };
        let pattern = match self.random.below(4) {
            0 => {
                let value = self.fresh(Kind::Any);
                format!("[[\"a\", _], {value}]")
            }
            1 => {
                let value = self.fresh(Kind::Any);
                format!("[_, {value}]")
            }
            _ => {
                let (path, value) = (self.fresh(Kind::Array), self.fresh(Kind::Any));
                format!("[{path}, {value}]")
            }
        };
        if self.random.chance(50) {
            format!("walk({domain}, {pattern})")
        } else {
            format!("{pattern} = walk({domain})")
        }
    }

    fn modifier(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..self.random.between(1, 2) {
            let value = self.term(Kind::Any, depth.min(1));
            let target = match self.random.below(10) {
                0..=2 => format!("input.{}", self.random.pick(&["a", "b", "xs", "o.a", "k"])),
                3 | 4 => "input".to_owned(),
                5 | 6 => format!("data.d0.{}", self.random.pick(&["a", "xs", "o", "z.w"])),
                7 => match self.rules.iter().map(|(name, _)| name.clone()).next_back() {
                    Some(name) => format!("data.{}.{name}", self.package),
                    None => "data.d0".into(),
                },
                8 => match self.mock(depth) {
                    Some(text) => return text,
                    None => "input.c".into(),
                },
                _ => "data".into(),
            };
            text += &format!(" with {target} as {value}");
        }
        text
    }

    fn mock(&mut self, depth: usize) -> Option<String> {
        let function = self.rules.iter().find(|(_, shape)| matches!(shape, super::RuleShape::Function(_)));
        let function = function.map(|(name, _)| name.clone());
        let value = self.term(Kind::Any, depth.min(1));
        let target = match (self.random.below(3), function) {
            (0, Some(name)) => name,
            (1, _) => "count".into(),
            _ => self.random.pick(&["lower", "json.marshal", "time.now_ns", "concat", "is_string"]).to_owned(),
        };
        Some(format!(" with {target} as {value}"))
    }
}

fn any_scalar(which: usize) -> Kind {
    [Kind::String, Kind::String, Kind::Int, Kind::Bool][which]
}
