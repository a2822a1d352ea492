//! `strings.render_template`: Go's template language, without templates in templates.
//!
//! Source: OPA `topdown/template.go`, Go `text/template`. Variables are what Go makes of the object's JSON: numbers
//! are text (`json.Number`), so that comparing one with a number of the template is an error.

mod functions;
mod items;
mod parser;
mod render;
mod syntax;

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, object, some, string};
use super::registry::Definition;
use crate::rego::errors::EVAL_INTERNAL;
use crate::rego::values::{Value, json};

pub(super) static DEFS: &[Definition] = &[("strings.render_template", render_template)];

fn render_template(context: &mut Context, operands: &[Value]) -> Outcome {
    let template = string(operands, 1)?;
    object(operands, 2)?;
    let written = at(operands, 2)?.to_string();
    let variables = json::read(written.as_bytes(), &json::Limits::default())
        .map_err(|error| BuiltinError::failure(error.message))?;
    let nodes = parser::parse(template)?;
    let text = render::render(context, template, &nodes, variables)?;
    some(text.replace("<no value>", "<undefined>"))
}

/// A stop for what Go's templates can do and these cannot: an undefined result would be a wrong answer.
fn unsupported(what: &str) -> BuiltinError {
    BuiltinError::halt(EVAL_INTERNAL, format!("strings.render_template: {what} is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::builtins::ErrorKind;

    fn rendered(template: &str, variables: &str) -> Outcome {
        let variables = json::read(variables.as_bytes(), &json::Limits::default()).expect("JSON");
        render_template(&mut Context::default(), &[Value::from(template), variables])
    }

    fn text(template: &str, variables: &str) -> String {
        let value = rendered(template, variables).expect("rendered").expect("defined");
        value.as_str().expect("text").to_owned()
    }

    #[test]
    fn blocks_choose_repeat_and_trim() {
        let names = r#"{"names": ["a", "b"], "m": {"y": 2, "x": 1}, "none": []}"#;
        assert_eq!(text("{{range $i, $n := .names}}{{if $i}}, {{end}}{{$n}}{{end}}", names), "a, b");
        assert_eq!(text("{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}", names), "x=1;y=2;");
        assert_eq!(text("{{range .none}}x{{else}}empty{{end}}", names), "empty");
        assert_eq!(text("a {{- with .m}} {{.x}} {{end -}} b", names), "a 1 b");
        assert_eq!(text("{{if eq (index .names 0) \"b\"}}1{{else if eq 1 1}}2{{else}}3{{end}}", names), "2");
        assert_eq!(text("{{range .names}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", names), "a");
    }

    #[test]
    fn functions_and_pipelines_work_as_in_go() {
        assert_eq!(text("{{.x | printf \"%5s|%q\" \"a\"}}", r#"{"x": "y"}"#), "    a|\"y\"");
        assert_eq!(
            text("{{len .x}} {{html .x}} {{not .y}} {{print 1 2 \"x\"}}", r#"{"x": "<é>"}"#),
            "4 &lt;é&gt; true 1 2x"
        );
        assert_eq!(text("{{.}}", r#"{"b": [1, null], "a": "t"}"#), "map[a:t b:[1 <nil>]]");
        assert_eq!(text("{{.a.b}} {{.c}}", r#"{"c": null}"#), "<undefined> <undefined>");
    }

    #[test]
    fn a_number_of_the_data_is_text() {
        let error = rendered("{{eq .x 1}}", r#"{"x": 1}"#).expect_err("not comparable");
        assert!(error.message.ends_with("error calling eq: incompatible types for comparison"), "{}", error.message);
    }

    #[test]
    fn what_is_not_supported_stops_the_evaluation() {
        for template in [
            "{{define \"x\"}}{{end}}",
            "{{template \"x\"}}",
            &"{{if 1}}".repeat(1_000),
            &format!("{{{{{}1", "(".repeat(1_000)),
        ] {
            let error = rendered(template, "{}").expect_err("not supported");
            assert!(matches!(error.kind, ErrorKind::Halt(_)), "{}", error.message);
        }
    }

    #[test]
    fn a_loop_ends_with_the_steps_of_the_evaluation() {
        let mut context = Context::default();
        context.steps_left = 10_000;
        let variables = Value::empty_object();
        let error = render_template(&mut context, &[Value::from("{{range 1000000000000}}{{end}}"), variables]);
        assert!(matches!(error.expect_err("too long").kind, ErrorKind::Halt(_)));
    }
}
