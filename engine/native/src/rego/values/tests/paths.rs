//! Looking up, and replacing below a root.

use super::super::{Value, path};
use super::json::parsed;

fn keys(path: &[&str]) -> Vec<Value> {
    path.iter().map(|key| Value::from(*key)).collect()
}

#[test]
fn a_path_is_followed_through_objects_arrays_and_sets() {
    let root = parsed(r#"{"a": [{"b": 7}]}"#);
    let steps = [Value::from("a"), Value::from(0), Value::from("b")];
    assert_eq!(path::lookup(&root, &steps), Some(&Value::from(7)));
    assert_eq!(path::lookup(&root, &steps[..1]).map(Value::type_name), Some("array"));
    assert_eq!(path::lookup(&root, &[Value::from("a"), Value::from("b")]), None);
}

#[test]
fn replacing_keeps_siblings_and_shares_them() {
    let root = parsed(r#"{"a": {"b": 1, "c": [1, 2]}, "d": {"e": 0}}"#);
    let changed = path::replaced(Some(&root), &keys(&["a", "b"]), Value::from(9));
    assert_eq!(changed, parsed(r#"{"a": {"b": 9, "c": [1, 2]}, "d": {"e": 0}}"#));
    let d = |value: &Value| value.field("d").and_then(Value::as_object).cloned().unwrap();
    assert!(d(&root).same(&d(&changed)));
    assert_eq!(root, parsed(r#"{"a": {"b": 1, "c": [1, 2]}, "d": {"e": 0}}"#));
}

#[test]
fn what_is_missing_or_no_object_on_the_way_becomes_an_object() {
    let nine = || Value::from(9);
    let replaced = |root: &str, path: &[&str]| path::replaced(Some(&parsed(root)), &keys(path), nine());
    assert_eq!(replaced(r#"{"a": [1]}"#, &["a", "b"]), parsed(r#"{"a": {"b": 9}}"#));
    assert_eq!(replaced("7", &["a", "b"]), parsed(r#"{"a": {"b": 9}}"#));
    assert_eq!(replaced(r#"{"x": 1}"#, &["a", "b"]), parsed(r#"{"x": 1, "a": {"b": 9}}"#));
    assert_eq!(replaced("{}", &[]), nine());
    assert_eq!(path::replaced(None, &keys(&["a"]), nine()), parsed(r#"{"a": 9}"#));
}

#[test]
fn removing_leaves_the_rest() {
    let root = parsed(r#"{"a": {"b": 1, "c": 2}}"#);
    assert_eq!(path::removed(&root, &keys(&["a", "b"])), parsed(r#"{"a": {"c": 2}}"#));
    assert_eq!(path::removed(&root, &keys(&["a", "x"])), root);
    assert_eq!(path::removed(&root, &keys(&["x", "y"])), root);
}
