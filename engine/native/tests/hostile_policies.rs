//! Policies and documents that mean harm: always an answer that is right, or an error with a code; never a signal, a hang
//! or memory without bound. Everything runs on a thread with 2 MiB of stack, far less than any worker has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bylaw_native::rego::values::{Value, json};
use bylaw_native::rego::{CompileOptions, Options, Policy};

const STACK_BYTES: usize = 2 << 20;
const ENOUGH: Duration = Duration::from_secs(60);

fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    let started = Instant::now();
    while !thread.is_finished() {
        assert!(started.elapsed() < ENOUGH, "no answer within {ENOUGH:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    thread.join().expect("no panic")
}

/// The code of the first error, or the value as text, of `data.p.r`.
fn answer(policy: String, input: Option<String>) -> String {
    on_a_small_stack(move || {
        let modules = [("p.rego".to_owned(), policy)];
        let snapshot = match Policy::compile(&modules, Value::empty_object(), &CompileOptions::default()) {
            Ok(snapshot) => snapshot,
            Err(errors) => return errors.first().map_or("no error", |error| error.code).to_owned(),
        };
        let input = match input.map(|text| json::read(text.as_bytes(), &json::Limits::default())).transpose() {
            Ok(input) => input,
            Err(error) => return format!("{:?}", error.kind),
        };
        let options = Options {
            deadline: Some(Instant::now() + Duration::from_secs(2)),
            max_memory_bytes: 64 << 20,
            ..Options::default()
        };
        match snapshot.evaluate(&["p", "r"], input, &options) {
            Ok(value) => value.map_or("undefined".to_owned(), |value| value.to_string().chars().take(60).collect()),
            Err(error) => error.code.to_owned(),
        }
    })
}

fn policy(rules: impl AsRef<str>) -> String {
    format!("package p\n{}\n", rules.as_ref())
}

/// Rules that each need the next.
fn chain(length: usize) -> String {
    let rules: Vec<String> = (0..length).map(|n| format!("c{n} := c{} + 1", n + 1)).collect();
    policy(format!("{}\nc{length} := 0\nr := c0", rules.join("\n")))
}

#[test]
fn recursion_of_every_kind_is_found_when_a_policy_is_loaded() {
    for rules in [
        "r := r",
        "r if s\ns if r",
        "r := f(1)\nf(x) := f(x)",
        "r := f(1)\nf(x) := g(x)\ng(x) := f(x)",
        "r if { r with input as {} }",
        "r if { input.x with input.x as data.p.r }",
        "r := data.p",
        "r := data",
        "r := [x | x := data[_][_]]",
        "r if { some p; data[p].r }",
        "r := 1 if { false } else := r",
    ] {
        assert_eq!(answer(policy(rules), None), "rego_recursion_error", "{rules}");
    }
}

#[test]
fn what_explodes_is_stopped_by_time_steps_or_memory() {
    for rules in [
        "r := count([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a * b == -1])",
        "r := [[a, b, c] | some a in numbers.range(1, 1000); some b in numbers.range(1, 1000); some c in [1, 2, 3]]",
        "r := numbers.range(1, 1000000000000)",
        "r := count([sprintf(\"%0999999d\", [n]) | some n in numbers.range(1, 1000)])",
        "d(x) := concat(\"\", [x, x])\nr := count(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(d(\"ab\")))))))))))))))))))))))))))))))",
        "r := strings.replace_n({\"0\": sprintf(\"%0900000d\", [1])}, sprintf(\"%0900000d\", [1]))",
        "r := {x: y | some x in numbers.range(1, 3000); some y in [numbers.range(1, 3000)]}",
        "r := count({[a, b] | some a in numbers.range(1, 4000); some b in numbers.range(1, 4000)})",
    ] {
        let got = answer(policy(rules), None);
        assert!(got.starts_with("eval_"), "{rules}: {got}");
    }
}

#[test]
fn an_exponent_is_a_limit_or_a_number_and_never_the_machine_s_memory() {
    for rules in ["r := 1e1000000000 + 1", "r := floor(1e999999999)", "r := format_int(1e400000000, 10)"] {
        let got = answer(policy(rules), None);
        assert!(got.starts_with("eval_") || got.starts_with("rego_") || got == "undefined", "{rules}: {got}");
    }
}

#[test]
fn long_chains_of_rules_end_in_a_value_or_in_an_error() {
    assert_eq!(answer(chain(1_000), None), "1000");
    let got = answer(chain(20_000), None);
    assert!(got == "20000" || got.starts_with("eval_") || got.starts_with("rego_"), "{got}");
}

#[test]
fn deep_texts_are_refused_where_they_are_read() {
    let deep = |open: &str, close: &str, levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
    for text in [
        format!("r := {}", deep("[", "]", 100_000)),
        format!("r := {}", deep("(", ")", 100_000)),
        format!("r := {}", deep("{\"a\":", "}", 100_000)),
        format!("r := {}", deep("[x | x := ", "]", 10_000)),
        format!("r if {}true", "not ".repeat(100_000)),
        format!("r := {}1", "-".repeat(100_000)),
        format!("r := {}1", "1 + ".repeat(100_000)),
        format!("r := input{}", ".a".repeat(200_000)),
        format!("r if {} true {}", "every x in [1] { ".repeat(10_000), "}".repeat(10_000)),
    ] {
        let got = answer(policy(&text), Some("{}".to_owned()));
        let shown: String = text.chars().take(40).collect();
        assert!(
            got.starts_with("rego_parse_error") || got == "undefined" || got.starts_with("eval_"),
            "{shown}: {got}"
        );
    }
}

#[test]
fn deep_inputs_are_refused_and_not_so_deep_ones_are_walked() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let walking = policy("r := count([1 | walk(input)])");
    assert_eq!(answer(walking.clone(), Some(nested(900))), "901");
    assert_eq!(answer(walking, Some(nested(100_000))), "Limit");
}

#[test]
fn values_that_grow_deep_while_they_are_made_are_stopped_or_printed() {
    let rules = "r := reduced\nreduced := object.union_n([x | some n in numbers.range(1, 2000); x := {sprintf(\"%d\", [n]): n}])";
    assert!(answer(policy(rules), None).starts_with("{\"1\": 1"));
    let text = "[".repeat(50_000);
    let rules = format!("r := json.unmarshal(\"{text}\")");
    let got = answer(policy(&rules), None);
    assert!(got == "undefined" || got.starts_with("eval_"), "{got}");
}

#[test]
fn regular_expressions_take_the_time_of_their_text() {
    let rules = "r := regex.match(\"^(a+)+$\", concat(\"\", [x, \"b\"])) if { x := replace(sprintf(\"%050000d\", [0]), \"0\", \"a\") }";
    assert_eq!(answer(policy(rules), None), "false");
    let rules = "r := regex.match(\"((a{1000}){1000}){1000}\", \"a\")";
    let got = answer(policy(rules), None);
    assert!(got == "undefined" || got.starts_with("eval_"), "{got}");
}

#[test]
fn what_is_not_utf_8_is_read_as_go_reads_it_or_refused() {
    let value = json::read(b"\"a\xff\"", &json::Limits::default());
    assert_eq!(value.ok().as_ref().and_then(|value| value.as_str().map(str::to_owned)), Some("a\u{fffd}".to_owned()));
}

#[test]
fn an_unsafe_variable_is_refused_and_never_taken_for_true() {
    for rules in ["r if x", "r if { not x }", "r if { input.a[x]; y }", "r contains x if true"] {
        assert_eq!(answer(policy(rules), None), "rego_unsafe_var_error", "{rules}");
    }
}

#[test]
fn whoever_cancels_is_obeyed_at_once() {
    let cancel = Arc::new(AtomicBool::new(false));
    let flag = cancel.clone();
    let evaluation = std::thread::spawn(move || {
        let rules = "package p\nr := count([1 | some a in numbers.range(1, 1000000); some b in numbers.range(1, 1000000); a == -b])";
        let modules = [("p.rego".to_owned(), rules.to_owned())];
        let snapshot = Policy::compile(&modules, Value::empty_object(), &CompileOptions::default()).expect("a policy");
        let options = Options { cancel: Some(flag), ..Options::default() };
        let answer = snapshot.evaluate(&["p", "r"], None, &options);
        (answer.map_err(|error| error.code), Instant::now())
    });
    std::thread::sleep(Duration::from_millis(300));
    let cancelled = Instant::now();
    cancel.store(true, Ordering::Relaxed);
    let (answer, ended) = evaluation.join().expect("no panic");
    assert_eq!(answer, Err("eval_cancel_error"));
    assert!(ended.saturating_duration_since(cancelled) < Duration::from_secs(1), "it took too long to notice");
}
