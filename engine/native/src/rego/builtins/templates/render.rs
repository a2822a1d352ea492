//! Executes a template. Source: Go `text/template/exec.go`.

use super::super::context::Context;
use super::super::operands::BuiltinError;
use super::functions;
use super::items::Item;
use super::syntax::{Node, Operand, Pipeline, Word};
use crate::rego::values::Value;

type Rendered<T> = Result<T, BuiltinError>;

/// The text that the template makes of the variables.
///
/// # Errors
/// Go's message for what cannot be computed; the evaluation's limits.
pub(super) fn render(context: &mut Context, text: &str, nodes: &[Node], variables: Value) -> Rendered<String> {
    let dot = Item::Data(variables);
    let mut renderer = Renderer { context, text, variables: vec![("$".to_owned(), dot.clone())], out: String::new() };
    renderer.list(nodes, &dot)?;
    Ok(renderer.out)
}

/// How a part ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

struct Renderer<'a> {
    context: &'a mut Context,
    text: &'a str,
    variables: Vec<(String, Item)>,
    out: String,
}

impl Renderer<'_> {
    fn write(&mut self, text: &str) -> Rendered<()> {
        self.context.reserve(text.len() as u64)?;
        self.out.push_str(text);
        Ok(())
    }

    /// The error with the place and the text of the operand it arose at.
    fn error(&self, at: &Operand, message: &str) -> BuiltinError {
        // Go takes the second name for the place of a chain.
        let place = match &at.word {
            Word::Field(names) if names.len() > 1 => at.start + 1 + names.first().map_or(0, String::len),
            Word::Variable(name, names) if !names.is_empty() => at.start + name.len(),
            _ => at.start,
        };
        let before = self.text.get(..place).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let source = self.text.get(at.start..at.end).unwrap_or_default();
        let shown: String = source.chars().take(20).collect();
        let dots = if shown.len() < source.len() { "..." } else { "" };
        BuiltinError::failure(format!(
            "template: template:{line}:{column}: executing \"template\" at <{shown}{dots}>: {message}"
        ))
    }

    fn list(&mut self, nodes: &[Node], dot: &Item) -> Rendered<Flow> {
        for node in nodes {
            self.context.tick()?;
            let scope = self.variables.len();
            let flow = match node {
                Node::Text(text) => {
                    self.write(text)?;
                    Flow::Next
                }
                Node::Action(pipeline) => {
                    let item = self.pipeline(pipeline, dot)?;
                    if pipeline.variables.is_empty() {
                        let text = match item {
                            Item::Nothing => "<no value>".to_owned(),
                            other => other.printed(),
                        };
                        self.write(&text)?;
                    }
                    continue;
                }
                Node::If(pipeline, body, otherwise) => {
                    let chosen = if self.pipeline(pipeline, dot)?.is_true() { body } else { otherwise };
                    self.list(chosen, dot)?
                }
                Node::With(pipeline, body, otherwise) => {
                    let item = self.pipeline(pipeline, dot)?;
                    if item.is_true() { self.list(body, &item)? } else { self.list(otherwise, dot)? }
                }
                Node::Range(pipeline, body, otherwise) => self.range(pipeline, body, otherwise, dot)?,
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            self.variables.truncate(scope);
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn range(&mut self, pipeline: &Pipeline, body: &[Node], otherwise: &[Node], dot: &Item) -> Rendered<Flow> {
        let over = self.pipeline(pipeline, dot)?;
        let data = |value: &Value| Item::Data(value.clone());
        let pairs: Box<dyn Iterator<Item = (Item, Item)>> = match over.clone() {
            Item::Nothing | Item::Data(Value::Null) => Box::new(std::iter::empty()),
            Item::Integer(_) if pipeline.variables.len() > 1 => {
                let message = format!("can't use {} to iterate over more than one variable", over.printed());
                return Err(self.pipeline_error(pipeline, &message));
            }
            Item::Integer(n) => Box::new((0..n).map(|index| (Item::Nothing, Item::Integer(index)))),
            Item::Data(Value::Array(array)) => {
                let elements: Vec<Item> = array.iter().map(data).collect();
                Box::new((0_i64..).map(Item::Integer).zip(elements))
            }
            Item::Data(Value::Object(object)) => {
                let entries: Vec<_> = object.iter().map(|(key, value)| (data(key), data(value))).collect();
                Box::new(entries.into_iter())
            }
            other => {
                return Err(self.pipeline_error(pipeline, &format!("range can't iterate over {}", other.printed())));
            }
        };
        let mark = self.variables.len();
        let mut ran = false;
        for (key, element) in pairs {
            self.context.tick()?;
            ran = true;
            match pipeline.variables.as_slice() {
                [] => {}
                [value] => self.set(value, &element),
                [index, value, ..] => {
                    self.set(index, &key);
                    self.set(value, &element);
                }
            }
            let flow = self.list(body, &element)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                return Ok(Flow::Next);
            }
        }
        if ran { Ok(Flow::Next) } else { self.list(otherwise, dot) }
    }

    /// Gives the nearest variable of that name a value.
    fn set(&mut self, name: &str, item: &Item) {
        if let Some((_, slot)) = self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            *slot = item.clone();
        }
    }

    fn pipeline_error(&self, pipeline: &Pipeline, message: &str) -> BuiltinError {
        let first = pipeline.commands.first().and_then(|command| command.first());
        first.map_or_else(|| BuiltinError::failure(message), |operand| self.error(operand, message))
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Item) -> Rendered<Item> {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(command, dot, last)?.settled());
        }
        let item = last.unwrap_or(Item::Nothing);
        for name in &pipeline.variables {
            if pipeline.assigns {
                self.set(name, &item);
            } else {
                self.variables.push((name.clone(), item.clone()));
            }
        }
        Ok(item)
    }

    /// One command; `last` is what the command before it gave.
    fn command(&mut self, command: &[Operand], dot: &Item, last: Option<Item>) -> Rendered<Item> {
        let Some((first, arguments)) = command.split_first() else { return Ok(Item::Nothing) };
        if let Word::Function(name) = &first.word {
            return self.call(first, name, arguments, dot, last);
        }
        if !arguments.is_empty() || last.is_some() {
            let source = self.text.get(first.start..first.end).unwrap_or_default();
            let message = match &first.word {
                Word::Field(names) | Word::Chain(_, names) => {
                    format!("{} is not a method but has arguments", names.last().map_or("", String::as_str))
                }
                Word::Variable(_, names) if !names.is_empty() => {
                    format!("{} is not a method but has arguments", names.last().map_or("", String::as_str))
                }
                _ => format!("can't give argument to non-function {source}"),
            };
            return Err(self.error(first, &message));
        }
        match first.word {
            Word::Nil => Err(self.error(first, "nil is not a command")),
            _ => self.operand(first, dot),
        }
    }

    fn operand(&mut self, operand: &Operand, dot: &Item) -> Rendered<Item> {
        match &operand.word {
            Word::Dot => Ok(dot.clone()),
            Word::Nil => Ok(Item::Nothing),
            Word::Boolean(truth) => Ok(Item::Data(Value::Bool(*truth))),
            Word::Integer(n) => Ok(Item::Integer(*n)),
            Word::Float(float) => Ok(Item::Float(*float)),
            Word::Text(text) => Ok(Item::Data(Value::from(text.as_str()))),
            Word::Field(names) => self.fields(operand, dot.clone(), names),
            Word::Variable(name, names) => {
                let item = self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, item)| item.clone());
                self.fields(operand, item.unwrap_or(Item::Nothing), names)
            }
            Word::Function(name) => self.call(operand, name, &[], dot, None),
            Word::Pipeline(pipeline) => self.pipeline(pipeline, dot),
            Word::Chain(inner, names) => {
                let item = self.operand(inner, dot)?;
                self.fields(operand, item, names)
            }
        }
    }

    fn fields(&self, at: &Operand, mut item: Item, names: &[String]) -> Rendered<Item> {
        for name in names {
            item = match item {
                Item::Nothing => Item::Nothing,
                Item::Data(Value::Object(object)) => {
                    object.get(&Value::from(name.as_str())).map_or(Item::Nothing, |value| Item::Data(value.clone()))
                }
                Item::Data(Value::Null) => {
                    return Err(self.error(at, &format!("nil pointer evaluating interface {{}}.{name}")));
                }
                other => {
                    let of = if matches!(other, Item::Data(_)) { "interface {}" } else { other.type_name() };
                    return Err(self.error(at, &format!("can't evaluate field {name} in type {of}")));
                }
            };
        }
        Ok(item)
    }

    fn call(
        &mut self,
        at: &Operand,
        name: &str,
        operands: &[Operand],
        dot: &Item,
        last: Option<Item>,
    ) -> Rendered<Item> {
        let (least, most) = functions::arity(name);
        let given = operands.len() + usize::from(last.is_some());
        if given < least || most.is_some_and(|most| given > most) {
            let least_text = if most.is_some() { String::new() } else { "at least ".to_owned() };
            let got = if most.is_some() { given } else { operands.len() };
            let message = format!("wrong number of args for {name}: want {least_text}{least} got {got}");
            return Err(self.error(at, &message));
        }
        let mut items = Vec::with_capacity(given);
        for operand in operands {
            let item = self.operand(operand, dot)?.settled();
            // `and` and `or` look no further than they must.
            if matches!(name, "and" | "or") && item.is_true() == (name == "or") {
                return Ok(item);
            }
            items.push(item);
        }
        items.extend(last);
        functions::call(self.context, name, &items).map_err(|error| match error.code() {
            crate::rego::errors::EVAL_BUILTIN => self.error(at, &format!("error calling {name}: {}", error.message)),
            _ => error,
        })
    }
}
