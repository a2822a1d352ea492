//! Order is total, equality is order's, equal values hash alike; deep values need no deep stack.

use std::cmp::Ordering;

use super::super::{Number, ObjectBuilder, SetBuilder, Value};

/// A small generator: the laws need variety, not a dependency.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "0.0",
    "1",
    "1.0",
    "1e0",
    "10e-1",
    "100",
    "1e2",
    "1.5",
    "-1.5",
    "15e-1",
    "0.1",
    "0.10",
    "0.10000000000000000555",
    "9007199254740993",
    "9007199254740993.0",
    "18446744073709551616",
    "1.8446744073709551616e19",
    "1e-400",
    "-1e-400",
    "1e400",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e18",
    "1e19",
];

fn value(random: &mut Random, depth: u32) -> Value {
    let texts = ["", "a", "b", "ab", "fourteen bytes", "fifteen bytes !", "fifteen bytes ?", "ä", "\u{1f600}"];
    match random.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::from(Number::parse(NUMBERS[random.below(NUMBERS.len() as u64) as usize]).unwrap()),
        3 => Value::from(random.below(4) as i64),
        4 => Value::from(texts[random.below(texts.len() as u64) as usize]),
        5 => (0..random.below(4)).map(|_| value(random, depth - 1)).collect::<Vec<_>>().into(),
        6 => Value::object(
            (0..random.below(4)).map(|_| (value(random, depth - 1), value(random, depth - 1))).collect::<Vec<_>>(),
        ),
        _ => Value::set((0..random.below(4)).map(|_| value(random, depth - 1)).collect::<Vec<_>>()),
    }
}

#[test]
fn order_is_total_and_agrees_with_equality_and_hash() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let values: Vec<Value> = (0..260).map(|_| value(&mut random, 2)).collect();
    for a in &values {
        assert_eq!(a.cmp(a), Ordering::Equal);
        for b in &values {
            let order = a.cmp(b);
            assert_eq!(order, b.cmp(a).reverse(), "{a} and {b}");
            assert_eq!(order.is_eq(), a == b, "{a} and {b}");
            if order.is_eq() {
                assert_eq!(a.hash64(), b.hash64(), "{a} and {b}");
            }
            for c in values.iter().step_by(7) {
                if order.is_le() && b.cmp(c).is_le() {
                    assert!(a.cmp(c).is_le(), "{a} <= {b} <= {c}");
                }
            }
        }
    }
}

#[test]
fn kinds_come_in_opas_order() {
    let text = ["null", "false", "true", "-1", "0.5", r#""""#, r#""a""#, "[]", "{}"];
    let mut values: Vec<Value> = text.iter().map(|t| super::json::parsed(t)).collect();
    values.push(Value::set([]));
    assert!(values.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn text_is_what_opa_prints() {
    let object = Value::object([
        (Value::from("b"), Value::from(1)),
        (Value::from("a"), Value::set([])),
        (Value::from(3), Value::from(vec![Value::Null, Value::from("x\"\n\u{7f}\u{200b}ä")])),
        (Value::from(false), Value::set([Value::from(2), Value::from(1)])),
    ]);
    assert_eq!(object.to_string(), r#"{false: {1, 2}, 3: [null, "x\"\n\x7f\u200bä"], "a": set(), "b": 1}"#);
}

#[test]
fn of_equal_elements_the_first_is_kept_and_of_equal_keys_the_last_value() {
    let one = Value::from(Number::parse("1.0").unwrap());
    assert_eq!(Value::set([one.clone(), Value::from(1)]).to_string(), "{1.0}");
    let object = Value::object([(one, Value::from("a")), (Value::from(1), Value::from("b"))]);
    assert_eq!(object.to_string(), r#"{1.0: "b"}"#);
}

#[test]
fn builders_agree_with_searching_whatever_the_order_of_insertion() {
    let mut random = Random(77);
    for size in [0, 1, 5, 13, 40, 300] {
        let mut keys: Vec<Value> = (0..size).map(|_| Value::from(random.below(200) as i64)).collect();
        if size % 2 == 0 {
            keys.sort();
        }
        let (mut objects, mut sets) = (ObjectBuilder::new(), SetBuilder::new());
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(objects.get(key).is_some(), keys[..at].contains(key));
            assert_eq!(sets.insert(key.clone()), !keys[..at].contains(key));
            objects.insert(key.clone(), Value::from(at));
        }
        let (object, set) = (objects.finish(), sets.finish());
        assert!(object.keys().windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(object.keys(), set.as_slice());
        for key in (0..200).map(Value::from) {
            let last = keys.iter().rposition(|candidate| *candidate == key);
            assert_eq!(object.get(&key), last.map(Value::from).as_ref());
            assert_eq!(set.contains(&key), last.is_some());
        }
    }
}

fn nest(levels: usize, kind: usize, innermost: Value) -> Value {
    (0..levels).fold(innermost, |value, level| match (kind + level) % 3 {
        0 => Value::from(vec![value]),
        1 => Value::object([(Value::from("k"), value)]),
        _ => Value::set([value]),
    })
}

#[test]
fn deep_values_compare_hash_print_and_drop_on_a_small_stack() {
    let work = || {
        let a = nest(200_000, 0, Value::from(1));
        let b = nest(200_000, 0, Value::from(Number::parse("1.0").unwrap()));
        let c = nest(200_000, 0, Value::from(2));
        assert_eq!(a.depth(), 200_000);
        assert!(a == b && a.cmp(&b).is_eq() && a.hash64() == b.hash64());
        assert!(a != c && a < c && c > b);
        assert!(a.to_string().len() > 400_000);
        assert!(super::super::json::write(&a).len() > 400_000);
        let shared = a.clone();
        drop(a);
        drop(shared);
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn values_go_between_threads() {
    fn moves<T: Send + Sync>() {}
    moves::<Value>();
}

#[test]
fn an_array_index_is_written_as_an_integer_or_with_zeros_behind_the_point() {
    let array = Value::from(vec![Value::from("a"), Value::from("b")]);
    let at = |text: &str| array.get(&Value::from(Number::parse(text).unwrap())).and_then(Value::as_str);
    assert_eq!(
        [at("1"), at("1.0"), at("1e0"), at("1.5"), at("-1"), at("2")],
        [Some("b"), Some("b"), None, None, None, None]
    );
}
