//! A path below `data`, as a caller names a document: `bylaw/decisions/access/decision`. Its steps are taken literally;
//! none of them can be read as Rego.

use regorus::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<String>);

impl Path {
    /// Slashes separate steps; one at either end is ignored. No steps: the whole of `data`.
    pub fn read(text: &str) -> Path {
        let text = text.strip_prefix('/').unwrap_or(text);
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Path(Vec::new());
        }
        Path(text.split('/').map(str::to_owned).collect())
    }

    pub const fn root() -> Path {
        Path(Vec::new())
    }

    pub fn of(steps: &[&str]) -> Path {
        Path(steps.iter().map(|&step| step.to_owned()).collect())
    }

    pub fn from_steps(steps: &[String]) -> Path {
        Path(steps.to_vec())
    }

    pub fn steps(&self) -> &[String] {
        &self.0
    }

    pub fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// Follows the path into a value. As in OPA, a step that is an integer is an index or a number where such fits.
    pub fn walk<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, step| {
            let key = Value::from(step.as_str());
            let number = step.parse::<i64>().ok();
            match value {
                Value::Object(members) => {
                    members.get(&key).or_else(|| number.and_then(|number| members.get(&Value::from(number))))
                }
                Value::Array(items) => items.get(usize::try_from(number?).ok()?),
                Value::Set(items) => {
                    items.get(&key).or_else(|| number.and_then(|number| items.get(&Value::from(number))))
                }
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_at_the_ends_do_not_count_and_those_between_do() {
        assert_eq!(Path::read("/a/b/").steps(), ["a", "b"]);
        assert_eq!(Path::read("a//b").steps(), ["a", "", "b"]);
        assert_eq!(Path::read("/").steps(), [] as [&str; 0]);
    }

    #[test]
    fn a_path_is_followed_into_objects_arrays_and_sets() {
        let value = crate::interpreter::json_value::read(br#"{"a":[{"b":1},{"1":"one"}]}"#).expect("valid");
        let at = |path: &str| Path::read(path).walk(&value).map(Value::to_string);
        assert_eq!(at("a/0/b"), Some("1".into()));
        assert_eq!(at("a/1/1"), Some("\"one\"".into()));
        assert_eq!(at("a/2"), None);
        assert_eq!(at("a/b"), None);
        assert_eq!(at("a/0/b/c"), None);
    }
}
