//! Policies from chance: mostly well-typed and safe, sometimes not, and documents that fit them.

mod bodies;
mod builtins;
mod rules;
mod terms;
pub mod values;

use crate::job::Job;
use crate::random::Random;
use values::{Kind, document};

/// What a policy may use.
struct Style {
    v0: bool,
    /// `in`, `some … in`, `every`.
    membership: bool,
    logic: bool,
    new_not: bool,
    templates: bool,
    body_length: usize,
    comprehension_length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RuleShape {
    Complete,
    /// Partial rules and what has parts below it.
    Keyed,
    Function(usize),
}

struct Generator<'a> {
    random: &'a mut Random,
    style: Style,
    package: &'static str,
    rules: Vec<(String, RuleShape)>,
    /// Those in scope, innermost last.
    variables: Vec<(String, Kind)>,
    counter: usize,
    /// Whether a reference may have `_` in it here.
    free_variables: bool,
    /// How often, of a hundred, something ill-typed or unsafe is written. Mistakes add up: most policies have none.
    wild: usize,
}

/// One policy with its data, inputs and queries.
pub fn job(random: &mut Random) -> Job {
    let v0 = random.chance(15);
    let style = Style {
        v0,
        membership: !v0 || random.chance(60),
        logic: random.chance(25),
        new_not: random.chance(25),
        templates: !v0,
        body_length: random.between(1, 4),
        comprehension_length: random.between(1, 3),
    };
    let package = *random.choose(&["t", "t.u"]);
    let mut header = format!("package {package}\n\n");
    if style.v0 && style.membership {
        header += "import future.keywords.in\nimport future.keywords.every\n";
    }
    for (wanted, name) in [(style.new_not, "not"), (style.logic, "and"), (style.logic, "or")] {
        if wanted {
            header += &format!("import future.keywords.{name}\n");
        }
    }
    let mut generator = Generator {
        random,
        style,
        package,
        rules: Vec::new(),
        variables: Vec::new(),
        counter: 0,
        free_variables: true,
        wild: 0,
    };
    generator.wild = *generator.random.choose(&[0, 0, 0, 0, 0, 1, 1, 2, 5]);
    let count = generator.random.between(2, 7);
    let texts: Vec<String> = (0..count).map(|number| generator.named_rule(number)).collect();
    let names: Vec<(String, RuleShape)> = generator.rules.clone();
    // The same package over two files: rule order across files counts.
    let cut = if generator.random.chance(25) { generator.random.below(count) } else { count };
    let mut modules = vec![("p.rego".to_owned(), header.clone() + &texts[..cut].concat())];
    if cut < count {
        modules.insert(0, ("a.rego".to_owned(), header + &texts[cut..].concat()));
    }
    let mut queries = vec![format!("x = data.{package}"), format!("data.{package}[k] = x")];
    for (name, shape) in &names {
        match shape {
            RuleShape::Function(_) => {}
            RuleShape::Complete => queries.push(format!("x = data.{package}.{name}")),
            RuleShape::Keyed => {
                queries.push(format!("x = data.{package}.{name}"));
                let key = random.pick(&["\"a\"", "k", "\"b\"", "0", "input.a", "\"k\""]);
                queries.push(format!("x = data.{package}.{name}[{key}]"));
            }
        }
    }
    let mut inputs: Vec<Option<String>> = (0..random.between(4, 8)).map(|_| Some(document(random))).collect();
    if random.chance(20) {
        inputs.push(None);
    }
    let data = format!("{{\"d0\":{}}}", document(random));
    Job { modules, data, queries, inputs, v0, strict: random.chance(35) }
}

impl Generator<'_> {
    /// A rule in which most variables that are used once are wildcards: OPA refuses those that were declared.
    fn named_rule(&mut self, number: usize) -> String {
        let text = self.rule(number);
        let mut result = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find(is_letter) {
            let (before, word_on) = rest.split_at(start);
            let end = word_on.find(|c| !is_letter(c)).unwrap_or(word_on.len());
            let (word, after) = word_on.split_at(end);
            result += before;
            let once = is_variable(word) && text.matches(word).count() == 1;
            result += if once && !self.random.chance(3 * self.wild) { "_" } else { word };
            rest = after;
        }
        result + rest
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The names that `fresh` gives.
fn is_variable(word: &str) -> bool {
    let digits = word.strip_prefix(['x', 'y', 'z', 'v', 'w']);
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
