//! Base data as OPA's store reads it: a path there is text. An object's member `"2"` is found under the number 2, an
//! array's element 2 under the string `"2"`. Sources: OPA `storage/path.go`, `storage/internal/ptr/ptr.go`.

use super::held::Held;
use crate::rego::values::{Number, Value};

/// One step of a reference into base data.
#[inline]
pub fn get<'v>(from: &'v Value, key: &Value) -> Option<&'v Value> {
    from.get(key).or_else(|| otherwise_written(from, key))
}

/// Several steps at once.
pub fn find<'v, 'k>(from: &'v Value, path: impl IntoIterator<Item = &'k Value>) -> Option<&'v Value> {
    path.into_iter().try_fold(from, get)
}

/// As [`get`], from a value that is held.
#[inline]
pub fn get_held<'m>(from: &Held<'m>, key: &Value) -> Option<Held<'m>> {
    match from {
        Held::Borrowed(from) => get(from, key).map(Held::Borrowed),
        Held::Own(from) => get(from, key).cloned().map(Held::Own),
        Held::Free => None,
    }
}

#[cold]
fn otherwise_written<'v>(from: &'v Value, key: &Value) -> Option<&'v Value> {
    match (from, key) {
        (Value::Object(object), key) if key.is_number() => object.get(&Value::from(key.to_string())),
        (Value::Array(array), Value::String(text)) => {
            let text = text.as_str();
            let number = Number::parse(text.strip_prefix('+').unwrap_or(text)).ok()?;
            array.get(usize::try_from(number.as_i64().or_else(|| number.integral_i64())?).ok()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Value {
        crate::rego::values::json::read(text.as_bytes(), &Default::default()).expect("JSON")
    }

    #[test]
    fn numbers_find_members_and_strings_find_elements() {
        let object = read(r#"{"2": "two", "1.0": "one"}"#);
        assert_eq!(get(&object, &read("2")), Some(&read(r#""two""#)));
        assert_eq!(get(&object, &read("1.0")), Some(&read(r#""one""#)));
        assert_eq!(get(&object, &read("1")), None);
        let array = read("[5, 6]");
        assert_eq!(get(&array, &read(r#""1""#)), Some(&read("6")));
        assert_eq!(get(&array, &read(r#""2""#)), None);
        assert_eq!(get(&array, &read(r#""-1""#)), None);
        assert_eq!(get(&array, &read(r#""x""#)), None);
    }
}
