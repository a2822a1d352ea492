//! The canonical form of a JSON text: sorted keys, compact, strings as Go escapes them, numbers as they were written.

use std::borrow::Cow;

use crate::errors::Result;
use crate::interpreter::json_value::write_string;
use crate::json_text::{self, Build};

struct Canonical;

impl<'a> Build<'a> for Canonical {
    type Out = String;

    fn null(&mut self) -> String {
        "null".into()
    }

    fn bool(&mut self, value: bool) -> String {
        value.to_string()
    }

    fn number(&mut self, text: &'a str) -> std::result::Result<String, String> {
        Ok(text.into())
    }

    fn string(&mut self, text: Cow<'a, str>) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        write_string(&mut out, &text);
        out
    }

    fn array(&mut self, items: Vec<String>) -> String {
        format!("[{}]", items.join(","))
    }

    fn object(&mut self, mut members: Vec<(Cow<'a, str>, String)>) -> String {
        members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut out = String::from("{");
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write_string(&mut out, key);
            out.push(':');
            out.push_str(value);
        }
        out.push('}');
        out
    }
}

/// Refuses what `json_text` refuses.
pub fn canonical(text: &[u8]) -> Result<Vec<u8>> {
    json_text::read(text, &mut Canonical, json_text::MAX_DEPTH).map(String::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_sorts_and_keeps_numbers_as_written() {
        let text = b" {\"b\" : 1.0, \"a\":[ 1e3 ,\"\\u003c\"] } ";
        assert_eq!(canonical(text).expect("valid"), br#"{"a":[1e3,"\u003c"],"b":1.0}"#);
    }
}
