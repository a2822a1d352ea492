//! What a snapshot keeps between evaluations: values of rules that read nothing but the snapshot, and never anything
//! else. A bound on steps shows what was not worked out again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bylaw_native::rego::values::{Value, json};
use bylaw_native::rego::{CompileOptions, Options, Policy, Snapshot};

const FEW_STEPS: u64 = 500;

fn value(text: &str) -> Value {
    json::read(text.as_bytes(), &json::Limits::default()).expect("JSON")
}

/// `data.users`: 20,000, every tenth an administrator.
fn users() -> Value {
    some_users(20_000)
}

fn some_users(count: usize) -> Value {
    let user = |id: usize| format!(r#"{{"id": "u{id}", "admin": {}}}"#, id.is_multiple_of(10));
    value(&format!(r#"{{"users": [{}]}}"#, (0..count).map(user).collect::<Vec<_>>().join(",")))
}

fn load(rules: &str, data: Value) -> Snapshot {
    let modules = [("p.rego".to_owned(), format!("package p\n{rules}\n"))];
    let options = CompileOptions { print: true, ..CompileOptions::default() };
    Policy::compile(&modules, data, &options).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// `data.p.r` as text, or the error's code.
fn ask(snapshot: &Snapshot, input: Option<&str>, options: &Options) -> String {
    match snapshot.evaluate(&["p", "r"], input.map(value), options) {
        Ok(value) => value.map_or("undefined".to_owned(), |value| value.to_string()),
        Err(error) => error.code.to_owned(),
    }
}

fn plainly(snapshot: &Snapshot, input: &str) -> String {
    ask(snapshot, Some(input), &Options::default())
}

fn in_few_steps(snapshot: &Snapshot, input: &str) -> String {
    ask(snapshot, Some(input), &Options { max_steps: FEW_STEPS, ..Options::default() })
}

#[test]
fn a_rule_that_reads_only_data_is_worked_out_once() {
    let rules = "admins := {user.id | some user in data.users; user.admin}\nr if input.user in admins";
    let snapshot = load(rules, users());

    assert_eq!(in_few_steps(&snapshot, r#"{"user": "u10"}"#), "eval_cancel_error");
    assert_eq!(plainly(&snapshot, r#"{"user": "u10"}"#), "true");
    assert_eq!(in_few_steps(&snapshot, r#"{"user": "u20"}"#), "true");
    assert_eq!(in_few_steps(&snapshot, r#"{"user": "u21"}"#), "undefined");
}

#[test]
fn lookups_by_key_that_cost_much_have_the_whole_worked_out() {
    for rules in [
        "roles[user.id] := role if { some user in data.users; role := {true: \"admin\", false: \"user\"}[user.admin] }",
        "roles[id] contains \"admin\" if { some user in data.users; user.admin; id := user.id }",
    ] {
        let snapshot = load(&format!("{rules}\nr := roles[input.user]"), users());

        let first = plainly(&snapshot, r#"{"user": "u10"}"#);

        assert!(first.contains("admin"), "{first}");
        assert_eq!(in_few_steps(&snapshot, r#"{"user": "u20"}"#), first);
        assert_eq!(in_few_steps(&snapshot, r#"{"user": "nobody"}"#), "undefined");
    }
}

#[test]
fn a_whole_that_fails_or_costs_too_much_leaves_the_lookups_as_they_were() {
    let fails = "roles[k] := v if { some user in data.users; k := user.id; some v in conflicting(k) }
        conflicting(\"u7\") := [1, 2]
        conflicting(k) := [k] if k != \"u7\"
        r := roles[input.user]";
    let snapshot = load(fails, users());
    for _ in 0..3 {
        assert_eq!(plainly(&snapshot, r#"{"user": "u10"}"#), r#""u10""#);
        assert_eq!(plainly(&snapshot, r#"{"user": "u7"}"#), "eval_conflict_error");
    }

    let grows = "pairs[a][b] if { some x in data.users; a := x.id; some y in data.users; b := y.id }
        r if pairs[input.user][input.user]";
    let snapshot = load(grows, some_users(1_500));
    let bounded = Options { max_memory_bytes: 16 << 20, ..Options::default() };
    for n in 0..5 {
        assert_eq!(ask(&snapshot, Some(&format!(r#"{{"user": "u{n}"}}"#)), &bounded), "true");
    }
}

#[test]
fn what_read_the_input_is_not_kept() {
    for (rules, inputs, wanted) in [
        ("r := input.a", ["{\"a\": 1}", "{\"a\": 2}"], ["1", "2"]),
        ("r if not input.a", ["{\"a\": true}", "{}"], ["undefined", "true"]),
        ("r if input.a == 1\nr if input.a == 2", ["{\"a\": 3}", "{\"a\": 2}"], ["undefined", "true"]),
        ("q contains 1 if input.a\nr := q", ["{}", "{\"a\": 1}"], ["set()", "{1}"]),
        ("q[k] := 1 if some k in input.a\nr := q.x", ["{\"a\": []}", "{\"a\": [\"x\"]}"], ["undefined", "1"]),
        ("f(x) := input.a + x\nr := f(1)", ["{\"a\": 1}", "{\"a\": 2}"], ["2", "3"]),
        ("r := {x | some x in input.a}", ["{\"a\": [1]}", "{\"a\": [2]}"], ["{1}", "{2}"]),
        ("q := input.a\nr := n if n := q with input.b as 1", ["{\"a\": 1}", "{\"a\": 2}"], ["1", "2"]),
        ("default r := 0\nr := 1 if input.a", ["{}", "{\"a\": 1}"], ["0", "1"]),
        ("r := data.base[input.a]", ["{\"a\": \"x\"}", "{\"a\": \"y\"}"], ["1", "2"]),
        ("r := data.rules[input.a]", ["{\"a\": \"y\"}", "{\"a\": \"x\"}"], ["undefined", "3"]),
    ] {
        let other = ("q.rego".to_owned(), "package rules\nx := 3".to_owned());
        let own = ("p.rego".to_owned(), format!("package p\n{rules}"));
        let data = value(r#"{"base": {"x": 1, "y": 2}}"#);
        let snapshot = Policy::compile(&[own, other], data, &CompileOptions::default());
        let snapshot = snapshot.unwrap_or_else(|errors| panic!("{rules}: {errors:?}"));

        let without = ask(&snapshot, None, &Options::default());
        let answers = inputs.map(|input| plainly(&snapshot, input));

        assert_eq!(answers, wanted.map(str::to_owned), "{rules}");
        assert_eq!(ask(&snapshot, None, &Options::default()), without, "{rules}");
    }
}

#[test]
fn time_and_chance_are_those_of_the_evaluation() {
    let snapshot = load("r := [time.now_ns(), rand.intn(\"x\", 1000000000)]", Value::empty_object());
    let at = |now_ns: i64| ask(&snapshot, None, &Options { now_ns: Some(now_ns), ..Options::default() });

    assert!(at(1).starts_with("[1,"));
    assert!(at(2).starts_with("[2,"));
    assert_ne!(at(3), at(3));
}

#[test]
fn replaced_data_and_functions_are_seen() {
    let rules = "names := {user.name | some user in data.users}
        size := count(names)
        r := [size, replaced, mocked, size]
        replaced := n if n := size with data.users as []
        mocked := n if n := size with count as 7";
    let snapshot = load(rules, value(r#"{"users": [{"name": "a"}, {"name": "b"}]}"#));

    for _ in 0..3 {
        assert_eq!(plainly(&snapshot, "{}"), "[2, 0, 7, 2]");
    }
}

#[test]
fn what_is_printed_is_printed_each_time() {
    let printed = Arc::new(AtomicUsize::new(0));
    let counter = printed.clone();
    let options = Options {
        print: Some(Arc::new(move |_, _| {
            counter.fetch_add(1, Ordering::Relaxed);
        })),
        ..Options::default()
    };
    let snapshot = load("r if { print(data.x) }", value(r#"{"x": 1}"#));

    for _ in 0..3 {
        assert_eq!(ask(&snapshot, None, &options), "true");
    }

    assert_eq!(printed.load(Ordering::Relaxed), 3);
}

#[test]
fn a_built_in_that_failed_fails_again_where_that_counts() {
    let snapshot = load("q contains 1\nq contains to_number(data.x)\nr := q", value(r#"{"x": "no number"}"#));
    let strictly = Options { strict_builtin_errors: true, ..Options::default() };

    for _ in 0..3 {
        assert_eq!(ask(&snapshot, None, &Options::default()), "{1}");
        assert_eq!(ask(&snapshot, None, &strictly), "eval_builtin_error");
    }
}

#[test]
fn many_threads_get_one_answer() {
    let rules = "admins[user.id] if { some user in data.users; user.admin }\nr if admins[input.user]";
    let snapshot = Arc::new(load(rules, users()));
    let answers = Arc::new(Mutex::new(Vec::new()));
    let threads: Vec<_> = (0..8)
        .map(|n| {
            let (snapshot, answers) = (snapshot.clone(), answers.clone());
            std::thread::spawn(move || {
                for m in 0..20 {
                    let id = n * 100 + m;
                    let answer = plainly(&snapshot, &format!(r#"{{"user": "u{id}"}}"#));
                    answers.lock().expect("no poison").push((id, answer));
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));

    for (id, answer) in answers.lock().expect("no poison").iter() {
        let wanted = if id % 10 == 0 { "true" } else { "undefined" };
        assert_eq!(answer, wanted, "u{id}");
    }
}
