//! What policies may use: the list that OPA calls capabilities, from its file or ours.

use std::collections::BTreeSet;

use crate::rego::builtins::registry;
use crate::rego::values::{Value, json};

/// Built-ins that reach out of the evaluation. They exist, and are there for whoever names them in a capabilities file.
pub const OFF_BY_DEFAULT: [&str; 3] = ["http.send", "net.lookup_ip_addr", "opa.runtime"];

/// What policies may use. [`Capabilities::default`] is everything, which is what OPA does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// The built-ins that exist; `None` for all.
    pub builtins: Option<BTreeSet<String>>,
    /// Features as OPA names them (`rego_v1`, `template_strings`, …); `None` for all.
    pub features: Option<BTreeSet<String>>,
    /// Keywords that modules may import; `None` for all.
    pub future_keywords: Option<BTreeSet<String>>,
    /// Hosts that may be asked; `None` for all.
    pub allow_net: Option<BTreeSet<String>>,
}

impl Capabilities {
    /// Everything that has no effect outside of the evaluation and learns nothing from there.
    pub fn without_outside() -> Capabilities {
        let names = registry::signatures().iter().map(|signature| signature.name);
        let kept = names.filter(|name| !OFF_BY_DEFAULT.contains(name)).map(str::to_owned).collect();
        Capabilities { builtins: Some(kept), ..Capabilities::default() }
    }

    /// Reads a capabilities file of OPA. Built-ins that it declares and this engine does not have stay unknown.
    ///
    /// # Errors
    /// It is no JSON, or a part of it has another shape than OPA's.
    pub fn read(text: &[u8]) -> Result<Capabilities, String> {
        let document = json::read(text, &json::Limits::default()).map_err(|error| error.message)?;
        if document.as_object().is_none() {
            return Err("capabilities must be an object".to_owned());
        }
        let mut builtins = BTreeSet::new();
        for declared in members(&document, "builtins")?.unwrap_or_default() {
            match declared.field("name").and_then(Value::as_str) {
                Some(name) => builtins.insert(name.to_owned()),
                None => return Err("a built-in of the capabilities has no name".to_owned()),
            };
        }
        Ok(Capabilities {
            builtins: Some(builtins),
            features: Some(texts(&document, "features")?.unwrap_or_default()),
            future_keywords: Some(texts(&document, "future_keywords")?.unwrap_or_default()),
            allow_net: texts(&document, "allow_net")?,
        })
    }

    pub fn has_feature(&self, name: &str) -> bool {
        self.features.as_ref().is_none_or(|features| features.contains(name))
    }

    pub fn has_builtin(&self, name: &str) -> bool {
        self.builtins.as_ref().is_none_or(|builtins| builtins.contains(name))
    }
}

fn members(document: &Value, name: &str) -> Result<Option<Vec<Value>>, String> {
    match document.field(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(array)) => Ok(Some(array.iter().cloned().collect())),
        Some(_) => Err(format!("`{name}` of the capabilities must be a list")),
    }
}

fn texts(document: &Value, name: &str) -> Result<Option<BTreeSet<String>>, String> {
    let Some(members) = members(document, name)? else { return Ok(None) };
    let text = |member: &Value| member.as_str().map(str::to_owned);
    let texts: Option<BTreeSet<String>> = members.iter().map(text).collect();
    texts.map(Some).ok_or_else(|| format!("`{name}` of the capabilities must be a list of texts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_out_is_off_unless_a_file_names_it() {
        let ours = Capabilities::without_outside();
        assert!(ours.has_builtin("count") && OFF_BY_DEFAULT.iter().all(|name| !ours.has_builtin(name)));
        let file = Capabilities::read(br#"{"builtins": [{"name": "http.send"}], "features": ["rego_v1"]}"#);
        let file = file.expect("a capabilities file");
        assert!(file.has_builtin("http.send") && !file.has_builtin("count"));
        assert!(file.has_feature("rego_v1") && !file.has_feature("template_strings"));
    }

    #[test]
    fn a_file_of_another_shape_is_refused() {
        for text in ["[]", "{", r#"{"builtins": {}}"#, r#"{"builtins": [{}]}"#, r#"{"features": [1]}"#] {
            assert!(Capabilities::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
