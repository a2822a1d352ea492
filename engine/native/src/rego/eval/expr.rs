//! Expressions: what has one value or none.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::held::Held;
use super::machine::{Halt, Machine, Run};
use crate::rego::plan::program::{Comprehension, Expr, Gather};
use crate::rego::values::{Object, Set, Value};

/// What an element of a result costs, estimated: the value, and its share of the container.
pub const ELEMENT_BYTES: u64 = 48;

impl<'m> Machine<'m> {
    /// The value; `None` if undefined.
    #[inline]
    pub fn eval(&mut self, expr: &'m Expr) -> Run<Option<Held<'m>>> {
        match expr {
            Expr::Constant(value) => Ok(Some(Held::Borrowed(value))),
            Expr::Slot(slot) => Ok(Some(self.slot(*slot).clone())),
            Expr::Ref(plan) => self.lookup(plan),
            Expr::Call(call) => self.call(call),
            _ => self.eval_composite(expr),
        }
    }

    fn eval_composite(&mut self, expr: &'m Expr) -> Run<Option<Held<'m>>> {
        match expr {
            Expr::Array(items) => {
                let Some(values) = self.eval_all(items)? else { return Ok(None) };
                Ok(Some(Held::Own(Value::array(values))))
            }
            Expr::Set(items) => {
                let Some(values) = self.eval_all(items)? else { return Ok(None) };
                Ok(Some(Held::Own(Value::Set(Set::from(values)))))
            }
            Expr::Object(items) => {
                let mut entries = Vec::with_capacity(items.len());
                for (key, value) in items {
                    let Some(key) = self.eval(key)? else { return Ok(None) };
                    let Some(value) = self.eval(value)? else { return Ok(None) };
                    entries.push((key.into_value(), value.into_value()));
                }
                Ok(Some(Held::Own(Value::object(entries))))
            }
            Expr::Record(shape, items) => {
                let Some(values) = self.eval_all(items)? else { return Ok(None) };
                Ok(Object::with_shape(shape.clone(), values).map(|object| Held::Own(Value::Object(object))))
            }
            Expr::Comprehension(comprehension) => self.deeper(|machine| machine.comprehension(comprehension)),
            _ => self.eval(expr),
        }
    }

    pub fn eval_all(&mut self, items: &'m [Expr]) -> Run<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let Some(value) = self.eval(item)? else { return Ok(None) };
            values.push(value.into_value());
        }
        Ok(Some(values))
    }

    fn comprehension(&mut self, it: &'m Comprehension) -> Run<Option<Held<'m>>> {
        let value = match &it.kind {
            Gather::Array(term) => Value::array(self.gather(&it.body, term)?),
            Gather::Set(term) => Value::Set(Set::from(self.gather(&it.body, term)?)),
            Gather::Object(key, value) => {
                let mut entries: HashMap<Value, Value, RandomState> = HashMap::default();
                self.run(&it.body, &mut |machine| {
                    let (Some(key), Some(value)) = (machine.eval(key)?, machine.eval(value)?) else { return Ok(()) };
                    machine.charge(2 * ELEMENT_BYTES)?;
                    if let Some(old) = entries.get(key.value()) {
                        if old != value.value() {
                            return Err(machine.conflict("object keys must be unique", it.at));
                        }
                        return Ok(());
                    }
                    entries.insert(key.into_value(), value.into_value());
                    Ok(())
                })?;
                Value::object(entries)
            }
        };
        Ok(Some(Held::Own(value)))
    }

    fn gather(&mut self, body: &'m [crate::rego::plan::program::Step], term: &'m Expr) -> Run<Vec<Value>> {
        let mut values = Vec::new();
        self.run(body, &mut |machine| {
            if let Some(value) = machine.eval(term)? {
                machine.charge(ELEMENT_BYTES)?;
                values.push(value.into_value());
            }
            Ok::<(), Halt>(())
        })?;
        Ok(values)
    }
}
